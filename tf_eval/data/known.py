"""A county of records that are right and whose people are known: what no check and no linkage has to find out.

It has the tables and the families that ``build_county`` would have made had every record been read as it is and every
person been recognised. It is for drawn counties; of a council's records nobody knows who is who.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from tf_eval.data import assembly
from tf_eval.data.checking.check import close_loaded_tables, create_loaded_tables
from tf_eval.data.contract import TABLES
from tf_eval.data.county import FILE_NAME, County, open_county
from tf_eval.data.layout import COUNTY_DDL, LAYOUT, LINKAGES
from tf_eval.data.once import covered_time, write_once
from tf_eval.data.pseudonyms import Pseudonymiser
from tf_eval.data.sources import load_sources


@dataclass(frozen=True, eq=False)
class KnownRecords:
    """Records of one agency in the words of the contract.

    Attributes:
        agency: the agency.
        table: the table of the contract.
        rows: its columns, as far as the agency has them, and ``person``: the number of the person.
    """

    agency: str
    table: str
    rows: pa.Table


def build_known_county(
    sources_path: str | Path, folder: Path, records: Iterable[KnownRecords], pseudonymiser: Pseudonymiser, stamp: str
) -> County:
    """Write a county of known people into a folder and open it.

    Args:
        sources_path: the sources file, which names the county and says which time each extract covers.
        folder: an existing folder without a county.
        records: all tables of all agencies.
        pseudonymiser: which numbers people.
        stamp: what the county was made from.
    """
    sources = load_sources(sources_path)
    with duckdb.connect(str(folder / FILE_NAME), config={"threads": 1}) as connection:  # many are made side by side
        connection.execute(COUNTY_DDL)
        county = (sources.county, stamp, LAYOUT, sources.short, sources.synthetic, *covered_time(sources.entries))
        connection.execute("INSERT INTO county VALUES (?, ?, ?, ?, ?, ?, ?)", county)
        create_loaded_tables(connection)
        close_loaded_tables(connection)
        links = ", ".join(f"person AS {linkage}" for linkage in LINKAGES)
        connection.execute("CREATE TEMP TABLE known (agency VARCHAR, local_id VARCHAR, person BIGINT)")
        for entry, known in enumerate(records):
            _load(connection, entry, known)
        connection.execute(f"CREATE TEMP TABLE person_links AS SELECT agency, local_id, {links} FROM known")
        write_once(connection, sources.entries, sources.agreements)
        assembly.use_linkage(connection, assembly.STANDARD)
        assembly.write_linkage(connection, assembly.STANDARD, pseudonymiser)
        for linkage in LINKAGES[1:]:
            assembly.write_other(connection, linkage, pseudonymiser)
    return open_county(folder, purpose=None)


def _load(connection: duckdb.DuckDBPyConnection, entry: int, known: KnownRecords) -> None:
    columns = [name for name in TABLES[known.table].column_names if name in known.rows.column_names]
    connection.register("records", known.rows)
    agency = "" if known.table == "term" else f"'{known.agency}' AS agency, "
    connection.execute(f"""
        INSERT INTO loaded_{known.table} BY NAME
        SELECT {entry} AS entry, row_number() OVER () AS row_number, {agency}{", ".join(columns)} FROM records
    """)
    if known.table == "person_record":
        connection.execute("INSERT INTO known SELECT ?, local_id, person FROM records", [known.agency])
    connection.unregister("records")
    counts = (entry, known.agency, "drawn", known.table, len(known.rows), len(known.rows))
    connection.execute("INSERT INTO source VALUES (?, ?, ?, NULL, ?, ?, ?, 0, 0, NULL)", counts)
