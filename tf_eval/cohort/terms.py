"""The school calendar over the months of a panel."""

from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.months import as_days, first_day, month_of

NO_TERM = -1
_TO_THE_15TH, _ONE_DAY = np.timedelta64(14, "D"), np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Terms:
    """School terms in order: ``number`` and first and last day of each. A term is known by its place in them."""

    number: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def read(cls, engine: Engine) -> "Terms":
        """Read the county's term dates."""
        frame = read_frame(engine, "SELECT term_no, start_date, end_date FROM term ORDER BY term_no")
        return cls(frame["term_no"].to_numpy(np.int64), as_days(frame["start_date"]), as_days(frame["end_date"]))

    def __len__(self) -> int:
        return len(self.number)

    def of_months(self, months: np.ndarray) -> np.ndarray:
        """Return the term that covers the 15th of each month, or ``NO_TERM``."""
        return self._covering(first_day(months) + _TO_THE_15TH)

    def spanning(self, months: np.ndarray) -> np.ndarray:
        """Return the term that began before the first day of each month and had not ended by it, or ``NO_TERM``."""
        days = first_day(months)
        term = self._covering(days)
        began_before = (term != NO_TERM) & (self.start[np.maximum(term, 0)] < days) if len(self) else term != NO_TERM
        return np.where(began_before, term, NO_TERM)

    def end_months(self) -> np.ndarray:
        """Return the month in which each term ends."""
        return month_of(self.end)

    def spans_of(self, months: np.ndarray) -> dict[int, tuple[int, int]]:
        """Return, for each term that lies in a run of months with all of its own, its columns [start, end).

        A term has the months whose 15th it covers; see ``of_months``.
        """
        first = month_of(self.start - _TO_THE_15TH - _ONE_DAY) + 1 - months[0]
        end = month_of(self.end - _TO_THE_15TH) + 1 - months[0]
        whole = (first >= 0) & (end <= len(months)) & (first < end)
        return {int(term): (int(first[term]), int(end[term])) for term in np.flatnonzero(whole)}

    def _covering(self, days: np.ndarray) -> np.ndarray:
        if not len(self):
            return np.full(len(days), NO_TERM)
        place = np.searchsorted(self.start, days, side="right") - 1
        inside = (place >= 0) & (days <= self.end[np.maximum(place, 0)])
        return np.where(inside, place, NO_TERM)
