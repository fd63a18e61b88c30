"""The closed set of SQL forms under cohorts. They read alike to DuckDB and to Spark, so nothing else may be used.

Every form is text in, text out. Month and age arithmetic stands here and nowhere else: engines agree on adding an
interval of months to a date (the day is clamped to the month's last) but not on differences between dates.
"""

from collections.abc import Iterable, Sequence
from datetime import date

FAR_PAST = date(1800, 1, 1)
FAR_FUTURE = date(2999, 12, 31)

NOT_MET, CANNOT_TELL, MET = 0, 1, 2

Span = tuple[date, date]


def day(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


def word_list(words: Iterable[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def plus_months(expression: str, months: int) -> str:
    return f"CAST({expression} + INTERVAL '{months}' MONTH AS DATE)"


def plus_days(expression: str, days: int) -> str:
    return f"CAST({expression} + INTERVAL '{days}' DAY AS DATE)"


def month_number(expression: str) -> str:
    """Return the month of a date as year * 12 + (month of the year - 1)."""
    return f"CAST(EXTRACT(YEAR FROM {expression}) * 12 + EXTRACT(MONTH FROM {expression}) - 1 AS INTEGER)"


def age_months(person: str, on: str) -> str:
    """Return a person's completed months of age on the first day of the month of a date, negative before birth.

    A county holds no birth dates but ages at its first month; someone comes of age for whole months at a time.
    """
    return f"({person}.age_months + {month_number(on)} - (SELECT {month_number('start_date')} FROM county))"


def earlier(one: str, other: str) -> str:
    return f"CASE WHEN {one} < {other} THEN {one} ELSE {other} END"


def later(one: str, other: str) -> str:
    return f"CASE WHEN {one} > {other} THEN {one} ELSE {other} END"


def or_far_future(expression: str) -> str:
    return f"COALESCE({expression}, {day(FAR_FUTURE)})"


def union(statements: Sequence[str]) -> str:
    return "\nUNION ALL\n".join(statements)


def clamp(spans: str, horizon: Span) -> str:
    """Return the parts of ``spans`` (family_id, start_date, end_date, state) that lie in the horizon [from, until)."""
    start, end = day(horizon[0]), day(horizon[1])
    return f"""SELECT family_id, state,
       {later("start_date", start)} AS start_date, {earlier("end_date", end)} AS end_date
FROM (
{spans}
) AS whole
WHERE start_date < end_date AND start_date < {end} AND end_date > {start}"""


def sweep(spans: str, at_least: int) -> str:
    """Return the disjoint spans in which at least so many of ``spans`` are met, or may be.

    This is Kleene's logic of three values as a line swept over each family's days: a span that is met counts as met
    and as possible, one that cannot be told as possible only. Days in neither state are left out: they are not met.
    """
    each = "PARTITION BY family_id ORDER BY date"
    return f"""WITH spans AS (
{spans}
), edges AS (
SELECT family_id, start_date AS date, CASE WHEN state = {MET} THEN 1 ELSE 0 END AS met, 1 AS possible FROM spans
UNION ALL
SELECT family_id, end_date AS date, CASE WHEN state = {MET} THEN -1 ELSE 0 END AS met, -1 AS possible FROM spans
), steps AS (
SELECT family_id, date, SUM(met) AS met, SUM(possible) AS possible FROM edges GROUP BY family_id, date
), levels AS (
SELECT family_id, date,
       SUM(met) OVER ({each} ROWS UNBOUNDED PRECEDING) AS met,
       SUM(possible) OVER ({each} ROWS UNBOUNDED PRECEDING) AS possible
FROM steps
), states AS (
SELECT family_id, date,
       CASE WHEN met >= {at_least} THEN {MET} WHEN possible >= {at_least} THEN {CANNOT_TELL} ELSE {NOT_MET} END AS state
FROM levels
), changes AS (
SELECT family_id, date, state, LAG(state, 1, {NOT_MET}) OVER ({each}) AS state_before FROM states
), kept AS (
SELECT family_id, date AS start_date, LEAD(date) OVER ({each}) AS end_date, state
FROM changes WHERE state <> state_before
)
SELECT family_id, start_date, end_date, state FROM kept WHERE state > {NOT_MET}"""
