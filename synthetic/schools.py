"""Schools: every district has some, and the children of a family go to one of them."""

import numpy as np

from synthetic.county import County
from synthetic.files import texts

_PUPILS = 200
# Six digits like a school's unique reference number, above all that were ever issued.
_FIRST_NUMBER, _NUMBERS = 900_000, 100_000


def draw_schools(county: County) -> np.ndarray:
    """Return the number of the school of each family, so that a school has about 200 children at a time."""
    population, rng = county.population, county.streams.of("schools")
    schools = np.maximum(np.rint(_pupils(county) / _PUPILS), 1).astype(np.int64)
    numbers = texts(_FIRST_NUMBER + county.block.draw(rng, _NUMBERS, int(schools.sum())))
    first = np.cumsum(schools) - schools
    place = np.floor(rng.random(population.families) * schools[population.district]).astype(np.int64)
    return numbers[first[population.district] + place]


def _pupils(county: County) -> np.ndarray:
    """Return how many children of each district are at school in the middle of the window."""
    population = county.population
    middle = county.clock.first + county.clock.length // 2
    pupils = population.at_school(np.array([middle // 12]), np.arange(len(population.children)))[:, 0]
    families = population.family[population.children[pupils]]
    here = families[population.left_month()[families] > middle]
    return np.bincount(population.district[here], minlength=len(county.preset.districts))
