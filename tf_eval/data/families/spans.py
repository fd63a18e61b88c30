"""Spans of days in SQL: [start_date, end_date), an open end being the last day there is."""

ALWAYS_BEGINS, NEVER_ENDS = "DATE '0001-01-01'", "DATE '9999-12-31'"
MONTH = 31


def merged(rows: str, by: str, gap: int = 0) -> str:
    """Return the SQL of the unbroken spans that rows make together.

    Args:
        rows: a table or a query in brackets with the columns of ``by``, start_date and end_date.
        by: the columns within which rows are merged, separated by commas.
        gap: how many days may lie between two rows of one span.
    """
    # Equal rows would have no order, and each window might put another of them first.
    ordered = f"PARTITION BY {by} ORDER BY start_date, end_date ROWS"
    return f"""
        SELECT {by}, min(start_date) AS start_date, max(end_date) AS end_date
        FROM (
            SELECT *, sum(is_new::INTEGER) OVER ({ordered} UNBOUNDED PRECEDING) AS run
            FROM (
                SELECT {by}, start_date, end_date, coalesce(start_date - {gap} > max(end_date) OVER (
                    {ordered} BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TRUE) AS is_new
                FROM (SELECT DISTINCT {by}, start_date, end_date FROM {rows})
            )
        )
        GROUP BY {by}, run
    """


def pieces(rows: str, by: str) -> str:
    """Return the SQL of the shortest spans between two days on which any row of one ``by`` starts or ends."""
    return f"""
        SELECT {by}, day AS start_date, lead(day) OVER (PARTITION BY {by} ORDER BY day) AS end_date
        FROM (SELECT {by}, start_date AS day FROM {rows} UNION SELECT {by}, end_date FROM {rows})
        QUALIFY end_date IS NOT NULL
    """


def one_at_a_time(rows: str, by: str, what: str) -> str:
    """Return the SQL of rows of which, within one ``by``, the one that starts first has the days that several claim.

    Args:
        rows: a table or a query in brackets with the columns of ``by``, ``what``, start_date and end_date.
        by: the columns within which there may be one row a day, separated by commas.
        what: the column that is then unique on each day.
    """
    return f"""
        SELECT {by}, {what}, first_free AS start_date, end_date
        FROM (
            SELECT *, greatest(start_date, max(end_date) OVER (
                PARTITION BY {by} ORDER BY start_date, end_date ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )) AS first_free
            FROM {rows}
        )
        WHERE first_free < end_date
    """
