"""The analysis store's tables of people, families and their records, once for each way of linking."""

import duckdb
import pyarrow as pa

from tf_eval.data.checking.births import usable_birth_date
from tf_eval.data.contract import SPELL
from tf_eval.data.families import build_families
from tf_eval.data.layout import FAMILY_DDL, LINKAGES
from tf_eval.data.pseudonyms import Pseudonymiser
from tf_eval.data.sql import words

STANDARD = LINKAGES[0]
TABLES = ("person", "family", "family_member", "family_home", "event", "spell", "attendance", "support")
NO_FAMILY = ("support without a family", "the person shares no home with a child; ask for their residence")


def use_linkage(connection: duckdb.DuckDBPyConnection, linkage: str) -> None:
    """Write the temporary tables of one way of linking: who is who, when they were born, and their families.

    Args:
        connection: a connection with the tables ``loaded_*``, ``person_links`` and ``county``.
        linkage: ``standard``, ``strict`` or ``loose``.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE person_link AS
        SELECT agency, local_id, {linkage} AS person_id FROM temp.person_links
    """)
    start, end = connection.execute("SELECT start_date, end_date FROM county").fetchone()
    connection.execute(_PERSON.format(birth_date=usable_birth_date("birth_date", end)))
    build_families(connection, start=start, end=end)


def write_linkage(connection: duckdb.DuckDBPyConnection, linkage: str, pseudonymiser: Pseudonymiser) -> None:
    """Write one schema of the analysis store from the temporary tables that ``use_linkage`` made."""
    _write_pseudonyms(connection, pseudonymiser)
    connection.execute("INSERT INTO linkage VALUES (?, ?)", [linkage, linkage])
    _write_family_changes(connection, linkage)
    connection.execute(f"CREATE SCHEMA {linkage}; USE {linkage}; {FAMILY_DDL}; USE main")
    for statement in (_PERSON_ROWS, _FAMILY_ROWS, _EVENT_ROWS, _SPELL_ROWS, _ATTENDANCE_ROWS, _SUPPORT_ROWS):
        has_key = "$key" in statement
        connection.execute(statement.format(linkage=linkage), {"key": pseudonymiser.key.hex()} if has_key else None)


def _write_family_changes(connection: duckdb.DuckDBPyConnection, linkage: str) -> None:
    """Move the counts of what happened to families into the county; the temporary table would stand before its own."""
    changes = connection.execute("SELECT change, families FROM temp.family_change ORDER BY change").fetchall()
    connection.execute("DROP TABLE temp.family_change")
    for change, families in changes:
        connection.execute("INSERT INTO family_change VALUES (?, ?, ?)", (linkage, change, families))


def write_other(connection: duckdb.DuckDBPyConnection, linkage: str, pseudonymiser: Pseudonymiser) -> None:
    """Write one schema of a way of linking that is not the standard one; where both make the same people, as views."""
    differing = f"SELECT 1 FROM temp.person_links WHERE {linkage} <> {STANDARD} LIMIT 1"
    if connection.execute(differing).fetchone():
        use_linkage(connection, linkage)
        write_linkage(connection, linkage, pseudonymiser)
    else:
        connection.execute("INSERT INTO linkage VALUES (?, ?)", [linkage, STANDARD])
        views = (f"CREATE VIEW {linkage}.{table} AS FROM {STANDARD}.{table}" for table in TABLES)
        connection.execute(f"CREATE SCHEMA {linkage}; {'; '.join(views)}")


def note_support_without_family(connection: duckdb.DuckDBPyConnection) -> None:
    """Note in ``problem`` each row of support for somebody who belongs to no family."""
    connection.execute(_SUPPORT_WITHOUT_FAMILY)


def _write_pseudonyms(connection: duckdb.DuckDBPyConnection, pseudonymiser: Pseudonymiser) -> None:
    """Write ``person_key``, ``family_key`` and ``worker_key``: a pseudonym for each number or name.

    A person keeps their pseudonym for as long as their first record, in the order of agencies and numbers, is theirs.
    """
    for kind, query in _KNOWN_BY.items():
        found = connection.execute(query).to_arrow_table()
        pseudonyms = pa.array(pseudonymiser.numbers(kind, found.column("text").to_pylist()))
        connection.register("pairs", pa.table({"known": found.column("known"), "pseudonym": pseudonyms}))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {kind}_key AS FROM pairs")
        connection.unregister("pairs")


_KNOWN_BY = {
    "person": """
        SELECT person_id AS known, agency || chr(31) || local_id AS text FROM person_link
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY agency, local_id) = 1 ORDER BY known
    """,
    "family": """
        SELECT family_id AS known, agency || chr(31) || local_id || chr(31) || member.start_date AS text
        FROM temp.family_member AS member JOIN person_link USING (person_id)
        QUALIFY row_number() OVER (PARTITION BY family_id
                                   ORDER BY member.start_date, agency, local_id) = 1 ORDER BY known
    """,
    "worker": "SELECT DISTINCT worker AS known, worker AS text FROM loaded_support WHERE worker NOTNULL ORDER BY known",
}

# What most of a person's records say; of two equally frequent birth dates one that is no 1 January, which is often
# typed where only the year was known, and else the earlier one.
_PERSON = """
    CREATE OR REPLACE TEMP TABLE person AS
    WITH said AS (
        SELECT person_id, {birth_date} AS birth_date, sex
        FROM loaded_person_record JOIN person_link USING (agency, local_id)
    ), birth AS (
        SELECT person_id, birth_date FROM said WHERE birth_date IS NOT NULL GROUP BY person_id, birth_date
        QUALIFY row_number() OVER (PARTITION BY person_id
                                   ORDER BY count(*) DESC, dayofyear(birth_date) = 1, birth_date) = 1
    ), sexes AS (
        SELECT person_id, sex FROM said WHERE sex IS NOT NULL GROUP BY person_id, sex
        QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY count(*) DESC, sex) = 1
    )
    SELECT person_id, birth_date, sex
    FROM (SELECT DISTINCT person_id FROM person_link)
    LEFT JOIN birth USING (person_id)
    LEFT JOIN sexes USING (person_id)
"""


def _age_months(on: str) -> str:
    """Return the SQL of a person's completed months of age on the first day of the month of a date."""
    months = f"(year({on}) - year(birth_date)) * 12 + month({on}) - month(birth_date)"
    return f"{months} - (day(birth_date) > 1)::INTEGER"


def _rows(table: str) -> str:
    """Return the SQL of a table's rows with their person and, on that row's ``day``, their family."""
    return f"""
        {table} AS record
        JOIN person_link AS link USING (agency, local_id)
        JOIN temp.person AS person USING (person_id)
        JOIN person_key ON person_key.known = link.person_id
        LEFT JOIN family_span AS span ON span.person_id = link.person_id
    """


# Keyed, for whoever holds an extract could tell from a row number whom a pseudonym stands for.
_RECORD_ID = "(md5_number_lower($key || record.entry || ':' || record.row_number) >> 1)::BIGINT"

# Ages are those of the first day of a month, and people join families by the month: the day on which a child joins is
# its birthday, and ages on many exact days would close in on it.
_PERSON_ROWS = f"""
    INSERT INTO {{linkage}}.person
    SELECT pseudonym, {_age_months("county.start_date")}
    FROM temp.person AS person JOIN person_key ON known = person_id CROSS JOIN county ORDER BY pseudonym
"""
_FAMILY_ROWS = """
    INSERT INTO {linkage}.family
    SELECT pseudonym FROM temp.family AS family JOIN family_key ON known = family_id ORDER BY pseudonym;
    INSERT INTO {linkage}.family_member
    SELECT family_key.pseudonym, person_key.pseudonym, date_trunc('month', start_date), date_trunc('month', end_date)
    FROM temp.family_member AS member
    JOIN family_key ON family_key.known = family_id
    JOIN person_key ON person_key.known = person_id
    WHERE end_date IS NULL OR date_trunc('month', start_date) < date_trunc('month', end_date)
    ORDER BY ALL;
    INSERT INTO {linkage}.family_home
    WITH by_month AS (
        SELECT pseudonym, district, deprivation_decile,
            CASE WHEN start_date = min(start_date) OVER (PARTITION BY family_id)
                 THEN last_day(start_date - 1) + 1 ELSE date_trunc('month', start_date) END AS start_date,
            date_trunc('month', end_date) AS end_date
        FROM temp.family_home AS home JOIN family_key ON known = family_id
    )
    FROM by_month WHERE end_date IS NULL OR start_date < end_date ORDER BY ALL
"""
_EVENT_ROWS = f"""
    INSERT INTO {{linkage}}.event
    SELECT {_RECORD_ID}, record.agency, person_key.pseudonym, family_key.pseudonym, kind, date, recorded_on, value,
        {_age_months("date")}
    FROM {_rows("loaded_event")} AND date >= span.start_date AND date < span.end_date
    LEFT JOIN family_key ON family_key.known = span.family_id
"""
# A spell of somebody who changes families is cut at the beginning of that month. (Conditions with OR would make the
# join a loop over all pairs.)
_SPELL_ROWS = f"""
    INSERT INTO {{linkage}}.spell
    SELECT {_RECORD_ID}, record.agency, person_key.pseudonym, family_key.pseudonym, kind,
        greatest(record.start_date, coalesce(date_trunc('month', span.start_date), record.start_date)),
        CASE WHEN record.end_date IS NOT NULL OR span.end_date < DATE '9999-12-31'
             THEN least(record.end_date, date_trunc('month', span.end_date)) END,
        recorded_on,
        CASE WHEN kind IN ({words(SPELL.column("detail").by_kind)}) THEN detail END,
        {_age_months("record.start_date")}
    FROM {_rows("loaded_spell")}
        AND date_trunc('month', span.start_date) < CASE WHEN record.end_date IS NULL THEN DATE '9999-12-31'
                                                        ELSE greatest(record.end_date, record.start_date + 1) END
        AND CASE WHEN span.end_date = DATE '9999-12-31' THEN span.end_date
                 ELSE date_trunc('month', span.end_date) END > record.start_date
    LEFT JOIN family_key ON family_key.known = span.family_id
"""
_ATTENDANCE_ROWS = f"""
    INSERT INTO {{linkage}}.attendance
    SELECT {_RECORD_ID}, record.agency, person_key.pseudonym, family_key.pseudonym, academic_year, record.term,
        term_no, possible, authorised, unauthorised, recorded_on
    FROM {_rows("(FROM loaded_attendance JOIN main.term USING (academic_year, term))")}
        AND record.start_date >= span.start_date AND record.start_date < span.end_date
    LEFT JOIN family_key ON family_key.known = span.family_id
"""
_SUPPORT_ROWS = f"""
    INSERT INTO {{linkage}}.support
    SELECT {_RECORD_ID}, record.agency, family_key.pseudonym, intervention, provider, worker_key.pseudonym, district,
        offered, started, ended, consent
    FROM {_rows("loaded_support")}
        AND coalesce(started, offered, DATE '9999-12-30') >= span.start_date
        AND coalesce(started, offered, DATE '9999-12-30') < span.end_date
    LEFT JOIN family_key ON family_key.known = span.family_id
    LEFT JOIN worker_key ON worker_key.known = worker
"""

_SUPPORT_WITHOUT_FAMILY = f"""
    INSERT INTO problem
    SELECT entry.agency, entry.file, 'support', support.row_number, 'local_id', '{NO_FAMILY[0]}', 'noted', NULL, NULL,
        '{NO_FAMILY[1]}'
    FROM loaded_support AS support
    JOIN person_link USING (agency, local_id)
    JOIN entry ON entry.entry = support.entry
    WHERE person_id NOT IN (SELECT person_id FROM family_span)
    ORDER BY ALL
"""
