"""An outcome that is known by the school term: a share of the sessions that were possible."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.cohort.month_series import Window
from tf_eval.cohort.seen import Presence
from tf_eval.cohort.spans import expand
from tf_eval.cohort.terms import NO_TERM


@dataclass(frozen=True, eq=False, repr=False)
class TermSeries:
    """Sessions of the children of families (rows) in terms, laid on the months of a panel.

    cell             row * terms + term of each family and term with sessions, ascending
    missed, possible its sessions
    term_of          the term of each month of the panel (``NO_TERM``: none)
    ended            the column in which each term ends, and last ``NEVER``, to which ``NO_TERM`` points
    presence         when each family lived here
    """

    cell: np.ndarray
    missed: np.ndarray
    possible: np.ndarray
    term_of: np.ndarray
    ended: np.ndarray
    presence: Presence

    def values(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x months: the share of the month's term, NaN where there is none."""
        return self._by_month(self.missed / self.possible, rows)

    def denominators(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x months: the sessions possible in the month's term, NaN where there is none."""
        return self._by_month(self.possible, rows)

    def lagged(self, rows: np.ndarray, index: np.ndarray, windows: Sequence[Window]) -> dict[Window, np.ndarray]:
        """Return the mean over the months seen in each window before an index column; see ``MonthSeries.lagged``.

        Months of a term that had not ended before the index month do not count: its sum holds what came after.
        """
        families, place = np.unique(rows, return_inverse=True)
        shares = self._by_term(self.missed / self.possible, families)
        totals = {window: np.zeros((2, len(rows))) for window in windows}
        for months in range(1, max(first for first, _ in windows) + 1):
            share = self._known(shares, rows, place, index, months)
            seen = np.array([np.where(np.isfinite(share), share, 0.0), np.isfinite(share)])
            for first, last in windows:
                totals[first, last] += seen if last < months <= first else 0.0
        return {
            window: np.divide(total, seen, out=np.full(len(rows), np.nan), where=seen > 0)
            for window, (total, seen) in totals.items()
        }

    def by_month(self) -> pd.DataFrame:
        """Return the families seen in each month, their mean share, and the share of all their sessions together."""
        row, term = np.divmod(self.cell, len(self.ended) - 1)
        rows = [self._month(row, term == of, column) for column, of in enumerate(self.term_of)]
        return pd.DataFrame(rows, columns=["families", "mean", "pooled"])

    def by_term(self, spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Return families x spans of columns: the share of the span's term, NaN where there is none."""
        rows = np.arange(len(self.presence.arrived))
        shares = self._by_term(self.missed / self.possible, rows)
        return np.column_stack([np.zeros((len(rows), 0)), *(self._over(shares, rows, *span) for span in spans)])

    def _over(self, shares: np.ndarray, rows: np.ndarray, start: int, end: int) -> np.ndarray:
        here = self.presence.at(rows[:, None], np.arange(start, end)).all(axis=1)
        return np.where(here, shares[:, self.term_of[start]], np.nan)

    def _month(self, row: np.ndarray, of_term: np.ndarray, column: int) -> tuple[int, float, float]:
        here = of_term & self.presence.at(row, column)
        if not here.any():
            return 0, np.nan, np.nan
        missed, possible = self.missed[here], self.possible[here]
        return len(missed), (missed / possible).mean(), missed.sum() / possible.sum()

    def _known(
        self, shares: np.ndarray, rows: np.ndarray, place: np.ndarray, index: np.ndarray, months: int
    ) -> np.ndarray:
        column = index - months
        term = self.term_of[column]
        known = (term != NO_TERM) & (self.ended[term] < index) & self.presence.at(rows, column)
        return np.where(known, shares[place, term], np.nan)

    def _by_month(self, amount: np.ndarray, rows: np.ndarray) -> np.ndarray:
        here = self.presence.at(rows[:, None], np.arange(len(self.term_of)))
        return np.where(here, self._by_term(amount, rows)[:, self.term_of], np.nan)

    def _by_term(self, amount: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Rows x terms, and a last column without anything, to which ``NO_TERM`` points."""
        terms = len(self.ended) - 1
        start, end = (np.searchsorted(self.cell, (rows + more) * terms) for more in (0, 1))
        owner, place = expand(start, end)
        found = np.full((len(rows), terms + 1), np.nan)
        found[owner, self.cell[place] % terms] = amount[place]
        return found
