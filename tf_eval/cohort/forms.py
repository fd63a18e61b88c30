"""The closed set of SQL forms under cohorts. They read alike to DuckDB and to Spark, so nothing else may be used.

Every form is text in, text out. Month and age arithmetic stands here and nowhere else: engines agree on adding an
interval of months to a date (the day is clamped to the month's last) but not on differences between dates.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

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


def first_of_month(number: str) -> str:
    """Return the first day of a month given by its number, see ``month_number``."""
    year = f"FLOOR(({number}) / 12.0)"
    return f"MAKE_DATE(CAST({year} AS INTEGER), CAST(({number}) - 12 * {year} AS INTEGER) + 1, 1)"


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


def clamp(spans: str, horizon: Span, columns: str) -> str:
    """Return the parts of ``spans`` (start_date, end_date and ``columns``) that lie in the horizon [from, until)."""
    start, end = day(horizon[0]), day(horizon[1])
    return f"""SELECT {columns}, {later("start_date", start)} AS start_date, {earlier("end_date", end)} AS end_date
FROM (
{spans}
) AS whole
WHERE start_date < end_date AND start_date < {end} AND end_date > {start}"""


def reached(spans: str, at_least: int, keys: Sequence[str]) -> str:
    """Return, for each key, the disjoint spans in which at least so many of its ``spans`` hold at a time.

    With starts and ends each put in order, as many as ``at_least`` hold from the i-th start until the end that is
    ``at_least - 1`` places before the i-th: only then has one more ended than may. Both rows of dates ascend, so that
    spans which touch are joined by a look at the neighbours. Of equal spans, which stand in any order, one opens and
    one closes an island: there the one that opens comes first.

    Args:
        spans: a statement with the keys, start_date and end_date.
        at_least: how many.
        keys: the columns by which is counted.
    """
    key, of = ", ".join(keys), f"PARTITION BY {', '.join(keys)} ORDER BY"
    same = " AND ".join(f"ends.{name} = starts.{name}" for name in keys)
    both = f"{of} start_date, end_date"
    return f"""WITH spans AS (
{spans}
), starts AS (
SELECT {key}, start_date, ROW_NUMBER() OVER ({of} start_date) AS place FROM spans
), ends AS (
SELECT {key}, end_date, ROW_NUMBER() OVER ({of} end_date) + {at_least - 1} AS place FROM spans
), enough AS (
SELECT {", ".join(f"starts.{name}" for name in keys)}, starts.start_date, ends.end_date
FROM starts JOIN ends ON {same} AND ends.place = starts.place WHERE starts.start_date < ends.end_date
), neighbours AS (
SELECT {key}, start_date, end_date,
       LAG(end_date) OVER ({both}) AS end_before, LEAD(start_date) OVER ({both}) AS start_after
FROM enough
), borders AS (
SELECT {key}, start_date, end_date,
       CASE WHEN end_before IS NULL OR end_before < start_date THEN 1 ELSE 0 END AS opens,
       CASE WHEN start_after IS NULL OR start_after > end_date THEN 1 ELSE 0 END AS closes
FROM neighbours
), islands AS (
SELECT {key}, start_date, opens,
       CASE WHEN closes = 1 THEN end_date ELSE LEAD(end_date) OVER ({both}, closes) END AS end_date
FROM borders WHERE opens = 1 OR closes = 1
)
SELECT {key}, start_date, end_date FROM islands WHERE opens = 1"""


def _edges(spans: str, columns: str) -> str:
    """Return the start and the end of each span as a row of its own, with ``sign`` 1 or -1.

    The spans are read once: of a statement that is named twice, Spark does all the work twice.
    """
    return f"""SELECT {columns}, edge.sign, CASE WHEN edge.sign = 1 THEN start_date ELSE end_date END AS date
FROM (
{spans}
) AS span
CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1 AS sign) AS edge"""


def is_share(part: str, whole: str, share: Fraction) -> str:
    """Return the condition that a part is at least a share of the whole, in whole numbers."""
    return f"{share.denominator} * {part} >= {share.numerator} * {whole}"


def reached_share(spans: str, share: Fraction, keys: Sequence[str]) -> str:
    """Return, for each key, the disjoint spans in which its ``missed`` over its ``possible`` is at least the share.

    Args:
        spans: a statement with the keys, start_date, end_date, missed and possible.
        share: the share.
        keys: the columns by which is added up.
    """
    key, each = ", ".join(keys), f"PARTITION BY {', '.join(keys)} ORDER BY date"
    reaches = f"possible > 0 AND {is_share('missed', 'possible', share)}"
    return f"""WITH edges AS (
{_edges(spans, f"{key}, missed, possible")}
), steps AS (
SELECT {key}, date, SUM(sign * missed) AS missed, SUM(sign * possible) AS possible FROM edges GROUP BY {key}, date
), levels AS (
SELECT {key}, date, SUM(missed) OVER ({each} ROWS UNBOUNDED PRECEDING) AS missed,
       SUM(possible) OVER ({each} ROWS UNBOUNDED PRECEDING) AS possible
FROM steps
), states AS (
SELECT {key}, date, CASE WHEN {reaches} THEN 1 ELSE 0 END AS state FROM levels
), changes AS (
SELECT {key}, date, state, LAG(state, 1, 0) OVER ({each}) AS state_before FROM states
), kept AS (
SELECT {key}, date AS start_date, LEAD(date) OVER ({each}) AS end_date, state
FROM changes WHERE state <> state_before
)
SELECT {key}, start_date, end_date FROM kept WHERE state = 1"""


def sweep(spans: str, at_least: int) -> str:
    """Return the disjoint spans in which at least so many of ``spans`` are met, or may be.

    This is Kleene's logic of three values as a line swept over each family's days: a span that is met counts as met
    and as possible, one that cannot be told as possible only. Days in neither state are left out: they are not met.
    """
    each = "PARTITION BY family_id ORDER BY date"
    return f"""WITH edges AS (
{_edges(spans, "family_id, state")}
), steps AS (
SELECT family_id, date, SUM(CASE WHEN state = {MET} THEN sign ELSE 0 END) AS met, SUM(sign) AS possible
FROM edges GROUP BY family_id, date
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
