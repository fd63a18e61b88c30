"""Shelters: addresses at which several families live for some months, each until it has a home of its own again."""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.household_lots import in_lot

MARGIN = 180


@dataclass(frozen=True)
class Shelter:
    """A kind of shelter: how many ``families`` share one, within how many days they come, how long they stay.

    ``name`` is that of the change and of its streams, ``addresses`` that of the homes that are shared.
    """

    name: str
    addresses: str
    families: int
    wait: int
    stay: tuple[int, int]


HOSTEL = Shelter("temporary", "hostels", families=10, wait=30, stay=(120, 240))
REFUGE = Shelter("refuges", "small hostels", families=4, wait=120, stay=(90, 240))


def sheltered_families(county: County, shelter: Shelter) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return families, the number of each one's shelter, and the district of each shelter.

    Both kinds share a lot of families in one order, of which hostels take the first and refuges the last, so that
    neither moves when the other is switched off; where a district is too small for both, hostels come first.
    """
    population, rate = county.population, getattr(county.preset.household_changes, shelter.name)
    order = county.streams.of("household temporary").permutation(population.families)
    order = order[(in_lot(county, "temporary") & np.isnat(population.left))[order]]
    if shelter is REFUGE:
        hostel_families, _, _ = sheltered_families(county, HOSTEL)
        order = order[~np.isin(order, hostel_families)][::-1]
    number = max(round(rate * population.families / shelter.families), 1) if rate else 0
    return _shared_out(county, order, number, shelter.families)


def sheltered_days(
    county: County, shelter: Shelter, families: np.ndarray, address: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the day on which each of the families comes to its shelter, and that on which it leaves."""
    rng, everybody = county.streams.of(f"household {shelter.name} days"), county.population.families
    wait = rng.integers(0, shelter.wait, size=everybody)[families]
    stay = rng.integers(*shelter.stay, size=everybody)[families]
    opening = rng.integers(MARGIN, county.clock.length * 30 - 2 * MARGIN, size=everybody)
    entered = county.clock.start + (opening[address] + wait).astype("timedelta64[D]")
    return entered, entered + stay.astype("timedelta64[D]")


def _shared_out(
    county: County, order: np.ndarray, number: int, families: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share families of one district each out to so many shelters: one in each district, then a second in each."""
    order = order[np.argsort(county.population.district[order], kind="stable")]
    district = county.population.district[order]
    place = np.arange(len(order)) - np.searchsorted(district, district)
    whole = np.bincount(district, minlength=len(county.preset.districts)) // families
    group = place // families
    ranked = np.lexsort((order, district, group))
    ranked = ranked[group[ranked] < whole[district[ranked]]][: number * families]
    return order[ranked], np.arange(len(ranked)) // families, district[ranked][::families]
