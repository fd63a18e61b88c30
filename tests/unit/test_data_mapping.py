"""What the headings and values of an extract are taken for, and what is left to ask."""

import pytest

from tests.drafts import HEADINGS, days, drafted, entries, incidents, shown
from tf_eval.errors import InputError


def test_codes_are_mapped_where_known_marked_where_not_and_hidden_where_rare(tmp_path):
    rows = incidents()
    rows[5][1], rows[6][1], rows[7][1] = "Zebedee", "CALL", "Q1234567"
    found = drafted(tmp_path, [HEADINGS, *rows])
    (entry,) = entries(found)
    assert entry["codes"]["kind"] == {"ASB": "asb_incident", "BREACH": "TODO", "CALL": "police_callout"}
    assert "Zebedee" not in found.text
    assert "not shown are values in fewer than 10 rows or with no form of a code (2)" in found.text


def test_identifiers_are_told_by_their_check_digits_whatever_they_are_called(tmp_path):
    numbers = ["9434765919", "9434765870", "9434765927", "4505577104"]  # made up, with a right check digit
    rows = [[f"C{n}", "Ann", "Lee", numbers[n % 4], "OX1 1AA"] for n in range(40)]
    (entry,) = entries(drafted(tmp_path, [["Client Ref", "First name", "Last name", "Health code", "Where"], *rows]))
    assert entry["columns"]["nhs_number"] == "Health code"
    assert entry["columns"]["postcode"] == "Where"


def test_a_number_that_agencies_share_serves_where_there_is_no_other(tmp_path):
    rows = [[f"A{n:012}", "FIXD", day] for n, day in enumerate(days(30))]
    (entry,) = entries(drafted(tmp_path, [["UPN", "Exclusion category", "Start date"], *rows]))
    assert entry["columns"]["local_id"] == "UPN"


def test_names_beside_every_event_make_no_list_of_persons(tmp_path):
    headings = ["Client ID", "Forename", "Surname", "DOB", "Type", "Incident Date"]
    rows = [[f"Q{n % 9}", "Ann", "Lee", "01/02/1980", "ASB", day] for n, day in enumerate(days(40))]
    found = drafted(tmp_path, [headings, *rows])
    assert [entry["table"] for entry in entries(found)] == ["event"]
    assert any("one row for each person" in note for note in found.notes)


def test_a_list_of_persons_without_names_is_one_all_the_same(tmp_path):
    rows = [[str(n), "MF"[n % 2], "01/02/2005", "WBRI", "", "", ""] for n in range(30)]
    (entry,) = entries(drafted(tmp_path, [["CHILD", "SEX", "DOB", "ETHNIC ORIGIN", "UPN", "MOTHER", "MC_DOB"], *rows]))
    assert entry["table"] == "person_record"
    assert entry["columns"]["ethnicity"] == "ETHNIC ORIGIN"


def test_headings_that_map_to_nothing_are_named(tmp_path):
    assert "# not mapped: Reported by\n" in drafted(tmp_path, [HEADINGS, *incidents()]).text


@pytest.mark.parametrize("heading", ["ID", "Ref", "No.", "Number", "Ref No"])
def test_a_mere_number_is_the_persons_where_nothing_better_is_there(tmp_path, heading):
    persons = [[f"{n}", "Ann", "Lee", "03/04/2001"] for n in range(30)]
    (entry,) = entries(drafted(tmp_path, [[heading, "Forename", "Surname", "DOB"], *persons]))
    assert (entry["table"], entry["columns"]["local_id"]) == ("person_record", heading)
    found = drafted(
        tmp_path, [[heading, "Type", "Incident Date"], *([str(n % 9), *row[1:3]] for n, row in enumerate(incidents()))]
    )
    assert entries(found)[0]["columns"]["local_id"] == heading
    assert "a number that does not say of whom: check" in found.text


def test_a_mere_number_of_events_is_not_the_persons(tmp_path):
    rows = [[f"{n}", f"A{n % 9:012}", *row[1:3]] for n, row in enumerate(incidents())]
    (entry,) = entries(drafted(tmp_path, [["ID", "UPN", "Type", "Incident Date"], *rows]))
    assert (entry["columns"]["local_id"], entry["unique"]) == ("UPN", ["ID"])


def test_the_same_extract_gives_the_same_draft(tmp_path):
    assert drafted(tmp_path, [HEADINGS, *incidents()]) == drafted(tmp_path, [HEADINGS, *incidents()])


@pytest.mark.parametrize(("first", "last"), [("First", "Last"), ("FIRST", "LAST"), ("first", "last")])
def test_first_and_last_are_the_names_of_a_person(tmp_path, first, last):
    headings = ["PersonID", first, last, "DoB", "Gender", "Postcode"]
    rows = [[f"Y{n}", "Ann", "Lee", "03/04/2001", "Female", "OX1 1AA"] for n in range(30)]
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert entry["table"] == "person_record"
    assert (entry["columns"]["local_id"], entry["columns"]["forename"], entry["columns"]["surname"]) == (
        "PersonID",
        first,
        last,
    )


def test_first_and_last_days_are_no_names(tmp_path):
    headings = ["PersonID", "First Day", "Last Day", "DoB", "NINO", "Tenancy start date", "Tenancy end date"]
    rows = [[f"Y{n}", day, day, "03/04/2001", "", day, day] for n, day in enumerate(days(30))]
    found = drafted(tmp_path, [headings, *rows])
    assert "forename" not in shown(found) and "surname" not in shown(found)


def test_an_extract_that_feeds_no_table_is_refused_with_its_headings_and_what_a_table_needs(tmp_path):
    rows = [[f"Y{n}", "Ann", "OX1 1AA"] for n in range(30)]
    with pytest.raises(InputError) as refused:
        drafted(tmp_path, [["PersonID", "First", "Postcode"], *rows])
    assert str(refused.value) == (
        "extract: 30 rows under the headings PersonID, First, Postcode feed no table of the contract. Each needs a "
        "person's number, and beside it names or a birth date, a date, two dates, or sessions of school."
    )


def test_a_column_without_a_heading_or_a_value_is_told_as_empty(tmp_path):
    rows = [[*row[:3], "", ""] for row in incidents()]
    assert "# not mapped: Spare (empty), column 5 (empty)\n" in (
        drafted(tmp_path, [[*HEADINGS[:3], "Spare", ""], *rows]).text
    )
