"""Fostering: looked-after children live in a foster home, or with another family, for that time."""

import numpy as np

from synthetic.county import County
from synthetic.history import Spells
from synthetic.homes import Homes, new_homes
from synthetic.household_lots import settled_families
from synthetic.spans import Spans, open_ended

_SERIES = 5
_CHILDREN_IN_A_HOME = 3
_WITH_ANOTHER_FAMILY = 0.3
_DECILE = 5


def foster_children(county: County, looked_after: Spells, first_home: int) -> tuple[Homes, Spans]:
    """Return foster homes, numbered from ``first_home`` on, and which looked-after child lives in which home when.

    The looked-after children of one family live together.
    """
    population = county.population
    luck, sort, place = county.streams.of("household fostering").random((3, population.families))
    taken = luck[population.family[looked_after.person]] < county.preset.household_changes.fostering
    person = looked_after.person[taken]
    family = population.family[person]
    families = np.unique(population.family[looked_after.person])
    homes, own = _foster_homes(county, families, place)
    host = _host_families(county, families, place)
    home = np.where((sort < _WITH_ANOTHER_FAMILY) & (host >= 0), host, first_home + own)
    return homes, Spans(person, home[family], looked_after.start[taken], open_ended(looked_after.end[taken]))


def _foster_homes(county: County, families: np.ndarray, place: np.ndarray) -> tuple[Homes, np.ndarray]:
    """Return the foster homes that the children of ``families`` need, and the one for each family of the county."""
    district = county.population.district
    number = np.bincount(district[families], minlength=len(county.preset.districts)) // _CHILDREN_IN_A_HOME + 1
    districts = np.repeat(np.arange(len(number)), number)
    homes = new_homes(county, "fostering", _SERIES, districts, np.full(len(districts), _DECILE))
    first = np.cumsum(number) - number
    return homes, first[district] + np.floor(place * number[district]).astype(np.int64)


def _host_families(county: County, families: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return for each family a settled one of its district with no looked-after child, -1 where there is none."""
    district = county.population.district
    able = settled_families(county)
    able[families] = False
    hosts = np.full(len(district), -1)
    for number in range(len(county.preset.districts)):
        pool = np.flatnonzero(able & (district == number))
        here = district == number
        if pool.size:
            hosts[here] = pool[np.floor(place[here] * len(pool)).astype(np.int64)]
    return hosts
