"""How an extract is written is told by its content, and what is no table is refused."""

from datetime import datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.drafts import HEADINGS, drafted, entries, incidents
from tf_eval.data.mapping import draft
from tf_eval.errors import InputError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_dress_of_a_text_file_is_told_by_its_content(tmp_path, encoding, delimiter):
    rows = [HEADINGS, *([*row[:4], "Zoë"] for row in incidents())]
    (entry,) = entries(drafted(tmp_path, rows, encoding=encoding, delimiter=delimiter))
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    assert entry["format"] == {"type": "csv", "encoding": declared, "delimiter": delimiter}


@pytest.mark.parametrize(
    ("encoding", "name", "evidence"),
    [
        ("utf-8", "Ann", "plain letters only, which utf-8 and cp1252 write alike"),
        ("utf-8", "Zoë", "its accented letters are utf-8"),
        ("utf-8-sig", "Ann", "it begins with a byte order mark of utf-8"),
        ("utf-16", "Ann", "it begins with a byte order mark of utf-16"),
        ("cp1252", "Zoë", "its accented letters are no utf-8"),
    ],
)
def test_the_evidence_for_an_encoding_is_what_was_seen(tmp_path, encoding, name, evidence):
    rows = [[*row[:4], name] for row in incidents()]
    assert f"# {evidence}; 5 cells" in drafted(tmp_path, [HEADINGS, *rows], encoding=encoding).text


@pytest.mark.parametrize("second", ["Incident Date", "INCIDENT DATE", "Incident Date "])
def test_two_headings_alike_are_refused_as_such_and_not_as_a_table_without_headings(tmp_path, second):
    rows = [[*HEADINGS[:3], "Time", second], *([*row[:3], "12:30", row[3]] for row in incidents())]
    with pytest.raises(InputError, match=r"^extract: columns 3 and 5 have the same heading"):
        drafted(tmp_path, rows, delimiter=";", above="Incidents;;;;\r\n")


def test_headings_below_merged_titles_are_found(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = "Incidents of the county", "Run on 01/04/2015"
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("A2:E2")
    sheet["A3"] = " "
    for row in [HEADINGS, *incidents()]:
        sheet.append(row)
    book.save(tmp_path / "extract")
    (entry,) = entries(draft(tmp_path / "extract"))
    assert entry["format"] == {"type": "excel", "sheet": "Sheet", "header_row": 4}
    assert entry["columns"]["date"] == "Incident Date"


@pytest.mark.parametrize("value", ["12,5", "1,234", "-1,234,567.5"])
def test_numbers_with_commas_are_told_where_a_plain_one_would_be_mapped(tmp_path, value):
    rows = [[*row[:3], value] for row in incidents()]
    found = drafted(tmp_path, [[*HEADINGS[:3], "Gravity"], *rows], delimiter=";")
    assert entries(found)[0]["format"]["delimiter"] == ";"
    assert "# not mapped: Gravity (numbers with commas: ask for plain ones, such as 1234.5)\n" in found.text


def test_titles_above_the_headings_are_skipped(tmp_path):
    above = "Incidents of the county;;;;\r\nRun on 01/04/2015;;;;\r\n\r\n"
    (entry,) = entries(drafted(tmp_path, [HEADINGS, *incidents()], delimiter=";", above=above))
    assert entry["format"]["header_row"] == 4
    assert entry["columns"]["date"] == "Incident Date"


def test_a_workbook_gives_a_draft_for_each_sheet_with_a_table(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active["A1"] = "Notes for the reader"
    people = book.create_sheet("People")
    people.append(["All people"])
    people.append(["Person No", "First\nName", "Surname", "D.O.B.", "Gender"])
    for n in range(30):
        people.append([f"P{n:05}", "Ann", "Lee", datetime(2000, 1 + n % 12, 3), "MFU"[n % 3]])
    book.create_sheet("Incidents").append(HEADINGS)
    for row in incidents():
        book["Incidents"].append(row)
    book.save(tmp_path / "book.dat")
    found = draft(tmp_path / "book.dat", agency="council")
    persons, events = entries(found)
    assert persons["format"] == {"type": "excel", "sheet": "People", "header_row": 2}
    assert persons["columns"]["forename"] == "First\nName"
    assert persons["columns"]["birth_date"] == "D.O.B."
    assert persons["codes"]["sex"] == {"M": "male", "F": "female", "U": ""}
    assert (events["agency"], events["table"]) == ("council", "event")
    assert any("sheet 'Read me' left out" in note for note in found.notes)
    assert [entry["table"] for entry in entries(draft(tmp_path / "book.dat", sheet="Incidents"))] == ["event"]
    with pytest.raises(InputError, match=r"no sheet 'Incident'\. Did you mean 'Incidents'"):
        draft(tmp_path / "book.dat", sheet="Incident")


def test_parquet_is_told_by_its_content(tmp_path):
    columns = dict(zip(HEADINGS, zip(*incidents(), strict=True), strict=True))
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), tmp_path / "extract.csv")
    (entry,) = entries(draft(tmp_path / "extract.csv"))
    assert entry["format"] == {"type": "parquet"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"  \r\n", "the file is empty"),
        (b"<?xml version='1.0'?><Message/>", "this is XML, such as a census return; have it exported as CSV or Excel"),
        (b"%PDF-1.7", "this is a PDF"),
        (b'[ {"DOB": 1}]', "this is JSON"),
        (b"<html><table></table></html>", "this is a web page"),
        (b"PK\x03\x04 and nothing", "begins like an Excel workbook and is not one"),
        (b"PAR1 and nothing", "not a"),
        (bytes(range(256)), "holds bytes that no text has"),
        (b"\xef\xbb\xbfClient ID,Type\r\n\xe9,\xe9\r\n", "byte order mark of utf-8, and yet not all of it is utf-8"),
        (b"Client ID,Type\r\n\x81\x8d\r\n", "its accented letters are no utf-8, and yet not all of it is cp1252"),
        (b"a file of\nsome lines\n", "2 lines that no commas, semicolons, tabs or upright bars part into cells"),
        (b"Client ID,Type,Incident Date\r\n", "3 headings and no rows"),
        (b"1,2\r\n3,4\r\n", "about 2 cells in a row, and no row of headings"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(tmp_path, content, message):
    (tmp_path / "extract").write_bytes(content)
    with pytest.raises(InputError, match=r"^extract: ") as refused:
        draft(tmp_path / "extract")
    assert message in str(refused.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match=r"extract.csv: no such file"):
        draft(tmp_path / "extract.csv")
