"""No number in a workbook is finer than on the page, and what the page hides no file tells."""

import io
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tf_eval.release.shorthand import MEANINGS, is_number
from tf_eval.report.downloads import Book, Publisher, to_sheet
from tf_eval.report.downloads.workbook import workbook
from tf_eval.report.money import pounds, pounds_with_range
from tf_eval.report.numerals import MINUS, NO_BREAK, number, percent, signed, span, with_range
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import level_words

SHORTHAND = st.sampled_from([*MEANINGS, "[c]"])
# As the gate releases them: whole, or with one or two decimals.
RELEASED = st.one_of(
    st.integers(-2_000_000, 2_000_000),
    st.integers(-99_999, 99_999).map(lambda whole: whole / 10),
    st.integers(-99_999, 99_999).map(lambda whole: whole / 100),
)
SHOWN = st.one_of(RELEASED, RELEASED, SHORTHAND)
FORMATS = [
    lambda value, low, high: number(value),
    lambda value, low, high: number(value, 2),
    lambda value, low, high: signed(value),
    lambda value, low, high: percent(value),
    lambda value, low, high: level_words("percentage_points", value),
    lambda value, low, high: level_words("dollars", value),
    lambda value, low, high: span(low, high),
    lambda value, low, high: with_range({"effect": value, "ci_low": low, "ci_high": high}),
    lambda value, low, high: pounds(value, 2),
    lambda value, low, high: pounds_with_range({"mean": value, "low": low, "high": high}),
]
LINES = st.lists(st.tuples(SHOWN, RELEASED, RELEASED), min_size=1, max_size=4)


def tables(lines, made):
    columns = [Column("row", "Row", numeric=False), *(Column(str(place), f"C{place}") for place in range(len(made)))]
    rows = [
        {"row": f"r{place}", **{str(nth): form(*line) for nth, form in enumerate(made)}}
        for place, line in enumerate(lines)
    ]
    return html_table("c", columns, rows).tables


def numbers_in(text):
    """Every number of a text with its decimals, as they stand there."""
    plain = text.replace(MINUS, "-").replace(NO_BREAK, " ").replace(",", "")
    found = re.findall(r"(-?)[£$]?(\d+(?:\.\d+)?)", plain)
    return {f"{sign}{digits}" if float(digits) else digits for sign, digits in found}


def shown_as(cell):
    """A numeric cell as a spreadsheet shows it, without the signs beside it."""
    decimals = len(re.search(r"#,##0(?:\.(0+))?", cell.number_format)[1] or "")
    assert round(cell.value, decimals) == cell.value, "the value is no finer than what is shown"
    return f"{cell.value:.{decimals}f}"


@settings(max_examples=60, deadline=None)
@given(LINES, st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3))
def test_every_number_of_a_workbook_stands_on_the_page_to_the_same_digit(lines, made):
    (table,) = tables(lines, made)
    sheet = to_sheet(table)
    book = Book("x", "t", (), (), (), Publisher(), (sheet,))
    cells = load_workbook(io.BytesIO(workbook(book)))["Table_1"].iter_rows(min_row=4)
    for line, row in zip(table.lines, cells, strict=True):
        on_the_page = numbers_in(" ".join(line))
        assert {shown_as(cell) for cell in row if is_number(cell.value)} <= on_the_page
        words = {cell.value for cell in row if not is_number(cell.value)}
        assert words <= {"[z]", *line} | {f"r{place}" for place in range(len(lines))}


@settings(max_examples=60, deadline=None)
@given(LINES, st.lists(st.sampled_from(FORMATS), min_size=1, max_size=3))
def test_where_the_page_has_shorthand_no_cell_has_a_number(lines, made):
    (table,) = tables([(("[c]"), "[c]", "[c]"), *lines], made)
    assert set(to_sheet(table).rows[0][1:]) == {"[c]"}
