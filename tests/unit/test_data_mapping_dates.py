"""How dates are written and which time they span, as far as the values tell."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.drafts import HEADINGS, days, drafted, entries, incidents
from tf_eval.data.mapping import Draft, draft
from tf_eval.errors import InputError


@pytest.mark.parametrize(
    "date_format",
    [
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%Y-%m-%d",
        "%d-%b-%Y",
        "%Y%m%d",
        "%d/%m/%Y %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S.000",
    ],
)
def test_the_format_of_dates_is_the_one_that_all_values_fit(tmp_path, date_format):
    found = drafted(tmp_path, [HEADINGS, *incidents(date_format=date_format)])
    (entry,) = entries(found)
    assert entry["date_format"] == date_format
    assert "120 of 120 values fit; no other format does" in found.text


def test_dates_that_fit_two_formats_are_asked_about(tmp_path):
    rows = [[*row[:2], "03/04/2012", "05/04/2012", "Ann"] for row in incidents()]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert 'date_format: "%d/%m/%Y"  # 120 of 120 values fit; also %m/%d/%Y: ask' in found.text
    assert any("all dates fit %d/%m/%Y and %m/%d/%Y" in note for note in found.notes)


def test_a_column_of_dates_in_another_format_is_told(tmp_path):
    rows = [[*row[:3], iso, "Ann"] for row, iso in zip(incidents(), days(60, "%Y-%m-%d"), strict=True)]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert (
        "recorded_on: Date recorded  # by its name; 0 of 60 values fit %d/%m/%Y, 60 look like %Y-%m-%d: ask"
        in found.text
    )


def test_a_year_that_is_written_otherwise_is_translated(tmp_path):
    headings = ["Pupil ID", "Acad Year", "Term", "Poss", "Auth", "Unauth", "Surname"]
    rows = [[f"S{n // 3}", "2011-12", ("Aut", "Spr", "Sum")[n % 3], "120", "3", "2", "Lee"] for n in range(60)]
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert entry["table"] == "attendance"
    assert entry["codes"] == {"academic_year": {"2011-12": "2011/12"}, "term": {"Aut": "1", "Spr": "2", "Sum": "3"}}
    assert {name: str(day) for name, day in entry["covers"].items()} == {"start": "2011-09-01", "end": "2012-09-01"}


@pytest.mark.parametrize(
    ("terms", "start", "end"),
    [
        ([("2011/12", "1")], "2011-09-01", "2012-01-01"),
        ([("2011/12", "2")], "2012-01-01", "2012-05-01"),
        ([("2011/12", "3")], "2012-04-01", "2012-09-01"),
        ([("2010/11", "3"), ("2011/12", "1"), ("2011/12", "2")], "2011-04-01", "2012-05-01"),
        ([("2010/11", "1"), ("2012/13", "1"), ("n/k", "1")], "2010-09-01", "2013-01-01"),
    ],
)
def test_attendance_reaches_from_its_first_term_to_its_last(tmp_path, terms, start, end):
    """A school year whose later terms have not come is not covered to its end."""
    headings = ["Pupil ID", "Acad Year", "Term", "Poss", "Auth", "Unauth", "Surname"]
    rows = [[f"S{n}", *terms[n % len(terms)], "120", "3", "2", "Lee"] for n in range(60)]
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert {name: str(day) for name, day in entry["covers"].items()} == {"start": start, "end": end}


def test_two_digit_years_are_told_where_nothing_can_be_drafted(tmp_path):
    with pytest.raises(InputError, match="two-digit year: ask for four digits"):
        drafted(tmp_path, [HEADINGS, *incidents(date_format="%d/%m/%y")])


BENEFITS = ["Customer Ref", "Benefit", "Start Date", "End Date", "Amount"]


def sheet_of(folder: Path, starts: Sequence[Any], ends: Sequence[Any]) -> Draft:
    """Return the draft for a sheet of benefits, a claim with each start and end."""
    book = openpyxl.Workbook()
    book.active.append(BENEFITS)
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        book.active.append([700_000 + n % 40, ("JSA", "ESA")[n % 2], start, end, "1,234"])
    book.save(folder / "extract.xlsx")
    return draft(folder / "extract.xlsx")


def held(texts: Sequence[str]) -> list[datetime]:
    """Return the dates as Excel holds them, with an hour that is of no interest."""
    return [datetime.strptime(text, "%d/%m/%Y").replace(hour=9, minute=30) for text in texts]


def test_a_sheet_of_dates_of_which_some_were_typed_is_a_spell_in_the_format_of_the_typed_ones(tmp_path):
    starts, ends = held(days(60)), held(days(60))
    ends[10:24] = days(60)[10:24]
    found = sheet_of(tmp_path, starts, ends)
    (entry,) = entries(found)
    assert (entry["table"], entry["constants"]) == ("spell", {"kind": "out_of_work_benefit"})
    assert {"start_date": "Start Date", "end_date": "End Date", "detail": "Benefit"}.items() <= entry["columns"].items()
    assert 'date_format: "%d/%m/%Y"  # 106 are held as dates, which need no format; of the texts 14 of 14' in found.text
    assert "end_date: End Date  # by its name\n" in found.text


def test_a_sheet_of_true_dates_alone_is_read_in_any_format(tmp_path):
    found = sheet_of(tmp_path, held(days(60)), held(days(60)))
    assert 'date_format: "%Y-%m-%d"  # 120 are held as dates, which need no format\n' in found.text
    assert {name: str(day) for name, day in entries(found)[0]["covers"].items()} == {
        "start": "2011-01-01",
        "end": "2012-03-01",
    }


def test_text_that_is_no_date_does_not_make_a_format_of_true_dates(tmp_path):
    ends = [*held(days(57)), "31/02/2012", "soon", "12/12"]
    found = sheet_of(tmp_path, held(days(60)), ends)
    assert entries(found)[0]["date_format"] == "%Y-%m-%d"
    assert "end_date: End Date  # by its name; 57 of 60 values fit %Y-%m-%d: ask about the others" in found.text


@pytest.mark.parametrize(("other", "written"), [("%Y-%m-%d", 40), ("%d %b %Y", 31)])
def test_dates_of_two_formats_are_dates_and_the_fewer_ones_are_told(tmp_path, other, written):
    rows = incidents(date_format="%d/%m/%Y")
    for row, day in zip(rows[written:], days(60, other)[written:], strict=True):
        row[2] = day
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert entries(found)[0]["columns"]["date"] == "Incident Date"
    told = f"{written} of 60 values fit %d/%m/%Y, {60 - written} look like {other}: ask"
    assert f"date: Incident Date  # by its name; {told}" in found.text
    assert any(note.endswith(f"event, date: {told}.") for note in found.notes)


@pytest.mark.parametrize("nothing", ["NULL", "Null", "N/A", "n/a", "-", "NONE", "nk", "31/12/9999"])
def test_placeholders_of_nothing_do_not_hide_a_date_and_are_mapped_to_nothing(tmp_path, nothing):
    rows = [[f"Q{n}", day, nothing if n % 4 else day] for n, day in enumerate(days(120))]
    found = drafted(tmp_path, [["Client ID", "CIN plan start date", "CIN plan end date"], *rows])
    (entry,) = entries(found)
    assert entry["table"] == "spell"
    assert entry["codes"] == {"end_date": {nothing: ""}}
    assert '""  # taken for nothing; 90 rows\n' in found.text
    assert 'date_format: "%d/%m/%Y"  # 150 of 150 values fit; no other format does' in found.text


def test_placeholders_in_numbers_and_codes_are_mapped_to_nothing_too(tmp_path):
    headings = ["Pupil ID", "Acad Year", "Term", "Possible", "Authorised", "Unauthorised"]
    rows = [[f"S{n}", "2011/12", str(n % 3 + 1), "120", "3", ("2", "n/a")[n % 2]] for n in range(60)]
    rows[7][2] = "NK"
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert entry["columns"]["unauthorised"] == "Unauthorised"
    assert entry["codes"] == {"term": {"NK": ""}, "unauthorised": {"n/a": ""}}


def test_a_column_of_nothing_but_placeholders_is_empty(tmp_path):
    rows = [[*row[:3], "NULL", row[4]] for row in incidents()]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert "recorded_on: Date recorded  # by its name, but the column is empty" in found.text


def test_of_two_columns_in_formats_of_their_own_the_needed_one_is_declared_and_neither_fits_all(tmp_path):
    rows = [[*row[:2], f"{row[2]} 12:30", *row[3:]] for row in incidents()]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert 'date_format: "%d/%m/%Y %H:%M"  # 60 of 120 values fit; no other format fits more\n' in found.text
    assert "recorded_on: Date recorded  # by its name; 0 of 60 values fit" in found.text
    assert not any("all dates fit" in note for note in found.notes)


def test_days_as_excel_counts_them_are_told_in_the_refusal(tmp_path):
    rows = [[f"Q{n}", "ASB", str(40_544 + 7 * n)] for n in range(60)]
    with pytest.raises(InputError, match=r"Incident Date \(days as Excel counts them: ask for dates\)"):
        drafted(tmp_path, [HEADINGS[:3], *rows])
