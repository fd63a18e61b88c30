"""Birth dates left out, put down as 1 January, and mistyped."""

from calendar import monthrange
from datetime import date

import numpy as np

from synthetic.faults.scene import BIRTH_DATE_LOTS, Scene, Strike
from synthetic.listing import Listing


def put_placeholders(scene: Scene, listing: Listing) -> Listing:
    """Write 1 January of the right year."""
    birth = listing.columns["birth_date"]
    first = birth.astype("datetime64[Y]").astype("datetime64[D]")
    rows = _strike(scene, "placeholder_birth_date", listing, birth != first).rows
    return listing.changed("placeholder_birth_date", rows, birth_date=first[rows])


def leave_out(scene: Scene, listing: Listing) -> Listing:
    """Leave the birth date out."""
    rows = _strike(scene, "missing_birth_date", listing, np.ones(len(listing), dtype=bool)).rows
    return listing.changed("missing_birth_date", rows, birth_date=np.datetime64("NaT"))


def mistype(scene: Scene, listing: Listing) -> Listing:
    """Exchange day and month, or get one digit of the day or of the year wrong."""
    strike = _strike(scene, "birth_date_typo", listing, np.ones(len(listing), dtype=bool))
    end = scene.county.clock.end.item()
    days = listing.columns["birth_date"][strike.rows].tolist()
    wrong = [mistyped(day, end, *luck[:2]) for day, luck in zip(days, strike.luck.tolist(), strict=True)]
    return listing.changed("birth_date_typo", strike.rows, birth_date=np.array(wrong, dtype="datetime64[D]"))


def mistyped(day: date, end: date, sort: float, place: float) -> date:
    """Return another date before ``end``: ``sort`` and ``place`` are uniforms that choose the mistake and its place."""
    found = ([other for other in make(day) if other < end] for make in (_exchanged, _other_days, _other_years))
    sorts = [options for options in found if options]
    options = sorts[int(sort * len(sorts))]
    return options[int(place * len(options))]


def _exchanged(day: date) -> list[date]:
    return [date(day.year, day.day, day.month)] if day.day <= 12 and day.day != day.month else []


def _other_days(day: date) -> list[date]:
    """Return the days of the month that differ in one digit."""
    days = range(1, monthrange(day.year, day.month)[1] + 1)
    return [day.replace(day=n) for n in days if (n // 10 == day.day // 10) != (n % 10 == day.day % 10)]


def _other_years(day: date) -> list[date]:
    """Return the same day in the other years of the decade, of a leap day the day before."""
    day = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    decade = day.year // 10 * 10
    return [day.replace(year=year) for year in range(decade, decade + 10) if year != day.year]


def _strike(scene: Scene, kind: str, listing: Listing, able: np.ndarray) -> Strike:
    return scene.strike(kind, listing, able & scene.birth_date_lot(kind, listing), times=BIRTH_DATE_LOTS)
