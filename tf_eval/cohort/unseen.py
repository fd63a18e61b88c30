"""When a condition cannot be told of anybody, because an agency's records of the time looked back at are not there."""

from collections.abc import Iterable, Sequence
from functools import singledispatch

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import NOMINATION, EventCount, InSpell, Leaf, Member, Node, Nomination, TermShare, leaves
from tf_eval.cohort.forms import FAR_PAST, Span, day, or_far_future, plus_days
from tf_eval.cohort.lookback import Lookback
from tf_eval.cohort.term_clocks import AFTER_THE_CALENDAR, ended_terms, forgotten
from tf_eval.errors import InputError, raise_all, unknown


def require_agencies(nodes: Iterable[Node], coverage: Coverage) -> None:
    """Raise ``InputError`` where a nomination is asked of an agency that the county has nothing of.

    A misspelt agency would never have put anybody forward, and nobody could tell. An agency that sends other records
    alone may have, so that it cannot be told; and where no extract says what it covers, nothing can be told anyway.
    """
    conditions = dict.fromkeys(leaf for node in nodes for leaf in leaves(node) if isinstance(leaf, Nomination))
    wanted = dict.fromkeys(agency for leaf in conditions for agency in leaf.agencies or ())
    known = coverage.everybody
    strangers = [agency for agency in wanted if known and agency not in known]
    raise_all(InputError, "nomination", [unknown("agency", agency, known) for agency in strangers])


@singledispatch
def unseen(leaf: Leaf, coverage: Coverage, term_clock: str) -> list[str]:
    """Return statements for the spans (start_date, end_date) in which a record may be missing that would count.

    Args:
        leaf: the condition.
        coverage: what the extracts cover.
        term_clock: the table that says from when each term counts, see ``term_clocks``.
    """
    raise TypeError(f"no coverage for {type(leaf).__name__}")


@unseen.register
def _(leaf: EventCount, coverage: Coverage, term_clock: str) -> list[str]:
    return _looked_back_at(leaf.lookback, coverage.unseen("event", leaf.kinds))


@unseen.register
def _(leaf: Nomination, coverage: Coverage, term_clock: str) -> list[str]:
    return _looked_back_at(leaf.lookback, coverage.unseen("event", [NOMINATION], leaf.agencies))


@unseen.register
def _(leaf: InSpell, coverage: Coverage, term_clock: str) -> list[str]:
    return _looked_back_at(leaf.lookback, coverage.unseen("spell", leaf.kinds))


@unseen.register
def _(leaf: Member, coverage: Coverage, term_clock: str) -> list[str]:
    return []


@unseen.register
def _(leaf: TermShare, coverage: Coverage, term_clock: str) -> list[str]:
    """A term with an unseen day may hold anything for as long as it counts; so may those out of the calendar."""
    terms = ended_terms(leaf.terms, term_clock)
    before = f"""SELECT {day(FAR_PAST)} AS start_date, {or_far_future("MIN(counts_from)")} AS end_date
FROM ({terms}) AS clock WHERE place = {leaf.terms}"""
    gaps = [
        f"""SELECT counts_from AS start_date, forgotten AS end_date
FROM ({terms}) AS clock WHERE start_date < {day(gap[1])} AND end_date >= {day(gap[0])}"""
        for gap in coverage.unseen("attendance", [None])
    ]
    return [before, *gaps, AFTER_THE_CALENDAR]


def _looked_back_at(lookback: Lookback, gaps: Sequence[Span]) -> list[str]:
    """Where terms are looked back at, neither gaps nor the days after the calendar can be told."""
    return [_may_count(lookback, gap) for gap in gaps] + [AFTER_THE_CALENDAR] * bool(lookback.terms)


def _may_count(lookback: Lookback, gap: Span) -> str:
    """An unseen day may hold a record until that day, and at last the gap's last one, would be forgotten."""
    start, last_day = day(gap[0]), plus_days(day(gap[1]), -1)
    if not lookback:
        return f"SELECT {start} AS start_date, {day(gap[1])} AS end_date"
    until, join = forgotten(lookback, "gap.last_day")
    return f"SELECT {start} AS start_date, {until} AS end_date FROM (SELECT {last_day} AS last_day) AS gap{join}"
