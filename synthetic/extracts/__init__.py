"""The extracts as each agency would send them: own files, own column names, own codes."""

from collections.abc import Sequence
from pathlib import Path

from synthetic.extracts import (
    childrens_services,
    dwp,
    education,
    housing,
    police,
    programme,
    youth_offending,
)
from synthetic.extracts.manifest import write_manifest
from synthetic.files import write_csv, write_excel, write_parquet
from synthetic.listing import Listing
from synthetic.records import AgencyRecords

AGENCIES = (police, youth_offending, dwp, housing, education, childrens_services, programme)


def agency_listings(records: AgencyRecords) -> list[Listing]:
    """Return every table of every agency without a fault."""
    return [listing for agency in AGENCIES for listing in agency.listings(records)]


def write_extracts(folder: Path, listings: Sequence[Listing]) -> None:
    """Write the listings into an existing folder, each file whole, and a manifest of the files."""
    for file in dict.fromkeys(listing.layout.file for listing in listings):
        _write_file(folder / file, [listing for listing in listings if listing.layout.file == file])
    write_manifest(folder)


def _write_file(path: Path, listings: Sequence[Listing]) -> None:
    layout = listings[0].layout
    tables = [listing.layout.written(listing.columns) for listing in listings]
    if path.suffix == ".xlsx":
        sheets = [listing.layout.sheet for listing in listings]
        write_excel(path, dict(zip(sheets, tables, strict=True)))
    elif path.suffix == ".parquet":
        write_parquet(path, tables[0])
    else:
        write_csv(path, tables[0], encoding=layout.encoding, delimiter=layout.delimiter)
