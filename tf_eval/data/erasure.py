"""Erasure: a person is taken out of a county, and kept out when an extract that still holds them is read again."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tf_eval.data.build import build_county, county_folder
from tf_eval.data.certificates import ERASURE, write_certificate
from tf_eval.data.erased import add_erased, codes_of
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.sources import load_sources
from tf_eval.errors import InputError, unknown


def erase(
    sources_path: str | Path,
    folder: str | Path | None = None,
    *,
    agency: str,
    local_id: str,
    on: date | None = None,
) -> Path:
    """Put a person on the list of the erased, build the county without them and return the certificate.

    Args:
        sources_path, folder: as ``build_county`` has them.
        agency, local_id: any one record of the person; all records that are linked to it are theirs.
        on: the day of the erasure; today by default.

    Raises:
        InputError: no county was built yet, or no record of the agency has this number.
    """
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    store = LinkingStore.beside(target)
    records = _records_of_person(store, agency, local_id)
    pseudonymiser = store.pseudonymiser()
    when = on or date.today()
    add_erased(store, {code for record in records for code in codes_of(record, pseudonymiser)}, when)
    build_county(sources_path, folder, on=on)
    facts = {
        "county": sources.county,
        "records": len(records),
        "agencies": sorted({record["agency"] for record in records}),
        "earlier_runs": "runs before this day counted the person; what they published holds counts and means only",
        "still_to_do": "ask these agencies to leave the person out of their next extract, and delete this one then",
    }
    return write_certificate(target, ERASURE, when, facts)


def _records_of_person(store: LinkingStore, agency: str, local_id: str) -> list[dict[str, Any]]:
    """Return every record of the person to whom an agency's number belongs."""
    if not store.database.is_file():
        raise InputError("no linking store here: build the county with 'tf-eval check' first.")
    with duckdb.connect(str(store.database), read_only=True) as connection:
        agencies = [name for (name,) in connection.execute("SELECT DISTINCT agency FROM person_record").fetchall()]
        if agency not in agencies:
            raise InputError(unknown("agency", agency, agencies))
        found = connection.execute(_RECORDS, {"agency": agency, "local_id": local_id}).to_arrow_table().to_pylist()
    if not found:
        raise InputError(f"agency '{agency}' has no usable person record with this number.")
    return found


_RECORDS = """
    SELECT record.*
    FROM person_link AS link
    JOIN person_link AS asked ON asked.standard = link.standard
    JOIN person_record AS record ON record.agency = link.agency AND record.local_id = link.local_id
    WHERE asked.agency = $agency AND asked.local_id = $local_id
"""
