"""A town of people for tiny tables: who lives where, and which families are made of them."""

from datetime import date

import duckdb

from tf_eval.data.contract import TABLES
from tf_eval.data.families import build_families, note_addresses
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.problems import create_problem_table

START, END = date(2009, 4, 1), date(2015, 4, 1)
MUM, DAD, ANN, BEN, CAT, DAN, GRAN = range(1, 8)  # people by their numbers; 10 and up: another family's
EVE, FAY, GUS = 10, 11, 12
ADULTS = {MUM: date(1975, 1, 1), DAD: date(1974, 1, 1), GRAN: date(1950, 1, 1), EVE: date(1976, 1, 1)}
CHILDREN = {ANN: date(2003, 5, 5), BEN: date(2004, 6, 6), CAT: date(2005, 7, 7), DAN: date(2006, 8, 8)}
BORN = ADULTS | CHILDREN | {FAY: date(2002, 2, 2), GUS: date(2004, 4, 4)}
DISTRICTS = {"A": "Oxford", "B": "Cherwell", "C": "Oxford", "F": "Cherwell"}
SQL_TYPES = {"text": "VARCHAR", "date": "DATE", "integer": "INTEGER", "number": "DOUBLE", "boolean": "BOOLEAN"}


class Town:
    """People, and what one agency says of where they live."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        connection.execute(COUNTY_DDL)
        create_problem_table(connection)
        connection.execute("CREATE TEMP TABLE entry AS SELECT 0 AS entry, 'housing' AS agency, 'homes.csv' AS file")
        connection.execute("CREATE TEMP TABLE person (person_id BIGINT, birth_date DATE, sex VARCHAR)")
        connection.execute("CREATE TEMP TABLE person_link (agency VARCHAR, local_id VARCHAR, person_id BIGINT)")
        for name in ("residence", "spell"):
            columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in TABLES[name].columns)
            connection.execute(f"CREATE TEMP TABLE loaded_{name} (entry INTEGER, row_number BIGINT, {columns})")
        self._rows = 1
        self._known: set[int] = set()

    def know(self, person: int, birth: date | None) -> None:
        self._known.add(person)
        self.connection.execute("INSERT INTO person VALUES (?, ?, 'female')", (person, birth))
        self.connection.execute("INSERT INTO person_link VALUES ('housing', ?, ?)", (str(person), person))

    def live(
        self,
        people: int | tuple[int, ...],
        uprn: str,
        start: str,
        end: str | None = None,
        *,
        postcode: str | None = None,
    ) -> None:
        """Say that people live somewhere on each day in [start, end)."""
        for person in (people,) if isinstance(people, int) else people:
            if person not in self._known:
                self.know(person, BORN[person])
            self._rows += 1
            place = (uprn, postcode, DISTRICTS.get(uprn), None, start, end)
            self.connection.execute(
                "INSERT INTO loaded_residence VALUES (0, ?, 'housing', ?, ?, ?, ?, ?, ?, ?)",
                (self._rows, str(person), *place),
            )

    def look_after(self, child: int, start: str, end: str | None = None) -> None:
        self.connection.execute(
            "INSERT INTO loaded_spell VALUES (0, 1, 'housing', ?, 'looked_after', ?, ?, NULL, NULL)",
            (str(child), start, end),
        )

    def settle(self) -> dict[int, dict[int, list[tuple[str, str | None]]]]:
        """Return the families: by family and person, the times of membership."""
        build_families(self.connection, start=START, end=END)
        found: dict[int, dict[int, list[tuple[str, str | None]]]] = {}
        for family, person, start, end in self.connection.execute(
            "SELECT family_id, person_id, start_date::VARCHAR, end_date::VARCHAR FROM family_member ORDER BY ALL"
        ).fetchall():
            found.setdefault(family, {}).setdefault(person, []).append((start, end))
        assert self.connection.execute("SELECT family_id FROM family").fetchall() == [(family,) for family in found]
        return found

    def families(self) -> list[set[int]]:
        """Return who is ever in each family, in the order of the families' numbers."""
        return [set(members) for members in self.settle().values()]

    def homes(self) -> list[tuple]:
        return self.connection.execute(
            "SELECT family_id, district, start_date::VARCHAR, end_date::VARCHAR FROM family_home"
        ).fetchall()

    def family_on(self, person: int, day: str) -> int | None:
        found = self.connection.execute(
            "SELECT family_id FROM family_span WHERE person_id = ? AND start_date <= ? AND ? < end_date",
            (person, day, day),
        ).fetchall()
        assert len(found) <= 1
        return found[0][0] if found else None

    def changes(self) -> dict[str, int]:
        rows = self.connection.execute("SELECT change, families FROM family_change").fetchall()
        return {change: families for change, families in rows if families}

    def problems(self) -> list[tuple]:
        """Return what is noted of addresses: rule, severity, column, shape and how many rows."""
        note_addresses(self.connection)
        return self.connection.execute(
            "SELECT rule, severity, column_name, shape, count(*) FROM problem GROUP BY ALL ORDER BY ALL"
        ).fetchall()


def always(*people: int, since: str = "2009-04-01") -> dict[int, list[tuple[str, str | None]]]:
    return {person: [(since, None)] for person in people}
