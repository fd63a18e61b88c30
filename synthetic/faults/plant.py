"""Planting faults in the agencies' listings: people listed twice, then patterns, then what befalls single rows."""

from collections.abc import Callable, Sequence

from synthetic.faults import addresses, birth_dates, dates, duplicates, names, numbers, patterns
from synthetic.faults.planted import Planted
from synthetic.faults.scene import Scene
from synthetic.listing import Listing
from synthetic.records import AgencyRecords

RowFault = Callable[[Scene, Listing], Listing]

_OF_TABLES: dict[str, tuple[RowFault, ...]] = {
    "person_record": (
        names.shorten,
        names.misspell,
        names.swap,
        birth_dates.put_placeholders,
        birth_dates.leave_out,
        birth_dates.mistype,
        numbers.leave_out,
        numbers.mistype,
        addresses.keep_old_postcodes,
    ),
    "residence": (addresses.reuse_uprns, addresses.put_placeholders),
    "event": (dates.arrive_late, dates.put_in_the_future, dates.put_before_birth, duplicates.orphan_rows),
    "spell": (
        dates.overlap,
        dates.arrive_late,
        dates.put_in_the_future,
        dates.end_before_start,
        duplicates.orphan_rows,
    ),
    "attendance": (dates.arrive_late,),
    "support": (dates.start_late,),
}


def plant_faults(records: AgencyRecords, listings: Sequence[Listing]) -> Planted:
    """Return the listings with the faults that the preset asks for."""
    scene = Scene(records, listings)
    listings, planted = duplicates.list_twice(scene, listings), []
    for pattern in (patterns.shift_recording, patterns.miss_months, patterns.miss_terms):
        listings, found = pattern(scene, listings)
        planted += found
    return Planted([_with_faulty_rows(scene, listing) for listing in listings], planted)


def _with_faulty_rows(scene: Scene, listing: Listing) -> Listing:
    if listing.layout.table not in _OF_TABLES:
        return listing
    for fault in _OF_TABLES[listing.layout.table]:
        listing = fault(scene, listing)
    return duplicates.repeat_rows(scene, listing)
