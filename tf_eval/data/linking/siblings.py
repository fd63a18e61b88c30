"""Links made less certain where brothers and sisters would look the same.

Splink takes the fields for independent, as Fellegi and Sunter do. Within a family they are not: surname and home agree
because people live together. Where the forename differs, only a whole birth date tells one child typed twice from two,
and not even that tells one person under two names from twins.
"""

import duckdb

# The most that a pair without a shared identifier can be: below the standard linkage where siblings fit as well, below
# the strict one where twins do, who are about as frequent among such pairs as people with two forenames.
MOST_OF_SIBLINGS, MOST_OF_TWINS = 0.8, 0.95


def limit_siblings(connection: duckdb.DuckDBPyConnection) -> None:
    """Lower the weight of pairs in ``probability`` that may be siblings or twins.

    Args:
        connection: a connection with ``record`` and ``probability``.
    """
    connection.execute(_RESEMBLANCE)
    connection.execute(_LIMITED)


# ``near_names``: misspelt or shortened. A first letter is seldom mistyped, and sisters are called Ella and Bella.
_RESEMBLANCE = """
    CREATE TABLE resemblance AS
    SELECT record_1, record_2,
        coalesce(a.forename = b.forename OR exchanged(a.forename, a.surname, b.forename, b.surname), FALSE)
            AS same_names,
        coalesce(nearly_same(a.forename, b.forename) AND left(a.forename, 1) = left(b.forename, 1)
            OR begins(a.forename, b.forename), FALSE) AS near_names,
        a.forename IS NULL OR b.forename IS NULL AS no_forename,
        coalesce(same_birth(a.birth_date, b.birth_date), FALSE) AS same_births,
        coalesce(new_year(a.birth_date) OR new_year(b.birth_date), TRUE) AS no_day,
        coalesce(a.postcode = b.postcode, FALSE) AS same_homes
    FROM probability
    JOIN record AS a ON a.record = record_1
    JOIN record AS b ON b.record = record_2
    WHERE a.surname = b.surname OR a.postcode = b.postcode
"""
_LIMITED = f"""
    UPDATE probability SET weight = least(weight, log2(most / (1 - most)))
    FROM (
        SELECT record_1, record_2, CASE
            WHEN no_forename AND NOT (same_births AND same_homes) THEN {MOST_OF_SIBLINGS}
            WHEN no_day AND NOT near_names THEN {MOST_OF_SIBLINGS}
            ELSE {MOST_OF_TWINS}
        END AS most
        FROM resemblance
        WHERE NOT same_names AND (no_day OR no_forename OR (same_births AND NOT near_names))
    ) AS limited
    WHERE probability.record_1 = limited.record_1 AND probability.record_2 = limited.record_2
"""
