"""One agency whose rows are loaded as dictionaries of text, for the tests of what is wrong with rows."""

from datetime import date

import duckdb
import pyarrow as pa

from tf_eval.data.checking.check import check, create_loaded_tables
from tf_eval.data.checking.records import check_loaded
from tf_eval.data.formats import CsvFormat
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import ROW_NUMBER, Extract
from tf_eval.data.source import Covers, Source

HORIZON = date(2015, 4, 1)
COVERS = (Covers(start=date(2009, 4, 1), end=HORIZON),)
LAYOUT = CsvFormat(type="csv", encoding="utf-8", delimiter=",")
PERSON = {
    "ID": "1",
    "FIRST": "Ann",
    "BORN": "02/05/1980",
    "NINO": "QQ123456A",
    "NHS": "9434765919",
    "UPN": "",
    "UPRN": "100120456",
}
NAMES = {
    "person_record": {
        "local_id": "ID",
        "forename": "FIRST",
        "surname": "LAST",
        "birth_date": "BORN",
        "nino": "NINO",
        "nhs_number": "NHS",
        "upn": "UPN",
        "uprn": "UPRN",
    },
    "residence": {"local_id": "ID", "uprn": "UPRN", "start_date": "FROM", "end_date": "TO"},
    "event": {"local_id": "ID", "kind": "KIND", "date": "DAY", "recorded_on": "TYPED"},
    "spell": {"local_id": "ID", "kind": "KIND", "start_date": "FROM", "end_date": "TO", "recorded_on": "TYPED"},
    "attendance": {
        "local_id": "ID",
        "academic_year": "YEAR",
        "term": "TERM",
        "possible": "POSSIBLE",
        "authorised": "AUTHORISED",
        "unauthorised": "UNAUTHORISED",
        "recorded_on": "TYPED",
    },
    "support": {
        "local_id": "ID",
        "intervention": "WHAT",
        "offered": "OFFERED",
        "started": "STARTED",
        "ended": "ENDED",
    },
    "term": {"academic_year": "YEAR", "term": "TERM", "start_date": "FROM", "end_date": "TO"},
}
EVENT = {"ID": "1", "KIND": "asb_incident", "DAY": "01/05/2012", "TYPED": "03/05/2012"}
HOME = {"ID": "1", "UPRN": "100120456", "FROM": "01/05/2010", "TO": ""}
SPELL_OF = {"ID": "1", "KIND": "custody", "FROM": "01/05/2012", "TO": ""}


class Agency:
    """One agency's tables, loaded row by row as dictionaries of text."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(COUNTY_DDL)
        create_loaded_tables(self.connection)
        self.entries: list[Source] = []

    def load(self, table: str, *rows: dict[str, str], **other: object) -> "Agency":
        names = list(rows[0])
        mapped = {name: shown for name, shown in NAMES[table].items() if shown in names}
        given = {
            "agency": "council",
            "file": f"{table}.csv",
            "table": table,
            "format": LAYOUT,
            "date_format": "%d/%m/%Y",
            "covers": COVERS,
            "columns": mapped,
        }
        source = Source(**(given | other))
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
        numbered = pa.table({ROW_NUMBER: pa.array(range(2, len(rows) + 2), pa.int64()), **columns})
        extract = Extract(tuple(names), numbered.to_reader(), [])
        check(self.connection, source, extract, entry=len(self.entries), horizon=HORIZON)
        self.entries.append(source)
        return self

    def persons(self, *rows: dict[str, str]) -> "Agency":
        numbered = ({"ID": str(number)} for number in range(1, len(rows) + 1))
        return self.load("person_record", *(PERSON | row | number for number, row in zip(numbered, rows, strict=True)))

    def told(self, severity: str = "set aside") -> list[tuple]:
        """Return row, column and rule of each problem: of rows set aside, of cells left empty, or of what is noted."""
        if severity == "noted":
            check_loaded(self.connection, self.entries, horizon=HORIZON)
        query = "SELECT row_number, column_name, rule FROM problem WHERE severity = ? ORDER BY ALL"
        return self.connection.execute(query, [severity]).fetchall()
