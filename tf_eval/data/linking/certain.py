"""Links that need no probability: shared identifiers that fit, and whole names with birth date and sex.

An identifier joins two records where the rest of them does not contradict it. One that stands beside people who are
clearly different is doubtful: it joins only the records that fit one another, and keeps none apart.
"""

import duckdb

from tf_eval.data.linking.candidates import MOST_RECORDS_OF_A_KEY
from tf_eval.data.linking.records import IDENTIFIERS

# More records than this with one identifier are no person: it is a number that was entered to fill the field.
MOST_RECORDS_OF_A_PERSON = 30


def write_identifier_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Write who has which identifier and which records share one.

    Args:
        connection: a connection with ``record``.

    ``identifier`` has record, kind, value and is_doubtful; ``filler`` the kinds and values of too many records;
    ``shared`` the pairs of one value: record_1 < record_2, kind, value, birth_fits and fits. ``twice`` has the pairs
    of one agency that fit, which are one person twice.
    """
    connection.execute(_IDENTIFIER)
    connection.execute(_SHARED)
    connection.execute(_DOUBTFUL)
    connection.execute(_TWICE)


def write_twins(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``twin``: pairs of records with one surname, birth date and home whose forenames are of two people.

    A person with another forename in one agency looks the same; where an identifier says so, the pair is no twins.
    """
    connection.execute(_TWIN)


def identifier_links(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Return the pairs that an identifier joins, the strongest first."""
    return connection.execute(_IDENTIFIER_LINK).fetchall()


def name_links(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Return pairs that join all records with the same name, birth date and sex, where those can only be one person.

    Where two people known by identifiers have all of these in common, the postcode has to tell them apart. Pairs of
    one agency are added to ``twice``.

    Args:
        connection: a connection with ``core``: record and core_id of the people known by their identifiers.
    """
    connection.execute(_AMBIGUOUS)
    connection.execute(_KEYED)
    return connection.execute(_NAME_LINK).fetchall()


_KINDS = ", ".join(IDENTIFIERS)
_IDENTIFIER = f"""
    CREATE TABLE identifier AS
    SELECT record, kind, value
    FROM (UNPIVOT (SELECT record, {_KINDS} FROM record) ON {_KINDS} INTO NAME kind VALUE value);
    CREATE TABLE filler AS
    SELECT kind, value FROM identifier GROUP BY kind, value HAVING count(*) > {MOST_RECORDS_OF_A_PERSON}
"""

_DOUBTFUL = """
    ALTER TABLE identifier ADD COLUMN is_doubtful BOOLEAN;
    UPDATE identifier SET is_doubtful = (kind, value) IN (SELECT (kind, value) FROM filler)
        OR (kind, value) IN (SELECT (kind, value) FROM shared WHERE NOT fits)
"""
_TWICE = """
    CREATE TABLE twice AS
    SELECT DISTINCT record_1, record_2
    FROM shared JOIN record AS a ON a.record = record_1 JOIN record AS b ON b.record = record_2
    WHERE fits AND a.agency = b.agency
"""
_IDENTIFIER_LINK = """
    SELECT record_1, record_2
    FROM shared JOIN record AS a ON a.record = record_1 JOIN record AS b ON b.record = record_2
    WHERE fits
    GROUP BY record_1, record_2
    ORDER BY count(*) DESC, max(coalesce(same_birth(a.birth_date, b.birth_date), FALSE)) DESC,
        max(coalesce(jaro_winkler_similarity(a.forename, b.forename), 0)) DESC, record_1, record_2
"""

# Twins share a birth date and a surname, and their identifiers get exchanged: sex or agency then gives them away.
_SHARED = """
    CREATE TABLE shared AS
    WITH pair AS (
        SELECT one.record AS record_1, other.record AS record_2, one.kind, one.value
        FROM identifier AS one
        JOIN identifier AS other ON one.kind = other.kind AND one.value = other.value AND one.record < other.record
        WHERE (one.kind, one.value) NOT IN (SELECT (kind, value) FROM filler)
    )
    SELECT pair.*, coalesce(birth_fits(a.birth_date, b.birth_date), TRUE) AS birth_fits,
        CASE
            WHEN same_birth(a.birth_date, b.birth_date) THEN coalesce(
                alike(a.forename, b.forename) OR exchanged(a.forename, a.surname, b.forename, b.surname)
                OR (a.sex = b.sex AND a.agency <> b.agency), TRUE)
            WHEN birth_fits(a.birth_date, b.birth_date) THEN coalesce(
                alike(a.forename, b.forename) OR exchanged(a.forename, a.surname, b.forename, b.surname),
                alike(a.surname, b.surname), TRUE)
            WHEN a.birth_date IS NULL OR b.birth_date IS NULL THEN coalesce(a.sex = b.sex, TRUE)
                AND (coalesce(exchanged(a.forename, a.surname, b.forename, b.surname), FALSE)
                    OR (coalesce(alike(a.forename, b.forename), TRUE) AND coalesce(alike(a.surname, b.surname), TRUE)))
            ELSE FALSE
        END AS fits
    FROM pair JOIN record AS a ON a.record = record_1 JOIN record AS b ON b.record = record_2
"""

# Two forenames at one home are two people's where sex, an agency that knows both, or two identifiers say so. Otherwise
# one of them is a short form or a second name, of which there are more than twins whom a single agency knows.
_TWIN = f"""
    -- So many of one surname and birth date were entered to fill the fields.
    CREATE TABLE born AS
    SELECT * FROM record WHERE surname IS NOT NULL AND NOT new_year(birth_date)
    QUALIFY count(*) OVER (PARTITION BY birth_date, surname) <= {MOST_RECORDS_OF_A_KEY};
    CREATE TABLE born_together AS
    SELECT a.record AS record_1, b.record AS record_2, a.forename AS forename_1, b.forename AS forename_2,
        a.birth_date, a.surname, coalesce(a.sex <> b.sex, FALSE) OR a.agency = b.agency
            OR initials_differ(a.forename, b.forename)
            OR {" OR ".join(f"coalesce(a.{name} <> b.{name}, FALSE)" for name in IDENTIFIERS)} AS are_two
    FROM born AS a
    JOIN born AS b ON a.birth_date = b.birth_date AND a.surname = b.surname AND a.record < b.record
    WHERE (a.postcode = b.postcode OR a.uprn = b.uprn) AND NOT alike(a.forename, b.forename)
        AND (a.record, b.record) NOT IN (SELECT (record_1, record_2) FROM shared WHERE fits);
    CREATE TABLE twin AS
    SELECT record_1, record_2 FROM born_together
    QUALIFY bool_or(are_two) OVER (
        PARTITION BY birth_date, surname, least(forename_1, forename_2), greatest(forename_1, forename_2))
"""

# A name is ambiguous where the people known by identifiers who bear it have two values of one kind of identifier, and
# where one agency has it at two homes.
_AMBIGUOUS = """
    CREATE TABLE named AS
    SELECT record, core_id, agency, postcode, forename || '|' || surname || '|' || birth_date || '|' || sex AS name
    FROM record JOIN core USING (record)
    WHERE forename IS NOT NULL AND surname IS NOT NULL AND sex IS NOT NULL AND birth_date IS NOT NULL
        AND NOT new_year(birth_date);
    CREATE TABLE ambiguous AS
    WITH known AS (
        SELECT DISTINCT core_id, kind, value FROM core JOIN identifier USING (record) WHERE NOT is_doubtful
    )
    SELECT DISTINCT name
    FROM (SELECT DISTINCT name, core_id FROM named) JOIN known USING (core_id)
    GROUP BY name, kind
    HAVING count(DISTINCT core_id) > 1 AND count(DISTINCT value) > 1
    UNION
    SELECT name FROM named GROUP BY name, agency HAVING count(DISTINCT core_id) > 1 AND count(DISTINCT postcode) > 1
"""

# A name that too many records share is a placeholder: ``filler_name`` has them.
_KEYED = f"""
    CREATE TABLE keyed AS
    WITH told_apart AS (
        SELECT record, agency,
            name || CASE WHEN name IN (SELECT name FROM ambiguous) THEN '|' || postcode ELSE '' END AS key
        FROM named
    )
    SELECT * FROM told_apart QUALIFY count(*) OVER (PARTITION BY key) <= {MOST_RECORDS_OF_A_KEY};
    CREATE TABLE filler_name AS
    SELECT record FROM record WHERE surname IS NOT NULL AND birth_date IS NOT NULL AND NOT new_year(birth_date)
    QUALIFY count(*) OVER (PARTITION BY surname, birth_date) > {MOST_RECORDS_OF_A_KEY};
    INSERT INTO twice
    SELECT a.record, b.record FROM keyed AS a JOIN keyed AS b USING (key, agency) WHERE a.record < b.record
"""
# Each record is linked to the first of its name, which joins them all.
_NAME_LINK = """
    SELECT record_1, record_2
    FROM (SELECT min(record) OVER (PARTITION BY key) AS record_1, record AS record_2 FROM keyed WHERE key IS NOT NULL)
    WHERE record_1 < record_2
    ORDER BY record_1, record_2
"""
