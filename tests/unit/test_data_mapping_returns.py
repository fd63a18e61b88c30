"""A statutory return is drafted as its layout, with what of the file differs from it and nothing else."""

from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest

from tests.drafts import days, drafted, entries
from tf_eval.data.layouts import fill_in
from tf_eval.data.mapping import draft

EPISODES = ["CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE_PROVIDER", "DEC", "REASON_PLACE_CHANGE", "PL_POST"]
DETAILS = ["LAchildID", "CINreferralDate", "CINclosureDate", "ReferralNFA"]
PUPILS = ["UPN", "Surname", "Forename", "DoB", "Gender", "PostCode", "Ethnicity"]


def episodes(date_format: str = "%d/%m/%Y") -> list[list[str]]:
    on = days(30, date_format)
    return [["1", day, "S", "C2", "N1", "PR1", day, "", "OX1 1AA"] for day in on]


def details(nfa: Sequence[str] = ("false", "true")) -> list[list[str]]:
    return [[str(n), day, day, nfa[n % len(nfa)]] for n, day in enumerate(days(60, "%Y-%m-%d"))]


def pupils(sex: str = "F", ethnicity: str = "WBRI") -> list[list[str]]:
    return [[f"A{n:012}", "Lee", "Ann", "2001-09-01", sex, "OX1 1AA", ethnicity] for n in range(30)]


def undated(entry: dict) -> dict:
    return {key: value for key, value in entry.items() if key != "covers"}


def test_a_return_as_the_layout_has_it_is_drafted_as_the_layout_alone(tmp_path):
    found = drafted(tmp_path, [EPISODES, *episodes()])
    (entry,) = entries(found)
    assert undated(entry) == {
        "layout": "ssda903_episodes",
        "agency": "TODO",
        "file": "extract",
        "agreement": "TODO",
    }
    assert found.text.count("layout:") == 1
    assert "- layout: ssda903_episodes  # all its headings are here; 30 rows; read its notes in params/" in found.text
    assert "# not mapped: RNE, LS, CIN, PLACE_PROVIDER, REASON_PLACE_CHANGE (empty), PL_POST\n" in found.text


def test_a_referral_without_further_action_is_not_drafted_as_a_time_in_need(tmp_path):
    (entry,) = entries(drafted(tmp_path, [DETAILS, *details()]))
    assert undated(entry) == {"layout": "cin_details", "agency": "TODO", "file": "extract", "agreement": "TODO"}
    (other,) = entries(drafted(tmp_path, [DETAILS, *details(("N", "Y"))]))
    assert other["codes"] == {"kind": {"N": "TODO", "Y": "TODO"}}


def test_codes_in_other_capitals_are_those_of_the_layout(tmp_path):
    (entry,) = entries(drafted(tmp_path, [DETAILS, *details(("False", "TRUE", "NULL"))]))
    assert entry["codes"] == {"kind": {"False": "child_in_need", "TRUE": "", "NULL": ""}}


@pytest.mark.parametrize(
    "written", [["LAchildID", "CPPStartDate ", "CPPEndDate"], ["LA child ID", "CPP Start Date", "CPP End Date"]]
)
def test_headings_in_other_capitals_or_blanks_are_those_of_the_layout(tmp_path, written):
    rows = [[str(n), day, day] for n, day in enumerate(days(30, "%Y-%m-%d"))]
    found = drafted(tmp_path, [written, *rows])
    (entry,) = entries(found)
    assert entry["layout"] == "cin_protection_plans"
    columns = dict(zip(["local_id", "start_date", "end_date"], map(str.strip, written), strict=True))
    assert fill_in(entry)["columns"] == columns
    assert "start_date: CPP" in found.text and "# the layout has CPPstartDate\n" in found.text


def test_what_of_a_text_file_differs_from_the_layout_is_said(tmp_path):
    rows = [[*PUPILS, "NHS number"], *([*row, "9434765919"] for row in pupils(sex="9", ethnicity="W1"))]
    (entry,) = entries(drafted(tmp_path, rows, delimiter=";"))
    assert entry == {
        "layout": "school_census_pupils",
        "agency": "TODO",
        "file": "extract",
        "format": {"delimiter": ";"},
        "agreement": "TODO",
        "columns": {"nhs_number": "NHS number"},
        "codes": {"sex": {"9": ""}, "ethnicity": {"W1": "TODO"}},
    }


@pytest.mark.parametrize(("as_held", "date_format"), [(datetime.fromisoformat, None), (str, "%Y-%m-%d")])
def test_a_return_in_a_workbook_needs_a_date_format_only_for_dates_typed_otherwise(tmp_path, as_held, date_format):
    book = openpyxl.Workbook()
    book.active.append(EPISODES)
    for row in episodes("%Y-%m-%d"):
        book.active.append([*row[:1], as_held(row[1]), *row[2:6], as_held(row[6]), *row[7:]])
    book.save(tmp_path / "extract")
    (entry,) = entries(draft(tmp_path / "extract"))
    assert (entry["layout"], entry.get("date_format")) == ("ssda903_episodes", date_format)
    assert entry["format"] == {"type": "excel", "sheet": "Sheet"}


def test_dates_that_the_layouts_format_fits_are_taken_for_it_whatever_else_fits(tmp_path):
    rows = [[*row[:1], "03/04/2012", *row[2:6], "05/04/2012", *row[7:]] for row in episodes()]
    found = drafted(tmp_path, [EPISODES, *rows])
    assert "date_format" not in entries(found)[0]
    assert not any("dates fit" in note for note in found.notes)


def test_what_a_term_is_stays_to_be_said(tmp_path):
    headings = ["UPN", "Estab", "TermlySessionsPossible", "TermlySessionsAuthorised", "TermlySessionsUnauthorised"]
    (entry,) = entries(drafted(tmp_path, [headings, *([f"A{n:012}", "4001", "140", "3", "2"] for n in range(30))]))
    assert entry["layout"] == "school_census_attendance"
    assert entry["constants"] == {"academic_year": "TODO", "term": "TODO"}


def test_a_list_with_a_number_of_the_agencys_own_is_no_return_for_events_would_not_be_found_by_it(tmp_path):
    rows = [[*PUPILS, "Client ID"], *([*row, f"C{n}"] for n, row in enumerate(pupils()))]
    (entry,) = entries(drafted(tmp_path, rows))
    assert "layout" not in entry
    assert (entry["table"], entry["columns"]["local_id"]) == ("person_record", "Client ID")


def test_headings_that_a_return_has_too_do_not_make_one_of_other_codes(tmp_path):
    """Places at a unit have a category, a start and an end, and are no exclusions."""
    headings = ["UPN", "Category", "Start Date", "End Date", "Sessions"]
    rows = [[f"A{n:012}", ("PRU", "FIXD")[n % 8 == 0], day, day, "4"] for n, day in enumerate(days(40))]
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert "layout" not in entry and entry["table"] == "spell"


def test_a_list_of_children_with_many_rows_each_is_no_list_of_persons(tmp_path):
    rows = [[str(n % 5), "1", "01/02/2005", "WBRI", f"A{n % 5:012}"] for n in range(40)]
    headings = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN"]
    found = drafted(tmp_path, [[*headings, "Type", "Incident Date"], *([*row, "ASB", "01/03/2012"] for row in rows)])
    assert [(entry["table"], "layout" in entry) for entry in entries(found)] == [("event", False)]


def test_two_returns_of_which_one_has_to_be_chosen_are_both_drafted_and_asked_about(tmp_path):
    headings = [*DETAILS, "CINPlanStartDate", "CINPlanEndDate", "S47ActualStartDate"]
    found = drafted(tmp_path, [headings, *([*row, row[1], row[2], row[1]] for row in details())])
    assert [entry["layout"] for entry in entries(found)] == ["cin_details", "cin_plans", "cin_section47"]
    told = "these are the headings of cin_details and cin_plans: read their notes on which to use, and keep that."
    assert told in found.notes


def test_unknown_codes_of_a_return_are_hidden_and_counted(tmp_path):
    rows = pupils()
    rows[3][4] = "Zebedee"
    found = drafted(tmp_path, [PUPILS, *rows])
    assert "codes" not in entries(found)[0]
    assert "# sex: not shown are values in fewer than 10 rows or with no form of a code (1)" in found.text
    assert "Zebedee" not in found.text
