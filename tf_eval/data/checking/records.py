"""What is odd about rows that can be used: noted once all sources are loaded, for it shows only beside other rows."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from tf_eval.data.checking.births import impossible_births, placeholder_births
from tf_eval.data.checking.delays import late_rows
from tf_eval.data.checking.identifiers import IDENTIFIERS, usable_identifier
from tf_eval.data.checking.missing import MISSING_BIRTH_DATE, missing_identifiers
from tf_eval.data.checking.overlaps import OVERLAPS
from tf_eval.data.checking.shapes import shape
from tf_eval.data.checking.uprns import is_placeholder_uprn
from tf_eval.data.source import Source

_USUAL_UPRN = "[0-9]{4,12}"
# The second half of a letter with an accent, as Windows shows it, after its first.
_TWO_FOR_ONE = r"[\x{c3}-\x{c5}][\x{80}-\x{bf}\x{192}\x{2c6}\x{2dc}\x{2013}-\x{203a}\x{20ac}\x{2122}]"


def check_loaded(connection: duckdb.DuckDBPyConnection, entries: Sequence[Source], *, horizon: date) -> None:
    """Add a line to ``problem`` for each odd cell of a row that is used; the row itself stays as it is.

    Args:
        connection: a connection with the tables ``loaded_*`` and ``problem``.
        entries: the sources in the order of their numbers in ``loaded_*``; a column that a source does not map is
            missing from it on purpose.
        horizon: the day on which the county's covered time ends.
    """
    connection.register("mapped_column", _mapped_columns(entries))
    for table, query in _notes(connection, horizon):
        connection.execute(f"""
            INSERT INTO problem
            SELECT mapped.agency, mapped.file, '{table}', row_number, shown, rule, 'noted', shape, NULL, advice
            FROM ({query}) AS noted JOIN mapped_column AS mapped USING (entry, column_name)
            ORDER BY entry, row_number, column_name, rule
        """)
    connection.unregister("mapped_column")


def _mapped_columns(entries: Sequence[Source]) -> pa.Table:
    """Return which column of which file stands for a column of the contract."""
    rows = [
        (number, source.agency, source.file, name, shown)
        for number, source in enumerate(entries)
        for name, shown in source.columns.items()
    ]
    types = {"entry": pa.int32(), **dict.fromkeys(("agency", "file", "column_name", "shown"), pa.string())}
    return pa.table({name: pa.array([row[i] for row in rows], types[name]) for i, name in enumerate(types)})


def _notes(connection: duckdb.DuckDBPyConnection, horizon: date) -> Iterator[tuple[str, str]]:
    """Yield the table and the query of every rule: entry, row_number, column_name, rule, shape, advice."""
    persons = [*map(_failing_identifier, IDENTIFIERS), *missing_identifiers(horizon), MISSING_BIRTH_DATE]
    persons += [_wrongly_decoded(name) for name in ("forename", "surname")]
    persons += [impossible_births(horizon), placeholder_births(connection, horizon), _odd_uprn("person_record")]
    yield from (("person_record", query) for query in persons)
    yield "residence", _odd_uprn("residence")
    yield "spell", OVERLAPS
    yield "support", _END_WITHOUT_START
    yield from late_rows().items()


def _failing_identifier(name: str) -> str:
    return f"""
        SELECT entry, row_number, '{name}' AS column_name, 'identifier fails its check' AS rule, {shape(name)} AS shape,
            'mistyped, temporary or made up, so it links nobody; ask the agency to look it up' AS advice
        FROM loaded_person_record WHERE {name} IS NOT NULL AND {usable_identifier(name, name)} IS NULL
    """


_END_WITHOUT_START = """
    SELECT entry, row_number, 'ended' AS column_name, 'end without a start' AS rule, NULL AS shape,
        'support that began on no day counts as never begun; ask for the day, or take the end out' AS advice
    FROM loaded_support WHERE ended IS NOT NULL AND started IS NULL
"""


def _wrongly_decoded(name: str) -> str:
    """UTF-8 that somebody read as Windows text: a letter with an accent became two, the first of them one of these."""
    return f"""
        SELECT entry, row_number, '{name}' AS column_name, 'letters wrongly decoded' AS rule, {shape(name)} AS shape,
            'somebody read the text in the wrong encoding before it was sent, so it links worse; ask for a clean export'
                AS advice
        FROM loaded_person_record WHERE regexp_matches({name}, '{_TWO_FOR_ONE}')
    """


def _odd_uprn(table: str) -> str:
    is_odd = f"{is_placeholder_uprn('uprn')} OR NOT regexp_full_match(uprn, '{_USUAL_UPRN}')"
    return f"""
        SELECT entry, row_number, 'uprn' AS column_name, 'placeholder UPRN' AS rule, {shape("uprn")} AS shape,
            'a UPRN has 4 to 12 digits and is one property''s; typed where the property was not known?' AS advice
        FROM loaded_{table} WHERE {is_odd}
    """
