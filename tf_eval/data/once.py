"""What stands once in a county, however its people are linked: terms, covered times and agreements."""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from tf_eval.data.agreements import Agreement
from tf_eval.data.checking.rules import EARLIEST, LATEST
from tf_eval.data.source import Source


def covered_time(held: Iterable[Source]) -> tuple[date, date]:
    """Return the first day that any source covers, and the day after the last."""
    periods = [period for source in held for period in source.covers]
    start = min((period.start for period in periods), default=EARLIEST)
    return start, max((period.end for period in periods), default=LATEST)


def write_once(connection: duckdb.DuckDBPyConnection, held: Sequence[Source], agreements: Sequence[Agreement]) -> None:
    """Write the tables ``term``, ``coverage`` and ``agreement``.

    Args:
        connection: a connection with the tables of the county and ``loaded_term``.
        held: the sources that are held.
        agreements: those under which they are.
    """
    _write_term(connection)
    _write_coverage(connection, held)
    _write_agreements(connection, held, agreements)


def _write_term(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        INSERT INTO term SELECT row_number() OVER (ORDER BY start_date), academic_year, term, start_date, end_date
        FROM loaded_term ORDER BY start_date
    """)


def _write_coverage(connection: duckdb.DuckDBPyConnection, held: Iterable[Source]) -> None:
    rows = {
        (source.agency, source.table, kind, period.start, period.end)
        for source in held
        for period in source.covers
        for kind in (source.kinds if source.contract.has_kinds else ()) or (None,)
    }
    for row in sorted(rows, key=lambda row: tuple(str(part) for part in row)):
        connection.execute("INSERT INTO coverage VALUES (?, ?, ?, ?, ?)", row)


def _write_agreements(
    connection: duckdb.DuckDBPyConnection, held: Iterable[Source], agreements: Iterable[Agreement]
) -> None:
    agencies = sorted({(source.agreement, source.agency) for source in held if source.agreement})
    described = {agreement.reference: agreement for agreement in agreements}
    for reference, agency in agencies:
        agreement = described[reference]
        until = (agreement.signed, agreement.expires, agreement.delete_by)
        row = (reference, agency, agreement.gateway, ",".join(agreement.purposes), *until)
        connection.execute("INSERT INTO agreement VALUES (?, ?, ?, ?, ?, ?, ?)", row)
