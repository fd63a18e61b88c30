"""A small council of one agency: its extracts and its sources file, to be spoilt by a test."""

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import duckdb

from tf_eval.data import County, build_county
from tf_eval.data.linking_store import LinkingStore

CSV = "{type: csv, encoding: utf-8, delimiter: ','}"
PERSONS = """
    ID,FIRST,LAST,BORN,SEX,NHS
    1,Ann,Lee,01/02/1980,F,9434765919
    2,Bob,Lee,03/04/2005,M,9434765927
    3,Cat,Ray,05/06/1985,F,9434765935
"""
HOMES = """
    ID,UPRN,DISTRICT,FROM,TO
    1,10010000100,Cherwell,01/01/2009,
    2,10010000100,Cherwell,01/01/2009,
    3,10010000200,Cherwell,01/01/2009,
"""
EVENTS = """
    REF,ID,TYPE,DAY,RECORDED
    a,1,ASB,01/05/2010,03/05/2010
    b,2,CALL,02/05/2010,03/05/2010
    c,2,ASB,02/05/2010,03/05/2010
"""
BENEFITS = """
    ID,KIND,FROM,TO
    1,JSA,01/05/2010,01/06/2010
    1,ESA,01/07/2010,
    3,ESA,01/07/2010,
"""
ATTENDANCE = """
    ID,YEAR,TERM,POSSIBLE,AUTHORISED,UNAUTHORISED
    2,2009/10,Autumn,130,3,2
    2,2009/10,Spring,110,0,0
    2,2009/10,Summer,120,1,0
"""
TERMS = """
    academic_year,term,start_date,end_date
    2009/10,1,01/09/2009,18/12/2009
    2009/10,2,04/01/2010,01/04/2010
    2009/10,3,19/04/2010,21/07/2010
"""
AGREEMENTS = """
agreements:
  - reference: A1
    gateway: Digital Economy Act 2017, section 35
    purposes: [identification, evaluation]
    signed: 2008-01-01
    expires: 2099-12-31
    delete_by: 2100-12-31
"""
TERM_COLUMNS = ("academic_year", "term", "start_date", "end_date")


def nhs_number(place: int) -> str:
    """Return the NHS number of that place among those that pass the check of modulus 11; 0 to 2 are the council's."""
    passing = []
    for body in range(943_476_591, 943_476_999):
        check = -sum(weight * int(figure) for weight, figure in zip(range(10, 1, -1), str(body), strict=True)) % 11
        passing += [f"{body}{check}"] if check < 10 else []
    return passing[place]


@dataclass
class Council:
    """One agency's extracts in a folder of their own, to be spoilt by a test."""

    folder: Path
    texts: dict[str, str] = field(
        default_factory=lambda: {
            "persons.csv": PERSONS,
            "homes.csv": HOMES,
            "events.csv": EVENTS,
            "benefits.csv": BENEFITS,
            "attendance.csv": ATTENDANCE,
            "terms.csv": TERMS,
        }
    )
    raw: dict[str, bytes] = field(default_factory=dict)
    replaced: tuple[tuple[str, str], ...] = ()
    with_manifest: bool = True

    def yaml(self) -> str:
        entries = [
            (
                "persons.csv",
                "person_record",
                "columns: {local_id: ID, forename: FIRST, surname: LAST, birth_date: BORN, sex: SEX, nhs_number: NHS}",
                "codes: {sex: {F: female, M: male}}",
            ),
            (
                "homes.csv",
                "residence",
                "columns: {local_id: ID, uprn: UPRN, district: DISTRICT, start_date: FROM, end_date: TO}",
                "codes: {district: [Cherwell]}",
            ),
            (
                "events.csv",
                "event",
                "covers: {start: 2009-04-01, end: 2011-04-01}",
                "columns: {local_id: ID, kind: TYPE, date: DAY, recorded_on: RECORDED}",
                "codes: {kind: {ASB: asb_incident, CALL: police_callout}}",
            ),
            (
                "benefits.csv",
                "spell",
                "covers: {start: 2009-04-01, end: 2011-04-01}",
                "columns: {local_id: ID, detail: KIND, start_date: FROM, end_date: TO}",
                "constants: {kind: out_of_work_benefit}",
            ),
            (
                "attendance.csv",
                "attendance",
                "covers: {start: 2009-04-01, end: 2011-04-01}",
                "columns: {local_id: ID, academic_year: YEAR, term: TERM, possible: POSSIBLE, "
                "authorised: AUTHORISED, unauthorised: UNAUTHORISED}",
                "codes: {term: {Autumn: 1, Spring: 2, Summer: 3}}",
            ),
        ]
        text = f"county: testshire\nextracts: {self.folder}/extracts\n{AGREEMENTS}sources:\n"
        entries.append(("terms.csv", "term", f"columns: {{{', '.join(f'{name}: {name}' for name in TERM_COLUMNS)}}}"))
        for file, table, *rest in entries:
            lines = [f"file: {file}", f"table: {table}", f"format: {CSV}", 'date_format: "%d/%m/%Y"', *rest]
            lines += ["agreement: A1"] if table != "term" else []
            text += "  - agency: council\n" + indent("\n".join(lines), "    ") + "\n"
        for old, new in self.replaced:
            assert old in text
            text = text.replace(old, new)
        return text

    def add(self, file: str, *rows: str) -> "Council":
        self.texts[file] = self.texts[file].rstrip() + "\n" + "\n".join(f"    {row}" for row in rows) + "\n"
        return self

    def build(self, **options: Any) -> County:
        extracts = self.folder / "extracts"
        extracts.mkdir(exist_ok=True)
        for file, text in self.texts.items():
            (extracts / file).write_text(dedent(text).strip() + "\n", encoding="utf-8")
        for file, data in self.raw.items():
            (extracts / file).write_bytes(data)
        if self.with_manifest:
            write_manifest(extracts)
        (self.folder / "sources.yaml").write_text(self.yaml(), encoding="utf-8")
        return build_county(self.folder / "sources.yaml", **options)


def write_manifest(folder: Path) -> None:
    """Write the manifest that an agency sends along: each file's size and hash."""
    files = sorted(path for path in folder.iterdir() if path.name != "manifest.csv")
    rows = [f"{path.name},{path.stat().st_size},{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    (folder / "manifest.csv").write_text("\n".join(["file,bytes,sha256", *rows, ""]), encoding="utf-8")


def found(county: County) -> list[tuple]:
    problems = county.problems()
    return list(problems[["file", "column_name", "rule", "rows"]].fillna("").itertuples(index=False, name=None))


def query(county: County, sql: str) -> list[tuple]:
    with county.connect() as connection:
        return connection.execute(sql).fetchall()


def query_linking_store(county: County, sql: str) -> list[tuple]:
    with duckdb.connect(str(LinkingStore.beside(county.path.parent).database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a list that the linker keeps."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write a list as a clerk's spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
