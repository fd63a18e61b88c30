"""Reading one extract as text."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tf_eval.data.read import ROW_NUMBER, read_extract
from tf_eval.data.sources import CsvFormat, ExcelFormat, Format, ParquetFormat
from tf_eval.errors import InputError


def csv(encoding: str = "utf-8", delimiter: str = ",", header_row: int = 1) -> CsvFormat:
    return CsvFormat(type="csv", encoding=encoding, delimiter=delimiter, header_row=header_row)


def read(path: Path, layout: Format) -> tuple[list[dict], list[int]]:
    extract = read_extract(path, layout, "%d/%m/%Y")
    assert extract.rows_in == extract.rows.num_rows + len(extract.ragged)
    return extract.rows.to_pylist(), extract.ragged.tolist()


def read_bytes(folder: Path, data: bytes, layout: CsvFormat) -> tuple[list[dict], list[int]]:
    (folder / "a.csv").write_bytes(data)
    return read(folder / "a.csv", layout)


ZOE = [{ROW_NUMBER: 2, "name": "Zoë", "n": "1"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_in_any_declared_dress_is_the_same_text(tmp_path, encoding, delimiter, line_end):
    text = f"name{delimiter}n{line_end}Zoë{delimiter}1{line_end}"
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    assert read_bytes(tmp_path, text.encode(encoding), csv(declared, delimiter)) == (ZOE, [])


def test_rows_are_numbered_as_in_the_file_and_ragged_ones_are_noted(tmp_path):
    rows, ragged = read_bytes(tmp_path, b"Title\na,b\n1,2\n3\n5,6,7\n\n8,9\n\n\n", csv(header_row=2))
    assert [(row[ROW_NUMBER], row["a"]) for row in rows] == [(3, "1"), (6, ""), (7, "8")]
    assert ragged == [4, 5]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks(tmp_path):
    rows, _ = read_bytes(tmp_path, b'a,b\n"x, ""y""","p\nq"\n', csv())
    assert rows == [{ROW_NUMBER: 2, "a": 'x, "y"', "b": "p\nq"}]


@pytest.mark.parametrize(
    ("data", "layout", "message"),
    [
        (b"", csv(), "the file is empty"),
        (b"\n\n", csv(), "the file is empty"),
        (b"a,b\n1,2\n", csv(header_row=4), "row 4, declared as the header, is empty"),
        (b"a,a\n1,2\n", csv(), "the header names 'a' more than once"),
        (b"a,b\n1,2\n3,\xff\n", csv(), "line 3: not utf-8 text. Files from Windows programs are often cp1252"),
        (b"a,b\n1,\x81\n", csv("cp1252"), "line 2: not cp1252 text"),
        ("a,b\nZoë,2\n".encode(), csv("cp1252"), "it is utf-8 text; declare encoding: utf-8"),
        ("a,b\nZoë,2\n".encode("utf-16"), csv(), "it is utf-16 text; declare encoding: utf-16"),
        (b'a,b\n"1,2\n3,4\n', csv(), "a quote mark is opened and not closed"),
        (b'a,b\n"1"x,2\n', csv(), "a quote mark is opened and not closed"),
        (b'a,b\n"' + b"x" * 200_000 + b'",2\n', csv(), "a cell of more than 131,072 letters"),
    ],
)
def test_a_csv_that_is_not_as_declared_is_refused(tmp_path, data, layout, message):
    with pytest.raises(InputError) as refused:
        read_bytes(tmp_path, data, layout)
    assert message in str(refused.value)


def test_a_missing_file_is_named_with_its_nearest_neighbour(tmp_path):
    (tmp_path / "incidents.csv").write_text("a\n1\n")
    with pytest.raises(InputError, match=r"incident\.csv: no such file .* Did you mean 'incidents\.csv'\?"):
        read_extract(tmp_path / "incident.csv", csv())


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Families"
    for row in (
        ["Families known"],
        ["id", "born", "share", "ok", "seen"],
        [9434765919, date(1980, 2, 1), 0.5, True, datetime(2012, 1, 2, 10, 30)],
        [None, "01/02/1980", None, None, None],
    ):
        sheet.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def test_excel_cells_become_the_text_a_csv_would_have(tmp_path):
    rows, ragged = read(workbook(tmp_path), ExcelFormat(type="excel", sheet="Families", header_row=2))
    assert rows == [
        {
            ROW_NUMBER: 3,
            "id": "9434765919",
            "born": "01/02/1980",
            "share": "0.5",
            "ok": "true",
            "seen": "02/01/2012",
        },
        {ROW_NUMBER: 4, "id": "", "born": "01/02/1980", "share": "", "ok": "", "seen": ""},
    ]
    assert ragged == []


@pytest.mark.parametrize(
    ("sheet", "header_row", "message"),
    [("Family", 2, "no sheet 'Family'. Did you mean 'Families'?"), ("Families", 9, "there is no row 9 for the header")],
)
def test_a_wrong_sheet_or_header_is_refused(tmp_path, sheet, header_row, message):
    with pytest.raises(InputError) as refused:
        read(workbook(tmp_path), ExcelFormat(type="excel", sheet=sheet, header_row=header_row))
    assert message in str(refused.value)


def test_parquet_columns_become_text(tmp_path):
    table = pa.table(
        {
            "id": pa.array([9434765919, None]),
            "day": pa.array([date(1980, 2, 1), None]),
            "at": pa.array([datetime(1980, 2, 1), None], pa.timestamp("ns")),
            "n": pa.array([3.0, float("nan")]),
            "word": pa.array(["x", None]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    rows, _ = read(tmp_path / "a.parquet", ParquetFormat(type="parquet"))
    assert rows == [
        {ROW_NUMBER: 1, "id": "9434765919", "day": "01/02/1980", "at": "01/02/1980", "n": "3", "word": "x"},
        {ROW_NUMBER: 2, "id": None, "day": None, "at": None, "n": None, "word": None},
    ]


@pytest.mark.parametrize("layout", [ExcelFormat(type="excel", sheet="A"), ParquetFormat(type="parquet")])
def test_a_file_of_another_kind_is_refused(tmp_path, layout):
    (tmp_path / "a").write_bytes(b"not what it should be")
    with pytest.raises(InputError, match="that can be read"):
        read_extract(tmp_path / "a", layout)


def test_a_parquet_column_of_lists_is_refused(tmp_path):
    pq.write_table(pa.table({"a": [[1], [2]]}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="not plain values"):
        read_extract(tmp_path / "a.parquet", ParquetFormat(type="parquet"))
