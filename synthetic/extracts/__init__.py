"""The extracts as each agency would send them: own files, own column names, own codes."""

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
from synthetic.records import AgencyRecords

WRITERS = (police, youth_offending, dwp, housing, education, childrens_services, programme)


def write_extracts(folder: Path, records: AgencyRecords) -> None:
    """Write the extracts of every agency into an existing folder."""
    for agency in WRITERS:
        agency.write(folder, records)
