"""What the problem report tells of a county, read from its analysis store: counts alone, and nobody's values."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from tf_eval.data import County

COLUMNS = ("agency", "file", "table_name", "column_name", "rule", "severity", "shape", "place", "advice", "rows")


@dataclass(frozen=True, eq=False)
class Course:
    """The rows of one agency, table and kind over time.

    ``starts`` are the first days of the months or terms, ``covered`` says which of them the extracts cover, and
    ``districts`` holds the rows of each district.
    """

    agency: str
    table: str
    kind: str | None
    starts: tuple[date, ...]
    covered: np.ndarray
    districts: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class CountyFacts:
    """A county's sources, problems, how small a pattern is found, links, changes of families, and its rows' course."""

    name: str
    sources: pd.DataFrame
    problems: pd.DataFrame
    power: pd.DataFrame
    rates: pd.DataFrame
    changes: pd.DataFrame
    courses: tuple[Course, ...]


def read_facts(county: County) -> CountyFacts:
    """Return what the problem report of a county tells."""
    with county.connect() as connection:
        tables = {name: connection.execute(query).df() for name, query in _QUERIES.items()}
        return CountyFacts(name=county.name, courses=_courses(connection, county.months), **tables)


def _courses(connection: duckdb.DuckDBPyConnection, months: range) -> tuple[Course, ...]:
    """Return the course of every kind by whole month, and of attendance by term."""
    firsts = [date(month // 12, month % 12 + 1, 1) for month in [*months, months.stop]]
    terms = connection.execute("SELECT start_date, end_date + 1 FROM term ORDER BY start_date").fetchall()
    monthly = list(pairwise(firsts))
    covers = connection.execute("SELECT agency, table_name, kind, start_date, end_date FROM coverage").fetchall()
    counted = connection.execute(_ROWS).df()
    courses = []
    for (agency, table, kind), rows in counted.groupby(["agency", "table_name", "kind"], sort=True):
        periods = terms if table == "attendance" else monthly
        spans = [cover[3:] for cover in covers if cover[:2] == (agency, table) and cover[2] in (None, kind)]
        course = _course({"agency": agency, "table": table, "kind": kind or None}, rows, periods, spans)
        courses += [course] if course.covered.any() else []
    return tuple(courses)


def _course(
    name: dict[str, Any], rows: pd.DataFrame, periods: list[tuple[date, date]], spans: list[tuple[date, date]]
) -> Course:
    starts = pd.to_datetime([start for start, _ in periods])
    table = rows.pivot_table(index="district", columns="period", values="rows", aggfunc="sum", fill_value=0)
    table.columns = pd.to_datetime(table.columns)
    table = table.reindex(columns=starts, fill_value=0)
    covered = [any(first <= start and end <= last for first, last in spans) for start, end in periods]
    return Course(
        **name,
        starts=tuple(start for start, _ in periods),
        covered=np.array(covered, dtype=bool),
        districts={str(district): table.loc[district].to_numpy() for district in table.index},
    )


_QUERIES = {
    "sources": """
        SELECT agency, concat_ws(', sheet ', file, part) AS file, table_name, rows_in, rows_used, rows_quarantined,
            rows_left_out
        FROM source ORDER BY ALL
    """,
    "problems": f"""
        SELECT {", ".join(COLUMNS)} FROM finding
        ORDER BY agency, rows DESC, file, rule, column_name, place, advice
    """,
    "power": "SELECT * REPLACE (gap_periods::DOUBLE AS gap_periods) FROM pattern_power ORDER BY ALL",
    "rates": """
        SELECT linkage, agency, characteristic, coalesce(category, 'not known') AS category, records, linked
        FROM linkage_rate ORDER BY characteristic, agency, category, linkage
    """,
    "changes": "SELECT linkage, change, families FROM family_change ORDER BY ALL",
}

# A spell is cut where its person changes families: it started once.
_ROWS = """
    WITH recorded AS (
        SELECT agency, 'event' AS table_name, kind, family_id, date AS day, date_trunc('month', date) AS period
        FROM event
        UNION ALL
        SELECT agency, 'spell', kind, arg_min(family_id, start_date), min(start_date),
            date_trunc('month', min(start_date))
        FROM spell GROUP BY spell_id, agency, kind
        UNION ALL
        SELECT agency, 'attendance', '', family_id, start_date, start_date
        FROM attendance JOIN term USING (academic_year, term)
    )
    SELECT agency, table_name, kind, coalesce(district, 'No known district') AS district, period::DATE AS period,
        count(*) AS rows
    FROM recorded
    LEFT JOIN family_home AS home
        ON home.family_id = recorded.family_id AND home.start_date <= day
        AND day < coalesce(home.end_date, DATE '9999-12-31')
    GROUP BY ALL ORDER BY ALL
"""
