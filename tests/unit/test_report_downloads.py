"""The tables of a page as files: the government's guidance on spreadsheets, point by point, and what stays hidden."""

import csv
import io
import re
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import nbformat.v4 as nb
import pytest
import yaml
from openpyxl import load_workbook

from tests.unit.test_report_pages import STAMP, notebook, short_notebook, shown
from tf_eval.release import publish
from tf_eval.release import views as v
from tf_eval.report import Imprint, Publisher, page_files, page_html, read_notebook
from tf_eval.report.downloads import Book, downloads_of, to_sheet
from tf_eval.report.downloads.cells import Number
from tf_eval.report.page_files import titled
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import MADE_UP

IMPRINT = Imprint("Testshire", Publisher("Testshire County Council", "research@example.org"))
PARAMS = Path(__file__).resolve().parents[2] / "params"
DATA = ("Table_1", "Table_2", "Table_3", "Table_4", "Table_5")


@cache
def reading(families=150):
    return read_notebook(notebook(families=families))


@cache
def files(families=150):
    return page_files("project", reading(families), IMPRINT)


def opened(families=150):
    return load_workbook(io.BytesIO(files(families)[0].content))


def sheets_of(*columns, **values):
    """One table with a row for each value, as a sheet."""
    table_columns = tuple(Column(name, name) for name in values)
    rows = [dict(zip(values, line, strict=True)) for line in zip(*values.values(), strict=True)]
    (table,) = html_table("A caption", (Column("row", "Row", numeric=False), *table_columns), _named(rows)).tables
    return to_sheet(table)


def _named(rows):
    return [{"row": f"row {place}", **row} for place, row in enumerate(rows)]


def book(sheet, **changes):
    told = {"name": "x", "title": "T", "about": (), "facts": (), "notes": (), "publisher": IMPRINT.publisher}
    return Book(**{**told, **changes}, sheets=(sheet,))


def test_a_page_knows_the_tables_that_it_shows():
    html = page_html(reading(), stamp=STAMP)
    captions = re.findall(r"<caption>(.*?)</caption>", html)
    assert [table.caption for table in reading().tables] == captions and len(captions) == len(DATA)


def test_the_files_of_made_up_people_say_so():
    provenance = publish(v.ProvenanceView({"Seed": "2012"}, synthetic=True))
    made_up = read_notebook(nb.new_notebook(cells=[*notebook().cells, shown(provenance)]))
    excel, *_ = page_files("project", made_up, IMPRINT)
    told = {cell.value for row in load_workbook(io.BytesIO(excel.content))["Cover_sheet"] for cell in row}
    assert MADE_UP in told and MADE_UP not in {cell.value for row in opened()["Cover_sheet"] for cell in row}


def test_each_table_has_a_sheet_of_its_own_after_cover_contents_and_notes():
    assert opened().sheetnames == ["Cover_sheet", "Table_of_contents", "Notes", *DATA]


@pytest.mark.parametrize("name", ["Table_of_contents", "Notes", *DATA])
def test_a_sheet_holds_one_marked_up_table_against_the_left_edge(name):
    sheet = opened()[name]
    (table,) = sheet.tables.values()
    assert table.ref.startswith("A3:") and table.headerRowCount == 1 and table.autoFilter is None
    assert not table.tableStyleInfo.showRowStripes and table.tableStyleInfo.name is None
    headers = [cell.value for cell in sheet[3]]
    assert headers == table.column_names and len({header.lower() for header in headers}) == len(headers)
    assert sheet["A1"].style == "Heading 1" and sheet["A2"].value.startswith("This sheet contains one table.")
    assert sheet.max_row == int(re.search(r"\d+$", table.ref)[0]), "nothing stands below a table"
    assert all(cell.value is not None for row in sheet.iter_rows(min_row=3) for cell in row), "no cell is empty"


def test_tables_are_named_so_that_one_can_go_to_them():
    assert [next(iter(opened()[name].tables)) for name in ("Table_1", "Notes")] == ["table_1", "notes"]


def test_nothing_is_merged_frozen_hidden_filtered_coloured_or_worked_out():
    for sheet in opened():
        assert not sheet.merged_cells.ranges and sheet.freeze_panes is None and not sheet.auto_filter.ref
        assert sheet.sheet_state == "visible" and not sheet._images and not sheet._charts
        assert not any(part.text for part in (sheet.oddHeader.center, sheet.oddFooter.center))
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type in ("s", "n") and cell.fill.fill_type is None
            assert not (cell.border.bottom and cell.border.bottom.style)
            assert cell.font.name == "Arial" and cell.font.size >= 12 and not cell.font.italic
            assert cell.font.color is None or cell.hyperlink, "only links have a colour, and they are underlined too"
            assert cell.alignment.wrap_text or cell.row < 3, "what stands in a table can be read whole"


def test_row_names_stand_to_the_left_and_numbers_with_their_headers_to_the_right():
    header, row = list(opened()["Table_2"].iter_rows(min_row=3, max_row=4))
    for cells in (header, row):
        assert [cell.alignment.horizontal for cell in cells] == ["left"] + ["right"] * (len(cells) - 1)


def test_the_cover_says_what_where_when_by_whom_and_whom_to_ask():
    lines = [row[0] for row in opened()["Cover_sheet"].iter_rows(values_only=True)]
    assert lines[0] == "Family intervention project, Testshire"
    for said in ("What is in this workbook", "Publisher", "Testshire County Council", "research@example.org"):
        assert said in lines, said
    assert "It holds the 5 tables of the page project.html" in " ".join(lines) and "Seed: 2012" in lines
    headings = [cell.value for (cell,) in opened()["Cover_sheet"].iter_rows() if cell.style == "Heading 2"]
    assert headings == ["What is in this workbook", "Where the numbers come from", "Publisher", "Contact"]


def test_the_document_tells_its_title_author_and_language():
    about = opened().properties
    assert (about.title, about.creator, about.language) == (
        "Family intervention project, Testshire",
        "Testshire County Council",
        "en-GB",
    )


def test_the_contents_lead_to_every_sheet():
    book = opened()
    links = [cell.hyperlink.location for cell in book["Table_of_contents"]["A"] if cell.hyperlink]
    assert links == [f"{name}!A1" for name in ("Notes", *DATA)]
    assert book["Table_of_contents"]["B5"].value == "Effects of Family intervention project on every outcome"
    assert book["Table_1"]["A1"].value == "Table 1: Effects of Family intervention project on every outcome"


def test_shorthand_is_explained_above_its_table_and_among_the_notes():
    book = opened()
    told = dict(book["Notes"].iter_rows(min_row=4, values_only=True))
    assert told["[x]"] == "not available: it could not be estimated"
    assert "[x] not available" in book["Table_1"]["A2"].value and "[x]" not in book["Table_2"]["A2"].value


def test_an_interval_stands_in_cells_of_its_own_as_numbers():
    headers, first = list(opened()["Table_2"].iter_rows(min_row=3, max_row=4, values_only=True))
    assert headers[1:5] == ("Effect", "95% interval: lower end", "95% interval: upper end", "Without it")
    assert first == ("1 to 6", -9, -15, -3, 290, 150, 480)


@pytest.mark.parametrize(
    ("texts", "headers", "rows"),
    [
        (["+41", "\u22121,234"], ["v"], [[Number(41)], [Number(-1234)]]),
        (["\u00a31,200", "[c]"], ["v (\u00a3)"], [[Number(1200)], ["[c]"]]),
        (["\u2212\u00a350", "+\u00a3120.50"], ["v (\u00a3)"], [[Number(-50)], [Number(120.5, 2)]]),
        (["17.3%", "290"], ["v"], [[Number(17.3, 1, after="%")], [Number(290)]]),
        (["\u221214%", "[x]"], ["v (%)"], [[Number(-14)], ["[x]"]]),
        (["\u221270 to \u221212", "[x]"], ["v: lower end", "v: upper end"], [[Number(-70), Number(-12)], ["[x]"] * 2]),
        (["12 to never", ""], ["v: lower end", "v: upper end"], [[Number(12), "never"], ["[z]"] * 2]),
        (
            ["\u221241\n(\u221270\u00a0to\u00a0\u221212)", "\u00a30", "[c]"],
            ["v", "v: lower end", "v: upper end"],
            [[Number(-41), Number(-70), Number(-12)], [Number(0, before="\u00a3"), "[z]", "[z]"], ["[c]"] * 3],
        ),
        (["under 0.01", "0.30"], ["v"], [["under 0.01"], [Number(0.3, 2)]]),
        (["", "3 of 20"], ["v"], [["[z]"], ["3 of 20"]]),
    ],
)
def test_what_a_page_writes_becomes_cells(texts, headers, rows):
    sheet = sheets_of(v=texts)
    assert list(sheet.headers) == ["Row", *headers]
    if len({cell.signs for row in rows for cell in row if isinstance(cell, Number)}) > 1 and headers == ["v"]:
        assert [list(row[1:]) for row in sheet.rows] == rows, "signs that differ stay with their numbers"
    shown = [[getattr(cell, "value", cell) for cell in row[1:]] for row in sheet.rows]
    assert shown == [[getattr(cell, "value", cell) for cell in row] for row in rows]


def test_months_and_other_words_stay_words():
    (table,) = html_table("c", (Column("band", "Months", numeric=False),), [{"band": "1 to 6"}, {"band": ""}]).tables
    assert to_sheet(table).rows == (("1 to 6",), ("[z]",))


def test_a_header_that_comes_twice_is_numbered():
    columns = (Column("a", "Then"), Column("b", "then"))
    (table,) = html_table("c", columns, [{"a": 1, "b": 2}]).tables
    assert to_sheet(table).headers == ("Then", "then (2)")


def test_a_number_is_shown_with_the_decimals_and_signs_of_the_page():
    sheet = sheets_of(v=["17.30%", "290", "\u00a31,200"])
    (excel, _) = downloads_of(book(sheet))
    cells = load_workbook(io.BytesIO(excel.content))["Table_1"]["B"][3:]
    assert [cell.number_format for cell in cells] == ['#,##0.00"%"', "#,##0", '"\u00a3"#,##0']


def test_what_is_hidden_on_the_page_is_hidden_in_the_files():
    for name in DATA[:3]:
        for row in opened(7)[name].iter_rows(min_row=4, values_only=True):
            assert "[c]" in row
    excel, packed = (file.content for file in files(7))
    with ZipFile(io.BytesIO(excel)) as parts, ZipFile(io.BytesIO(packed)) as lists:
        text = b"".join(archive.read(name) for archive in (parts, lists) for name in archive.namelist())
    assert b"-41" not in text and b"163" not in text and b"290" not in text


def test_csv_has_one_header_row_and_the_same_cells():
    with ZipFile(io.BytesIO(files()[1].content)) as archive:
        names = archive.namelist()
        tables = {name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in names}
    assert names == ["contents.csv", "about.csv", *(f"{name}.csv" for name in DATA)]
    assert tables["contents.csv"][1] == ["Table_1.csv", "Effects of Family intervention project on every outcome"]
    assert ["Contact", "research@example.org"] in tables["about.csv"]
    for name in DATA:
        sheet = [[str(value) for value in row] for row in opened()[name].iter_rows(min_row=3, values_only=True)]
        assert [[_plain(cell) for cell in row] for row in tables[f"{name}.csv"]] == [
            [_plain(cell) for cell in row] for row in sheet
        ]


def _plain(text):
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"])
def test_a_label_is_never_a_formula(text):
    (table,) = html_table("=c", (Column("a", "=h", numeric=False),), [{"a": text}]).tables
    excel, packed = downloads_of(book(to_sheet(table), title="=t"))
    sheets = load_workbook(io.BytesIO(excel.content))
    assert all(cell.data_type == "s" for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value)
    with ZipFile(io.BytesIO(packed.content)) as archive:
        (_, (cell,)) = csv.reader(io.StringIO(archive.read("Table_1.csv").decode("utf-8-sig")))
    assert cell == f"'{text.strip()}"


def test_a_title_says_each_thing_once():
    assert titled("Mentors", "Testshire", {"Months of data": "04/2009 to 03/2015"}) == (
        "Mentors, Testshire, 04/2009 to 03/2015"
    )
    assert titled("Records of Families, Testshire", "Testshire", {}) == "Records of Families, Testshire"
    assert titled("Mentors", "", {}) == "Mentors"


def test_no_two_pages_of_the_county_bear_the_same_title():
    files = [*PARAMS.glob("*.yaml"), *PARAMS.glob("evaluations/*.yaml")]
    titles = [title for file in files if (title := (yaml.safe_load(file.read_text()) or {}).get("title"))]
    assert len(titles) > 5 and len(set(titles)) == len(titles)


def test_what_excel_cannot_hold_is_left_out_of_a_text():
    (table,) = html_table("c", (Column("a", "h", numeric=False),), [{"a": "a\x07b"}]).tables
    (excel, _) = downloads_of(book(to_sheet(table)))
    assert load_workbook(io.BytesIO(excel.content))["Table_1"]["A4"].value == "ab"


def test_equal_runs_give_equal_files():
    again = page_files("project", read_notebook(notebook()), IMPRINT)
    assert [file.content for file in again] == [file.content for file in files()]
    with ZipFile(io.BytesIO(files()[0].content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_page_links_to_its_files_and_tells_kind_and_size():
    html = page_html(reading(), stamp=STAMP, downloads=files())
    assert '<h2 id="tables">The tables of this page</h2>' in html
    assert re.search(r'<a href="project\.xlsx" download>5 tables in an Excel workbook \(\d+ KB\)</a>', html)
    assert re.search(r'<a href="project_csv\.zip" download>5 tables as CSV files in a ZIP archive \(\d+ KB\)</a>', html)


def test_a_page_without_tables_offers_none():
    bare = read_notebook(short_notebook("Prose."))
    assert page_files("project", bare, IMPRINT) == ()
    assert "The tables of this page" not in page_html(bare, stamp=STAMP)
