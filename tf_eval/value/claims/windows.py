"""The days that look-backs reach, for the evidence: the first day that still counts on a day."""

import numpy as np

from tf_eval.cohort.months import first_day, last_day, month_of
from tf_eval.cohort.terms import Terms

DAY = np.timedelta64(1, "D")


def months_back(days: np.ndarray, months: int) -> np.ndarray:
    """Return the first day that is in a look-back of so many months, see ``Lookback``, from each day (datetime64[D]).

    The last day of a month looks back to the first of one, for all the days that the earlier month has more end there.
    """
    month = month_of(days) - months
    place = (days - first_day(month_of(days))) + DAY
    same_day = np.minimum(first_day(month) + place, last_day(month) + DAY)
    return np.where(days == last_day(month_of(days)), last_day(month) + DAY, same_day)


def terms_back(days: np.ndarray, terms: int, calendar: Terms) -> np.ndarray:
    """Return the first day of the first of the last so many terms that have begun by each day; NaT where too few."""
    place = np.searchsorted(calendar.start, days, side="right") - terms
    return np.where(place >= 0, calendar.start[np.maximum(place, 0)], np.datetime64("NaT", "D"))
