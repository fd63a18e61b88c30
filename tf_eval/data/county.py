"""A county: the checked and linked records of all agencies, in one folder."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from tf_eval import project
from tf_eval.data.agreements import Agreement, require_agreed
from tf_eval.data.layout import LAYOUT, LINKAGES
from tf_eval.errors import InputError, unknown

FILE_NAME = "county.duckdb"
COHORTS_FOLDER = "cohorts"
SPILL_FOLDER = f"{FILE_NAME}.tmp"  # where DuckDB puts what does not fit into memory
ROUNDED_TO = 5


@dataclass(frozen=True, eq=False, repr=False)
class County:
    """The checked, linked records of one county; read-only.

    ``name`` is the county's; ``path`` its database; ``stamp`` says what it was made from; ``sources_file`` is the path
    of the sources file that it was made by (a relative one: from the project's folder); ``months`` are the whole months
    that its extracts cover, as month numbers (``year * 12 + month - 1``). ``linkage`` says how sure it had to be that
    records of two agencies are of one person: ``strict``, ``standard`` or ``loose``. ``memory_limit`` is the most that
    the engine may hold in memory, such as ``500MB``; what goes beyond is put on the disk beside the county meanwhile.
    ``synthetic`` says that its people are made up, as its sources file does.
    """

    name: str
    path: Path
    stamp: str
    sources_file: str
    months: range
    linkage: str = LINKAGES[0]
    memory_limit: str | None = None
    synthetic: bool = False

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
        connection.execute(f"SET search_path = '{self.linkage},main'")
        if self.memory_limit:
            connection.execute(f"SET memory_limit = '{self.memory_limit}'")
        return connection

    def with_linkage(self, linkage: str) -> "County":
        """Return the county with its people linked another way: ``strict``, ``standard`` or ``loose``.

        Raises:
            InputError: there is no such way.
        """
        if linkage not in LINKAGES:
            raise InputError(f"county {self.name}: {unknown('linkage', linkage, LINKAGES)}")
        return replace(self, linkage=linkage)

    def has_people_of(self, other: "County") -> bool:
        """Whether the way of linking of this county comes to just the same people as that of the other."""
        with self.connect() as connection:
            same_people_as = dict(connection.execute("FROM linkage").fetchall())
        return same_people_as[self.linkage] == same_people_as[other.linkage]

    def sources(self) -> pd.DataFrame:
        """Return a row for each source: agency, file and sheet (``part``), table, rows in, used, quarantined, left out,
        and the file's SHA-256.
        """
        return self._query("SELECT * EXCLUDE (entry) FROM source ORDER BY agency, file, table_name, entry")

    def problems(self) -> pd.DataFrame:
        """Return how many rows break which rule, by agency, file, table, column and place, with what to do.

        ``severity`` says whether the rows were set aside, used with the cell left empty, or used and noted, or whether
        it is a pattern of many rows;
        ``shape`` how one such cell looks: letters and figures are replaced, so that it shows no value.
        """
        return self._query("""
            SELECT agency, file, table_name, column_name, rule, severity, place, advice, shape, rows
            FROM finding ORDER BY ALL
        """)

    def pattern_power(self) -> pd.DataFrame:
        """Return how small a pattern could have been found, by agency, table, kind and district.

        Without a kind a row is about all kinds of its table together, without a district about the whole county.
        ``usual_rows`` are those of a mean month or term; ``gap_periods`` says how many on end have to be missing to be
        found nearly wherever they lie; ``fall`` and ``rise`` say to how many times the usual rows recording has to go
        to be found. What is missing in these three could not have been seen at all, or is not looked for.
        """
        return self._query("FROM pattern_power ORDER BY ALL")

    def linkage_rates(self) -> pd.DataFrame:
        """Return how many records of each agency were linked to another agency's, by who the people are."""
        return self._query("FROM linkage_rate ORDER BY ALL")

    def family_changes(self) -> pd.DataFrame:
        """Return how many families moved, parted, were joined or could not be made, by way of linking."""
        return self._query("FROM family_change ORDER BY ALL")

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
            f"{' The people are made up.' if self.synthetic else ''}"
        )

    def _query(self, query: str) -> pd.DataFrame:
        with self.connect() as connection:
            return connection.execute(query).df()

    def __repr__(self) -> str:
        return f"County({self.name}, {_months_in_words(self.months)}, stamp {self.stamp[:12]})"


def open_county(
    folder: str | Path,
    *,
    purpose: str | None = "evaluation",
    linkage: str = LINKAGES[0],
    on: date | None = None,
    memory_limit: str | None = None,
) -> County:
    """Return the county in ``folder`` (relative to the project's folder); nothing is read but its stamp.

    Args:
        folder: the county's folder.
        purpose: what it is opened for, which every agreement behind it has to cover; None only to look after it.
        linkage: how its people are linked: ``strict``, ``standard`` or ``loose``.
        on: the day on which the agreements have to be in force; today by default.
        memory_limit: the most that the engine may hold in memory, such as ``500MB`` or ``2GB``; by default four fifths
            of the machine's.

    Raises:
        InputError: there is no county in the folder, it was made by a version of tf_eval with other tables, an
            agreement does not cover the purpose on that day, or the limit is no amount of memory.
    """
    if memory_limit is not None and not re.fullmatch(r"[1-9]\d*(\.\d+)?(MB|GB)", memory_limit):
        raise InputError("memory_limit: that is no amount of memory; write it as 500MB or 2GB")
    path = project.resolve(folder) / FILE_NAME
    stamp = _require_stamp(path, folder)
    with _connect(path) as connection:
        county = connection.execute("SELECT name, sources, synthetic, start_date, end_date FROM county").fetchone()
        agreements = _agreements(connection)
    if purpose is not None:
        require_agreed(agreements, on or date.today(), f"{folder}", purpose)
    name, sources_file, synthetic, start, end = county
    months = _whole_months(start, end)
    county = County(name, path, stamp, sources_file, months, memory_limit=memory_limit, synthetic=synthetic)
    return county.with_linkage(linkage)


def _require_stamp(path: Path, folder: str | Path) -> str:
    """Return the stamp of the county file at ``path``, or say how to make one."""
    name = path.parent.name
    if not path.is_file():
        raise InputError(f"{folder}: no county here. {_how_to_make(name)}")
    stamp = read_stamp(path)
    if stamp is None or stamp[1] != LAYOUT:
        raise InputError(f"{folder}: this county was made by another version of tf_eval. {_how_to_make(name)}")
    return stamp[0]


def _how_to_make(name: str) -> str:
    """Return the commands that make a county: a synthetic one, where there is one of that name, or one's own."""
    synthetic = Path(f"params/sources/synthetic_{name}.yaml")
    if project.resolve(synthetic).is_file():
        return f"Make it with\n  tf-eval synth {name} --if-missing\n  tf-eval check {synthetic.as_posix()}"
    return f"Make it with\n  tf-eval check params/sources/{name}.yaml\nor whatever its sources file is called."


def _agreements(connection: duckdb.DuckDBPyConnection) -> list[Agreement]:
    """Return the agreements that the county's extracts come under."""
    columns = ("reference", "gateway", "purposes", "signed", "expires", "delete_by")
    rows = connection.execute(f"SELECT DISTINCT {', '.join(columns)} FROM agreement ORDER BY reference").fetchall()
    described = (dict(zip(columns, row, strict=True)) for row in rows)
    return [Agreement(**{**facts, "purposes": tuple(facts["purposes"].split(","))}) for facts in described]


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
