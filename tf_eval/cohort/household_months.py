"""Household and home of each family at the month's ends that are asked about."""

from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, age_months, day
from tf_eval.cohort.grid import FAMILIES, Grid
from tf_eval.cohort.households import ADULT_MONTHS, LONGEST_MOVE
from tf_eval.cohort.months import as_day_numbers
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.spans import expand, gaps

UNKNOWN_DISTRICT = "not known"
UNKNOWN_AGE = 100_000  # months: somebody of unknown age was born before all records, and so is no child
_YOUNG_CHILD = 5 * 12


def age_at_first_month(grid: Grid) -> str:
    """Return the form for a person's age in months at the grid's first month, ``UNKNOWN_AGE`` where it is not known."""
    return f"COALESCE({age_months('person', day(grid.days[0]))}, {UNKNOWN_AGE})"


def columns_of_age(outcome: Outcome, age: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns [first, end) in which people are of the ages that an outcome asks for.

    Args:
        outcome: the outcome; without ages, everybody always is. With one, somebody of unknown age never is.
        age: months at the panel's first month.
    """
    first = 12 * outcome.from_age - age if outcome.from_age else np.full(len(age), -UNKNOWN_AGE)
    end = 12 * outcome.under_age - age if outcome.under_age else np.full(len(age), UNKNOWN_AGE)
    limited = bool(outcome.from_age or outcome.under_age)
    return first, np.where(limited & (age >= UNKNOWN_AGE), first, end)


def columns_born(outcome: Outcome, age: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns [first, end) in which people are born and of the ages that an outcome asks for.

    An event counts by the age on its day, and so in the very month in which somebody comes of age.
    """
    first, end = columns_of_age(outcome, age)
    return np.maximum(first - (outcome.table == "event"), -age), end


@dataclass(frozen=True, eq=False, repr=False)
class Households:
    """The members of families: those of family ``row`` are at the places from ``upto[row]`` to ``upto[row + 1]``.

    start, past  the first day of membership and the day after the last, as day numbers
    age          months at the panel's first month
    month_starts the day number of the first day of each month of the panel, and of the one after
    """

    upto: np.ndarray
    start: np.ndarray
    past: np.ndarray
    age: np.ndarray
    month_starts: np.ndarray

    @classmethod
    def read(cls, grid: Grid) -> "Households":
        found = grid.read(
            f"""SELECT family.place, {_spans("member")}, {age_at_first_month(grid)} AS age
FROM family_member AS member
JOIN {FAMILIES} AS family ON family.family_id = member.family_id
JOIN person ON person.person_id = member.person_id
ORDER BY family.place"""
        )
        start, past = (as_day_numbers(found[name]) for name in ("first_day", "past_day"))
        return cls(_upto(grid, found["place"]), start, past, found["age"], as_day_numbers(grid.month_starts()))

    def at(self, rows: np.ndarray, columns: np.ndarray) -> dict[str, np.ndarray]:
        """Return who belonged to each family at the end of its month.

        Returns:
            children (under 18 at the month's beginning), adults, children_under_5, and youngest_child_age (years, NaN
            where there is no child).
        """
        asked, member = self.members(rows)
        last_day = self.month_starts[columns + 1] - 1
        age = self.age[member] + columns[asked]
        here = (self.start[member] <= last_day[asked]) & (self.past[member] > last_day[asked]) & (age >= 0)
        child = here & (age < ADULT_MONTHS)
        youngest = np.full(len(rows), np.nan)
        np.fmin.at(youngest, asked[child], age[child])
        among = {"children": child, "adults": here & ~child, "children_under_5": child & (age < _YOUNG_CHILD)}
        numbers = {name: np.bincount(asked[who], minlength=len(rows)) for name, who in among.items()}
        return {**numbers, "youngest_child_age": youngest // 12}

    def without_members(self, outcome: Outcome | None = None) -> np.ndarray:
        """Return the cells (row * months + column, ascending) on none of whose days the family had any member.

        Args:
            outcome: if given, only members of the ages that it asks for count, and nobody before birth.
        """
        start, past = _columns_of(self.month_starts, self.start, self.past)
        if outcome is not None:
            first, end = columns_born(outcome, self.age)
            start, past = np.maximum(start, first), np.minimum(past, end)
        months, rows = len(self.month_starts) - 1, np.arange(len(self.upto) - 1)
        there = start < past
        # An empty span at either end of each row, so that what lies before the first member is a gap too.
        row = np.concatenate([np.repeat(rows, np.diff(self.upto))[there], rows, rows])
        start, past = (np.concatenate([ends[there], 0 * rows, 0 * rows + months]) for ends in (start, past))
        order = np.lexsort((start, row))
        return _cells(*gaps(row[order], start[order], past[order]), months)

    def members(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the place in ``rows`` and the place here of every member of the rows' families."""
        return expand(self.upto[rows], self.upto[rows + 1])


@dataclass(frozen=True, eq=False, repr=False)
class Homes:
    """The homes of families in the order in which they were come to, laid out as ``Households`` are.

    district  the code of each home's district in ``districts`` (-1: not known)
    decile    the deprivation decile, NaN where it is not known
    """

    upto: np.ndarray
    start: np.ndarray
    past: np.ndarray
    district: np.ndarray
    districts: np.ndarray
    decile: np.ndarray
    month_starts: np.ndarray

    @classmethod
    def read(cls, grid: Grid) -> "Homes":
        found = grid.read(
            f"""SELECT family.place, {_spans("home")}, COALESCE(home.district, '') AS district,
       COALESCE(home.deprivation_decile, 0) AS decile
FROM family_home AS home
JOIN {FAMILIES} AS family ON family.family_id = home.family_id
ORDER BY family.place, first_day, district DESC, decile"""
        )
        districts, code = np.unique(found["district"].astype(str), return_inverse=True)
        start, past = (as_day_numbers(found[name]) for name in ("first_day", "past_day"))
        decile = np.where(found["decile"] > 0, found["decile"], np.nan)
        code = np.where(districts[code] == "", -1, code)
        return cls(
            _upto(grid, found["place"]), start, past, code, districts, decile, as_day_numbers(grid.month_starts())
        )

    def district_at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the district of each family's home at the end of its month."""
        home = self._last_open(rows, columns, self.district >= 0)
        names = np.append(self.districts.astype(object), UNKNOWN_DISTRICT)
        return names[np.append(self.district, -1)[home]]

    def decile_at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the deprivation decile of each family's home at the end of its month, NaN where it is not known."""
        return np.append(self.decile, np.nan)[self._last_open(rows, columns, np.isfinite(self.decile))]

    def away(self) -> np.ndarray:
        """Return the cells (row * months + column, ascending) with a day between two homes that are too far apart.

        Records of where people live are not kept to the day: up to a month may lie between two homes of a family that
        never left, as it may where families are made.
        """
        row = np.repeat(np.arange(len(self.upto) - 1), np.diff(self.upto))
        between, start, end = gaps(row, self.start, self.past, LONGEST_MOVE)
        return _cells(between, *_columns_of(self.month_starts, start, end), len(self.month_starts) - 1)

    def _last_open(self, rows: np.ndarray, columns: np.ndarray, known: np.ndarray) -> np.ndarray:
        """Return the place of the known home that was come to last of those lived in, or -1."""
        asked, home = expand(self.upto[rows], self.upto[rows + 1])
        last_day = (self.month_starts[columns + 1] - 1)[asked]
        lived = known[home] & (self.start[home] <= last_day) & (self.past[home] > last_day)
        found = np.full(len(rows), -1)
        # Places ascend within a row, so that of two homes on one day the later one is kept.
        found[asked[lived]] = home[lived]
        return found


def _columns_of(month_starts: np.ndarray, start: np.ndarray, past: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns [first, end) of the months that have any of the days [start, past)."""
    months = len(month_starts) - 1
    first = np.clip(np.searchsorted(month_starts, start, side="right") - 1, 0, months)
    end = np.clip(np.searchsorted(month_starts, past, side="left"), 0, months)
    return first, np.where(start < past, end, first)


def _cells(row: np.ndarray, first: np.ndarray, end: np.ndarray, months: int) -> np.ndarray:
    span, column = expand(first, end)
    return row[span] * months + column


def _spans(table: str) -> str:
    return f"""COALESCE({table}.start_date, {day(FAR_PAST)}) AS first_day,
       COALESCE({table}.end_date, {day(FAR_FUTURE)}) AS past_day"""


def _upto(grid: Grid, place: np.ndarray) -> np.ndarray:
    return np.searchsorted(place, np.arange(len(grid.family_ids) + 1))
