"""A county: the checked and linked records of all agencies, in one folder."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from tf_eval import project
from tf_eval.data.layout import LAYOUT
from tf_eval.errors import InputError

FILE_NAME = "county.duckdb"
ROUNDED_TO = 5


@dataclass(frozen=True, eq=False, repr=False)
class County:
    """The checked, linked records of one county; read-only.

    ``name`` is the county's; ``path`` its database; ``stamp`` says what it was made from; ``months`` are the whole
    months that its extracts cover, as month numbers (``year * 12 + month - 1``).
    """

    name: str
    path: Path
    stamp: str
    months: range

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a new read-only connection; temporary tables may be made in it. Close it after use.

        Raises:
            InputError: the county was made anew since it was opened, so that its parts could disagree.
        """
        connection = _connect(self.path)
        found = connection.execute("SELECT stamp FROM county").fetchone()[0]
        if found != self.stamp:
            connection.close()
            raise InputError(f"county {self.name}: made anew meanwhile; close its connections and open it again.")
        return connection

    def sources(self) -> pd.DataFrame:
        """Return one row for each source: agency, file, table, its rows in, used and quarantined, and its SHA-256."""
        return self._query("SELECT * FROM source ORDER BY agency, file, table_name")

    def problems(self) -> pd.DataFrame:
        """Return how many rows break which rule, by agency, file, table and column, with what to do; no values."""
        return self._query("""
            SELECT agency, file, table_name, column_name, rule, advice, count(*) AS rows
            FROM problem GROUP BY ALL ORDER BY ALL
        """)

    def summary(self) -> str:
        """Return in one to three sentences what the county holds; counts are rounded to the nearest 5."""
        with self.connect() as connection:
            families, people = _count(connection, "family"), _count(connection, "person")
            files, quarantined, rows = connection.execute(
                "SELECT count(DISTINCT file), sum(rows_quarantined), sum(rows_in) FROM source"
            ).fetchone()
        return (
            f"{self.name.title()}, {_months_in_words(self.months)}: about {_rounded(families)} families with children "
            f"and {_rounded(people)} people, from {files} extracts. "
            f"About {_rounded(quarantined)} of {_rounded(rows)} rows could not be used and are set aside."
        )

    def _query(self, query: str) -> pd.DataFrame:
        with self.connect() as connection:
            return connection.execute(query).df()

    def __repr__(self) -> str:
        return f"County({self.name}, {_months_in_words(self.months)}, stamp {self.stamp[:12]})"


def open_county(folder: str | Path) -> County:
    """Return the county in ``folder`` (relative to the project's folder); nothing is read but its stamp.

    Raises:
        InputError: there is no county in the folder, or it was made by a version of tf_eval with other tables.
    """
    path = project.resolve(folder) / FILE_NAME
    name = path.parent.name
    if not path.is_file():
        raise InputError(
            f"{folder}: no county here. Make one with\n"
            f"  tf-eval synth {name}\n"
            f"  tf-eval check params/sources/synthetic_{name}.yaml"
        )
    stamp = read_stamp(path)
    if stamp is None or stamp[1] != LAYOUT:
        raise InputError(
            f"{folder}: this county was made by another version of tf_eval. Make it anew with 'tf-eval check' and its "
            f"sources file, such as params/sources/synthetic_{name}.yaml."
        )
    with _connect(path) as connection:
        county, start, end = connection.execute("SELECT name, start_date, end_date FROM county").fetchone()
    return County(county, path, stamp[0], _whole_months(start, end))


def read_stamp(path: Path) -> tuple[str, str] | None:
    """Return the stamp and the layout of the county file at ``path``; None where there is none that can be read."""
    if not path.is_file():
        return None
    try:
        with _connect(path) as connection:
            return connection.execute("SELECT stamp, layout FROM county").fetchone()
    except duckdb.Error:
        return None


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=True)


def _whole_months(start: date, end: date) -> range:
    """Return the numbers of the months that lie wholly in [start, end)."""
    before = start - timedelta(days=1)
    return range(before.year * 12 + before.month, end.year * 12 + end.month - 1)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def _rounded(count: int) -> str:
    return f"{ROUNDED_TO * round(count / ROUNDED_TO):,}"


def _months_in_words(months: range) -> str:
    if not months:
        return "no whole month"
    first, last = (date(month // 12, month % 12 + 1, 1).strftime("%B %Y") for month in (months[0], months[-1]))
    return f"{first} to {last}"
