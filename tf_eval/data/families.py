"""Families: people who share a home, with at least one child among them, followed as people when they move.

A home is a property (UPRN) in which stays overlap. Households that live in one property one after the other share no
day and stay apart; a household that moves stays one, because its people connect its homes.
"""

from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

ADULT_AGE = 18
MOST_IN_A_HOME = 20
SHARED_ADDRESS = ("too many people for a home", f"more than {MOST_IN_A_HOME} people at once: no family is made of it")


def build_families(connection: duckdb.DuckDBPyConnection, *, start: date, end: date) -> None:
    """Write the tables family, family_member and family_home.

    Args:
        connection: a connection with the tables person, person_link and loaded_residence, and the three to be filled.
        start: the first day of the county's covered time.
        end: the day after its last day; only families with somebody under 18 in [start, end) are families.

    The families are numbered from 1 in the order of their first person, so the same people give the same numbers.
    """
    connection.execute(_STAY)
    connection.execute(_HOUSEHOLD)
    _write_groups(connection)
    connection.execute(_FAMILY, {"start": start, "end": end})
    connection.execute(_MEMBER)
    connection.execute(_HOME)


def shared_addresses(connection: duckdb.DuckDBPyConnection) -> None:
    """Note in ``problem`` each residence at an address that holds too many people at once to be a home."""
    connection.execute(f"""
        INSERT INTO problem
        SELECT source.agency, source.file, 'residence', residence.row_number, 'uprn', '{SHARED_ADDRESS[0]}',
            '{SHARED_ADDRESS[1]}'
        FROM loaded_residence AS residence
        JOIN person_link USING (agency, local_id)
        JOIN household USING (person_id, uprn)
        JOIN entry AS source USING (entry)
        WHERE household.is_shared AND residence.start_date >= household.start_date
            AND residence.start_date < household.end_date
        ORDER BY ALL
    """)


def _write_groups(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the table ``connected``: people whose households connect them, each group under its first person."""
    edges = connection.execute("SELECT DISTINCT person_id, household FROM household WHERE NOT is_shared").fetchnumpy()
    people, person = np.unique(edges["person_id"].astype(np.int64), return_inverse=True)
    households, household = np.unique(edges["household"].astype(np.int64), return_inverse=True)
    nodes = len(people) + len(households)
    links = (np.ones(len(person), dtype=np.int8), (person, household + len(people)))
    _, group = connected_components(coo_matrix(links, shape=(nodes, nodes)), directed=False)
    group = group[: len(people)]
    # People come in order, so the first place of a group is its person with the lowest number.
    _, first, member_of = np.unique(group, return_index=True, return_inverse=True)
    connection.register("groups", pa.table({"person_id": people, "first_person": people[first][member_of]}))
    connection.execute("CREATE TEMP TABLE connected AS SELECT * FROM groups")
    connection.unregister("groups")


# One row for each unbroken time a person lived in a property, from whatever agencies say so.
_STAY = """
    CREATE TEMP TABLE stay AS
    WITH said AS (
        SELECT person_id, uprn, district, start_date, coalesce(end_date, DATE '9999-12-31') AS end_date
        FROM loaded_residence JOIN person_link USING (agency, local_id)
        WHERE end_date IS NULL OR end_date > start_date
    ), run AS (
        SELECT *, coalesce(start_date > max(end_date) OVER earlier, TRUE) AS is_new
        FROM said
        WINDOW earlier AS (PARTITION BY person_id, uprn ORDER BY start_date, end_date, district
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), numbered AS (
        SELECT *, sum(is_new::INTEGER) OVER (PARTITION BY person_id, uprn ORDER BY start_date, end_date, district
                                    ROWS UNBOUNDED PRECEDING) AS run
        FROM run
    )
    SELECT person_id, uprn, min(district) AS district, min(start_date) AS start_date, max(end_date) AS end_date
    FROM numbered GROUP BY person_id, uprn, run
"""

# One number for each unbroken occupation of a property: it ends when nobody who lived there is left.
_HOUSEHOLD = f"""
    CREATE TEMP TABLE household AS
    WITH run AS (
        SELECT *, coalesce(start_date >= max(end_date) OVER earlier, TRUE) AS is_new
        FROM stay
        WINDOW earlier AS (PARTITION BY uprn ORDER BY start_date, end_date, person_id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), numbered AS (
        SELECT *, sum(is_new::INTEGER) OVER (ORDER BY uprn, start_date, end_date, person_id
                                             ROWS UNBOUNDED PRECEDING) AS household
        FROM run
    ), moving AS (
        SELECT household, start_date AS day, 1 AS change FROM numbered
        UNION ALL SELECT household, end_date, -1 FROM numbered
    ), present AS (
        SELECT household, sum(change) OVER (PARTITION BY household ORDER BY day, change
                                            ROWS UNBOUNDED PRECEDING) AS people
        FROM moving
    ), most AS (
        SELECT household, max(people) > {MOST_IN_A_HOME} AS is_shared FROM present GROUP BY household
    )
    SELECT person_id, uprn, district, start_date, end_date, household::BIGINT AS household, is_shared
    FROM numbered JOIN most USING (household)
"""

_FAMILY = f"""
    CREATE TEMP TABLE grouped AS
    WITH with_child AS (
        SELECT DISTINCT first_person
        FROM connected JOIN person USING (person_id)
        WHERE birth_date < $end AND birth_date + INTERVAL {ADULT_AGE} YEAR > $start
    ), numbered AS (
        SELECT first_person, row_number() OVER (ORDER BY first_person) AS family_id FROM with_child
    )
    SELECT family_id, person_id FROM connected JOIN numbered USING (first_person)
"""

_MEMBER = """
    INSERT INTO family SELECT DISTINCT family_id FROM grouped ORDER BY family_id;
    INSERT INTO family_member
    WITH run AS (
        SELECT family_id, person_id, start_date, end_date,
            coalesce(start_date > max(end_date) OVER earlier, TRUE) AS is_new
        FROM grouped JOIN household USING (person_id) WHERE NOT is_shared
        WINDOW earlier AS (PARTITION BY person_id ORDER BY start_date, end_date
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), numbered AS (
        SELECT *, sum(is_new::INTEGER) OVER (PARTITION BY person_id ORDER BY start_date, end_date
                                             ROWS UNBOUNDED PRECEDING) AS run
        FROM run
    )
    SELECT family_id, person_id, min(start_date), nullif(max(end_date), DATE '9999-12-31')
    FROM numbered GROUP BY family_id, person_id, run ORDER BY family_id, person_id, min(start_date)
"""

# Between two days on which somebody moves, a family is where most of its people live.
_HOME = """
    INSERT INTO family_home
    WITH lived AS (
        SELECT family_id, person_id, district, start_date, end_date
        FROM grouped JOIN household USING (person_id) WHERE NOT is_shared AND district IS NOT NULL
    ), moment AS (
        SELECT family_id, start_date AS day FROM lived UNION SELECT family_id, end_date FROM lived
    ), piece AS (
        SELECT family_id, day AS start_date, lead(day) OVER (PARTITION BY family_id ORDER BY day) AS end_date
        FROM moment
    ), placed AS (
        SELECT family_id, piece.start_date, piece.end_date, district
        FROM piece JOIN lived USING (family_id)
        WHERE lived.start_date <= piece.start_date AND lived.end_date >= piece.end_date
        GROUP BY family_id, piece.start_date, piece.end_date, district
        QUALIFY row_number() OVER (PARTITION BY family_id, piece.start_date
                                   ORDER BY count(DISTINCT person_id) DESC, district) = 1
    ), changed AS (
        SELECT *, (start_date, district) IS DISTINCT FROM (lag(end_date) OVER family, lag(district) OVER family)
            AS is_new
        FROM placed WINDOW family AS (PARTITION BY family_id ORDER BY start_date)
    ), numbered AS (
        SELECT *, sum(is_new::INTEGER) OVER (PARTITION BY family_id ORDER BY start_date ROWS UNBOUNDED PRECEDING) AS run
        FROM changed
    )
    SELECT family_id, district, min(start_date), nullif(max(end_date), DATE '9999-12-31')
    FROM numbered GROUP BY family_id, district, run ORDER BY family_id, min(start_date)
"""
