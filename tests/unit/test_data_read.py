"""Reading one extract as text, and holding it against its manifest."""

import csv as plain_csv
import hashlib
import io
import re
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from unittest import mock

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tf_eval.data.formats import CsvFormat, ExcelFormat, Format, ParquetFormat
from tf_eval.data.reading import encoding
from tf_eval.data.reading.blocks import MOST_BYTES_IN_A_ROW
from tf_eval.data.reading.extract import ROW_NUMBER, Extract, read_extract
from tf_eval.data.reading.manifest import read_manifest
from tf_eval.errors import InputError


def csv(encoding: str = "utf-8", delimiter: str = ",", header_row: int = 1) -> CsvFormat:
    return CsvFormat(type="csv", encoding=encoding, delimiter=delimiter, header_row=header_row)


def read(path: Path, layout: Format) -> tuple[list[dict], list[int]]:
    extract = read_extract(path, layout, "%d/%m/%Y")
    rows = extract.rows.read_all().to_pylist()
    return rows, extract.ragged


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
        (b"a,a\n1,2\n", csv(), "columns 1 and 2 have the same heading"),
        (b"a,b\n1,2\n3,\xff\n", csv(), "line 3: not utf-8 text. Files from Windows programs are often cp1252"),
        (b"a,b\n1,\x81\n", csv("cp1252"), "line 2: not cp1252 text"),
        ("a,b\nZoë,2\n".encode(), csv("cp1252"), "it is utf-8 text; declare encoding: utf-8"),
        ("a,b\nZoë,2\n".encode("utf-16"), csv(), "it is utf-16 text; declare encoding: utf-16"),
        (b'a,b\n1,"2\n3,4\n', csv(), "line 2: a quote mark is opened and not closed"),
        (b'a,b\n"1\n",2\n"1"x,2\n', csv(), "line 4: a quote mark is opened and not closed"),
        (b'a,b\n1,"2\n3,"x"\n5,6\n', csv(), "line 2: a quote mark is opened and not closed"),
        (b"a,b\n1,2\n" + b"x" * MOST_BYTES_IN_A_ROW + b",2\n", csv(), "row 3: longer than 1,048,576 bytes"),
        (b'a,b\n1,2\n"' + b"x\n" * MOST_BYTES_IN_A_ROW, csv(), "row 3: longer than 1,048,576 bytes"),
        (b"a,b\n1,2" + b"\n" * (MOST_BYTES_IN_A_ROW + 9), csv(), "more than 524,288 empty lines"),
        (b"x" * 200_000 + b",b\n1,2\n", csv(), "row 1, declared as the header, has a cell too long"),
        ("a,b\n1,2\n".encode("utf-16-le"), csv(), "holds null characters; is it utf-16-le"),
        ("a,b\n1,2\n".encode("utf-16-le"), csv("utf-16"), "without a byte order mark"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], csv("utf-16"), "line 2: not utf-16 text"),
        ("a,b\n1,\u2019\n".encode("cp1252"), csv("latin-1"), "it is cp1252 text; declare encoding: cp1252"),
        (b"ID,id\n1,2\n", csv(), "columns 1 and 2 have the same heading (capitals do not count)"),
        (b"Row Number,id\n1,2\n", csv(), "column 1 is called 'row number', as the row's own number is"),
    ],
)
def test_a_csv_that_is_not_as_declared_is_refused(tmp_path, data, layout, message):
    with pytest.raises(InputError) as refused:
        read_bytes(tmp_path, data, layout)
    assert message in str(refused.value)


def test_a_quote_mark_inside_an_unquoted_cell_is_a_letter(tmp_path):
    rows, ragged = read_bytes(tmp_path, b'a,b\n5" pipe,"6"" pipe"\n7,"8"\n', csv())
    assert [(row["a"], row["b"]) for row in rows] == [('5" pipe', '6" pipe'), ("7", "8")]
    assert ragged == []


def test_rows_above_the_header_may_be_quoted_over_several_lines(tmp_path):
    rows, _ = read_bytes(tmp_path, b'"Incidents\nof 2012"\n\na,b\n1,2\n', csv(header_row=3))
    assert rows == [{ROW_NUMBER: 4, "a": "1", "b": "2"}]


def in_plain_python(text: str) -> tuple[list[tuple], list[int]] | None:
    """Return the rows below the header and the numbers of the ragged ones as the csv module has it; None if refused."""
    try:
        header, *rows = plain_csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), strict=True)
    except plain_csv.Error:
        return None
    numbered = [(number, *(row or [""] * len(header))) for number, row in enumerate(rows, start=2)]
    whole = [row for row in numbered if len(row) == len(header) + 1]
    return whole, [row[0] for row in numbered if len(row) != len(header) + 1]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["x\n", "x,y\n", "x,y\r\n"]),
    st.text(st.sampled_from('a,"\n\ré\0\ufeff'), max_size=30) | st.text(st.sampled_from('a,,""\n\n'), max_size=40),
    st.sampled_from([1, 2, 5, 1000]),
)
@example("x,y\n", '"a"",\n",b\r\n\r\r\n"",""', 1)
@example("x,y\n", 'a,b"c\n"d",e\n', 3)
def test_any_text_is_read_as_the_csv_module_reads_it_wherever_it_is_cut(header, body, chunk_bytes):
    expected = in_plain_python(header + body)
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(encoding, "CHUNK_BYTES", chunk_bytes):
        try:
            rows, ragged = read_bytes(Path(folder), (header + body).encode(), csv())
        except InputError as refusal:
            assert expected is None, refusal
            return
    assert expected is not None
    assert ([tuple(row.values()) for row in rows], ragged) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(st.sampled_from('a,"\n'), max_size=90), min_size=1, max_size=40), st.sampled_from([100, 1 << 21])
)
def test_long_rows_of_quoted_cells_are_read_as_they_were_written(cells, chunk_bytes):
    body = io.StringIO(newline="")
    plain_csv.writer(body, lineterminator="\n", quoting=plain_csv.QUOTE_ALL).writerows([cell, "x"] for cell in cells)
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(encoding, "CHUNK_BYTES", chunk_bytes):
        rows, ragged = read_bytes(Path(folder), b"cell,x\n" + body.getvalue().encode(), csv())
    assert ([row["cell"] for row in rows], ragged) == (cells, [])


def test_a_long_file_is_numbered_through_and_its_ragged_rows_are_all_known_at_the_end(tmp_path):
    lines = [f"{number},x" if number % 1000 else f"{number},x,y" for number in range(2, 200_002)]
    (tmp_path / "a.csv").write_text("id,word\n" + "\n".join(lines))
    extract = read_extract(tmp_path / "a.csv", csv())
    rows = extract.rows.read_all()
    assert extract.ragged == list(range(1000, 200_001, 1000))
    assert rows.column("id").to_pylist() == [str(number) for number in rows.column(ROW_NUMBER).to_pylist()]
    assert rows.num_rows + len(extract.ragged) == 200_000


def into_duckdb(extract: Extract) -> int:
    with duckdb.connect() as connection, extract.own_errors():
        connection.register("extract", extract.rows)
        connection.execute("CREATE TABLE kept AS SELECT * FROM extract")
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_what_fails_while_duckdb_reads_is_raised_as_it_is(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert into_duckdb(read_extract(path, csv())) == 1
    path.write_bytes(b"a,b\n1,2\n" + b"3,4\n" * 9 + b'5,"6\n')
    with mock.patch.object(encoding, "CHUNK_BYTES", 8):
        extract = read_extract(path, csv())
        with pytest.raises(InputError, match="line 12: a quote mark is opened"):
            into_duckdb(extract)


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


def sheet(folder: Path, *rows: list) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "A"
    for row in rows:
        book.active.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def alter(path: Path, pattern: str, replacement: str) -> Path:
    """Change the XML of a workbook's first sheet, as other writers than openpyxl would have it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    changed = re.sub(pattern, replacement, parts[name].decode())
    assert changed != parts[name].decode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in {**parts, name: changed.encode()}.items():
            archive.writestr(part, data)
    return path


A = ExcelFormat(type="excel", sheet="A")


def test_a_cell_with_an_error_is_its_text_and_not_empty(tmp_path):
    path = sheet(tmp_path, ["id", "name"], [1, "#REF!"], [2, "=NA()"], [3, "x"])
    alter(path, r"<f>NA\(\)</f><v ?/>", "<f>NA()</f><v>#N/A</v>")
    alter(path, r'<c r="B3"', '<c r="B3" t="e"')
    rows, _ = read(path, A)
    assert [(row["id"], row["name"]) for row in rows] == [("1", "#REF!"), ("2", "#N/A"), ("3", "x")]


def test_a_formula_has_its_result_or_is_refused(tmp_path):
    path = sheet(tmp_path, ["id", "n"], [1, "=1+1"])
    with pytest.raises(InputError, match="sheet 'A', cell B2: a formula that was never calculated"):
        read(path, A)
    assert read(alter(path, r"<v ?/>", "<v>2</v>"), A)[0][0]["n"] == "2"


def test_merged_cells_are_refused_below_the_header_only(tmp_path):
    path = sheet(tmp_path, ["Title", None], ["id", "n"], [1, 2], [3, 4])
    book = openpyxl.load_workbook(path)
    book["A"].merge_cells("A1:B1")
    book.save(path)
    below = ExcelFormat(type="excel", sheet="A", header_row=2)
    assert [row[ROW_NUMBER] for row in read(path, below)[0]] == [3, 4]
    book["A"].merge_cells("A3:A4")
    book.save(path)
    with pytest.raises(InputError, match="cells are merged in rows 3 to 4"):
        read(path, below)


def test_hidden_rows_and_sheets_are_read_and_numbers_keep_their_place(tmp_path):
    path = sheet(tmp_path, [], [], [None, "id"], [None, 1], [None, None], [None, 2])
    book = openpyxl.load_workbook(path)
    book["A"].row_dimensions[4].hidden = True
    book.create_sheet("B")
    book["A"].sheet_state = "hidden"
    book.save(path)
    rows, _ = read(path, ExcelFormat(type="excel", sheet="A", header_row=3))
    assert rows == [{ROW_NUMBER: 4, "id": "1"}, {ROW_NUMBER: 5, "id": ""}, {ROW_NUMBER: 6, "id": "2"}]


def test_a_number_that_excel_had_to_round_is_not_taken_for_an_identifier(tmp_path):
    rows, _ = read(sheet(tmp_path, ["id"], [123456789012345], [1234567890123456]), A)
    assert [row["id"] for row in rows] == ["123456789012345", "1234567890123456.0"]


def test_a_sheet_with_a_stray_cell_far_out_is_refused(tmp_path):
    path = alter(sheet(tmp_path, ["id"], [1]), 'ref="A1:A2"', 'ref="A1:XFD1048576"')
    with pytest.raises(InputError, match="reaches to row 1,048,576 and column 16,384"):
        read(path, A)


@pytest.mark.parametrize("layout", [ExcelFormat(type="excel", sheet="A"), ParquetFormat(type="parquet")])
def test_a_file_of_another_kind_is_refused(tmp_path, layout):
    (tmp_path / "a").write_bytes(b"not what it should be")
    with pytest.raises(InputError, match="that can be read"):
        read_extract(tmp_path / "a", layout)


def test_a_parquet_column_of_lists_is_refused(tmp_path):
    pq.write_table(pa.table({"a": [[1], [2]]}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="not plain values"):
        read_extract(tmp_path / "a.parquet", ParquetFormat(type="parquet"))


def test_parquet_times_with_a_zone_are_the_day_in_that_zone(tmp_path):
    midnight = pa.array([datetime(2012, 5, 31, 23)], pa.timestamp("us", tz="Europe/London"))
    pq.write_table(pa.table({"at": midnight}), tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet", ParquetFormat(type="parquet"))[0][0]["at"] == "01/06/2012"


def test_parquet_days_that_come_again_and_again_are_each_written_in_their_row(tmp_path):
    days = [date(2012, 5, 31), None, date(1850, 1, 1), date(2012, 5, 31)]
    day = pa.array(days, pa.date32())
    columns = {"day": day, "at": day.cast(pa.timestamp("ms")), "listed": day.dictionary_encode()}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    rows, _ = read(tmp_path / "a.parquet", ParquetFormat(type="parquet"))
    assert all([row[name] for row in rows] == ["31/05/2012", None, "01/01/1850", "31/05/2012"] for name in columns)


def test_parquet_texts_that_a_file_lists_anew_in_every_group_of_rows_are_each_read_in_their_row(tmp_path):
    words = [f"{'ab'[place % 2]}{place // 500}" if place % 7 else None for place in range(2000)]
    columns = {"word": words, "id": [str(place) for place in range(2000)]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet", row_group_size=500)
    rows, _ = read(tmp_path / "a.parquet", ParquetFormat(type="parquet"))
    assert [row["word"] for row in rows] == words
    assert [row["id"] for row in rows] == columns["id"]


def test_parquet_numbers_are_written_one_by_one(tmp_path):
    pq.write_table(pa.table({"n": [3.0, 0.5, None]}), tmp_path / "a.parquet")
    rows, _ = read(tmp_path / "a.parquet", ParquetFormat(type="parquet"))
    assert [row["n"] for row in rows] == ["3", "0.5", None]


def test_a_parquet_file_that_is_damaged_further_on_is_refused_while_it_is_read(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [str(number) for number in range(1000)]}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[4:200] = bytes(196)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.parquet: not a parquet file that can be read, or damaged"):
        into_duckdb(read_extract(path, ParquetFormat(type="parquet")))


def listed(folder: Path, *rows: str, header: str = "file,bytes,sha256") -> Path:
    (folder / "manifest.csv").write_text("\n".join([header, *rows]))
    return folder


CONTENT = b"a,b\n1,2\n"
HASH = hashlib.sha256(CONTENT).hexdigest()


def test_files_that_agree_with_the_manifest_pass_and_others_are_named(tmp_path):
    (tmp_path / "a.csv").write_bytes(CONTENT)
    manifest = read_manifest(listed(tmp_path, f"a.csv,{len(CONTENT)},{HASH}", ""))
    assert manifest.check(["a.csv", "c.csv", "b.csv"]) == ("b.csv", "c.csv")


def test_a_listed_file_that_nobody_asks_for_may_be_missing(tmp_path):
    assert read_manifest(listed(tmp_path, f"gone.csv,8,{HASH}")).check([]) == ()


def test_no_manifest_is_none(tmp_path):
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONTENT[:4], "a.csv: 4 of 8 bytes: cut short; ask for it again"),
        (CONTENT + b"3,4\n", "a.csv: 12 bytes, not 8: altered after it was listed"),
        (b"a,b\n1,3\n", "a.csv: the same size and another content: altered"),
        (None, "a.csv is missing; ask for it again"),
    ],
)
def test_a_file_that_is_not_as_listed_is_refused(tmp_path, content, message):
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    manifest = read_manifest(listed(tmp_path, f"a.csv,8,{HASH}"))
    with pytest.raises(InputError) as refused:
        manifest.check(["a.csv"])
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a.csv,8", "row 2: 2 cells where there should be 3"),
        (f"../a.csv,8,{HASH}", "row 2: the file must be a plain name"),
        (f"a.csv,8.5,{HASH}", "row 2: bytes must be a whole number"),
        (f"a.csv,{'9' * 5000},{HASH}", "row 2: bytes must be a whole number"),
        ("a.csv,8,abc", "row 2: sha256 must be 64 hexadecimal digits"),
        (f"a.csv,8,{HASH}\na.csv,8,{HASH}", "row 3: 'a.csv' is named twice"),
        (f'a.csv,8,"{HASH}', "not utf-8 text with commas"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(tmp_path, row, message):
    with pytest.raises(InputError) as refused:
        read_manifest(listed(tmp_path, row))
    assert message in str(refused.value)


def test_a_manifest_with_another_header_is_refused(tmp_path):
    with pytest.raises(InputError, match="the first row must be file,bytes,sha256"):
        read_manifest(listed(tmp_path, header="name,size,md5"))


def test_doubled_headings_are_named_by_their_place_for_they_may_be_a_person(tmp_path):
    with pytest.raises(InputError) as refused:
        read_bytes(tmp_path, b"7,Lee,12,Lee\n8,Ray,13,Roe\n", csv())
    assert str(refused.value).endswith("columns 2 and 4 have the same heading (capitals do not count); name each once.")


def test_doubled_headings_of_a_sheet_are_counted_with_the_columns_that_have_none(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Lee", None, "x", "LEE"])
    book.active.append([1, 2, 3, 4])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="columns 1 and 4 have the same heading"):
        read_extract(tmp_path / "a.xlsx", ExcelFormat(type="excel", sheet="Sheet"))
