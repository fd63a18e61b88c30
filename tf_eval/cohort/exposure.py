"""How much of the time the members of a family could have produced an outcome: of its ages, and not in custody."""

from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, day, earlier, later, word_list
from tf_eval.cohort.grid import FAMILIES, Grid
from tf_eval.cohort.household_months import Households, age_at_first_month, columns_born
from tf_eval.cohort.months import as_day_numbers, first_day, last_day, month_of
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.spans import expand, overlaps, without_overlaps

_NO_CELLS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False, repr=False)
class Exposure:
    """The share of the days of members of an outcome's ages in which they could have produced it.

    cell     row * columns + column of each family and month in which it was less than all, ascending
    share    the share in it, from 0 to less than 1; in all other cells it is 1
    known    for each column whether extracts cover all spells that take exposure away; elsewhere the shares above 0
             are what is left at most
    """

    cell: np.ndarray
    share: np.ndarray
    known: np.ndarray

    @property
    def columns(self) -> int:
        """How many columns a row has."""
        return len(self.known)

    @property
    def none(self) -> np.ndarray:
        """The cells in which nobody could have produced the outcome on any day."""
        return self.cell[self.share == 0]

    def dense(self, rows: np.ndarray) -> np.ndarray:
        """Return rows x columns, NaN where it is not known; that nobody was of the ages always is."""
        asked, place = expand(self._places(rows, 0), self._places(rows, self.columns))
        matrix = np.ones((len(rows), self.columns))
        matrix[asked, self.cell[place] % self.columns] = self.share[place]
        return np.where(self.known | (matrix == 0), matrix, np.nan)

    def mean(self, rows: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Return the mean over those columns of [start, end) in which it is known; NaN where it is in none."""
        lost = np.concatenate([[0.0], ((1 - self.share) * self.known[self.cell % self.columns]).cumsum()])
        known = np.concatenate([[0], self.known.cumsum()])
        months = known[end] - known[start]
        share = (lost[self._places(rows, end)] - lost[self._places(rows, start)]) / np.maximum(months, 1)
        return np.where(months > 0, 1 - share, np.nan)

    def _places(self, rows: np.ndarray, columns: np.ndarray | int) -> np.ndarray:
        return np.searchsorted(self.cell, rows * self.columns + columns)


def read_exposure(grid: Grid, outcome: Outcome, households: Households) -> Exposure:
    """Return the exposure of one outcome.

    A family has none while no member is of the outcome's ages. A spell takes it away from a person who is a member of
    the family and of those ages; only families with such a spell need any work.
    """
    nobody = _nobody(outcome, households)
    cell, share = _away(grid, outcome, households) if outcome.unexposed_in else (_NO_CELLS, np.zeros(0))
    cells, shares = np.concatenate([nobody, cell]), np.concatenate([np.zeros(len(nobody)), share])
    order = np.argsort(cells, kind="stable")
    return Exposure(cells[order], shares[order], _known(grid, outcome))


def _nobody(outcome: Outcome, households: Households) -> np.ndarray:
    return households.without_members(outcome) if outcome.from_age or outcome.under_age else _NO_CELLS


def _known(grid: Grid, outcome: Outcome) -> np.ndarray:
    gaps = grid.coverage.unseen("spell", outcome.unexposed_in)
    return ~overlaps(first_day(grid.months), last_day(grid.months), gaps)


def _away(grid: Grid, outcome: Outcome, households: Households) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells in which a member of the outcome's ages was in such a spell, and the share that was left."""
    cell, away = _days_away(grid, outcome)
    cells, place = np.unique(cell, return_inverse=True)
    days = np.bincount(place, weights=away, minlength=len(cells))
    return cells, 1 - days / _days_of_members(grid, outcome, households, cells)


def _days_away(grid: Grid, outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """Return cells, and the days that a person of the outcome's ages spent in such spells in each."""
    found = _spells(grid, outcome)
    past = as_day_numbers(found["past_day"])
    start = without_overlaps(_runs(found["place"], found["person_id"]), as_day_numbers(found["first_day"]), past)
    first, end = columns_born(outcome, found["age"])
    from_month, to_month = month_of(np.array([start, past - 1]).astype("datetime64[D]")) - grid.months[0]
    end = np.minimum(end, len(grid.months))
    spell, column = expand(np.maximum(from_month, np.maximum(first, 0)), np.minimum(to_month + 1, end))
    days = _days_in(as_day_numbers(grid.month_starts()), column, start[spell], past[spell])
    inside = days > 0
    return (found["place"][spell].astype(np.int64) * len(grid.months) + column)[inside], days[inside]


def _spells(grid: Grid, outcome: Outcome) -> dict[str, np.ndarray]:
    """The spells of each person while a member of the family, in order of family, person and first day.

    A spell goes with the person: who is in custody when the family changes is so in the next one too.
    """
    joined, left = f"COALESCE(member.start_date, {day(FAR_PAST)})", f"COALESCE(member.end_date, {day(FAR_FUTURE)})"
    ended = f"COALESCE(spell.end_date, {day(FAR_FUTURE)})"
    return grid.read(
        f"""SELECT place, person_id, first_day, past_day, age
FROM (
SELECT family.place, spell.person_id, {later("spell.start_date", joined)} AS first_day,
       {earlier(ended, left)} AS past_day, {age_at_first_month(grid)} AS age
FROM spell
JOIN family_member AS member ON member.person_id = spell.person_id
JOIN {FAMILIES} AS family ON family.family_id = member.family_id
JOIN person ON person.person_id = spell.person_id
WHERE spell.kind IN ({word_list(outcome.unexposed_in)})
) AS away
WHERE first_day < past_day
ORDER BY place, person_id, first_day"""
    )


def _days_of_members(grid: Grid, outcome: Outcome, households: Households, cells: np.ndarray) -> np.ndarray:
    """Return the days of all members of the outcome's ages in each cell."""
    row, column = np.divmod(cells, len(grid.months))
    asked, member = households.members(row)
    days = _days_in(households.month_starts, column[asked], households.start[member], households.past[member])
    first, end = columns_born(outcome, households.age[member])
    of_age = (column[asked] >= first) & (column[asked] < end)
    return np.bincount(asked[of_age], weights=days[of_age], minlength=len(cells))


def _days_in(month_starts: np.ndarray, column: np.ndarray, start: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Return how many days of each span lie in its month."""
    return np.maximum(np.minimum(past, month_starts[column + 1]) - np.maximum(start, month_starts[column]), 0)


def _runs(*keys: np.ndarray) -> np.ndarray:
    """Return numbers from 0 for runs of equal keys."""
    new = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return new.cumsum()
