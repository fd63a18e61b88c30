"""Person records made comparable: names without case and accents, postcodes in parts, identifiers that can be true."""

import duckdb
import pyarrow as pa

from tf_eval.data.checking.identifiers import usable_identifier

IDENTIFIERS = ("nhs_number", "upn", "nino")
# Agencies enter these where a birth date must not be left empty.
_PLACEHOLDER_BIRTHS = ("1900-01-01", "1901-01-01")


def write_records(connection: duckdb.DuckDBPyConnection, records: pa.Table) -> None:
    """Write the table ``record``: one row for each record, numbered from 0 by agency and local_id.

    Args:
        connection: a connection with the macros of ``agreement``.
        records: the contract's ``person_record`` columns.

    ``forename`` and ``surname`` are letters only, ``given_IDENTIFIER`` is what stands there, ``IDENTIFIER`` the same
    where it passes its public check. The number decides every tie, so the order of the input decides none.
    """
    connection.register("person_record", records)
    connection.execute(_RECORD)
    connection.unregister("person_record")


def _letters(column: str) -> str:
    """Return the SQL of a name or code without case, accents, blanks, hyphens and apostrophes."""
    return rf"nullif(regexp_replace(lower(strip_accents({column})), '[^\p{{L}}\p{{N}}]', '', 'g'), '')"


_PLACEHOLDERS = ", ".join(f"DATE '{day}'" for day in _PLACEHOLDER_BIRTHS)
_RECORD = f"""
    CREATE TABLE record AS
    SELECT (row_number() OVER (ORDER BY agency, local_id) - 1)::INTEGER AS record, agency, local_id,
        {_letters("forename")} AS forename,
        {_letters("surname")} AS surname,
        CASE WHEN birth_date NOT IN ({_PLACEHOLDERS}) THEN birth_date END AS birth_date,
        sex,
        {_letters("postcode")} AS postcode,
        nullif(trim(uprn), '') AS uprn,
        {", ".join(f"{usable_identifier(name, name)} AS {name}" for name in IDENTIFIERS)},
        {", ".join(f"{_letters(name)} AS given_{name}" for name in IDENTIFIERS)}
    FROM person_record
    ORDER BY record
"""
