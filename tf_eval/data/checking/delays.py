"""Rows that came far later than the agency's rows of that kind do: what they are about may be missing elsewhere."""

from dataclasses import dataclass

from tf_eval.data.sql import literal


@dataclass(frozen=True)
class _Custom:
    """What is usual, and from when on a row is late.

    ``share`` of at least ``fewest`` rows of a group (SQL) came within ``days``; a row is late ``beyond`` so many (SQL).
    """

    groups: str
    share: float
    fewest: int
    beyond: str
    rule: str
    advice: str


_ARRIVAL = _Custom(
    groups="(agency, kind, days)",
    share=0.9,
    fewest=50,
    beyond="greatest(2 * days, days + 60)",
    rule="late arrival",
    advice="recorded far later than the agency's other rows of this kind; recent months may still lack such rows",
)
# Support begins within weeks of its offer or, as a rule, not at all. An intervention has few starts, and claims are
# typed together: nine in ten would take a tenth of late ones for the custom, three in four stand up to a quarter.
_START = _Custom(
    groups="(agency, kind, days), (agency, days)",
    share=0.75,
    fewest=20,
    beyond="days + 45",
    rule="start typed late",
    advice="started far longer after the offer than others of this intervention; ask for the day on which support "
    "began",
)
# For each table: who records what, the day it is about, the day to compare with it, and what else has to be read.
_EVENT = ("event", "kind", "date", "recorded_on", "", _ARRIVAL)
_SPELL = ("spell", "kind", "spell.start_date", "recorded_on", "", _ARRIVAL)
_TERMS = "JOIN loaded_term AS term USING (academic_year, term)"
_ATTENDANCE = ("attendance", "'attendance'", "term.end_date", "recorded_on", _TERMS, _ARRIVAL)
_SUPPORT = ("support", "intervention", "offered", "started", "", _START)


def late_rows() -> dict[str, str]:
    """Return for each table the query for its late rows.

    A row is late where it took more than twice as long as nine in ten of the same agency, table and kind, and more
    than 60 days longer; fewer than 50 rows show no custom. A start is late where it came more than 45 days later after
    its offer than three in four of the same intervention; here 20 rows show the custom, and where an intervention has
    fewer, all support of its agency does.
    """
    return {table: _late(table, *rest) for table, *rest in (_EVENT, _SPELL, _ATTENDANCE, _SUPPORT)}


def _late(table: str, kind: str, about: str, came: str, join: str, custom: _Custom) -> str:
    delayed = f"""
        SELECT {table}.entry, {table}.row_number, {table}.agency, {kind} AS kind, {came} - {about} AS days
        FROM loaded_{table} AS {table} {join} WHERE {came} - {about} IS NOT NULL
    """
    # Counted by days first: a county's millions of delays take a few hundred values.
    return f"""
        WITH counted AS (
            SELECT agency, kind, days, count(*) AS rows FROM ({delayed}) GROUP BY GROUPING SETS ({custom.groups})
        ), ranked AS (
            SELECT *, sum(rows) OVER (PARTITION BY agency, kind ORDER BY days) AS up_to,
                sum(rows) OVER (PARTITION BY agency, kind) AS total
            FROM counted
        ), usual AS (
            SELECT agency, kind, min({custom.beyond}) AS latest FROM ranked
            WHERE total >= {custom.fewest} AND up_to >= {custom.share} * total GROUP BY agency, kind
        )
        SELECT entry, row_number, '{came}' AS column_name, {literal(custom.rule)} AS rule, NULL AS shape,
            {literal(custom.advice)} AS advice
        FROM ({delayed}) AS delayed
        LEFT JOIN usual AS own USING (agency, kind)
        LEFT JOIN usual AS every ON every.agency = delayed.agency AND every.kind IS NULL
        WHERE delayed.days > coalesce(own.latest, every.latest)
    """
