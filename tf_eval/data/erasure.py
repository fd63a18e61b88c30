"""Erasure: a person is taken out of a county, and kept out when an extract that still holds them is read again."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tf_eval.data.build import build_county, county_folder
from tf_eval.data.certificates import EARLIER_RUNS, ERASURE, begin_certificate, finish_certificate
from tf_eval.data.checking.identifiers import IDENTIFIERS
from tf_eval.data.erased import add_erased, agencies_of_erased, read_erased, record_code, usable_records
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.retention import forget
from tf_eval.data.review import PAIR, keep_answers, read_decisions
from tf_eval.data.sources import load_sources
from tf_eval.errors import InputError, in_words, unknown

NO_STORE = "no linking store here: build the county with 'tf-eval check' first."


def erase(
    sources_path: str | Path,
    folder: str | Path | None = None,
    *,
    agency: str,
    local_id: str,
    on: date | None = None,
) -> Path:
    """Put a person on the list of the erased, build the county without them and return the certificate.

    The county is deleted before it is built again, with all that was made from the extracts: where it cannot be built,
    whatever the reason (an agreement has expired, the disk is full), it stays deleted, for an erasure waits for
    nothing. An erasure that was broken off is finished by asking for it again.

    Args:
        sources_path, folder: as ``build_county`` has them.
        agency, local_id: any one record of the person; all records that are linked to it are theirs.
        on: the day of the erasure; today by default.

    Raises:
        InputError: no county was built yet, no record of the agency has this number, or a clerk has not yet said
            whether some other record is the person's too.
    """
    sources = load_sources(sources_path)
    target = county_folder(sources, folder)
    store = LinkingStore.beside(target)
    when = on or date.today()
    if not store.folder.is_dir():
        raise InputError(NO_STORE)
    with store.alone():
        if not agencies_of_erased(store, agency, local_id):
            add_erased(store, _records_of_person(store, agency, local_id), when)
        _forget_person(store, target)
        agencies = agencies_of_erased(store, agency, local_id)
        facts = {
            "county": sources.county,
            "records": len(agencies),
            "agencies": sorted(set(agencies)),
            "county_now": _rebuild(sources_path, folder, target, on),
            "earlier_runs": f"runs before this day counted the person; {EARLIER_RUNS}",
            "still_to_do": "ask these agencies to leave the person out of their next extract, and delete this one then",
        }
        return finish_certificate(begin_certificate(store.folder, ERASURE, when, facts))


def _forget_person(store: LinkingStore, target: Path) -> None:
    """Delete what was made from the extracts, and what the clerk's list has of anybody who is erased."""
    erased, pseudonymiser = read_erased(store), store.pseudonymiser()
    keep_answers(store, lambda agency, local_id: not erased.holds({record_code(agency, local_id, pseudonymiser)}))
    forget(target)


def _rebuild(sources_path: str | Path, folder: str | Path | None, target: Path, on: date | None) -> str:
    """Build the county without the person and return in words whether it could be."""
    try:
        build_county(sources_path, folder, on=on)
    except Exception as error:
        forget(target)
        return f"deleted, for it cannot be built again: {in_words(error)}"
    return "built again without the person"


def _records_of_person(store: LinkingStore, agency: str, local_id: str) -> list[dict[str, Any]]:
    """Return every record of the person to whom an agency's number belongs, with the identifiers that nobody shares."""
    if not store.database.is_file():
        raise InputError(NO_STORE)
    asked = {"agency": agency, "local_id": local_id}
    with duckdb.connect(str(store.database), read_only=True) as connection:
        agencies = [name for (name,) in connection.execute("SELECT DISTINCT agency FROM person_record").fetchall()]
        if agency not in agencies:
            raise InputError(unknown("agency", agency, agencies))
        records = connection.execute(_THEIRS, asked).to_arrow_table().to_pylist()
        if not records:
            raise InputError(f"agency '{agency}' has no usable person record with this number.")
        waiting = connection.execute(_WAITING, asked).fetchall()
        shared = {name: _values(connection, name, asked) for name in IDENTIFIERS}
    _require_answers(store, waiting)
    return [record | {name: None for name in IDENTIFIERS if record[name] in shared[name]} for record in records]


def _values(connection: duckdb.DuckDBPyConnection, identifier: str, asked: dict[str, str]) -> set[str]:
    """Return the identifiers of a kind that stand in other people's records."""
    query = f"SELECT DISTINCT {identifier} FROM ({_USABLE}) WHERE standard NOT IN ({_PERSON}) AND {identifier} NOTNULL"
    return {value for (value,) in connection.execute(query, asked).fetchall()}


def _require_answers(store: LinkingStore, waiting: list[tuple[str, ...]]) -> None:
    """Refuse while a clerk has not said whether a record is the person's too: what is not erased would come back."""
    answered = {tuple(row[name] for name in PAIR) for row in read_decisions(store).to_pylist()}
    left = [pair for pair in waiting if pair not in answered]
    if left:
        raise InputError(
            f"{len(left)} doubtful pairs of records with this person wait in {store.review.name}: say first whether "
            "they are of the same person, and run 'tf-eval check'."
        )


_PERSON = "SELECT standard FROM person_link WHERE agency = $agency AND local_id = $local_id"
_USABLE = f"FROM ({usable_records('person_record')}) JOIN person_link USING (agency, local_id)"
_THEIRS = f"FROM ({_USABLE}) WHERE standard IN ({_PERSON})"
_WAITING = f"""
    SELECT {", ".join(PAIR)} FROM review
    WHERE (agency_1, local_id_1) IN (SELECT (agency, local_id) FROM person_link WHERE standard IN ({_PERSON}))
        OR (agency_2, local_id_2) IN (SELECT (agency, local_id) FROM person_link WHERE standard IN ({_PERSON}))
"""
