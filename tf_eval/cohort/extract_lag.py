"""How late records arrive, as the data say, and which months that leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.drawn import drawn_on
from tf_eval.cohort.engine import County, Engine, read_frame
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.forms import day, month_number
from tf_eval.cohort.months import minus_months
from tf_eval.cohort.outcome_records import belongs
from tf_eval.cohort.outcomes import Outcome, choose_outcomes
from tf_eval.cohort.senders import coverage_of
from tf_eval.cohort.words import FEWEST_SHOWN, about, in_words, listed

MEDIAN, MOST = 0.5, 0.9
LONGEST = 24  # months after a record's date that are looked at
_DATE = {"event": "event.date", "spell": "spell.start_date", "attendance": "term.end_date"}
_NOT_KNOWN = "too few records say when they arrived"


@dataclass(frozen=True, eq=False, repr=False)
class ObservedLag:
    """What share of the records of each outcome had arrived within so many months of their month.

    frame  one row per outcome and lag of 0, 1, ... months: outcome, label, lag_months, records (all of the outcome
           that could be followed for so long), arrived (the share of them, 0 to 1; missing for fewer than 10 records).
           A lag of 1 is arrival by the end of the month after: what a panel with ``lag_months: 1`` has seen.
    advice one row per outcome: outcome, label, by_term, lag_months (as it is set), advised (the least lag by which nine
           tenths had arrived; missing: not known), drawn_on (the extracts were drawn on this day or later, see
           ``tf_eval.cohort.drawn``), missing_from (the first day of the first covered month that the advised lag would
           make missing, with all after it, or the first day on which a term's end makes it missing; missing: none is)
    """

    frame: pd.DataFrame
    advice: pd.DataFrame
    design: Mapping[str, Any] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def within(self, share: float) -> dict[str, int | None]:
        """Return, for each outcome, the least lag by which so much had arrived (0.5: the median); None: none is."""
        reached = self.frame[self.frame["arrived"] >= share].groupby("outcome")["lag_months"].min()
        return {name: int(reached[name]) if name in reached else None for name in self.frame["outcome"].unique()}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the share that had arrived over the lag, a line for each outcome."""
        ax = ax or Figure(figsize=(8, 4), layout="constrained").subplots()
        for label, rows in self.frame.groupby("label", sort=False):
            ax.plot(rows["lag_months"], 100 * rows["arrived"], label=label)
        ax.set(xlabel="Months after the month of the record", ylabel="Arrived (%)", ylim=(0, 102))
        ax.legend(frameon=False)
        return ax

    def summary(self) -> str:
        """Return how late half and nine tenths of the records of each outcome were, and what that makes missing."""
        half, most = self.within(MEDIAN), self.within(MOST)
        told = [(row.label, _late(half[row.outcome], most[row.outcome]), row) for row in self.advice.itertuples()]
        return " ".join(f"{label}: {late}.{_left_out(row)}" for label, late, row in told)

    def to_dict(self) -> dict[str, Any]:
        """Return the shares as plain values, with rounded counts."""
        frame = self.frame.assign(records=self.frame["records"].map(about))
        days = {name: self.advice[name].dt.strftime("%Y-%m-%d") for name in ("drawn_on", "missing_from")}
        return {"rows": _plain(frame), "advice": _plain(self.advice.assign(**days)), "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<ObservedLag: {self.summary()}>"


def observed_lag(
    county: County, outcomes: Sequence[str | Outcome] | None = None, *, longest: int = LONGEST, engine: Any = "duckdb"
) -> ObservedLag:
    """Return how late the records of each outcome arrived, so that its ``lag_months`` can be set on evidence.

    The lag of a record is the number of months from the month of its date (a spell's first day, a term's last) to that
    of ``recorded_on``. Only records that are ``longest`` months older than the end of the extract count: of younger
    ones the late are not in it yet, and the lag would seem short. Later arrivals than that are never seen at all.

    Args:
        county: the county.
        outcomes: names of outcomes of the project's outcomes file, or outcomes; default: all of that file.
        longest: the longest lag that is looked at, in months.
        engine: where the records are read, see ``build_cohort``.

    Raises:
        ConfigError: an outcome or the engine is not known.
    """
    chosen = choose_outcomes(outcomes)
    with open_engine(county, engine) as running:
        coverage = Coverage.read(running)
        frames = [_lags(running, coverage, outcome, longest) for outcome in chosen]
        advice = [_advice(running, coverage, *each) for each in zip(chosen, frames, strict=True)]
    return ObservedLag(pd.concat(frames, ignore_index=True), _dated(advice), {"longest": longest})


def _lags(engine: Engine, coverage: Coverage, outcome: Outcome, longest: int) -> pd.DataFrame:
    found = read_frame(engine, _statement(coverage, outcome, longest))
    counts = np.bincount(found["months_late"].clip(0, longest + 1), weights=found["records"], minlength=longest + 2)
    records = int(counts.sum())
    arrived = counts[:-1].cumsum() / records if records >= FEWEST_SHOWN else np.full(longest + 1, np.nan)
    named = {"outcome": outcome.name, "label": outcome.label}
    return pd.DataFrame({**named, "lag_months": np.arange(longest + 1), "records": records, "arrived": arrived})


def _statement(coverage: Coverage, outcome: Outcome, longest: int) -> str:
    table, date = outcome.table, _DATE[outcome.table]
    until = coverage_of(coverage, outcome).seen_until(*_asked(outcome))
    followed = f" AND {date} < {day(minus_months(until, longest))}" if until else ""
    term = " JOIN term ON term.term_no = attendance.term_no" if table == "attendance" else ""
    return f"""SELECT months_late, COUNT(*) AS records
FROM (
SELECT {month_number(f"{table}.recorded_on")} - {month_number(date)} AS months_late
FROM {table}{term}
WHERE {table}.recorded_on IS NOT NULL AND {belongs(outcome)}{followed}
) AS arrivals
GROUP BY months_late ORDER BY months_late"""


def _advice(engine: Engine, coverage: Coverage, outcome: Outcome, lags: pd.DataFrame) -> dict[str, Any]:
    drawn, until = drawn_on(engine, coverage, outcome), coverage_of(coverage, outcome).seen_until(*_asked(outcome))
    advised = lags.loc[lags["arrived"] >= MOST, "lag_months"].min()
    since = minus_months(drawn, int(advised)) if drawn and pd.notna(advised) else None
    first = since if outcome.by_term or since is None else since.replace(day=1)
    return {
        "outcome": outcome.name,
        "label": outcome.label,
        "by_term": outcome.by_term,
        "lag_months": outcome.lag_months,
        "advised": advised,
        "drawn_on": drawn,
        "missing_from": first if since and since < until else None,
    }


def _dated(advice: list[dict[str, Any]]) -> pd.DataFrame:
    """Days are days even where no outcome has any."""
    return pd.DataFrame(advice).astype({"drawn_on": "datetime64[s]", "missing_from": "datetime64[s]"})


def _left_out(advice: Any) -> str:
    if not advice.advised > 0:  # nothing is known, or nothing comes late
        return ""
    lag = f" With lag_months: {advice.advised:.0f}"
    if pd.isna(advice.missing_from):
        return f"{lag} none is missing: the extract was drawn on {in_words(advice.drawn_on)} or later."
    if advice.by_term:
        return f"{lag} all terms that end on {in_words(advice.missing_from)} or later are missing."
    return f"{lag} all months from {advice.missing_from:%B %Y} on are missing."


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _asked(outcome: Outcome) -> tuple[str, tuple[str | None, ...]]:
    return outcome.table, outcome.kinds or (None,)


def _late(half: int | None, most: int | None) -> str:
    parts = [f"{words} within {_months(lag)}" for words, lag in (("half", half), ("90%", most)) if lag is not None]
    return f"{listed(parts)} had arrived" if parts else _NOT_KNOWN


def _months(lag: int) -> str:
    return "the month itself" if lag == 0 else "a month" if lag == 1 else f"{lag} months"
