"""Stays: one home per person and day, out of whatever several agencies say."""

import duckdb

from tf_eval.data.families.spans import MONTH, merged, one_at_a_time, pieces


def write_stays(connection: duckdb.DuckDBPyConnection) -> None:
    """Write ``stay`` (person_id, property, start_date, end_date): where each person lived, at most one place a day.

    Who is said to live in two properties on one day lives where they were last said to move to, for it is the old
    address that nobody takes off a list. Who is back after a month or less was on a visit; a gap of a month or less
    between two homes belongs to the first of them.
    """
    connection.execute(_STAY)


# Two properties in which somebody moves on the same day are told apart by what is said of them and never by their
# names: how often, for how long, and who else lives there.
_STAY = f"""
    CREATE OR REPLACE TEMP TABLE stay AS
    WITH compared AS (
        SELECT person_id, coalesce(start_date < max(end_date) OVER (
            PARTITION BY person_id ORDER BY start_date, end_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), FALSE) AS is_torn
        FROM said_stay
    ), torn AS (
        SELECT DISTINCT person_id FROM compared WHERE is_torn
    ), claim AS (
        SELECT * FROM residence_claim SEMI JOIN torn USING (person_id)
    ), known_by AS (
        SELECT property, list((person_id, start_date, end_date, district) ORDER BY ALL) AS lives_here
        FROM residence_claim SEMI JOIN (SELECT property FROM claim) USING (property) GROUP BY property
    ), piece AS (
        {pieces("claim", "person_id")}
    ), chosen AS (
        SELECT person_id, piece.start_date, piece.end_date, property
        FROM piece JOIN claim USING (person_id) JOIN known_by USING (property)
        WHERE claim.start_date <= piece.start_date AND claim.end_date >= piece.end_date
        GROUP BY person_id, piece.start_date, piece.end_date, property
        QUALIFY row_number() OVER (
            PARTITION BY person_id, piece.start_date
            ORDER BY max(claim.start_date) DESC, count(*) DESC, max(claim.end_date) DESC, any_value(lives_here)
        ) = 1
    ), settled AS (
        SELECT person_id, property, start_date, end_date FROM chosen
        UNION ALL
        SELECT person_id, property, start_date, end_date FROM said_stay ANTI JOIN torn USING (person_id)
    ), lasting AS (
        {merged("settled", "person_id, property", MONTH)}
    ), in_turn AS (
        {one_at_a_time("lasting", "person_id", "property")}
    ), followed AS (
        SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date) AS next_start FROM in_turn
    ), bridged AS (
        SELECT person_id, property, start_date,
            CASE WHEN next_start - end_date <= {MONTH} THEN next_start ELSE end_date END AS end_date
        FROM followed
    )
    {merged("bridged", "person_id, property")}
"""
