"""When extracts were drawn, as their own records tell, and so which months were not finished by then.

An extract that covers the time to the end of March may have been drawn on the first of April or half a year later,
which nobody writes down. What was recorded in September was not there in April, so the extract was drawn in September
at the earliest, and what takes six months to be recorded is in it up to March. A date or two may be mistyped, so that a
day counts only once ten records of the kind were made on it or later.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.engine import County, Engine, read_rows
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.forms import FAR_FUTURE, Span, day, word_list
from tf_eval.cohort.months import minus_months
from tf_eval.cohort.outcomes import Outcome, choose_outcomes
from tf_eval.cohort.senders import coverage_of

_ENOUGH = 10  # records

Sender = tuple[str | None, str]


def earliest_drawn(county: County, outcomes: Sequence[str | Outcome] | None = None) -> date | None:
    """Return the day on which the first of these outcomes' extracts was drawn, or later; None where there is none.

    Args:
        county: the county.
        outcomes: names of outcomes of the project's outcomes file, or outcomes; default: all of that file.
    """
    with open_engine(county, "duckdb") as engine:
        coverage = Coverage.read(engine)
        days = [drawn_on(engine, coverage, outcome) for outcome in choose_outcomes(outcomes)]
    return min((day for day in days if day), default=None)


def unfinished(engine: Engine, coverage: Coverage, outcome: Outcome) -> list[Span]:
    """Return the days whose records may still have been on their way: the ``lag_months`` before an extract was drawn.

    Where several agencies send the outcome's kinds, or there are several kinds, the one drawn first decides.
    """
    drawn = drawn_on(engine, coverage, outcome) if outcome.lag_months else None
    return [(minus_months(drawn, outcome.lag_months), FAR_FUTURE)] if drawn else []


def drawn_on(engine: Engine, coverage: Coverage, outcome: Outcome) -> date | None:
    """Return the day on which the extracts of an outcome were drawn at the earliest; None where there is none.

    That is the end of the time that they cover, or the day of their late records if that comes later.
    """
    ends = coverage_of(coverage, outcome).ends_by_sender(outcome.table, outcome.kinds or (None,))
    if not ends:
        return None
    late = _late_records(engine, outcome, min(ends.values()))
    return min(max(end, late.get(sender, end)) for sender, end in ends.items())


def _late_records(engine: Engine, outcome: Outcome, since: date) -> Mapping[Sender, date]:
    """Return for each kind and agency the last day on which, or later, enough records were made; none before a day."""
    made: dict[Sender, int] = {}
    found: dict[Sender, date] = {}
    for kind, agency, recorded_on, records in read_rows(engine, _records_by_day(outcome, since)):
        sender = (kind or None, agency)
        made[sender] = made.get(sender, 0) + records
        if made[sender] >= _ENOUGH:
            found.setdefault(sender, recorded_on)
    return found


def _records_by_day(outcome: Outcome, since: date) -> str:
    """Return the statement for how many records each agency made of a kind (sessions: ``''``), the last day first."""
    kind = "kind" if outcome.kinds else "''"
    wanted = f" AND kind IN ({word_list(outcome.kinds)})" if outcome.kinds else ""
    return f"""SELECT sender_kind, agency, recorded_on, COUNT(*) AS records
FROM (SELECT {kind} AS sender_kind, agency, recorded_on FROM {outcome.table}
      WHERE recorded_on >= {day(since)}{wanted}) AS late
GROUP BY sender_kind, agency, recorded_on ORDER BY recorded_on DESC"""
