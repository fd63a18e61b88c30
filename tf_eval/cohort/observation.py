"""What is seen of each family in each month: counts, shares and states as matrices, NaN where nothing is observed."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.forms import Span, month_number, word_list
from tf_eval.cohort.households import PRESENCE
from tf_eval.cohort.months import as_days, first_day, last_day
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.terms import NO_TERM, Terms

FAMILIES = "panel_family"
_ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Grid:
    """Families (rows, ascending) by months (columns, without gaps), and the county they are read from."""

    engine: Engine
    coverage: Coverage
    terms: Terms
    family_ids: np.ndarray
    months: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.family_ids), len(self.months)

    def read(self, statement: str) -> pd.DataFrame:
        """Return rows about the grid's families; the statement may join the table ``panel_family``."""
        self.engine.lend(FAMILIES, pa.table({"family_id": self.family_ids}))
        return read_frame(self.engine, statement)

    def rows_of(self, family_ids: pd.Series) -> np.ndarray:
        """Return the row of each family."""
        return np.searchsorted(self.family_ids, family_ids.to_numpy())


def observe(grid: Grid, outcome: Outcome, present: np.ndarray) -> np.ndarray:
    """Return one outcome as families x months, NaN where the family is not here or no extract covers the month."""
    values = _READERS[outcome.kind](grid, outcome)
    return np.where(present, values, np.nan)


def read_presence(grid: Grid) -> np.ndarray:
    """Return families x months: the family lived in the county for the whole month."""
    homes = grid.read(f"SELECT presence.* FROM ({PRESENCE}) AS presence JOIN {FAMILIES} USING (family_id)")
    present = np.ones(grid.shape, dtype=bool)
    arrived, left = as_days(homes["arrived_on"])[:, None], as_days(homes["left_on"])[:, None]
    here = (np.isnat(arrived) | (arrived <= first_day(grid.months))) & (np.isnat(left) | (left > last_day(grid.months)))
    present[grid.rows_of(homes["family_id"])] = here
    return present


def open_on(rows: np.ndarray, spans: tuple[np.ndarray, np.ndarray], days: np.ndarray, families: int) -> np.ndarray:
    """Return families x days: how many of the spans [start, end) are open on each of the ascending days.

    Args:
        rows: the family's row of each span.
        spans: first days, and first days after the end (NaT where open).
        days: the days asked about, ascending.
        families: how many rows there are.
    """
    starts, ends = spans
    ends = np.where(np.isnat(ends), days[-1] + _ONE_DAY if len(days) else ends, ends)
    change = np.zeros((families, len(days) + 1), dtype=np.int32)
    np.add.at(change, (rows, np.searchsorted(days, starts)), 1)
    np.add.at(change, (rows, np.searchsorted(days, np.maximum(starts, ends))), -1)
    return change.cumsum(axis=1)[:, :-1]


def _counts(grid: Grid, outcome: Outcome) -> np.ndarray:
    """Events are added up by family and month before any matrix is made: most months hold none."""
    young = f"AND event.age_months < {12 * outcome.under_age}" if outcome.under_age else ""
    found = grid.read(
        f"""SELECT event.family_id, {month_number("event.date")} AS month, COUNT(*) AS events
FROM event JOIN {FAMILIES} AS family ON family.family_id = event.family_id
WHERE event.kind IN ({word_list(outcome.kinds)}) {young}
GROUP BY event.family_id, {month_number("event.date")}"""
    )
    found = found[found["month"].between(grid.months[0], grid.months[-1])]
    values = np.zeros(grid.shape)
    values[grid.rows_of(found["family_id"]), found["month"].to_numpy() - grid.months[0]] = found["events"]
    return _where_covered(grid, outcome, values)


def _states(grid: Grid, outcome: Outcome) -> np.ndarray:
    found = grid.read(
        f"""SELECT spell.family_id, spell.start_date, spell.end_date
FROM spell JOIN {FAMILIES} AS family ON family.family_id = spell.family_id
WHERE spell.kind IN ({word_list(outcome.kinds)})"""
    )
    spans = as_days(found["start_date"]), as_days(found["end_date"])
    open_spells = open_on(grid.rows_of(found["family_id"]), spans, last_day(grid.months), len(grid.family_ids))
    return _where_covered(grid, outcome, (open_spells > 0).astype(float))


def _shares(grid: Grid, outcome: Outcome) -> np.ndarray:
    found = grid.read(
        f"""SELECT attendance.family_id, attendance.term_no, SUM(attendance.{outcome.numerator}) AS missed,
       SUM(attendance.possible) AS possible
FROM attendance
JOIN {FAMILIES} AS family ON family.family_id = attendance.family_id
JOIN term ON term.term_no = attendance.term_no
GROUP BY attendance.family_id, attendance.term_no HAVING SUM(attendance.possible) > 0"""
    )
    by_term = np.full((len(grid.family_ids), len(grid.terms) + 1), np.nan)
    place = np.searchsorted(grid.terms.number, found["term_no"].to_numpy())
    by_term[grid.rows_of(found["family_id"]), place] = found["missed"] / found["possible"]
    unseen = _overlaps(grid.terms.start, grid.terms.end, grid.coverage.unseen("attendance", [None]))
    by_term[:, np.flatnonzero(unseen)] = np.nan
    # The last column is no term: NO_TERM points to it.
    by_term[:, NO_TERM] = np.nan
    return by_term[:, grid.terms.of_months(grid.months)]


_READERS: dict[str, Callable[[Grid, Outcome], np.ndarray]] = {"count": _counts, "state": _states, "share": _shares}


def _where_covered(grid: Grid, outcome: Outcome, values: np.ndarray) -> np.ndarray:
    gaps = grid.coverage.unseen(outcome.table, outcome.kinds)
    values[:, _overlaps(first_day(grid.months), last_day(grid.months), gaps)] = np.nan
    return values


def _overlaps(first: np.ndarray, last: np.ndarray, gaps: list[Span]) -> np.ndarray:
    """Return whether any day from ``first`` to ``last`` lies in one of the gaps [start, end)."""
    overlaps = np.zeros(len(first), dtype=bool)
    for start, end in gaps:
        overlaps |= (first < np.datetime64(end)) & (last >= np.datetime64(start))
    return overlaps
