"""The list of the erased: keyed codes of people whose records are set aside whenever they are read.

It holds codes of each agency's number for the person and of each national identifier and, where the person has no
such identifier, of the whole name with birth date and sex. Nobody can read from it who was erased: it works only with
the county's key.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from tf_eval.data.contract import TABLES
from tf_eval.data.linking_store import LinkingStore, write_private
from tf_eval.data.pseudonyms import Pseudonymiser

IDENTIFIERS = ("nhs_number", "upn", "nino")
NAME = ("surname", "forename", "birth_date", "sex")
RULE = ("erased person", "kept out by the list of the erased; ask the agency to leave the person out")
COLUMNS = ("code", "erased_on")


def codes_of(record: Mapping[str, Any], pseudonymiser: Pseudonymiser) -> set[str]:
    """Return the codes by which a person record is known again."""
    known = {"record": f"{record['agency']}\x1f{record['local_id']}"}
    known |= {name: _plain(record[name]) for name in IDENTIFIERS if record[name]}
    if len(known) == 1 and all(record[name] for name in NAME):
        known["name"] = "\x1f".join(_plain(record[name]) for name in NAME)
    return {pseudonymiser.token(f"erased {kind}", text) for kind, text in known.items()}


def read_erased(store: LinkingStore) -> dict[str, str]:
    """Return the codes of the erased, each with the day of its erasure."""
    if not store.erased.is_file():
        return {}
    with store.erased.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["erased_on"] for row in csv.DictReader(file)}


def add_erased(store: LinkingStore, codes: Iterable[str], on: date) -> None:
    """Add codes to the list of the erased."""
    listed = dict.fromkeys(sorted(codes), on.isoformat()) | read_erased(store)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *listed.items()])
    write_private(store.erased, text.getvalue())


def set_aside_erased(connection: duckdb.DuckDBPyConnection, store: LinkingStore) -> None:
    """Take the rows of erased people out of the tables ``loaded_*`` and count them as set aside.

    The lines in ``problem`` have no row number: the place of a row in its extract would tell who it is.
    """
    codes = read_erased(store)
    if not codes:
        return
    pseudonymiser = store.pseudonymiser()
    records = connection.execute("FROM loaded_person_record").to_arrow_table().to_pylist()
    erased = [record for record in records if not codes.keys().isdisjoint(codes_of(record, pseudonymiser))]
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
        FROM (SELECT agency, file, count(*) AS erased_rows FROM {loaded} JOIN entry USING (agency, entry)
              WHERE {theirs} GROUP BY ALL) AS found
        WHERE source.agency = found.agency AND source.file = found.file AND source.table_name = '{table}';
        DELETE FROM {loaded} WHERE {theirs}
    """)


def _plain(value: object) -> str:
    """Return a name, number or date without what agencies write differently."""
    return "".join(letter for letter in str(value).casefold() if letter.isalnum())
