"""Dates that cannot be, records that arrive late, and starts of support typed late."""

import numpy as np

from synthetic.faults.scene import BIRTH_DATE_LOTS, Scene
from synthetic.listing import Listing

_DAY = np.timedelta64(1, "D")
_HAPPENED = {"event": "date", "spell": "start_date"}
_LATEST = 730
_LATE_START = (122, 274)
_BEFORE_BIRTH = (310, 700)


def arrive_late(scene: Scene, listing: Listing) -> Listing:
    """Record a row one to two years later than it would have been, and before the county's last day."""
    recorded = listing.columns["recorded_on"]
    strike = scene.strike("late_row", listing, recorded + _LATEST * _DAY < scene.county.clock.end)
    late = recorded[strike.rows] + _between(365, _LATEST, strike.luck[:, 0])
    return listing.changed("late_row", strike.rows, recorded_on=late)


def put_in_the_future(scene: Scene, listing: Listing) -> Listing:
    """Date a row one to ten years after the county's last day."""
    column = _HAPPENED[listing.layout.table]
    strike = scene.strike("future_date", listing, np.ones(len(listing), dtype=bool))
    wrong = scene.county.clock.end + _between(365, 3_650, strike.luck[:, 0])
    return listing.changed("future_date", strike.rows, **{column: wrong})


def put_before_birth(scene: Scene, listing: Listing) -> Listing:
    """Date an event so long before its person was born that nobody knew of it; the agency has the right birth date."""
    able = scene.birth_date_lot("before_birth", listing)
    strike = scene.strike("before_birth", listing, able, times=BIRTH_DATE_LOTS)
    birth = scene.county.population.birth[listing.person[strike.rows]]
    return listing.changed("before_birth", strike.rows, date=birth - _between(*_BEFORE_BIRTH, strike.luck[:, 0]))


def end_before_start(scene: Scene, listing: Listing) -> Listing:
    """End a spell before it begins."""
    strike = scene.strike("end_before_start", listing, ~np.isnat(listing.columns["end_date"]))
    end = listing.columns["start_date"][strike.rows] - _between(1, 200, strike.luck[:, 0])
    return listing.changed("end_before_start", strike.rows, end_date=end)


def start_late(scene: Scene, listing: Listing) -> Listing:
    """Type the start of support four to nine months late, before its end: at the time of a claim, say."""
    started, ended = listing.columns["started"], listing.columns["ended"]
    latest = np.fmin(ended, scene.county.clock.end) - started - _DAY
    able = ~np.isnat(started) & (latest >= _LATE_START[0] * _DAY)
    strike = scene.strike("late_start", listing, able)
    late = np.minimum(_between(*_LATE_START, strike.luck[:, 0]), latest[strike.rows])
    return listing.changed("late_start", strike.rows, started=started[strike.rows] + late)


def overlap(scene: Scene, listing: Listing) -> Listing:
    """Write a second spell of the same kind inside the first."""
    start = listing.columns["start_date"]
    last = np.fmin(listing.columns["end_date"], scene.county.clock.end)
    room = (last - start).astype(np.int64) - 14
    strike = scene.strike("overlapping_spell", listing, room >= 14)
    again = start[strike.rows] + (7 + np.floor(strike.luck[:, 0] * room[strike.rows])).astype("timedelta64[D]")
    delay = listing.columns["recorded_on"][strike.rows] - start[strike.rows]
    return listing.with_copies(strike.rows, "overlapping_spell", start_date=again, recorded_on=again + delay)


def _between(first: int, last: int, luck: np.ndarray) -> np.ndarray:
    """Return numbers of days from ``first`` to ``last`` at these uniforms."""
    return np.floor(first + luck * (last - first + 1)).astype("timedelta64[D]")
