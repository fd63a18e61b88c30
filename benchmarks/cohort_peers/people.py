"""Generated people: who is how old, and belongs to which family when."""

from dataclasses import dataclass

import numpy as np

FIRST_MONTH = np.datetime64("2009-04")
MONTHS = 72
MONTH_STARTS = (FIRST_MONTH + np.arange(MONTHS + 1)).astype("datetime64[D]").astype(np.int64)
FIRST_DAY, AFTER_LAST_DAY = MONTH_STARTS[0], MONTH_STARTS[-1]
ALWAYS, NEVER = np.int64(-100_000), np.int64(100_000)  # days that are written as missing: before and after all records
NO_FAMILY = np.int64(0)

PEOPLE_IN_A_FAMILY = 25 / 6
CHILDREN = 0.6
YOUNGEST, OLDEST_CHILD, OLDEST = -48, 17 * 12, 60 * 12  # months in April 2009; below 0: born later
CHANGE_FAMILY, LEAVE = 0.08, 0.02
OF_UNKNOWN_AGE = 0.005
SKEW = 1.2


@dataclass(frozen=True)
class People:
    """People 1..n as arrays. Each belongs to one family from ``joined`` to ``left``, and from then on to another.

    ``second`` is ``NO_FAMILY`` for those who left the county or never changed. People change families on the first of
    a month, as in a county that was built from extracts. ``age`` is in months in April 2009, ``age_known`` whether the
    county holds it; ``weight`` says how much is recorded of the person's family.
    """

    age: np.ndarray
    age_known: np.ndarray
    weight: np.ndarray
    first: np.ndarray
    second: np.ndarray
    joined: np.ndarray
    left: np.ndarray

    def __len__(self) -> int:
        return len(self.age)

    def family_on(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the family of each person (by place) on a day; ``NO_FAMILY`` where there is none."""
        in_first = np.where(day >= self.joined[person], self.first[person], NO_FAMILY)
        return np.where(day < self.left[person], in_first, self.second[person])

    def age_on(self, person: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return each person's completed months of age on the first day of the day's month."""
        return self.age[person] + month_number(day)

    def days_aged(self, youngest: int, oldest: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the days [from, until) of the covered time on which each person is aged [youngest, oldest) years."""
        start, end = (MONTH_STARTS[np.clip(12 * years - self.age, 0, MONTHS)] for years in (youngest, oldest))
        return start, end


def month_number(day: np.ndarray) -> np.ndarray:
    """Return the month of each day, counted from the first covered one."""
    return (day.astype("datetime64[D]").astype("datetime64[M]") - FIRST_MONTH).astype(np.int64)


def draw_people(rng: np.random.Generator, families: int) -> People:
    """Return the people of families 1..n: each family begins with an adult and a child at least."""
    number = int(families * PEOPLE_IN_A_FAMILY)
    everyone = np.arange(1, families + 1)
    first = np.concatenate([everyone, everyone, rng.integers(1, families + 1, number - 2 * families)])
    child = np.concatenate(
        [np.zeros(families, bool), np.ones(families, bool), rng.random(len(first[2 * families :])) < CHILDREN]
    )
    age = np.where(child, rng.integers(YOUNGEST, OLDEST_CHILD, number), rng.integers(18 * 12, OLDEST, number))
    weight = rng.lognormal(0, SKEW, families)[first - 1]
    joined, left, second = _memberships(rng, age, first, families)
    age_known = child | (rng.random(number) >= OF_UNKNOWN_AGE)
    return People(age, age_known, weight, first, second, joined, left)


def _memberships(
    rng: np.random.Generator, age: np.ndarray, first: np.ndarray, families: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return when each person joined the first family and left it, and the second family."""
    born = MONTH_STARTS[np.clip(-age, 0, MONTHS)]
    known_start = rng.random(len(age)) < 0.2
    joined = np.where(age < 0, born, np.where(known_start, FIRST_DAY, ALWAYS))
    change = rng.random(len(age))
    moved_on = MONTH_STARTS[rng.integers(1, MONTHS, len(age))]
    goes = (change < CHANGE_FAMILY + LEAVE) & (moved_on > born)
    other = (first - 1 + rng.integers(1, families, len(age))) % families + 1
    second = np.where(goes & (change < CHANGE_FAMILY), other, NO_FAMILY)
    return joined, np.where(goes, moved_on, NEVER), second
