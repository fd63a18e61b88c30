"""What no single row shows: a school's missing term, an agency's missing months, a change in what is recorded.

How many there are is the rate times the places where there could be one, rounded, and at least one. Only places with
so many rows, in the flawless listings, qualify that a person who looks at them would see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from synthetic.faults.planted import Pattern
from synthetic.faults.scene import Scene
from synthetic.listing import Listing
from synthetic.months import days_in, first_days, month_numbers

_REPORTING = ("police", "youth_offending", "dwp", "housing", "childrens_services")
_ROWS_A_MONTH_TO_MISS = 40
_ROWS_A_MONTH_TO_SHIFT = 15
_PUPILS_TO_MISS = 30
_LONGEST_GAP = 3
_FEWER, _MORE = 0.45, 2.0
_MARGIN = 24

Found = tuple[list[Listing], list[Pattern]]
Place = TypeVar("Place")


@dataclass(frozen=True)
class _Place:
    """Where a pattern could be: one table of a district and kind, or several of a district and agency."""

    agency: str
    listings: tuple[int, ...]
    district: int
    kind: str | None


def shift_recording(scene: Scene, listings: Sequence[Listing]) -> Found:
    """Let districts record a kind at 45 % or twice as fully from some month on."""
    listings, patterns = list(listings), []
    rng = scene.county.streams.of("fault recording_shift")
    for place in _chosen(scene, "recording_shift", _kinds_of_districts(scene), rng):
        first = scene.county.clock.first + int(rng.integers(_MARGIN, scene.county.clock.length - _MARGIN))
        (number,) = place.listings
        listing = listings[number]
        rows = _in_place(scene, listing, place) & (_months(listing) >= first)
        change = _record_fewer if rng.random() < 0.5 else _record_more
        listings[number] = change(scene, listing, rows)
        last = scene.county.clock.first + scene.county.clock.length - 1
        text = f"{_district(scene, place)}, {place.kind}, {_period(first, last)}"
        patterns.append(Pattern("recording_shift", place.agency, listing.layout, text))
    return listings, patterns


def miss_months(scene: Scene, listings: Sequence[Listing]) -> Found:
    """Let agencies send nothing of a district for one to three months."""
    listings, patterns = list(listings), []
    rng = scene.county.streams.of("fault missing_month")
    for place in _chosen(scene, "missing_month", _districts_of_agencies(scene), rng):
        length = int(rng.integers(1, _LONGEST_GAP, endpoint=True))
        first = scene.county.clock.first + int(rng.integers(6, scene.county.clock.length - 6))
        for number in place.listings:
            months = _months(listings[number])
            gone = _in_place(scene, listings[number], place) & (first <= months) & (months < first + length)
            listings[number] = listings[number].without(gone)
        text = f"{_district(scene, place)}, all kinds, {_period(first, first + length - 1)}"
        patterns.append(Pattern("missing_month", place.agency, None, text))
    return listings, patterns


def miss_terms(scene: Scene, listings: Sequence[Listing]) -> Found:
    """Let schools send no attendance for one term."""
    number = next(n for n, listing in enumerate(listings) if listing.layout.table == "attendance")
    listings, patterns, terms = list(listings), [], scene.county.terms
    rng = scene.county.streams.of("fault missing_term")
    for school in _chosen(scene, "missing_term", _schools(scene.flawless[number]), rng):
        listing = listings[number]
        here = listing.columns["school"] == school
        term = rng.choice(np.unique(listing.columns["place_in_calendar"][here])[1:-1])
        district = scene.county.preset.districts[scene.district(listing)[here.argmax()]].name
        months = month_numbers(np.array([terms.start[term], terms.end[term]]))
        text = f"{district}, school {school}, {_period(*months)}"
        patterns.append(Pattern("missing_term", "education", listing.layout, text))
        listings[number] = listing.without(here & (listing.columns["place_in_calendar"] == term))
    return listings, patterns


def _record_fewer(scene: Scene, listing: Listing, rows: np.ndarray) -> Listing:
    luck = scene.luck("recording_shift", listing, 1)[:, 0]
    return listing.without(rows & (luck >= _FEWER))


def _record_more(scene: Scene, listing: Listing, rows: np.ndarray) -> Listing:
    """Add for each row another of the same person on some day of the same month, recorded as long after it."""
    rows = np.flatnonzero(rows)
    luck = scene.luck("recording_shift", listing, 1)[rows, 0]
    month = month_numbers(listing.columns["date"][rows])
    day = first_days(month) + np.floor(luck * days_in(month)).astype("timedelta64[D]")
    recorded = day + (listing.columns["recorded_on"] - listing.columns["date"])[rows]
    reference = listing.next_references(len(rows))
    return listing.with_copies(rows, date=day, recorded_on=recorded, reference=reference)


def _chosen(scene: Scene, kind: str, places: Sequence[Place], rng: np.random.Generator) -> list[Place]:
    rate = getattr(scene.rates, kind)
    number = min(max(round(rate * len(places)), 1), len(places)) if rate else 0
    order = rng.permutation(len(places))
    return [places[place] for place in order[:number].tolist()]


def _kinds_of_districts(scene: Scene) -> list[_Place]:
    """Return the districts' kinds that are recorded by local habit and often."""
    local = [kind for kind, count in scene.county.preset.model.family_counts.items() if count.local_recording]
    return [
        _Place(listing.layout.agency, (number,), district, kind)
        for number, listing in enumerate(scene.flawless)
        if listing.layout.table == "event"
        for kind in local
        for district in _busy(scene, listing, _ROWS_A_MONTH_TO_SHIFT, listing.columns["kind"] == kind)
    ]


def _districts_of_agencies(scene: Scene) -> list[_Place]:
    """Return the districts of which an agency has one table at least with many rows."""
    places = []
    for agency in _REPORTING:
        mine = [n for n, item in enumerate(scene.flawless) if item.layout.agency == agency and _is_dated(item)]
        busy = {district for n in mine for district in _busy(scene, scene.flawless[n], _ROWS_A_MONTH_TO_MISS)}
        places += [_Place(agency, tuple(mine), district, None) for district in sorted(busy)]
    return places


def _busy(scene: Scene, listing: Listing, rows_a_month: int, rows: np.ndarray | bool = True) -> list[int]:
    """Return the districts with so many of these rows (default: of all) in an average month."""
    counted = (_months(listing) >= scene.county.clock.first) & rows
    number = np.bincount(scene.district(listing)[counted], minlength=len(scene.county.preset.districts))
    return np.flatnonzero(number >= rows_a_month * scene.county.clock.length).tolist()


def _schools(attendance: Listing) -> list[str]:
    """Return the schools that have enough pupils in each term."""
    schools, number = np.unique(attendance.columns["school"].astype(str), return_counts=True)
    terms = len(np.unique(attendance.columns["place_in_calendar"]))
    return schools[number >= _PUPILS_TO_MISS * terms].tolist()


def _in_place(scene: Scene, listing: Listing, place: _Place) -> np.ndarray:
    rows = scene.district(listing) == place.district
    return rows if place.kind is None else rows & (listing.columns["kind"] == place.kind)


def _is_dated(listing: Listing) -> bool:
    return listing.layout.table in ("event", "spell")


def _months(listing: Listing) -> np.ndarray:
    return month_numbers(listing.columns["date" if listing.layout.table == "event" else "start_date"])


def _district(scene: Scene, place: _Place) -> str:
    return scene.county.preset.districts[place.district].name


def _period(first: int, last: int) -> str:
    """Return months in words that sort: 2012-03 to 2012-05."""
    return " to ".join(f"{month // 12}-{month % 12 + 1:02d}" for month in (first, last))
