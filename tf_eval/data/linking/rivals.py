"""Links made less certain by their rivals: a record is of one person, so two people who both fit it share the odds.

Splink looks at each pair alone. Two people of one name in one street may both fit a record with a probability of 0.99,
yet only one of them can be right. With odds a and b for two candidates who cannot be one person, the odds of the first
are a / (1 + b).
"""

import duckdb

from tf_eval.data.linking.traits import two_people


def write_links(connection: duckdb.DuckDBPyConnection, *, twice: float) -> None:
    """Write ``link``: the pairs of cores that Splink finds probable, with the odds that their rivals leave.

    Args:
        connection: a connection with ``record``, ``core``, ``core_trait``, ``apart``, ``twice`` and ``probability``.
        twice: from this probability on, two records of one agency are one person twice.

    ``link`` has record_1 < record_2 (the two records that agree best), core_1, core_2, alone (the probability of the
    pair alone) and probability. ``two_people`` has pairs of records, the first of each core, of candidates for one
    core who cannot be one person. Pairs of one agency that are one person are added to ``twice``; two homes, or two
    forenames of one surname and birth date (twins like to have names alike), are never more than a clerk's question.
    """
    connection.execute(_TWICE, {"twice": twice})
    for statement in (_CORE_LINK, _SIDE, _RIVAL, _LINK, _TWO_PEOPLE):
        connection.execute(statement)


_TWICE = """
    INSERT INTO twice
    SELECT record_1, record_2
    FROM probability
    JOIN record AS a ON a.record = record_1
    JOIN record AS b ON b.record = record_2
    WHERE a.agency = b.agency AND weight >= log2($twice / (1 - $twice)) AND coalesce(a.postcode = b.postcode, TRUE)
        AND NOT (coalesce(a.forename <> b.forename, FALSE) AND coalesce(a.surname = b.surname, FALSE)
            AND coalesce(a.birth_date = b.birth_date, FALSE))
"""
# Of two cores, the pair of records that agrees best.
_CORE_LINK = """
    CREATE TABLE core_link AS
    SELECT record_1, record_2, a.core_id AS core_1, b.core_id AS core_2, weight
    FROM probability JOIN core AS a ON a.record = record_1 JOIN core AS b ON b.record = record_2
    QUALIFY row_number() OVER (
        PARTITION BY least(core_1, core_2), greatest(core_1, core_2) ORDER BY weight DESC, record_1, record_2) = 1
"""
# Pairs of cores in both directions, for each core has to look at its candidates.
_SIDE = """
    CREATE TABLE side AS
    SELECT core_1 AS core_id, core_2 AS candidate, weight FROM core_link
    UNION ALL SELECT core_2, core_1, weight FROM core_link;
    CREATE TABLE core_apart AS
    SELECT DISTINCT a.core_id AS core_1, b.core_id AS core_2
    FROM (SELECT record_1, record_2 FROM apart UNION ALL SELECT record_2, record_1 FROM apart)
    JOIN core AS a ON a.record = record_1 JOIN core AS b ON b.record = record_2;
    CREATE TABLE core_twice AS
    SELECT DISTINCT a.core_id AS core_1, b.core_id AS core_2
    FROM (SELECT record_1, record_2 FROM twice UNION ALL SELECT record_2, record_1 FROM twice)
    JOIN core AS a ON a.record = record_1 JOIN core AS b ON b.record = record_2
"""
# Two candidates for one core are rivals where they cannot be one person.
_RIVAL = f"""
    CREATE TABLE rival AS
    SELECT mine.core_id, mine.candidate, other.candidate AS other, other.weight,
        ({two_people("a", "b")}) AS are_two
    FROM side AS mine
    JOIN side AS other ON mine.core_id = other.core_id AND mine.candidate <> other.candidate
    JOIN core_trait AS a ON a.core_id = mine.candidate
    JOIN core_trait AS b ON b.core_id = other.candidate
    WHERE are_two OR (mine.candidate, other.candidate) IN (SELECT (core_1, core_2) FROM core_apart)
        OR (list_has_any(a.agencies, b.agencies)
            AND (mine.candidate, other.candidate) NOT IN (SELECT (core_1, core_2) FROM core_twice))
"""
_LINK = """
    CREATE TABLE link AS
    WITH taken AS (
        SELECT core_id, candidate, sum(pow(2, weight)) AS odds FROM rival GROUP BY core_id, candidate
    ), rivalled AS (
        SELECT core_link.*, pow(2, core_link.weight) AS odds, 1 + coalesce(a.odds, 0) + coalesce(b.odds, 0) AS share
        FROM core_link
        LEFT JOIN taken AS a ON a.core_id = core_1 AND a.candidate = core_2
        LEFT JOIN taken AS b ON b.core_id = core_2 AND b.candidate = core_1
    )
    SELECT record_1, record_2, core_1, core_2, round(odds / (1 + odds), 6) AS alone,
        round(odds / (share + odds), 6) AS probability
    FROM rivalled
"""
_TWO_PEOPLE = """
    CREATE TABLE two_people AS
    WITH first AS (SELECT core_id, min(record) AS record FROM core GROUP BY core_id)
    SELECT DISTINCT a.record AS record_1, b.record AS record_2
    FROM rival JOIN first AS a ON a.core_id = candidate JOIN first AS b ON b.core_id = other
    WHERE are_two AND a.record < b.record
"""
