"""Homes in which several households may have been taken for one: far fewer people than a crowd, and still too many."""

import duckdb

from tf_eval.data.families.spans import MONTH

MOST_ADULTS = 4
SETTLED = 7  # years from coming of age: until 25 most who live with others are their grown children
_RULE = "many households in one home"
_APART = "those who came together, or lived together elsewhere, are taken for families of their own"
_AS_ONE = "they cannot be told apart and are taken for one family"
_MANY = f"more than {MOST_ADULTS} adults who did not grow up here live here at once with children: "
_ASK_UPRN = "; ask whether the UPRN is that of a whole house, and whether earlier tenancies were closed"
_NONE_LEFT = "a whole household with a child moves in and nobody has left: "
_ASK_TENANCY = "; was the earlier tenancy closed?"


def joined_home_notes() -> list[tuple[str, tuple[str, str]]]:
    """Return queries of claims (entry, row_number, uprn), each with the rule and the advice of its note."""
    return [
        (f"SELECT * FROM ({claims}) WHERE is_told_apart = {is_apart}", (_RULE, found + done + ask))
        for claims, found, ask in ((_NOT_LEFT_CLAIM, _NONE_LEFT, _ASK_TENANCY), (_MANY_ADULTS_CLAIM, _MANY, _ASK_UPRN))
        for is_apart, done in ((True, _APART), (False, _AS_ONE))
    ]


def write_joined_homes(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``many_adults`` and ``not_left``.

    ``many_adults`` (home, property, start_date, end_date) holds the times in which more than ``MOST_ADULTS`` adults of
    25 or more, who did not grow up there, live in a home with a child; ``not_left`` (person_id, home, property, day)
    who moves in with an adult and a child on one day to others, none of whom moves out within a month. Those who have
    lived with the others before, there or elsewhere, only come back or follow; a birth is no move.
    """
    connection.execute(_MANY_ADULTS)
    connection.execute(_NOT_LEFT)


_MANY_ADULTS = f"""
    CREATE OR REPLACE TEMP TABLE many_adults AS
    WITH aged AS (
        SELECT home, property, start_date, end_date, coalesce(adult_on, start_date) AS adult_on,
            greatest(start_date, coalesce(adult_on + INTERVAL {SETTLED} YEAR, start_date)::DATE) AS settled
        FROM occupancy LEFT JOIN coming_of_age USING (person_id) WHERE NOT is_crowd
    ), adult AS (
        SELECT * FROM aged WHERE start_date >= adult_on AND settled < end_date
    ), child AS (
        SELECT home, property, start_date, least(end_date, adult_on) AS end_date FROM aged
        WHERE start_date < adult_on
    ), changing AS (
        SELECT home, property, settled AS day, 1 AS adults, 0 AS children FROM adult
        UNION ALL SELECT home, property, end_date, -1, 0 FROM adult
        UNION ALL SELECT home, property, start_date, 0, 1 FROM child
        UNION ALL SELECT home, property, end_date, 0, -1 FROM child
    ), present AS (
        SELECT home, property, day AS start_date, lead(day) OVER later AS end_date,
            sum(sum(adults)) OVER later AS adults, sum(sum(children)) OVER later AS children
        FROM changing GROUP BY home, property, day
        WINDOW later AS (PARTITION BY home ORDER BY day)
    )
    SELECT home, property, start_date, end_date FROM present WHERE adults > {MOST_ADULTS} AND children > 0
"""

_NOT_LEFT = f"""
    CREATE OR REPLACE TEMP TABLE not_left AS
    WITH came AS (
        SELECT person_id, home, property, min(start_date) AS day,
            coalesce(any_value(adult_on), min(start_date)) AS adult_on
        FROM occupancy LEFT JOIN coming_of_age USING (person_id) WHERE NOT is_crowd
        GROUP BY person_id, home, property
    ), arrival AS (
        SELECT came.* FROM came JOIN person USING (person_id)
        WHERE birth_date IS NULL OR birth_date < day - {MONTH}
        WINDOW together AS (PARTITION BY home, day)
        QUALIFY bool_or(adult_on <= day) OVER together AND bool_or(adult_on > day) OVER together
    ), moving_in AS (
        SELECT DISTINCT home, day FROM arrival
    ), resident AS (
        SELECT home, day, person_id, own.end_date
        FROM moving_in JOIN occupancy AS own USING (home)
        WHERE own.start_date < day - {MONTH} AND own.end_date > day - {MONTH}
    ), full_home AS (
        SELECT home, day FROM resident GROUP BY ALL HAVING min(end_date) > day + {MONTH}
    ), acquainted AS (
        SELECT DISTINCT arrival.home, arrival.day
        FROM arrival JOIN resident USING (home, day)
        JOIN occupancy AS one ON one.person_id = arrival.person_id AND one.start_date < day
        JOIN occupancy AS other ON other.person_id = resident.person_id AND other.home = one.home
        WHERE NOT one.is_crowd
    )
    SELECT person_id, home, property, day FROM arrival SEMI JOIN full_home USING (home, day)
    ANTI JOIN acquainted USING (home, day)
"""

_NOT_LEFT_CLAIM = """
    SELECT DISTINCT claim.entry, claim.row_number, claim.uprn, home IN (SELECT home FROM told_apart) AS is_told_apart
    FROM residence_claim AS claim JOIN not_left USING (person_id, property)
    WHERE claim.start_date <= day AND day < claim.end_date
"""
_MANY_ADULTS_CLAIM = f"""
    SELECT DISTINCT claim.entry, claim.row_number, claim.uprn,
        many.home IN (SELECT home FROM told_apart) AS is_told_apart
    FROM residence_claim AS claim JOIN many_adults AS many USING (property)
    SEMI JOIN occupancy ON occupancy.person_id = claim.person_id AND occupancy.home = many.home
    ANTI JOIN ({_NOT_LEFT_CLAIM}) AS told ON told.entry = claim.entry AND told.row_number = claim.row_number
    WHERE claim.start_date < many.end_date AND many.start_date < claim.end_date
"""
