"""Person records made comparable: names without case and accents, postcodes in parts, identifiers that can be true."""

import duckdb
import pyarrow as pa

from tf_eval.data.checking.identifiers import usable_identifier

IDENTIFIERS = ("nhs_number", "upn", "nino")
# Agencies enter these where a birth date must not be left empty.
_PLACEHOLDER_BIRTHS = ("1900-01-01", "1901-01-01")

# What is entered where a name must not be left empty. Some of the first are surnames as well ('Child', 'Baby').
_PLACEHOLDER_FORENAMES = (
    "baby", "babyboy", "babygirl", "babyof", "boy", "child", "female", "girl", "infant", "male", "newborn", "test",
    "tester", "testing", "twin", "twinone", "twintwo", "twin1", "twin2", "unborn", "unbornbaby", "na",
)  # fmt: skip
_PLACEHOLDER_NAMES = (
    "anon", "anonymous", "dummy", "nk", "noname", "nonamegiven", "none", "notgiven", "notknown", "notrecorded",
    "notstated", "tba", "tbc", "unk", "unknown", "unnamed", "xx", "xxx", "xxxx",
)  # fmt: skip


def write_records(connection: duckdb.DuckDBPyConnection, records: pa.Table) -> None:
    """Write the table ``record``: one row for each record, numbered from 0 by agency and local_id.

    Args:
        connection: a connection with the macros of ``agreement``.
        records: the contract's ``person_record`` columns.

    ``forename`` and ``surname`` are letters only, and missing where a placeholder such as 'unknown' stands.
    ``given_IDENTIFIER`` is what stands there, ``IDENTIFIER`` the same where it passes its public check. The number
    decides every tie, so the order of the input decides none.
    """
    connection.register("person_record", records)
    connection.execute(_RECORD)
    connection.unregister("person_record")


def _letters(column: str) -> str:
    """Return the SQL of a name or code without case, accents, blanks, hyphens and apostrophes.

    A mark is an accent on a Latin letter, and a vowel in many another script, where it stays.
    """
    bare = f"CASE WHEN latin({column}, '') THEN strip_accents({column}) ELSE nfc_normalize({column}) END"
    return rf"nullif(regexp_replace(lower({bare}), '[^\p{{L}}\p{{N}}\p{{M}}]', '', 'g'), '')"


def _name(column: str, placeholders: tuple[str, ...]) -> str:
    """Return the SQL of a name, NULL where a placeholder stands."""
    listed = ", ".join(f"'{word}'" for word in placeholders)
    return f"CASE WHEN {_letters(column)} NOT IN ({listed}) THEN {_letters(column)} END"


_PLACEHOLDERS = ", ".join(f"DATE '{day}'" for day in _PLACEHOLDER_BIRTHS)
_RECORD = f"""
    CREATE TABLE record AS
    SELECT (row_number() OVER (ORDER BY agency, local_id) - 1)::INTEGER AS record, agency, local_id,
        {_name("forename", _PLACEHOLDER_NAMES + _PLACEHOLDER_FORENAMES)} AS forename,
        {_name("surname", _PLACEHOLDER_NAMES)} AS surname,
        CASE WHEN birth_date NOT IN ({_PLACEHOLDERS}) THEN birth_date END AS birth_date,
        sex,
        {_letters("postcode")} AS postcode,
        nullif(trim(uprn), '') AS uprn,
        {", ".join(f"{usable_identifier(name, name)} AS {name}" for name in IDENTIFIERS)},
        {", ".join(f"{_letters(name)} AS given_{name}" for name in IDENTIFIERS)}
    FROM person_record
    ORDER BY record
"""
