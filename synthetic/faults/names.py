"""Names misspelt, exchanged and shortened."""

import numpy as np

from synthetic.faults.scene import Scene
from synthetic.faults.spelling import SHORT_FORMS, misspelt
from synthetic.listing import Listing

_PARTS = ("forename", "surname")
# Whose names are misspelt twice as often, which is why fewer of their records are linked.
_TWICE = ("asian", "black", "other")


def shorten(scene: Scene, listing: Listing) -> Listing:
    """Write the short form of a forename: Liz for Elizabeth."""
    forename = listing.columns["forename"]
    able = np.array([name in SHORT_FORMS for name in forename.tolist()], dtype=bool)
    strike = scene.strike("nickname", listing, able)
    names = [SHORT_FORMS[name] for name in forename[strike.rows]]
    return listing.changed("nickname", strike.rows, forename=_text(names))


def misspell(scene: Scene, listing: Listing) -> Listing:
    """Misspell a forename or a surname."""
    population = scene.county.population
    twice = np.isin(population.ethnicity[population.family[listing.person]], _TWICE)
    strike = scene.strike("misspelt_name", listing, np.ones(len(listing), dtype=bool), times=np.where(twice, 2.0, 1.0))
    is_surname = strike.luck[:, 0] < 0.5
    names = np.where(is_surname, listing.columns["surname"][strike.rows], listing.columns["forename"][strike.rows])
    wrong = _text([misspelt(name, *luck) for name, luck in zip(names, strike.luck[:, 1:], strict=True)])
    for part, mine in zip(_PARTS, (~is_surname, is_surname), strict=True):
        listing = listing.changed("misspelt_name", strike.rows[mine], **{part: wrong[mine]})
    return listing


def swap(scene: Scene, listing: Listing) -> Listing:
    """Exchange forename and surname."""
    able = listing.columns["forename"] != listing.columns["surname"]
    rows = scene.strike("swapped_names", listing, able).rows
    forename, surname = (listing.columns[part][rows] for part in _PARTS)
    return listing.changed("swapped_names", rows, forename=surname, surname=forename)


def _text(names: list[str]) -> np.ndarray:
    return np.array(names, dtype=object)
