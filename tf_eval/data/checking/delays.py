"""Rows that came far later than the agency's rows of that kind do: what they are about may be missing elsewhere."""

from tf_eval.data.sql import literal

LEAST_ROWS = 50
USUAL_SHARE = 0.9
LATE_ARRIVAL = "greatest(2 * usual.days, usual.days + 60)"
TYPED_LATE = "usual.days + 45"  # support begins within weeks of its offer or, as a rule, not at all
_LATE_ARRIVAL = (
    "late arrival",
    "recorded far later than the agency's other rows of this kind; recent months may still lack such rows",
)
_TYPED_LATE = (
    "start typed late",
    "started far longer after the offer than others of this intervention; ask for the day on which support began",
)
# For each table: who records what, the day it is about, the day to compare with it, and what else has to be read.
_EVENT = ("event", "kind", "date", "recorded_on", "", _LATE_ARRIVAL)
_SPELL = ("spell", "kind", "spell.start_date", "recorded_on", "", _LATE_ARRIVAL)
_TERMS = "JOIN loaded_term AS term USING (academic_year, term)"
_ATTENDANCE = ("attendance", "'attendance'", "term.end_date", "recorded_on", _TERMS, _LATE_ARRIVAL)
_SUPPORT = ("support", "intervention", "offered", "started", "", _TYPED_LATE, TYPED_LATE)


def late_rows() -> dict[str, str]:
    """Return for each table the query for its late rows.

    A row is late where it took more than twice as long as nine in ten of the same agency, table and kind, and more
    than 60 days longer; a start, where it came more than 45 days later after its offer than nine in ten of the same
    intervention. Fewer than 50 rows show no custom.
    """
    return {table: _late(table, *rest) for table, *rest in (_EVENT, _SPELL, _ATTENDANCE, _SUPPORT)}


def _late(
    table: str, kind: str, about: str, came: str, join: str, told: tuple[str, str], bound: str = LATE_ARRIVAL
) -> str:
    rule, advice = told
    delayed = f"""
        SELECT {table}.entry, {table}.row_number, {table}.agency, {kind} AS kind, {came} - {about} AS days
        FROM loaded_{table} AS {table} {join} WHERE {came} - {about} IS NOT NULL
    """
    # Counted by days first: a county's millions of delays take a few hundred values.
    return f"""
        WITH counted AS (
            SELECT agency, kind, days, count(*) AS rows FROM ({delayed}) GROUP BY ALL
        ), ranked AS (
            SELECT *, sum(rows) OVER (PARTITION BY agency, kind ORDER BY days) AS up_to,
                sum(rows) OVER (PARTITION BY agency, kind) AS total
            FROM counted
        ), usual AS (
            SELECT agency, kind, min(days) AS days FROM ranked
            WHERE total >= {LEAST_ROWS} AND up_to >= {USUAL_SHARE} * total GROUP BY agency, kind
        )
        SELECT entry, row_number, '{came}' AS column_name, {literal(rule)} AS rule, NULL AS shape,
            {literal(advice)} AS advice
        FROM ({delayed}) AS delayed JOIN usual USING (agency, kind)
        WHERE delayed.days > {bound}
    """
