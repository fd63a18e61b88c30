"""Names and identifiers of people stay with the linker: canaries are put in every column, and may sing nowhere else."""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import duckdb
import openpyxl
import pandas as pd
import pytest

from tests.conftest import Workbench
from tests.council import write_manifest

CANARY = "zqcanary"
KEPT_BY_THE_LINKER = ("extracts", "linking", "truth")
Cells = list[list[str]]


def sing(rows: Cells, agency: str) -> Cells:
    """Put a canary into every cell of a third row, and the agency's number of the first person throughout.

    The second row keeps its dates and codes, so that it is used; the third is spoilt everywhere, so that it is set
    aside and told. Every row about the first person is used, under a canary for a number.
    """
    header, first, second, third, *others = rows
    number = first[0] if not first[0].startswith(("A0", "I0")) else first[1]
    rows = [
        header,
        first,
        [with_canary(cell) for cell in second],
        [CANARY + str(i) for i, _ in enumerate(third)],
        *others,
    ]
    return [rows[0], *([f"{CANARY}{agency}" if cell == number else cell for cell in row] for row in rows[1:])]


def with_canary(cell: str) -> str:
    """Return a name with a canary in it; anything that looks like a date, a number or a code stays."""
    return f"{cell.title()}{CANARY}" if re.fullmatch(r"[A-Z][a-zëéíáúñü' -]+", cell) else cell


def change_csv(path: Path, change: Callable[[Cells], Cells]) -> None:
    raw = path.read_bytes()
    encoding = "cp1252" if path.name.startswith("police") else "utf-8"
    delimiter = ";" if path.name.startswith("yos") else ","
    rows = change(list(csv.reader(raw.decode(encoding).splitlines(), delimiter=delimiter)))
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def change_parquet(path: Path, change: Callable[[Cells], Cells]) -> None:
    frame = pd.read_parquet(path)
    text = frame.astype("string").fillna("")
    header, *rows = change([list(text.columns), *text.to_numpy().tolist()])
    pd.DataFrame(rows, columns=header).to_parquet(path)


def change_excel(path: Path, change: Callable[[Cells], Cells]) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
        for number, row in enumerate(change(rows), start=1):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place).value = value or None
    book.save(path)


CHANGES = {".csv": change_csv, ".parquet": change_parquet, ".xlsx": change_excel}


@pytest.fixture(scope="module")
def canaries(dartford_once, tmp_path_factory) -> Workbench:
    """Dartford with canaries in its extracts, after a whole run; its output is kept beside it as text."""
    folder = tmp_path_factory.mktemp("canaries")
    shutil.copytree(dartford_once.folder, folder, dirs_exist_ok=True)
    bench = Workbench(folder, "dartford")
    for path in sorted(bench.extracts.iterdir()):
        if path.name not in ("manifest.csv", "term_dates.csv"):
            agency = path.name.split("_")[0].split(".")[0]
            CHANGES[path.suffix](path, lambda rows, agency=agency: sing(rows, agency))
    write_manifest(bench.extracts)
    for number, command in enumerate((("check", bench.sources), ("run", "--jobs", "2"), ("site",))):
        done = bench.tf_eval(*command)
        assert done.returncode == 0, done.stderr
        (folder / f"printed-{number}.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return bench


def outside_of_the_linking_store(bench: Workbench) -> list[Path]:
    county = bench.extracts.parent
    files = [path for path in bench.folder.rglob("*") if path.is_file()]
    return [path for path in files if not any(path.is_relative_to(county / name) for name in KEPT_BY_THE_LINKER)]


def content(path: Path) -> bytes:
    """The bytes of a file; of an archive (which a workbook is, too) those of all that is packed in it."""
    if path.suffix not in (".xlsx", ".zip"):
        return path.read_bytes()
    with ZipFile(path) as archive:
        return b"".join([*map(str.encode, archive.namelist()), *map(archive.read, archive.namelist())])


def test_the_canaries_are_read_and_linked(canaries):
    """Or the other tests would hold of a county that never met one."""
    with duckdb.connect(str(canaries.extracts.parent / "linking" / "linking.duckdb"), read_only=True) as connection:
        found = connection.execute(f"SELECT count(*) FROM person_record WHERE local_id LIKE '{CANARY}%'").fetchone()
        named = connection.execute(f"SELECT count(*) FROM person_record WHERE surname LIKE '%{CANARY}%'").fetchone()
    assert found[0] >= 6 and named[0] >= 5


def test_no_canary_sings_in_any_file_outside_of_the_linking_store(canaries):
    files = outside_of_the_linking_store(canaries)
    kinds = {".duckdb", ".html", ".ipynb", ".parquet", ".json", ".txt", ".yaml", ".xlsx", ".zip"}
    assert {path.suffix for path in files} >= kinds
    singing = [path.name for path in files if CANARY.encode() in content(path).lower()]
    assert singing == []


def test_no_canary_sings_in_any_cell_of_the_analysis_store(canaries):
    """Strings may be compressed in the file, so every text column is read as well."""
    with duckdb.connect(str(canaries.extracts.parent / "county.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
            "WHERE data_type = 'VARCHAR' AND NOT internal"
        ).fetchall()
        assert len(columns) > 50
        for schema, table, column in columns:
            query = f"SELECT count(*) FROM {schema}.{table} WHERE lower({column}) LIKE '%{CANARY}%'"
            assert connection.execute(query).fetchone() == (0,), (table, column)


def test_no_day_on_which_somebody_was_born_is_in_the_analysis_store(canaries):
    """A child joins its family, and may get its first home, on its birthday: people and homes are kept by the month."""
    with duckdb.connect(str(canaries.extracts.parent / "county.duckdb"), read_only=True) as connection:
        for table in ("family_member", "family_home"):
            days = f"SELECT start_date AS day FROM standard.{table} UNION SELECT end_date FROM standard.{table}"
            assert connection.execute(f"SELECT count(*) FROM ({days}) WHERE day(day) <> 1").fetchone() == (0,), table


def test_the_key_is_in_no_other_file(canaries):
    key = (canaries.extracts.parent / "linking" / "key").read_bytes().strip()
    assert len(key) == 64
    files = [path for path in canaries.folder.rglob("*") if path.is_file() and path.name != "key"]
    assert [path.name for path in files if key in path.read_bytes()] == []
