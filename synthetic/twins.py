"""Twins: pairs of siblings who are made to be born on one day, so that a birth date does not tell them apart."""

from dataclasses import replace

import numpy as np

from synthetic.county import County
from synthetic.identities import Identities
from synthetic.months import birthday
from synthetic.population import ADULT_SLOTS

NO_TWINS = np.empty((0, 2), dtype=np.int64)
_LARGEST_GAP = np.timedelta64(548, "D")
_OLDEST = 15


def draw_twins(county: County, identities: Identities) -> np.ndarray:
    """Return pairs of people (older, younger) who shall be twins, from the stream ``fault twins``.

    What families live through stays as it is, so only pairs qualify of whom nothing impossible is told when the
    younger is as old as the older: both born before the window and no older than 14 at its end. Twins have two names.
    """
    pairs = _young_siblings(county, identities)
    luck = county.streams.of("fault twins").random(county.population.families)
    return pairs[luck[county.population.family[pairs[:, 0]]] < county.preset.faults.twins]


def born_together(county: County, twins: np.ndarray) -> County:
    """Return the county in which the younger of each pair has the birth date of the older."""
    birth = county.population.birth.copy()
    birth[twins[:, 1]] = birth[twins[:, 0]]
    return replace(county, population=replace(county.population, birth=birth))


def _young_siblings(county: County, identities: Identities) -> np.ndarray:
    """Return the first pair of each family that could be twins."""
    population, clock = county.population, county.clock
    children = population.slots[:, ADULT_SLOTS:]
    pairs = np.stack([children[:, :-1], children[:, 1:]], axis=2).reshape(-1, 2)
    pairs = pairs[(pairs >= 0).all(axis=1)]
    birth, forename = population.birth[pairs], identities.forename[pairs]
    able = (birth[:, 1] - birth[:, 0] <= _LARGEST_GAP) & (forename[:, 0] != forename[:, 1])
    able &= (birth[:, 1] < clock.start) & (birthday(birth[:, 0], _OLDEST) > clock.end)
    pairs = pairs[able]
    _, first = np.unique(population.family[pairs[:, 0]], return_index=True)
    return pairs[first]
