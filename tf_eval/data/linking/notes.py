"""What the linkage found out about the records: names that differ, people twice in one agency, twins, doubts.

A note says that somebody should look; the record is used all the same. ``check`` finds misspelt names, exchanged names
and wrong birth dates in this way alone, for no other rule can tell that a name is not the person's.
"""

import duckdb

from tf_eval.data.linking.candidates import MOST_RECORDS_OF_A_KEY
from tf_eval.data.linking.certain import MOST_RECORDS_OF_A_PERSON

TWO_BIRTH_DATES = ("one identifier, two birth dates", "not linked by it; find out whose identifier it is")
TWO_NAMES = ("one identifier, two people", "not linked by it; find out whose identifier it is")
FILLER = (
    "one identifier, many records",
    f"more than {MOST_RECORDS_OF_A_PERSON} records have it: nobody is linked by it; was it entered to fill the field?",
)
FILLER_NAME = (
    "one surname and birth date, many records",
    f"more than {MOST_RECORDS_OF_A_KEY} records have them: not linked by them; were they entered to fill the fields?",
)
EXCHANGED = ("forename and surname exchanged", "the person's other records have them the other way round")
DIFFERS = {
    "forename": "name differs from the person's other records",
    "surname": "name differs from the person's other records",
    "birth_date": "birth date differs from the person's other records",
    "sex": "sex differs from the person's other records",
    "nino": "identifier differs from the person's other records",
}
DIFFERS_ADVICE = "find out which record is right, and have the other one mended"
NEARLY = {
    "forename": "name differs from a record that may be the person's",
    "surname": "name differs from a record that may be the person's",
    "birth_date": "birth date differs from a record that may be the person's",
}
NEARLY_ADVICE = "not linked, for too little else agrees; find out whether both are one person"
TWICE = ("same person twice in one agency", "taken as one person; have the agency join its two records")
PERHAPS_TWICE = (
    "perhaps the same person twice in one agency",
    "taken as two people; if they are one, say yes in a line for them in review.csv",
)
TWINS = (
    "twins kept apart",
    "same surname, birth date and home; if they are one person, say yes in a line in review.csv",
)
RIVALS = ("may be one of several people", "not linked; the review list names the pairs for a clerk to decide")
TWO_PEOPLE = (
    "same name and birth date, different people",
    "not linked, for no postcode tells them apart; add an identifier",
)
# Of two adults with one surname and home, more are a couple born on one day by chance than twins who live together.
OLDEST_TWINS = 18  # years between them and the youngest person of the county
# A name that the county has this many times as often is taken for the right one, whichever most of the records have.
CLEARLY_RARER = 3
LEAST_RESEMBLANCE = 0.02  # probability of a link below which two records do not even resemble one another


def write_notes(connection: duckdb.DuckDBPyConnection, *, standard: float) -> None:
    """Write ``note``: agency, local_id, column_name, rule, advice.

    Args:
        connection: a connection with the tables of the linkage, ``person`` among them.
        standard: the probability from which on the standard linkage joins.
    """
    connection.execute(_NOTE)
    connection.execute(_LINKED, {"standard": standard, "resembles": LEAST_RESEMBLANCE})
    _note_identifiers(connection)
    _note_differences(connection)
    _note_resemblances(connection)
    for query, table, column, words in (
        (_TWICE_IN_AGENCY, "twice_in_agency", "local_id", TWICE),
        (_PERHAPS_TWICE, "perhaps_twice", "local_id", PERHAPS_TWICE),
        (_TWINS, "kept_twin", "forename", TWINS),
        (_RIVALLED, "rivalled", "surname", RIVALS),
        (_NAMELESS, "nameless", "surname", TWO_PEOPLE),
    ):
        connection.execute(query)
        _note(connection, table, f"'{column}'", words)
    _note(connection, "filler_name", "'surname'", FILLER_NAME)


def _note(connection: duckdb.DuckDBPyConnection, table: str, column: str, words: tuple[str, str]) -> None:
    """Add a note for each record of a table; ``column`` is the SQL of the column's name."""
    connection.execute(
        f"INSERT INTO note SELECT agency, local_id, {column}, ?, ? FROM record JOIN {table} USING (record)", words
    )


def _note_identifiers(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_MISUSED)
    for table, words in (("two_births", TWO_BIRTH_DATES), ("two_names", TWO_NAMES), ("filled", FILLER)):
        _note(connection, table, "kind", words)


def _note_differences(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_EXCHANGED)
    _note(connection, "swapped", "'forename'", EXCHANGED)
    for column, rule in DIFFERS.items():
        connection.execute(_DIFFERING.format(column=column, wrong=_WRONG.get(column, _RARER)))
        if column in ("forename", "surname"):
            connection.execute("DELETE FROM differing WHERE record IN (SELECT record FROM swapped)")
        _note(connection, "differing", f"'{column}'", (rule, DIFFERS_ADVICE))


def _note_resemblances(connection: duckdb.DuckDBPyConnection) -> None:
    for column, rule in NEARLY.items():
        connection.execute(_RESEMBLING.format(column=column))
        _note(connection, "resembling", f"'{column}'", (rule, NEARLY_ADVICE))


_NOTE = "CREATE TABLE note (agency VARCHAR, local_id VARCHAR, column_name VARCHAR, rule VARCHAR, advice VARCHAR)"
# ``doubt``: links that did not join a record which is alone. A person known to several agencies has been placed.
_LINKED = """
    CREATE TABLE linked AS SELECT *, standard AS person_id FROM record JOIN person USING (record);
    CREATE TABLE doubt AS
    WITH alone AS (
        SELECT record FROM linked QUALIFY count(*) OVER (PARTITION BY person_id) = 1
    ), near AS (
        SELECT record_1 AS record, record_2 AS other, alone, probability FROM link
        UNION ALL SELECT record_2, record_1, alone, probability FROM link
    )
    SELECT record, other, alone >= $standard AS is_strong
    FROM near JOIN alone USING (record) WHERE near.alone >= $resembles AND probability < $standard
"""
_MISUSED = """
    CREATE TABLE misused AS
    SELECT record_1 AS record, kind, birth_fits FROM shared WHERE NOT fits
    UNION SELECT record_2, kind, birth_fits FROM shared WHERE NOT fits;
    CREATE TABLE two_births AS SELECT record, kind FROM misused WHERE NOT birth_fits;
    CREATE TABLE two_names AS SELECT record, kind FROM misused WHERE birth_fits;
    CREATE TABLE filled AS SELECT record, kind FROM identifier JOIN filler USING (kind, value)
"""

_RARER = "own.records <= other.records"
_RARER_NAME = f"{_RARER} OR own.in_county * {CLEARLY_RARER} < other.in_county"
# 1 January is the wrong one, however many say so.
_WRONG = {"forename": _RARER_NAME, "surname": _RARER_NAME, "birth_date": f"{_RARER} OR new_year(own.birth_date)"}
_EXCHANGED = f"""
    CREATE TABLE spelling AS
    SELECT person_id, forename, surname, count(*) AS records,
        sum(count(*)) OVER (PARTITION BY forename) AS in_county
    FROM linked WHERE forename IS NOT NULL AND surname IS NOT NULL
    GROUP BY person_id, forename, surname;
    CREATE TABLE swapped AS
    SELECT DISTINCT record
    FROM linked
    JOIN spelling AS own USING (person_id, forename, surname)
    JOIN spelling AS other USING (person_id)
    WHERE exchanged(own.forename, own.surname, other.forename, other.surname)
        AND ({_RARER_NAME})
"""
_DIFFERING = """
    CREATE OR REPLACE TABLE differing AS
    WITH said AS (
        SELECT person_id, {column}, count(*) AS records, sum(count(*)) OVER (PARTITION BY {column}) AS in_county
        FROM linked WHERE {column} IS NOT NULL GROUP BY person_id, {column}
    )
    SELECT DISTINCT record
    FROM linked
    JOIN said AS own USING (person_id, {column})
    JOIN said AS other USING (person_id)
    WHERE own.{column} <> other.{column} AND ({wrong})
"""
_RESEMBLING = """
    CREATE OR REPLACE TABLE resembling AS
    SELECT DISTINCT doubt.record
    FROM doubt JOIN linked AS a ON a.record = doubt.record JOIN linked AS b ON b.record = doubt.other
    WHERE a.{column} <> b.{column} AND (b.person_id, a.agency) NOT IN (SELECT (person_id, agency) FROM linked)
"""
_TWICE_IN_AGENCY = """
    CREATE TABLE twice_in_agency AS
    SELECT record FROM linked QUALIFY count(*) OVER (PARTITION BY person_id, agency) > 1
"""
_PERHAPS_TWICE = """
    CREATE TABLE perhaps_twice AS
    WITH pair AS (
        SELECT record_1, record_2 FROM probability WHERE weight >= 0
        UNION SELECT record_1, record_2 FROM twin
    ), known AS (
        SELECT *, count(*) OVER (PARTITION BY person_id) AS records FROM linked
    ), apart AS (
        SELECT record_1, record_2
        FROM pair JOIN known AS a ON a.record = record_1 JOIN known AS b ON b.record = record_2
        WHERE a.agency = b.agency AND a.person_id <> b.person_id AND least(a.records, b.records) = 1
            AND coalesce(a.sex = b.sex, TRUE) AND coalesce(a.nhs_number = b.nhs_number, TRUE)
            AND coalesce(a.upn = b.upn, TRUE) AND coalesce(a.nino = b.nino, TRUE)
    )
    SELECT record_1 AS record FROM apart UNION SELECT record_2 FROM apart
"""
_TWINS = f"""
    CREATE TABLE kept_twin AS
    WITH pair AS (
        SELECT a.person_id AS one, b.person_id AS other
        FROM (SELECT * FROM linked ANTI JOIN filler_name USING (record)) AS a
        JOIN linked AS b ON a.birth_date = b.birth_date AND a.surname = b.surname AND a.person_id < b.person_id
        WHERE (a.postcode = b.postcode OR a.uprn = b.uprn) AND NOT new_year(a.birth_date)
            AND a.forename <> b.forename
            AND a.birth_date > (SELECT max(birth_date) FROM record) - INTERVAL {OLDEST_TWINS} YEAR
    )
    SELECT record
    FROM linked WHERE person_id IN (SELECT one FROM pair UNION SELECT other FROM pair)
"""
_RIVALLED = "CREATE TABLE rivalled AS SELECT DISTINCT record FROM doubt WHERE is_strong"
_NAMELESS = """
    CREATE TABLE nameless AS
    SELECT record
    FROM named JOIN person USING (record)
    WHERE name IN (SELECT name FROM ambiguous)
        AND standard NOT IN (SELECT standard FROM person JOIN identifier USING (record) WHERE NOT is_doubtful)
"""
