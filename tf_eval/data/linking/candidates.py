"""Which pairs of records are worth a probability: those that share a key, from keys that no fault breaks together.

A pair that is one person is missed only where all keys break at once. The number of pairs is bounded: a key that more
than ``MOST_RECORDS_OF_A_KEY`` records share (a placeholder address, one date for all) makes no pairs.
"""

import duckdb

from tf_eval.data.linking.traits import two_people

MOST_RECORDS_OF_A_KEY = 100

_NAMES = "least(forename, surname) || '|' || greatest(forename, surname)"
# A birth date whose day and month were exchanged has the same key.
_BIRTH = """
    year(birth_date) || '|' || least(day(birth_date), month(birth_date)) || '|'
    || greatest(day(birth_date), month(birth_date))
"""
_INITIALS = "least(left(forename, 1), left(surname, 1)) || '|' || greatest(left(forename, 1), left(surname, 1))"
_DATE = f"CASE WHEN NOT new_year(birth_date) THEN {_BIRTH} END"
KEYS = {
    "names_and_year": f"{_NAMES} || '|' || year(birth_date)",
    "names_and_day": f"{_NAMES} || '|' || month(birth_date) || '|' || day(birth_date)",
    "names_and_home": f"{_NAMES} || '|' || postcode",
    "birth_and_surname": f"({_DATE}) || '|' || left(surname, 2)",
    "birth_and_forename": f"({_DATE}) || '|' || left(forename, 2)",
    "birth_and_initials": f"({_DATE}) || '|' || {_INITIALS}",
    "birth_and_home": f"{_BIRTH} || '|' || postcode",
    "forename_and_home": "left(forename, 2) || '|' || postcode",
    "surname_and_home": "left(surname, 2) || '|' || sex || '|' || postcode",
    "given_nino": "given_nino",
    "given_nhs_number": "given_nhs_number",
    "given_upn": "given_upn",
}


def write_candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``candidate``: join_key_l < join_key_r and match_key, as Splink keeps blocked pairs.

    Args:
        connection: a connection with ``record``, ``core``, ``core_trait`` and ``apart`` (record_1, record_2).

    Pairs that one core holds already, or whose cores cannot be one person, are left out.
    """
    connection.execute(_KEY)
    connection.execute(_CANDIDATE)


_KEY = f"""
    CREATE TABLE key AS
    WITH keyed AS (
        UNPIVOT (SELECT record, core_id, {", ".join(f"{sql} AS {name}" for name, sql in KEYS.items())}
                 FROM record JOIN core USING (record))
        ON {", ".join(KEYS)} INTO NAME kind VALUE value
    )
    SELECT * FROM keyed
    QUALIFY count(*) OVER (PARTITION BY kind, value) BETWEEN 2 AND {MOST_RECORDS_OF_A_KEY}
"""
_CANDIDATE = f"""
    CREATE TABLE candidate AS
    WITH pair AS (
        SELECT DISTINCT one.record AS record_1, other.record AS record_2, one.core_id AS core_1, other.core_id AS core_2
        FROM key AS one JOIN key AS other USING (kind, value)
        WHERE one.record < other.record AND one.core_id <> other.core_id
    )
    SELECT record_1 AS join_key_l, record_2 AS join_key_r, '0' AS match_key
    FROM pair
    JOIN core_trait AS a ON a.core_id = core_1
    JOIN core_trait AS b ON b.core_id = core_2
    ANTI JOIN apart USING (record_1, record_2)
    WHERE NOT ({two_people("a", "b")})
    ORDER BY record_1, record_2
"""
