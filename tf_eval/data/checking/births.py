"""Birth dates that stand for "not known", and those of which nobody can be alive.

Such a row is noted and used: to set a person's record aside would make all of their other rows orphans, which loses
far more than one cell, and to blank the cell would change what the agency said. Whoever needs an age or a link takes
``usable_birth_date``.
"""

from datetime import date

import duckdb
from scipy.special import bdtrc

from tf_eval.data.sql import literal

NOBODYS_BIRTH = date(1900, 1, 1)  # where a spreadsheet's and many a form's calendar begins
OLDEST_AGE = 110
COMPUTER_YEAR = 1970  # day 0 of many computers is 1 January 1970
LEAST_PLACEHOLDERS = 5
LEAST_LIKELY = 1e-9  # a county has some ten agencies: no false alarm in a hundred million counties
_DAYS_IN_A_YEAR = 365


def usable_birth_date(birth_date: str, horizon: date) -> str:
    """Return the SQL of a birth date; null where it is 1 January 1900 or more than 110 years before the horizon."""
    return f"CASE WHEN {_is_possible(birth_date, horizon)} THEN {birth_date} END"


def _is_possible(birth_date: str, horizon: date) -> str:
    oldest = date(horizon.year - OLDEST_AGE, horizon.month, min(horizon.day, 28))  # not every year has a 29 February
    return f"({birth_date} >= {_sql(oldest)} AND {birth_date} <> {_sql(NOBODYS_BIRTH)})"


def impossible_births(horizon: date) -> str:
    """Return the query for birth dates that are nobody's, and for people who would be too old."""
    return f"""
        SELECT entry, row_number, 'birth_date' AS column_name,
            CASE birth_date WHEN {_sql(NOBODYS_BIRTH)} THEN 'placeholder birth date' ELSE 'impossible age' END AS rule,
            NULL AS shape, 'the person would be over {OLDEST_AGE}; ask the agency for the birth date' AS advice
        FROM loaded_person_record WHERE NOT {_is_possible("birth_date", horizon)}
    """


def placeholder_births(connection: duckdb.DuckDBPyConnection, horizon: date) -> str:
    """Return the query for birth dates on 1 January, of agencies that have more of them than chance would give.

    A whole year's births are compared with 1 in 365, by the exact binomial probability of so many or more; and so are
    those of 1970 by themselves.

    Args:
        connection: a connection with the table ``loaded_person_record``.
        horizon: the day on which the county's covered time ends.
    """
    possible = _is_possible("birth_date", horizon)
    on_first = "month(birth_date) = 1 AND day(birth_date) = 1"
    counted = connection.execute(f"""
        SELECT agency, count(*) FILTER ({on_first}), count(*),
            count(*) FILTER ({on_first} AND year(birth_date) = {COMPUTER_YEAR}),
            count(*) FILTER (year(birth_date) = {COMPUTER_YEAR})
        FROM loaded_person_record WHERE {possible} GROUP BY agency ORDER BY agency
    """).fetchall()
    any_year = [literal(agency) for agency, *counts in counted if _is_excess(*counts[:2])]
    one_year = [literal(agency) for agency, *counts in counted if _is_excess(*counts[2:])]
    return f"""
        SELECT entry, row_number, 'birth_date' AS column_name, 'placeholder birth date' AS rule, NULL AS shape,
            'this agency has too many births on 1 January: typed where only the year was known; ask for the day'
                AS advice
        FROM loaded_person_record
        WHERE {possible} AND {on_first}
            AND (agency IN ({", ".join([*any_year, "NULL"])})
                 OR year(birth_date) = {COMPUTER_YEAR} AND agency IN ({", ".join([*one_year, "NULL"])}))
    """


def _is_excess(found: int, of: int) -> bool:
    """Return whether so many of these births on one day of the year are beyond chance."""
    return found >= LEAST_PLACEHOLDERS and bool(bdtrc(found - 1, of, 1 / _DAYS_IN_A_YEAR) < LEAST_LIKELY)


def _sql(day: date) -> str:
    return f"DATE {literal(day)}"
