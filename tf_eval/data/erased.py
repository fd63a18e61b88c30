"""The list of the erased: keyed codes of people whose records are set aside whenever they are read.

For each person it holds codes of each agency's number for them (and which agency's), of each national identifier that
is theirs alone, and of each whole name with birth date and sex. Nobody can read from it who was erased: it works only
with the county's key.
"""

import csv
import io
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from tf_eval.data.checking.identifiers import IDENTIFIERS, usable_identifier
from tf_eval.data.contract import TABLES
from tf_eval.data.durable import OWNER_ONLY, write_durably
from tf_eval.data.linking_store import LinkingStore
from tf_eval.data.pseudonyms import Pseudonymiser

NAME = ("surname", "forename", "birth_date", "sex")
RULE = ("erased person", "kept out by the list of the erased; ask the agency to leave the person out")
RECORD = "record"
COLUMNS = ("person", "kind", "code", "erased_on", "agency")
Codes = set[tuple[str, str]]  # the kind of a code, and the code


@dataclass(frozen=True)
class Erased:
    """Everybody on the list: the codes of each person, and by which codes a person is known."""

    people: Mapping[str, Codes]

    def holds(self, codes: Codes) -> bool:
        """Whether a record with these codes is of somebody on the list."""
        return any(_is_of(theirs, codes) for theirs in self.people.values())


def _is_of(theirs: Codes, codes: Codes) -> bool:
    """By a number, or by the name unless a number of the same kind says that it is somebody else."""
    shared = theirs & codes
    if any(kind != "name" for kind, _ in shared):
        return True
    kinds = {kind for kind, _ in theirs} & {kind for kind, _ in codes} & set(IDENTIFIERS)
    return bool(shared) and not kinds


def codes_of(record: Mapping[str, Any], pseudonymiser: Pseudonymiser) -> Codes:
    """Return the codes of a person record whose identifiers are usable ones or missing."""
    known = {name: str(record[name]) for name in IDENTIFIERS if record[name]}
    if all(record[name] for name in NAME):
        known["name"] = "\x1f".join(_plain(record[name]) for name in NAME)
    codes = {_code(kind, text, pseudonymiser) for kind, text in known.items()}
    return codes | {record_code(record["agency"], record["local_id"], pseudonymiser)}


def record_code(agency: str, local_id: str, pseudonymiser: Pseudonymiser) -> tuple[str, str]:
    """Return the code of an agency's number for a person."""
    return _code(RECORD, f"{agency}\x1f{local_id}", pseudonymiser)


def _code(kind: str, text: str, pseudonymiser: Pseudonymiser) -> tuple[str, str]:
    return kind, pseudonymiser.token(f"erased {kind}", text)


def usable_records(table: str) -> str:
    """Return the query for person records with identifiers as they are compared, null where they fail their check."""
    usable = ", ".join(f"{usable_identifier(name, name)} AS {name}" for name in IDENTIFIERS)
    return f"SELECT * REPLACE ({usable}) FROM {table}"


def read_erased(store: LinkingStore) -> Erased:
    """Return the list of the erased, empty where there is none."""
    people: dict[str, Codes] = defaultdict(set)
    for row in _rows(store):
        people[row["person"]].add((row["kind"], row["code"]))
    return Erased(people)


def agencies_of_erased(store: LinkingStore, agency: str, local_id: str) -> list[str]:
    """Return whose the records are of the person on the list to whom an agency's number belongs; none if not listed."""
    asked = record_code(agency, local_id, store.pseudonymiser())
    people = {row["person"] for row in _rows(store) if (row["kind"], row["code"]) == asked}
    records = {row["code"]: row["agency"] for row in _rows(store) if row["person"] in people and row["kind"] == RECORD}
    return [found or agency for found in records.values()]  # a list of an earlier version says no agency


def add_erased(store: LinkingStore, records: Iterable[Mapping[str, Any]], on: date) -> None:
    """Put the person whose records these are on the list of the erased."""
    person, pseudonymiser = secrets.token_hex(8), store.pseudonymiser()
    codes = {
        (kind, code, record["agency"] if kind == RECORD else "")
        for record in records
        for kind, code in codes_of(record, pseudonymiser)
    }
    added = [(person, kind, code, on.isoformat(), agency) for kind, code, agency in sorted(codes)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*_rows(store), *(dict(zip(COLUMNS, row, strict=True)) for row in added)])
    write_durably(store.erased, text.getvalue(), mode=OWNER_ONLY)


def _rows(store: LinkingStore) -> list[dict[str, str]]:
    if not store.erased.is_file():
        return []
    with store.erased.open(encoding="utf-8", newline="") as file:
        return [dict.fromkeys(COLUMNS, "") | row for row in csv.DictReader(file)]


def set_aside_erased(connection: duckdb.DuckDBPyConnection, store: LinkingStore) -> None:
    """Take the rows of erased people out of the tables ``loaded_*`` and count them as set aside.

    The lines in ``problem`` have no row number: the place of a row in its extract would tell who it is.
    """
    listed = read_erased(store)
    if not listed.people:
        return
    pseudonymiser = store.pseudonymiser()
    records = connection.execute(usable_records("loaded_person_record")).to_arrow_table().to_pylist()
    erased = [record for record in records if listed.holds(codes_of(record, pseudonymiser))]
    columns = {name: pa.array([record[name] for record in erased], pa.string()) for name in ("agency", "local_id")}
    connection.register("erased", pa.table(columns))
    for table in TABLES.values():
        if table.of_persons:
            _set_aside(connection, table.name)
    connection.unregister("erased")


def _set_aside(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    loaded, theirs = f"loaded_{table}", "(agency, local_id) IN (SELECT (agency, local_id) FROM erased)"
    connection.execute(f"""
        INSERT INTO problem
        SELECT entry.agency, file, '{table}', NULL, NULL, '{RULE[0]}', 'set aside', NULL, NULL, '{RULE[1]}'
        FROM (SELECT entry FROM {loaded} WHERE {theirs}) JOIN entry USING (entry);
        UPDATE source
        SET rows_used = rows_used - erased_rows, rows_quarantined = rows_quarantined + erased_rows
        FROM (SELECT entry, count(*) AS erased_rows FROM {loaded} WHERE {theirs} GROUP BY entry) AS found
        WHERE source.entry = found.entry;
        DELETE FROM {loaded} WHERE {theirs}
    """)


def _plain(value: object) -> str:
    """Return a name or date without what agencies write differently."""
    return "".join(letter for letter in str(value).casefold() if letter.isalnum())
