"""An outcome that is known by the month: events, pounds, or a state."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.cohort.amounts import Amounts
from tf_eval.cohort.seen import Seen

Window = tuple[int, int]


@dataclass(frozen=True, eq=False, repr=False)
class MonthSeries:
    """What was seen of an outcome of families (rows) in months (columns).

    amounts   whole numbers where there were any; only cells that were seen
    seen      the cells that were seen; of those without an amount it is known to be 0
    unit      by how much an amount is divided (pence to pounds)
    is_state  whether an amount says that a state held, so that months are averaged and not added up
    """

    amounts: Amounts
    seen: Seen
    unit: int = 1
    is_state: bool = False

    def values(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x months, NaN where nothing was seen."""
        return np.where(self.seen.dense(rows), self.amounts.dense(rows) / self.unit, np.nan)

    def denominators(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x months: 1 for each family and month that was seen, NaN elsewhere."""
        return np.where(self.seen.dense(rows), 1.0, np.nan)

    def lagged(self, rows: np.ndarray, index: np.ndarray, windows: Sequence[Window]) -> dict[Window, np.ndarray]:
        """Return the mean a month over the months seen in each window before an index column; NaN where none was.

        Args:
            rows: families.
            index: the index column of each.
            windows: (12, 3) is from twelve months before the index month up to three months before it.
        """
        back = {months for window in windows for months in window}
        amount = {months: self.amounts.before(rows, index - months) for months in back}
        seen = {months: self.seen.before(rows, index - months) for months in back}
        return {
            (first, last): _ratio((amount[last] - amount[first]) / self.unit, seen[last] - seen[first])
            for first, last in windows
        }

    def by_month(self) -> pd.DataFrame:
        """Return the families seen in each month, their mean, and the total over the total of denominators."""
        families = self.seen.by_column()
        mean = _ratio(self.amounts.by_column() / self.unit, families)
        return pd.DataFrame({"families": families, "mean": mean, "pooled": mean})

    def by_term(self, spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Return families x spans of columns: the total, of a state the share of months; NaN unless all were seen."""
        rows = np.arange(len(self.seen.presence.arrived))
        return np.column_stack([np.zeros((len(rows), 0)), *(self._over(rows, *span) for span in spans)])

    def _over(self, rows: np.ndarray, start: int, end: int) -> np.ndarray:
        first, past = np.full(len(rows), start), np.full(len(rows), end)
        total = (self.amounts.before(rows, past) - self.amounts.before(rows, first)) / self.unit
        whole = self.seen.before(rows, past) - self.seen.before(rows, first) == end - start
        return np.where(whole, total / (end - start) if self.is_state else total, np.nan)


def _ratio(total: np.ndarray, number: np.ndarray) -> np.ndarray:
    return np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
