"""Household and home of each family at each month's end."""

from datetime import date

import numpy as np
import pandas as pd

from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, age_months, day
from tf_eval.cohort.households import ADULT_MONTHS
from tf_eval.cohort.months import as_days, first_day, last_day
from tf_eval.cohort.observation import FAMILIES, Grid

UNKNOWN_DISTRICT = "not known"


def count_members(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return children (under 18 at its beginning) and adults, families x months, at each month's end."""
    began = first_day(grid.months[0]).item()
    members = grid.read(
        f"""SELECT member.family_id, {age_months("person", day(began))} AS age, member.start_date, member.end_date
FROM family_member AS member
JOIN {FAMILIES} AS family ON family.family_id = member.family_id
JOIN person ON person.person_id = member.person_id"""
    )
    rows = grid.rows_of(members["family_id"])
    # A member of unknown age was born before all records, and so counts as an adult.
    age = members["age"].fillna(ADULT_MONTHS).to_numpy()
    start, end = _spans(members)
    children, adults = np.zeros(grid.shape, dtype=np.int64), np.zeros(grid.shape, dtype=np.int64)
    for column, month_end in enumerate(last_day(grid.months)):
        member = (start <= month_end) & (end > month_end) & (age + column >= 0)
        young = age + column < ADULT_MONTHS
        children[:, column] = np.bincount(rows[member & young], minlength=len(grid.family_ids))
        adults[:, column] = np.bincount(rows[member & ~young], minlength=len(grid.family_ids))
    return children, adults


def read_districts(grid: Grid) -> np.ndarray:
    """Return the district of the family's home, families x months, at each month's end."""
    homes = grid.read(
        f"""SELECT home.family_id, home.district, home.start_date, home.end_date
FROM family_home AS home
JOIN {FAMILIES} AS family ON family.family_id = home.family_id
WHERE home.district IS NOT NULL
ORDER BY home.start_date NULLS FIRST, home.district DESC"""
    )
    rows, districts = grid.rows_of(homes["family_id"]), homes["district"].to_numpy(object)
    start, end = _spans(homes)
    found = np.full(grid.shape, UNKNOWN_DISTRICT, dtype=object)
    for column, month_end in enumerate(last_day(grid.months)):
        lived = (start <= month_end) & (end > month_end)
        # Of two homes on one day the later one stands last, and so is kept.
        found[rows[lived], column] = districts[lived]
    return found


def _spans(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return _or(as_days(frame["start_date"]), FAR_PAST), _or(as_days(frame["end_date"]), FAR_FUTURE)


def _or(days: np.ndarray, instead: date) -> np.ndarray:
    return np.where(np.isnat(days), np.datetime64(instead), days)
