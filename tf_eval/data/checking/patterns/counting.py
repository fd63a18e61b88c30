"""Counting a county's rows by agency, table, kind, district and period: one pass of SQL over the loaded rows."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from tf_eval.data.checking.patterns.periods import Periods, school_terms, whole_months
from tf_eval.data.checking.patterns.series import Series

Cover = tuple[str, str, str | None, date, date]  # agency, table, kind, start, end


def count_rows(connection: duckdb.DuckDBPyConnection, *, start: date, end: date) -> list[Series]:
    """Return the rows of every agency, table and kind by district and period, in the order of their names.

    Args:
        connection: a connection with the tables ``loaded_*``, ``person_link``, ``person_home``, ``coverage`` and
            ``term``.
        start: the first day of the county's covered time.
        end: the day after its last day.

    Events and the starts of spells are counted by whole month, rows of attendance by term.
    """
    terms = read_terms(connection)
    months = whole_months(start, end, terms)
    people = connection.execute(_PEOPLE).df()
    rows = connection.execute(_ROWS).df()
    covers = connection.execute("SELECT agency, table_name, kind, start_date, end_date FROM coverage").fetchall()
    return list(_series(rows, covers, people, {"event": months, "spell": months, "attendance": terms}))


def read_terms(connection: duckdb.DuckDBPyConnection) -> Periods:
    """Return the county's school terms."""
    query = "SELECT academic_year, term, start_date, end_date FROM term ORDER BY start_date"
    return school_terms(connection.execute(query).fetchall())


def read_files(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], set[str]]:
    """Return the files that hold the rows of each agency, table and kind ('' where the table has none)."""
    files: dict[tuple[str, str, str], set[str]] = {}
    for *key, file in connection.execute(_FILES).fetchall():
        files.setdefault(tuple(key), set()).add(file)
    return files


def _series(
    rows: pd.DataFrame, covers: Sequence[Cover], people: pd.DataFrame, periods: dict[str, Periods]
) -> Iterator[Series]:
    for (agency, table, kind), counted in rows.groupby(["agency", "table_name", "kind"], sort=True):
        covered = periods[table].inside(_spans(covers, agency, table, kind))
        if covered.any():
            yield _one_series((agency, table, kind), counted, people, periods[table], covered)


def _spans(covers: Sequence[Cover], agency: str, table: str, kind: str) -> list[tuple[date, date]]:
    """Return the spans that an agency covers; a line without a kind is about all of its table's kinds."""
    return [
        (start, end)
        for of_agency, of_table, of_kind, start, end in covers
        if (of_agency, of_table) == (agency, table) and of_kind in (None, kind)
    ]


def _one_series(
    name: tuple[str, str, str], counted: pd.DataFrame, people: pd.DataFrame, periods: Periods, covered: np.ndarray
) -> Series:
    agency, table, kind = name
    districts = tuple(people.district)
    # The rows of people without a known district come last.
    district = pd.Index(districts).get_indexer(counted.district)
    period = periods.positions(counted.period.to_numpy().astype("datetime64[D]"))
    counts = np.zeros((len(districts) + 1, len(periods)))
    inside = period >= 0
    np.add.at(counts, (district[inside], period[inside]), counted.rows.to_numpy()[inside])
    counts = np.where(covered, counts, 0)
    return Series(
        agency=agency,
        table=table,
        kinds=(kind,) if kind else (),
        districts=districts,
        counts=counts[:-1],
        unplaced=counts[-1],
        covered=covered,
        known=np.broadcast_to(covered, (len(districts), len(periods))),
        population=(people.people / people.people.sum()).to_numpy(),
        periods=periods,
    )


# A person's district on a day is that of the home they came to last; homes of several agencies may overlap.
_HOME = """
    home AS (
        SELECT person_id, district, start_date,
            lead(start_date, 1, DATE '9999-12-31') OVER (PARTITION BY person_id ORDER BY start_date) AS next_date
        FROM (
            SELECT person_id, start_date, max(district) AS district FROM person_home
            WHERE district IS NOT NULL GROUP BY person_id, start_date
        )
    )
"""

_PEOPLE = """
    SELECT district, count(DISTINCT person_id) AS people FROM person_home
    WHERE district IS NOT NULL GROUP BY district ORDER BY district
"""

_ROWS = f"""
    WITH {_HOME}, recorded AS (
        SELECT agency, local_id, 'event' AS table_name, kind, date AS day, date_trunc('month', date) AS period
        FROM loaded_event
        UNION ALL
        SELECT agency, local_id, 'spell', kind, start_date, date_trunc('month', start_date) FROM loaded_spell
        UNION ALL
        SELECT agency, local_id, 'attendance', '', start_date, start_date
        FROM loaded_attendance JOIN term USING (academic_year, term)
    )
    SELECT agency, table_name, kind, district, period::DATE AS period, count(*) AS rows
    FROM recorded
    LEFT JOIN person_link USING (agency, local_id)
    LEFT JOIN home ON home.person_id = person_link.person_id AND home.start_date <= day AND day < home.next_date
    GROUP BY ALL ORDER BY ALL
"""

_FILES = """
    WITH held AS (
        SELECT DISTINCT entry, 'event' AS table_name, kind FROM loaded_event
        UNION ALL SELECT DISTINCT entry, 'spell', kind FROM loaded_spell
        UNION ALL SELECT DISTINCT entry, 'attendance', '' FROM loaded_attendance
    )
    SELECT agency, table_name, kind, file FROM held JOIN entry USING (entry) ORDER BY ALL
"""
