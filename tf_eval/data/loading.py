"""From the extracts to one temporary table for each table of the contract: every row used, or set aside and told."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple

import duckdb

from tf_eval.data.checking.check import check, close_loaded_tables, create_loaded_tables
from tf_eval.data.contract import PERSON_RECORD
from tf_eval.data.digest import sha256
from tf_eval.data.extracts import Extracts
from tf_eval.data.formats import ExcelFormat, ParquetFormat, SqlFormat
from tf_eval.data.kept import Group, KeptGroups, groups
from tf_eval.data.reading.extract import read_extract
from tf_eval.data.source import Source
from tf_eval.data.sources import Sources
from tf_eval.errors import InputError, raise_all


def load(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    held: Sequence[Source],
    extracts: Extracts,
    kept: KeptGroups | None = None,
) -> None:
    """Read and check every source in the order of the contract's tables, which is the order of their references.

    Args:
        connection: a connection with the tables of the layout.
        sources: the checked sources file.
        held: its sources that were not deleted under their agreement.
        extracts: their files.
        kept: what became of extracts that were checked before; none where nothing may be kept.

    Raises:
        InputError: what keeps any extract from being used; all such problems together.
    """
    create_loaded_tables(connection)
    _write_entries(connection, sources)
    problems: list[str] = []
    refused: set[str] = set()
    for group in groups(sources.entries, held):
        if group.agency in refused or (kept and kept.restore(connection, group)):
            continue
        found = list(_check_group(connection, sources, group, extracts))
        if found and group.table is PERSON_RECORD:
            refused.add(group.agency)
        if kept and not found:
            kept.keep(connection, group)
        problems += found
    raise_all(InputError, sources.path.name, problems)
    close_loaded_tables(connection)
    if kept:
        kept.forget_others()


def _check_group(
    connection: duckdb.DuckDBPyConnection, sources: Sources, group: Group, extracts: Extracts
) -> Iterator[str]:
    """Check the sources of a group, and yield what keeps any of them from being used."""
    for entry in group.entries:
        try:
            _load_one(connection, sources, entry, extracts)
        except InputError as error:
            yield str(error)


def _load_one(connection: duckdb.DuckDBPyConnection, sources: Sources, entry: int, extracts: Extracts) -> None:
    source = sources.entries[entry]
    layout = ParquetFormat(type="parquet") if isinstance(source.format, SqlFormat) else source.format
    extract = read_extract(extracts.files[source.file], layout, source.date_format)
    counts = check(connection, source, extract, entry=entry, horizon=sources.horizon)
    # Under the hash of one file its rows are kept, and the county bears its stamp: they must be those of no other.
    if sha256([extracts.files[source.file]]) != extracts.digests[source.file]:
        raise InputError(f"{source.file}: changed while it was read; check again once it has been written whole.")
    part = source.format.sheet if isinstance(source.format, ExcelFormat) else None
    row = (entry, source.agency, source.file, part, source.table, *astuple(counts), extracts.digests[source.file])
    connection.execute("INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _write_entries(connection: duckdb.DuckDBPyConnection, sources: Sources) -> None:
    connection.execute("CREATE TEMP TABLE entry (entry INTEGER, agency VARCHAR, file VARCHAR)")
    rows = [(number, source.agency, source.file) for number, source in enumerate(sources.entries)]
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
