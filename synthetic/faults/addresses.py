"""Addresses: postcodes that are out of date, property numbers (UPRNs) that stand for nothing or for another home."""

import numpy as np

from synthetic.faults.scene import Scene
from synthetic.homes import postcodes
from synthetic.listing import Listing
from synthetic.spans import Spans

_PLACEHOLDERS = np.array(["0", "1", "99999999999", "999999999999"], dtype=object)
# Homes are shared out between the two faults, and a third of them lends its number to others.
_LOTS = ("uprn_reused", "placeholder_uprn", "lender")


def keep_old_postcodes(scene: Scene, listing: Listing) -> Listing:
    """Write the postcode of the home before, or a wrong one in the district where there was no home before."""
    households = scene.records.households
    earlier = households.earlier_homes(scene.records.last_home)[listing.person]
    strike = scene.strike("stale_postcode", listing, np.ones(len(listing), dtype=bool))
    rng = scene.county.streams.of(f"fault stale_postcode in {listing.layout.name} invented")
    invented = postcodes(scene.county, scene.district(listing)[strike.rows], rng)
    earlier = earlier[strike.rows]
    postcode = np.where(earlier < 0, invented, households.homes.postcode[earlier])
    return listing.changed("stale_postcode", strike.rows, postcode=postcode)


def reuse_uprns(scene: Scene, listing: Listing) -> Listing:
    """Write a home with the number of another in its district in which people live at the same time."""
    homes = scene.records.households.homes
    lender = _lenders(scene)
    rows = np.flatnonzero(_struck_homes(scene, "uprn_reused", lender >= 0)[listing.columns["home"]] & ~listing.added)
    return listing.changed("uprn_reused", rows, uprn=homes.uprn[lender[listing.columns["home"][rows]]])


def put_placeholders(scene: Scene, listing: Listing) -> Listing:
    """Write a home with a number such as 0 or 99999999999."""
    able = np.ones(len(scene.records.households.homes), dtype=bool)
    struck = _struck_homes(scene, "placeholder_uprn", able)
    rows = np.flatnonzero(struck[listing.columns["home"]] & ~listing.added)
    luck = _luck(scene, "placeholder_uprn")[listing.columns["home"][rows], 1]
    uprn = _PLACEHOLDERS[np.floor(luck * len(_PLACEHOLDERS)).astype(np.int64)]
    return listing.changed("placeholder_uprn", rows, uprn=uprn)


def _struck_homes(scene: Scene, kind: str, able: np.ndarray) -> np.ndarray:
    """Return which homes a fault strikes; every home is written the same way wherever it stands."""
    luck = _luck(scene, kind)
    return able & (_lot(scene) == _LOTS.index(kind)) & (luck[:, 0] < getattr(scene.rates, kind) * len(_LOTS))


def _lenders(scene: Scene) -> np.ndarray:
    """Return for each home another of its district whose number it could be given, -1 where none was found."""
    homes = scene.records.households.homes
    luck = _luck(scene, "uprn_reused")[:, 1]
    able = _lot(scene) == _LOTS.index("lender")
    able[scene.county.population.families :] = False
    lender = np.full(len(homes), -1)
    for district in range(len(scene.county.preset.districts)):
        pool = np.flatnonzero(able & (homes.district == district))
        here = homes.district == district
        if pool.size:
            lender[here] = pool[np.floor(luck[here] * len(pool)).astype(np.int64)]
    start, end = _occupied(scene.records.households.stays, len(homes))
    overlap = (start < end[lender]) & (start[lender] < end)
    return np.where(overlap, lender, -1)


def _occupied(stays: Spans, homes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last day of each home's stays."""
    start, end = np.full(homes, stays.end.max()), np.full(homes, stays.start.min())
    np.minimum.at(start, stays.what, stays.start)
    np.maximum.at(end, stays.what, stays.end)
    return start, end


def _lot(scene: Scene) -> np.ndarray:
    homes = len(scene.records.households.homes)
    return scene.county.streams.of("fault lots of homes").integers(len(_LOTS), size=homes)


def _luck(scene: Scene, kind: str) -> np.ndarray:
    return scene.county.streams.of(f"fault {kind}").random((len(scene.records.households.homes), 2))
