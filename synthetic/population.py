"""Households: who lives together, how old they are, where, how deprived, and when they leave the county."""

from dataclasses import dataclass

import numpy as np

from synthetic.months import Clock, first_days, month_numbers
from synthetic.presets import Preset
from synthetic.streams import Streams

ADULT_SLOTS = 2
CHILD_SLOTS = 4
SLOTS = ADULT_SLOTS + CHILD_SLOTS
NEVER = 10**6
_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class Population:
    """Families and their people; people stand in order of family, adults first, then children from the oldest.

    ``slots`` (families x 6) holds each family's people by place, -1 where nobody is. ``children`` holds the people
    who are children of their family whatever their age, and is the order of every child-by-month array.
    """

    district: np.ndarray
    deprivation: np.ndarray
    ethnicity: np.ndarray
    theta: np.ndarray
    motivation: np.ndarray
    arrived: np.ndarray
    left: np.ndarray
    family: np.ndarray
    birth: np.ndarray
    sex: np.ndarray
    slots: np.ndarray
    children: np.ndarray
    disposition: np.ndarray

    @property
    def families(self) -> int:
        return len(self.theta)

    @property
    def people(self) -> int:
        return len(self.family)

    def left_month(self) -> np.ndarray:
        """Return the month number in which each family leaves the county, or a month that never comes."""
        return np.where(np.isnat(self.left), NEVER, month_numbers(self.left))

    def present(self, clock: Clock, families: np.ndarray) -> np.ndarray:
        """Return families x months: living in the county for the whole month."""
        return clock.months < self.left_month()[families][:, None]

    def birth_months(self, people: np.ndarray) -> np.ndarray:
        return month_numbers(self.birth[people])

    def aged(self, clock: Clock, children: np.ndarray, *, years: tuple[int, int]) -> np.ndarray:
        """Return children x months: at least ``years[0]`` and under ``years[1]`` for the whole month."""
        age = clock.months - self.birth_months(self.children[children])[:, None]
        return (age > 12 * years[0]) & (age < 12 * years[1])

    def at_school(self, years: np.ndarray, children: np.ndarray) -> np.ndarray:
        """Return children x school years (each by its autumn): aged 5 to 15 the day before, so in Years 1 to 11."""
        eve = np.array([f"{year}-08-31" for year in years], dtype="datetime64[D]")
        age = (eve - self.birth[self.children[children]][:, None]).astype(np.float64) / _YEAR
        return (age >= 5) & (age < 16)


def build_population(preset: Preset, clock: Clock, streams: Streams) -> Population:
    """Return the households of a county, drawn from streams of their own."""
    birth, sex, slots, family = _households(preset.families, clock, streams.of("households"))
    district, deprivation, theta, motivation = _families(preset, streams.of("families"))
    ethnicity = _ethnicity(preset, streams.of("ethnicity"))
    arrived, left = _moves(preset, clock, streams.of("moves"))
    children = slots[:, ADULT_SLOTS:][slots[:, ADULT_SLOTS:] >= 0]
    disposition = streams.of("disposition").standard_normal(len(children)).astype(np.float32)
    return Population(
        district=district,
        deprivation=deprivation,
        ethnicity=ethnicity,
        theta=theta,
        motivation=motivation,
        arrived=arrived,
        left=left,
        family=family,
        birth=birth,
        sex=sex,
        slots=slots,
        children=children,
        disposition=disposition,
    )


def _families(preset: Preset, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Draw district, deprivation decile (1 = most deprived), lasting need and lasting motivation."""
    shares = np.array([district.share for district in preset.districts])
    district = rng.choice(len(shares), size=preset.families, p=shares / shares.sum())
    deprivation = rng.integers(1, 11, size=preset.families)
    link = preset.model.deprivation_correlation
    standard = (5.5 - deprivation) / np.sqrt(8.25)
    theta = link * standard + np.sqrt(1 - link**2) * rng.standard_normal(preset.families)
    return district, deprivation, theta, rng.standard_normal(preset.families)


def _ethnicity(preset: Preset, rng: np.random.Generator) -> np.ndarray:
    """Draw the ethnic group of each family, one for all its people."""
    shares = preset.ethnicity.model_dump()
    share = np.array(list(shares.values()))
    return rng.choice(np.array(list(shares), dtype=object), size=preset.families, p=share / share.sum())


def _households(families: int, clock: Clock, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Draw the people of each family: dates of birth, sex, places and family numbers."""
    births = _children(families, clock, rng)
    births = np.concatenate([_adults(births, rng), births], axis=1)
    here = ~np.isnat(births)
    slots = np.where(here, np.cumsum(here).reshape(here.shape) - 1, -1)
    family = np.nonzero(here)[0]
    sex = np.where(rng.random(len(family)) < 0.5, "male", "female").astype(object)
    return births[here], sex, slots, family


def _children(families: int, clock: Clock, rng: np.random.Generator) -> np.ndarray:
    """Draw dates of birth (families x 4, oldest first) so that nearly every family has a minor all the time."""
    number = rng.choice([1, 2, 3, 4], size=families, p=[0.30, 0.38, 0.22, 0.10])
    youngest = -2 + rng.random(families) * (15 - 2.2 * (number - 1))
    gaps = rng.uniform(1.0, 3.5, size=(families, CHILD_SLOTS))
    gaps[:, 0] = youngest
    place = np.arange(CHILD_SLOTS)
    # Ages stand from the youngest up; the oldest of n children is the n-th of them.
    from_youngest = np.clip(number[:, None] - 1 - place, 0, CHILD_SLOTS - 1)
    age = np.take_along_axis(gaps.cumsum(axis=1), from_youngest, axis=1)
    birth = clock.start - np.round(age * _YEAR).astype("timedelta64[D]")
    return np.where(place < number[:, None], birth, np.datetime64("NaT"))


def _adults(births: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw one or two adults who were 17 to 36 when the first child was born."""
    families = len(births)
    first = rng.uniform(17, 36, size=families)
    ages = np.stack([first, np.clip(first + rng.normal(1.5, 4, size=families), 17, 44)], axis=1)
    adults = births[:, :1] - np.round(ages * _YEAR).astype("timedelta64[D]")
    adults[rng.random(families) < 0.55, 1] = np.datetime64("NaT")
    return adults


def _moves(preset: Preset, clock: Clock, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the day each family moved in (before the window) and the day it leaves for good (NaT: it stays)."""
    arrived = clock.start - rng.integers(800, 4_000, size=preset.families).astype("timedelta64[D]")
    wait = rng.geometric(preset.model.leaving, size=preset.families)
    day = rng.integers(1, 27, size=preset.families)
    left = first_days(clock.first + np.minimum(wait, clock.length) - 1) + day
    return arrived, np.where(wait <= clock.length, left, np.datetime64("NaT"))


def minors(population: Population, clock: Clock, families: np.ndarray) -> np.ndarray:
    """Return families x months: a child already born and under 18 for the whole month lives in the family."""
    return _any_aged(population, clock, population.slots[families, ADULT_SLOTS:], years=(0, 18))


def members_aged(population: Population, clock: Clock, families: np.ndarray, *, years: tuple[int, int]) -> np.ndarray:
    """Return families x months: a member is at least ``years[0]`` and under ``years[1]`` for the whole month."""
    return _any_aged(population, clock, population.slots[families], years=years)


def _any_aged(population: Population, clock: Clock, people: np.ndarray, *, years: tuple[int, int]) -> np.ndarray:
    birth = np.where(people >= 0, population.birth_months(np.maximum(people, 0)), NEVER)
    age = clock.months - birth[:, :, None]
    return ((age > 12 * years[0]) & (age < 12 * years[1])).any(axis=1)
