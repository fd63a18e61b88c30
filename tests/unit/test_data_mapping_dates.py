"""How dates are written and which time they span, as far as the values tell."""

import pytest

from tests.drafts import HEADINGS, days, drafted, entries, incidents
from tf_eval.errors import InputError


@pytest.mark.parametrize("date_format", ["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d-%b-%Y", "%Y%m%d", "%d/%m/%Y %H:%M"])
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
    assert "recorded_on: Date recorded  # by its name; 0 of 60 values fit %d/%m/%Y: ask about the others" in found.text


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
