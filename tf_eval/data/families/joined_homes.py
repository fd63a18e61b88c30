"""Homes in which several households may have been taken for one: far fewer people than a crowd, and still too many."""

import duckdb

from tf_eval.data.families.spans import MONTH

MOST_ADULTS = 4
SETTLED = 7  # years from coming of age: until 25 most who live with others are their grown children
_RULE = "many households in one home"
MANY_ADULTS = (
    _RULE,
    f"more than {MOST_ADULTS} adults who did not grow up here live here at once with children: they are taken for one "
    "family; ask whether the UPRN is that of a whole house, and whether earlier tenancies were closed",
)
NOT_LEFT = (
    _RULE,
    "a whole household with a child moves in and nobody has left: they are taken for one family; was the earlier "
    "tenancy closed?",
)


def write_joined_homes(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``many_adults`` and ``not_left``.

    ``many_adults`` (household, property, start_date, end_date) holds the times in which more than ``MOST_ADULTS``
    adults of 25 or more, who did not grow up there, live in a household with a child; ``not_left`` (person_id,
    household, property, day) who moves in with an adult and a child on one day to others, none of whom moves out
    within a month. Those who have lived with the others before, there or elsewhere, only come back or follow; a birth
    is no move.
    """
    connection.execute(_MANY_ADULTS)
    connection.execute(_NOT_LEFT)


_MANY_ADULTS = f"""
    CREATE OR REPLACE TEMP TABLE many_adults AS
    WITH aged AS (
        SELECT household, property, start_date, end_date, coalesce(adult_on, start_date) AS adult_on,
            greatest(start_date, coalesce(adult_on + INTERVAL {SETTLED} YEAR, start_date)::DATE) AS settled
        FROM dwelling LEFT JOIN coming_of_age USING (person_id) WHERE NOT is_away
    ), adult AS (
        SELECT * FROM aged WHERE start_date >= adult_on AND settled < end_date
    ), child AS (
        SELECT household, property, start_date, least(end_date, adult_on) AS end_date FROM aged
        WHERE start_date < adult_on
    ), changing AS (
        SELECT household, property, settled AS day, 1 AS adults, 0 AS children FROM adult
        UNION ALL SELECT household, property, end_date, -1, 0 FROM adult
        UNION ALL SELECT household, property, start_date, 0, 1 FROM child
        UNION ALL SELECT household, property, end_date, 0, -1 FROM child
    ), present AS (
        SELECT household, property, day AS start_date, lead(day) OVER later AS end_date,
            sum(sum(adults)) OVER later AS adults, sum(sum(children)) OVER later AS children
        FROM changing GROUP BY household, property, day
        WINDOW later AS (PARTITION BY household ORDER BY day)
    )
    SELECT household, property, start_date, end_date FROM present WHERE adults > {MOST_ADULTS} AND children > 0
"""

_NOT_LEFT = f"""
    CREATE OR REPLACE TEMP TABLE not_left AS
    WITH came AS (
        SELECT person_id, household, property, min(start_date) AS day,
            coalesce(any_value(adult_on), min(start_date)) AS adult_on
        FROM dwelling LEFT JOIN coming_of_age USING (person_id) WHERE NOT is_away
        GROUP BY person_id, household, property
    ), arrival AS (
        SELECT came.* FROM came JOIN person USING (person_id)
        WHERE birth_date IS NULL OR birth_date < day - {MONTH}
        WINDOW together AS (PARTITION BY household, day)
        QUALIFY bool_or(adult_on <= day) OVER together AND bool_or(adult_on > day) OVER together
    ), moving_in AS (
        SELECT DISTINCT household, day FROM arrival
    ), resident AS (
        SELECT household, day, person_id, home.end_date
        FROM moving_in JOIN dwelling AS home USING (household)
        WHERE NOT is_away AND home.start_date < day - {MONTH} AND home.end_date > day - {MONTH}
    ), full_home AS (
        SELECT household, day FROM resident GROUP BY ALL HAVING min(end_date) > day + {MONTH}
    ), acquainted AS (
        SELECT DISTINCT arrival.household, arrival.day
        FROM arrival JOIN resident USING (household, day)
        JOIN dwelling AS one ON one.person_id = arrival.person_id AND one.start_date < day
        JOIN dwelling AS other ON other.person_id = resident.person_id AND other.household = one.household
    )
    SELECT person_id, household, property, day FROM arrival SEMI JOIN full_home USING (household, day)
    ANTI JOIN acquainted USING (household, day)
"""

NOT_LEFT_CLAIM = """
    SELECT DISTINCT claim.entry, claim.row_number, claim.uprn
    FROM residence_claim AS claim JOIN not_left USING (person_id, property)
    WHERE claim.start_date <= day AND day < claim.end_date
"""
MANY_ADULTS_CLAIM = f"""
    SELECT DISTINCT claim.entry, claim.row_number, claim.uprn
    FROM residence_claim AS claim JOIN many_adults AS many USING (property)
    SEMI JOIN dwelling ON dwelling.person_id = claim.person_id AND dwelling.household = many.household
    ANTI JOIN ({NOT_LEFT_CLAIM}) AS told ON told.entry = claim.entry AND told.row_number = claim.row_number
    WHERE claim.start_date < many.end_date AND many.start_date < claim.end_date
"""
