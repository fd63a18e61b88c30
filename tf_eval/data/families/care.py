"""Looked-after children: out of the home they are placed in, and with the family they come from."""

import duckdb

from tf_eval.data.families.spans import ALWAYS_BEGINS, MONTH, NEVER_ENDS, merged


def write_care(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``care`` and ``home_stay``.

    ``care`` (person_id, start_date, end_date) holds the unbroken times in which a child is looked after; ``home_stay``
    the stays without those in placements, each with the first day of the crowd that it is in (``crowd_since``), if any.
    """
    connection.execute(_COMING_OF_AGE)
    connection.execute(_CARE)
    connection.execute(_HOME_STAY)


def write_own_homes(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to ``dwelling`` where looked-after children are taken to live: with a parent, wherever that parent goes.

    They are away in care and on the days, a month at most, that lie between it and their own homes. Their own home is
    the last one before, or else the first one after, while still a child. The parent is the adult of that home who
    lives most with the child or the other children of that home from then on; of two the one who is longer there
    meanwhile. Where no such person is known, the child is taken to stay in that home. A child who never had a home but
    a placement belongs to no family, since no record says to which.
    """
    connection.execute(_AWAY)
    connection.execute(_OWN_HOME)
    connection.execute(_WITH_PARENT)


# Who is born on 29 February comes of age on 1 March, for there is no leap year 18 years later.
_COMING_OF_AGE = """
    CREATE OR REPLACE TEMP TABLE coming_of_age AS
    SELECT person_id, (birth_date + INTERVAL 18 YEAR)::DATE
        + (month(birth_date) = 2 AND day(birth_date) = 29)::INTEGER AS adult_on
    FROM person WHERE birth_date IS NOT NULL
"""
_CARE = f"""
    CREATE OR REPLACE TEMP TABLE care AS
    WITH spell AS (
        SELECT person_id, greatest(start_date, birth_date) AS start_date,
            least(coalesce(end_date, {NEVER_ENDS}), adult_on) AS end_date
        FROM loaded_spell JOIN person_link USING (agency, local_id) JOIN person USING (person_id)
        LEFT JOIN coming_of_age USING (person_id)
        WHERE kind = 'looked_after'
    )
    {merged("(SELECT * FROM spell WHERE start_date < end_date)", "person_id", MONTH)}
"""

# A placement is a home that the child comes to while looked after, or shortly before, since the move is often written
# down ahead; once care ends the child lives there like anybody else, unless it leaves within a month.
_HOME_STAY = f"""
    CREATE OR REPLACE TEMP TABLE home_stay AS
    WITH free AS (
        SELECT person_id, start_date AS care_start, end_date AS start_date,
            lead(start_date, 1, {NEVER_ENDS}) OVER (PARTITION BY person_id ORDER BY start_date) AS end_date
        FROM care
        UNION ALL
        SELECT person_id, NULL, {ALWAYS_BEGINS}, min(start_date) FROM care GROUP BY person_id
    ), first_stay AS (
        SELECT person_id, min(start_date) AS start_date FROM stay SEMI JOIN care USING (person_id) GROUP BY person_id
    ), part AS (
        SELECT person_id, property, greatest(stay.start_date, free.start_date) AS start_date,
            least(stay.end_date, free.end_date) AS end_date,
            stay.start_date BETWEEN free.care_start - {MONTH} AND free.start_date - 1
                AND stay.end_date <= free.start_date + {MONTH} AS lingers,
            stay.start_date >= free.end_date - {MONTH} AND stay.end_date > free.end_date
                AND stay.start_date > first_stay.start_date AS is_early
        FROM stay JOIN free USING (person_id) JOIN first_stay USING (person_id)
        WHERE stay.start_date < free.end_date AND free.start_date < stay.end_date
    ), outside AS (
        SELECT person_id, property, start_date, end_date FROM part WHERE NOT coalesce(lingers, FALSE) AND NOT is_early
        UNION ALL
        SELECT person_id, property, start_date, end_date FROM stay ANTI JOIN care USING (person_id)
    )
    SELECT outside.*, crowd.start_date AS crowd_since
    FROM outside LEFT JOIN crowd ON crowd.property = outside.property
        AND outside.start_date >= crowd.start_date AND outside.start_date < crowd.end_date
"""
_AWAY = f"""
    CREATE OR REPLACE TEMP TABLE away AS
    SELECT person_id,
        coalesce(max(home.end_date) FILTER (home.end_date BETWEEN care.start_date - {MONTH} AND care.start_date),
                 care.start_date) AS start_date,
        coalesce(min(home.start_date) FILTER (home.start_date BETWEEN care.end_date AND care.end_date + {MONTH}),
                 care.end_date) AS end_date
    FROM care LEFT JOIN dwelling AS home USING (person_id)
    GROUP BY person_id, care.start_date, care.end_date
"""

_OWN_HOME = """
    CREATE OR REPLACE TEMP TABLE own_home AS
    WITH known AS (
        SELECT person_id, away.start_date, away.end_date, household, property,
            home.start_date < away.start_date AS is_before,
            CASE WHEN is_before THEN home.end_date - 1 ELSE home.start_date END AS day
        FROM away JOIN dwelling AS home USING (person_id) LEFT JOIN coming_of_age USING (person_id)
        WHERE adult_on IS NULL OR home.start_date < adult_on
    )
    SELECT * FROM known
    QUALIFY row_number() OVER (PARTITION BY person_id, start_date
                               ORDER BY is_before DESC, abs(day - start_date)) = 1
"""
_WITH_PARENT = """
    INSERT INTO dwelling
    WITH mate AS (
        SELECT own_home.*, home.person_id AS mate, coalesce(adult_on <= day, TRUE) AS is_adult
        FROM own_home
        JOIN dwelling AS home ON home.household = own_home.household AND day >= home.start_date AND day < home.end_date
        LEFT JOIN coming_of_age ON coming_of_age.person_id = home.person_id
    ), shared AS (
        SELECT adult.person_id, adult.start_date, adult.mate, sum(
            least(one.end_date, other.end_date) - greatest(one.start_date, other.start_date, adult.start_date)) AS days
        FROM mate AS adult
        JOIN mate AS child USING (person_id, start_date)
        JOIN dwelling AS one ON one.person_id = adult.mate
        JOIN dwelling AS other ON other.person_id = child.mate AND other.household = one.household
        WHERE adult.is_adult AND NOT child.is_adult
            AND least(one.end_date, other.end_date) > greatest(one.start_date, other.start_date, adult.start_date)
        GROUP BY ALL
    ), meanwhile AS (
        SELECT mate.person_id, mate.start_date, mate.mate, home.household, home.property,
            greatest(home.start_date, mate.start_date) AS from_date, least(home.end_date, mate.end_date) AS to_date
        FROM mate JOIN dwelling AS home ON home.person_id = mate.mate
        WHERE is_adult AND home.start_date < mate.end_date AND mate.start_date < home.end_date
    ), parent AS (
        SELECT person_id, start_date, mate
        FROM meanwhile LEFT JOIN shared USING (person_id, start_date, mate)
        GROUP BY person_id, start_date, mate
        QUALIFY row_number() OVER (PARTITION BY person_id, start_date
                                   ORDER BY coalesce(any_value(days), 0) DESC, sum(to_date - from_date) DESC, mate) = 1
    )
    SELECT person_id, household, property, from_date, to_date, TRUE
    FROM meanwhile SEMI JOIN parent USING (person_id, start_date, mate)
    UNION ALL
    SELECT person_id, household, property, start_date, end_date, TRUE
    FROM own_home ANTI JOIN parent USING (person_id, start_date)
"""
