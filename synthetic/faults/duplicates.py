"""Rows written twice, people listed twice, and rows about people who are not listed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synthetic.faults.scene import Scene
from synthetic.listing import Listing

_AGENCIES = ("police", "youth_offending", "dwp", "education", "childrens_services")


def repeat_rows(scene: Scene, listing: Listing) -> Listing:
    """Write a row twice."""
    strike = scene.strike("duplicate_row", listing, np.ones(len(listing), dtype=bool))
    return listing.with_copies(strike.rows, "duplicate_row")


def orphan_rows(scene: Scene, listing: Listing) -> Listing:
    """Give a row a number that stands for nobody."""
    strike = scene.strike("orphan_row", listing, np.ones(len(listing), dtype=bool))
    unknown = scene.records.registers[listing.layout.agency].unknown_ids
    chosen = unknown[np.floor(strike.luck[:, 0] * len(unknown)).astype(np.int64)]
    return listing.changed("orphan_row", strike.rows, local_id=chosen)


def list_twice(scene: Scene, listings: Sequence[Listing]) -> list[Listing]:
    """List people of an agency under two numbers, and spread their rows over both."""
    second = {
        listing.layout.agency: _second_ids(scene, listing)
        for listing in listings
        if listing.layout.table == "person_record" and listing.layout.agency in _AGENCIES
    }
    return [_spread(scene, listing, second.get(listing.layout.agency)) for listing in listings]


def _second_ids(scene: Scene, listing: Listing) -> np.ndarray:
    """Return the second number of each person of the county, "" where there is none."""
    strike = scene.strike("duplicate_person", listing, np.ones(len(listing), dtype=bool))
    ids = np.full(scene.county.population.people, "", dtype=object)
    ids[listing.person[strike.rows]] = scene.records.registers[listing.layout.agency].second_ids[strike.rows]
    return ids


def _spread(scene: Scene, listing: Listing, second: np.ndarray | None) -> Listing:
    if second is None or listing.layout.table == "term":
        return listing
    mine = second[listing.person]
    twice = np.flatnonzero(mine != "")
    if listing.layout.table == "person_record":
        listing = listing.with_copies(twice, "duplicate_person", local_id=mine[twice])
        return listing.with_own_draws(np.flatnonzero(listing.faults["duplicate_person"]))
    luck = scene.luck("duplicate_person", listing, 1)[:, 0]
    moved = twice[luck[twice] < 0.5]
    columns = {**listing.columns, "local_id": listing.columns["local_id"].copy()}
    columns["local_id"][moved] = mine[moved]
    return replace(listing, columns=columns)
