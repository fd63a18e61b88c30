"""The table of planted faults: what, in which file and row, about whom, or in which place and time."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from synthetic.faults.planted import Pattern, Planted
from synthetic.files import stack
from synthetic.listing import Listing
from synthetic.records import AgencyRecords

FAULT_TYPES = {
    "kind": pa.string(),
    "agency": pa.string(),
    "file": pa.string(),
    "table_name": pa.string(),
    "row_number": pa.int64(),
    "local_id": pa.string(),
    "person_id": pa.int64(),
    "place": pa.string(),
}


def faults_table(records: AgencyRecords, planted: Planted) -> dict[str, np.ndarray]:
    """Return one row for each planted fault: the columns of ``FAULT_TYPES``, None where one does not apply.

    ``row_number`` counts as a person does who opens the file or sheet; ``place`` says in words where a pattern is.
    Twins have a row each, though being one is no error.
    """
    parts = [_rows(listing, kind) for listing in planted.listings for kind in listing.faults]
    return stack([*parts, _patterns(planted.patterns), _twins(records)])


def _rows(listing: Listing, kind: str) -> dict[str, np.ndarray]:
    rows = np.flatnonzero(listing.faults[kind])
    layout = listing.layout
    return _table(
        len(rows),
        kind=kind,
        agency=layout.agency,
        file=layout.file,
        table_name=layout.table,
        row_number=rows + layout.first_row,
        local_id=listing.columns["local_id"][rows],
        person_id=listing.person[rows],
    )


def _patterns(patterns: Sequence[Pattern]) -> dict[str, np.ndarray]:
    return _table(
        len(patterns),
        kind=_column(pattern.kind for pattern in patterns),
        agency=_column(pattern.agency for pattern in patterns),
        file=_column(pattern.layout.file if pattern.layout else None for pattern in patterns),
        table_name=_column(pattern.layout.table if pattern.layout else None for pattern in patterns),
        place=_column(pattern.place for pattern in patterns),
    )


def _twins(records: AgencyRecords) -> dict[str, np.ndarray]:
    people = records.twins.ravel()
    return _table(len(people), kind="twins", person_id=people)


def _table(rows: int, **given: np.ndarray | str) -> dict[str, np.ndarray]:
    """Return a table of the columns of ``FAULT_TYPES``; a word stands in every row, and what is not given is None."""
    table = {name: np.full(rows, None, dtype=object) for name in FAULT_TYPES}
    for name, values in given.items():
        table[name][:] = values
    return table


def _column(values: Iterable[str | None]) -> np.ndarray:
    found = list(values)
    column = np.empty(len(found), dtype=object)
    column[:] = found
    return column
