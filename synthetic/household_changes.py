"""Households that move, part and join, foster children elsewhere, and families at shared addresses for a while.

What families live through does not follow: these changes are about who is where, which is what agencies' records of
homes say and what families have to be found from. Each change draws from a stream of its own. A family meets one of
them at most: a lot shares the families out, so that switching one change off hands its families to no other.
"""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.fostering import foster_children
from synthetic.history import Spells
from synthetic.homes import Homes, new_homes
from synthetic.household_lots import LOTS, in_lot, settled_families
from synthetic.households import Households, first_members
from synthetic.population import ADULT_SLOTS
from synthetic.shelters import HOSTEL, MARGIN, REFUGE, Shelter, sheltered_days, sheltered_families
from synthetic.spans import FOREVER, Spans, open_ended

_SERIES = {"moves": 0, "temporary": 1, "hostels": 2, "splits": 3, "merges": 4, "refuges": 6, "small hostels": 7}


_NOBODY = np.array([], dtype=np.int64)
_NO_DAYS = np.array([], dtype="datetime64[D]")
_NONE = Spans(_NOBODY, _NOBODY, _NO_DAYS, _NO_DAYS)


@dataclass(frozen=True, eq=False)
class _Change:
    """What one change adds: homes (numbered from 0), families in them, people in them alone, people in families.

    ``parted`` are people who leave their family, ``moved`` families that leave their first home, each with its day.
    """

    homes: Homes
    families: Spans = _NONE
    alone: Spans = _NONE
    members: Spans = _NONE
    parted: tuple[np.ndarray, np.ndarray] = (_NOBODY, _NO_DAYS)
    moved: tuple[np.ndarray, np.ndarray] = (_NOBODY, _NO_DAYS)


def change_households(county: County, homes: Homes, looked_after: Spells) -> Households:
    """Return the households of a county whose families live in ``homes`` at first.

    Args:
        county: the county; its preset's ``household_changes`` are the rates.
        homes: the first home of each family, under the family's number.
        looked_after: the spells for which children may live in foster homes.
    """
    population = county.population
    members = first_members(county)
    everybody = np.arange(population.families)
    living = Spans(everybody, everybody, population.arrived, open_ended(population.left))
    alone = _NONE
    changes = (_moves(county), _sheltered(county, HOSTEL), _splits(county), _merges(county))
    first_foster_home = len(homes) + sum(len(change.homes) for change in changes)
    foster_homes, fostered = foster_children(county, looked_after, first_foster_home)
    for change in (*changes, _Change(foster_homes), _sheltered(county, REFUGE)):
        members = members.ended(*change.parted).plus(change.members)
        living = living.ended(*change.moved).plus(_renumbered(change.families, len(homes)))
        alone = alone.plus(_renumbered(change.alone, len(homes)))
        homes = homes.plus(change.homes)
    stays = members.through(living).plus(alone).interrupted(fostered)
    return Households(homes, members.ordered(), stays.ordered())


def _renumbered(spans: Spans, first: int) -> Spans:
    return Spans(spans.who, spans.what + first, spans.start, spans.end)


def _moves(county: County) -> _Change:
    """Whole families move within their district."""
    days = _days(county, "moves", MARGIN, MARGIN)
    families = np.flatnonzero(_struck(county, "moves") & _here(county, days))
    left = open_ended(county.population.left)[families]
    return _Change(
        homes=_homes(county, "moves", families),
        families=Spans(families, np.arange(len(families)), days[families], left),
        moved=(families, days[families]),
    )


def _sheltered(county: County, shelter: Shelter) -> _Change:
    """Some families at a time live at one address for some months, and then in homes of their own."""
    families, address, districts = sheltered_families(county, shelter)
    entered, left = sheltered_days(county, shelter, families, address)
    deciles = np.ones(len(districts), dtype=np.int64)
    addresses = new_homes(county, shelter.addresses, _SERIES[shelter.addresses], districts, deciles)
    own = len(addresses) + np.arange(len(families))
    forever = np.full(len(families), FOREVER)
    return _Change(
        homes=addresses.plus(_homes(county, shelter.name, families)),
        families=Spans(families, address, entered, left).plus(Spans(families, own, left, forever)),
        moved=(families, entered),
    )


def _splits(county: County) -> _Change:
    """Second adults leave and live alone."""
    days = _days(county, "splits", MARGIN, MARGIN)
    families = np.flatnonzero(_struck(county, "splits") & _two_adults(county) & _here(county, days))
    adults = county.population.slots[families, ADULT_SLOTS - 1]
    forever = np.full(len(families), FOREVER)
    return _Change(
        homes=_homes(county, "splits", families),
        alone=Spans(adults, np.arange(len(families)), days[families], forever),
        parted=(adults, days[families]),
    )


def _merges(county: County) -> _Change:
    """Second adults leave, live alone for a while and join a lone parent's family in their district."""
    days = _days(county, "merges", MARGIN, 3 * MARGIN)
    wait = county.streams.of("household merges waiting").integers(60, 400, size=county.population.families)
    families = np.flatnonzero(_struck(county, "merges") & _two_adults(county) & _here(county, days))
    families, hosts = _lone_parents(county, families)
    adults = county.population.slots[families, ADULT_SLOTS - 1]
    joined = days[families] + wait[families].astype("timedelta64[D]")
    return _Change(
        homes=_homes(county, "merges", families),
        alone=Spans(adults, np.arange(len(families)), days[families], joined),
        members=Spans(adults, hosts, joined, np.full(len(families), FOREVER)),
        parted=(adults, days[families]),
    )


def _lone_parents(county: County, families: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return those of the families whose second adult finds a family to join, and that family; each takes one in."""
    population = county.population
    order = county.streams.of("household merges").permutation(population.families)
    order = order[(settled_families(county) & ~_two_adults(county))[order]]
    leaving, hosts = [], []
    for district in range(len(county.preset.districts)):
        here = families[population.district[families] == district]
        free = order[population.district[order] == district]
        leaving.append(here[: len(free)])
        hosts.append(free[: len(here)])
    return np.concatenate(leaving), np.concatenate(hosts)


def _struck(county: County, name: str) -> np.ndarray:
    luck = county.streams.of(f"household {name}").random(county.population.families)
    return in_lot(county, name) & (luck * LOTS[name] < getattr(county.preset.household_changes, name))


def _days(county: County, name: str, after: int, before: int) -> np.ndarray:
    """Draw a day of change for every family, at least so many days from the window's start and end."""
    length = int((county.clock.end - county.clock.start).astype(np.int64))
    rng = county.streams.of(f"household {name} days")
    return county.clock.start + rng.integers(after, length - before, size=county.population.families)


def _here(county: County, days: np.ndarray) -> np.ndarray:
    """Return the families that still live in the county some weeks after their day."""
    return days + 60 < open_ended(county.population.left)


def _two_adults(county: County) -> np.ndarray:
    return county.population.slots[:, ADULT_SLOTS - 1] >= 0


def _homes(county: County, name: str, families: np.ndarray) -> Homes:
    """Return a new home for each of the families, in its district and as deprived a place as the one before."""
    population = county.population
    return new_homes(county, name, _SERIES[name], population.district[families], population.deprivation[families])
