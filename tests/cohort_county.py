"""Small counties written by hand: the tables that the cohort's room reads, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from tf_eval.data.layout import DDL

FIRST_DAY, LAST_DAY = date(2009, 4, 1), date(2015, 4, 1)
TERMS = [
    (year, place, date(year + (place > 1), *start), date(year + (place > 1), *end))
    for year in range(2009, 2015)
    for place, start, end in ((1, (9, 3), (12, 20)), (2, (1, 5), (3, 28)), (3, (4, 16), (7, 22)))
]
COLUMNS = {
    "county": "name, stamp, layout, start_date, end_date",
    "event": "event_id, agency, person_id, family_id, kind, date, recorded_on, age_months",
    "spell": "spell_id, agency, person_id, family_id, kind, start_date, end_date, recorded_on, detail",
    "attendance": "attendance_id, agency, person_id, family_id, academic_year, term, term_no, possible, authorised, "
    "unauthorised, recorded_on",
    "support": "support_id, agency, family_id, intervention, provider, district, offered, started, ended, consent",
}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def age_months(birth: date | None, on: date) -> int | None:
    """Return the completed months of age on a day, negative before birth."""
    if birth is None:
        return None
    return (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)


@dataclass
class SmallCounty:
    """Tables as lists of rows. Every connection is a new database with the same rows."""

    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    births: dict[int, date | None] = field(default_factory=dict)

    def connect(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        connection.execute(DDL)
        for name, rows in self.tables.items():
            columns = f" ({COLUMNS[name]})" if name in COLUMNS else ""
            for chunk in _chunks(rows):
                connection.execute(f"INSERT INTO {name}{columns} VALUES {', '.join(map(_literal, chunk))}")
        return connection

    def add(self, table: str, *row: Any) -> None:
        self.tables.setdefault(table, []).append(row)

    def number(self, table: str) -> int:
        """Return the next record number of a table."""
        return len(self.tables.get(table, [])) + 1

    def family(self, family_id: int, births: Iterable[str | None], district: str = "north") -> None:
        """Add a family whose members are numbered family_id * 10, + 1, ..., at home there all the time."""
        self.add("family", family_id)
        self.add("family_home", family_id, district, None, FIRST_DAY, None)
        for place, birth in enumerate(births):
            self.births[family_id * 10 + place] = day(birth)
            self.add("person", family_id * 10 + place, age_months(day(birth), FIRST_DAY))
            self.add("family_member", family_id, family_id * 10 + place, FIRST_DAY, None)

    def moves(self, person: int, on: str, family: int | None) -> None:
        """Let a person leave their family on a day, for another family or for none."""
        place = max(row for row, member in enumerate(self.tables["family_member"]) if member[1] == person)
        left, _, start, _ = self.tables["family_member"][place]
        self.tables["family_member"][place] = (left, person, start, day(on))
        if family is not None:
            self.add("family_member", family, person, day(on), None)

    def event(self, person: int, kind: str, on: str, recorded: str | None = None, agency: str = "agency") -> None:
        age = age_months(self.births[person], day(on))
        who = (agency, person, person // 10)
        self.add("event", self.number("event"), *who, kind, day(on), day(recorded), age)

    def spell(
        self,
        person: int,
        kind: str,
        start: str,
        end: str | None = None,
        detail: str | None = None,
        recorded: str | None = None,
    ) -> None:
        who = ("agency", person, person // 10)
        self.add("spell", self.number("spell"), *who, kind, day(start), day(end), day(recorded), detail)

    def attend(
        self,
        person: int,
        term_no: int,
        possible: int,
        unauthorised: int,
        recorded: str | None = None,
        *,
        authorised: int = 0,
    ) -> None:
        year, term, *_ = TERMS[term_no - 1]
        who, sessions = ("school", person, person // 10), (possible, authorised, unauthorised)
        term = (_year(year), term, term_no)
        self.add("attendance", self.number("attendance"), *who, *term, *sessions, day(recorded))

    def support(
        self,
        family: int,
        intervention: str,
        offered: str | None,
        started: str | None,
        *,
        ended: str | None = None,
        consent: bool | None = None,
        district: str | None = None,
        provider: str | None = "p",
    ) -> None:
        days = (day(offered), day(started), day(ended))
        self.add("support", self.number("support"), "team", family, intervention, provider, district, *days, consent)


def small_county(coverage: Sequence[tuple[Any, ...]] | None = None, until: date = LAST_DAY) -> SmallCounty:
    """Return a county without families: a school calendar to 2015, and coverage of everything from April 2009."""
    county = SmallCounty()
    county.add("county", "small", "stamp", "layout", FIRST_DAY, until)
    for number, (year, term, start, end) in enumerate(TERMS, start=1):
        county.add("term", number, _year(year), term, start, end)
    everything = [("agency", table, None, FIRST_DAY, until) for table in ("event", "spell", "attendance")]
    for row in everything if coverage is None else coverage:
        county.add("coverage", *row)
    return county


def _year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _chunks(rows: list[tuple[Any, ...]], size: int = 500) -> Iterable[list[tuple[Any, ...]]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _literal(row: tuple[Any, ...]) -> str:
    return "(" + ", ".join("NULL" if value is None else f"'{value}'" for value in row) + ")"
