"""The scores of benchmarks/faults.py, on tables that can be counted by hand."""

import pandas as pd
import pytest

from benchmarks.faults import (
    TWINS,
    Built,
    families_right,
    found_patterns,
    found_rows,
    found_twins,
    members_on,
    months_of,
    pair_scores,
    places_agree,
    recall_by_kind,
    sharing_families,
)

FAULTS = pd.DataFrame(
    {
        "kind": ["late_row", "late_row", "missing_month", "missing_term"],
        "agency": ["police", "police", "police", "education"],
        "file": ["a.csv", "a.csv", None, "b.parquet"],
        "table_name": ["event", "event", None, "attendance"],
        "row_number": [2, 3, None, None],
        "place": [None, None, "Cherwell, all kinds, 2012-03 to 2012-04", "Cherwell, school 912345, 2012-01 to 2012-03"],
        "person_id": [1, 2, None, None],
    }
)
PROBLEMS = pd.DataFrame(
    {
        "agency": ["police", "police", "police"],
        "file": ["a.csv", "a.csv", "a.csv"],
        "table_name": ["event", "spell", "event"],
        "row_number": [2, 3, None],
        "rule": ["late arrival", "late arrival", "missing months"],
        "severity": ["noted", "noted", "pattern"],
        "place": [None, None, "Cherwell, every kind of event, March 2012"],
    }
)


def test_a_fault_is_found_where_a_line_is_about_its_row_of_its_table():
    assert found_rows(FAULTS, PROBLEMS).tolist() == [True, False, False, False]


def test_a_pattern_is_found_where_a_line_is_about_its_place():
    assert found_patterns(FAULTS, PROBLEMS).tolist() == [False, False, True, False]


def built(faults: pd.DataFrame, problems: pd.DataFrame) -> Built:
    """Persons 1 and 2 have two records, the first one's under two names; person 3 has one."""
    agencies = ["police", "dwp", "police", "dwp", "police"]
    truth = pd.DataFrame({"agency": agencies, "local_id": list("abcde"), "person_id": [1, 1, 2, 2, 3]})
    links = truth.drop(columns="person_id").assign(row_number=range(2, 7), surname="Lee", birth_date="1980-05-02")
    links["forename"] = ["Elizabeth", "Liz", "Bob", "Bob", "Cat"]
    return Built({"faults": faults, "links": truth}, problems, links, pd.DataFrame(), pd.DataFrame())


def test_recall_is_by_kind():
    scores = recall_by_kind(built(FAULTS, PROBLEMS))
    assert scores.loc["late_row", ["planted", "visible", "found"]].tolist() == [2, 2, 1]
    assert scores["recall"].to_dict() == {"late_row": 0.5, "missing_month": 1.0, "missing_term": 0.0}


@pytest.mark.parametrize("other", [2, 3])
def test_what_shows_only_beside_another_record_is_judged_only_where_one_says_otherwise(other):
    faults = FAULTS.head(2).assign(kind="misspelt_name", person_id=[1, other])
    scores = recall_by_kind(built(faults, PROBLEMS))
    assert scores.loc["misspelt_name"].tolist() == [2, 1, 1, 1.0]


def test_a_wrong_birth_date_that_every_record_has_cannot_be_seen():
    faults = FAULTS.head(2).assign(kind="birth_date_typo", person_id=[1, 2])
    assert recall_by_kind(built(faults, PROBLEMS)).loc["birth_date_typo", "visible"] == 0


def test_a_twin_is_found_by_any_of_their_records():
    faults = FAULTS.head(2).assign(kind="twins", person_id=[1, 2], file=None)
    told = PROBLEMS.head(1).assign(rule=TWINS, agency="dwp", row_number=3)  # the second record of person 1
    assert found_twins(built(faults, told)).tolist() == [True, False]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Cherwell, asb_incident, March 2012 to June 2012", "2012-03", "2012-06"),
        ("all districts, concern, May 2010", "2010-05", "2010-05"),
        ("school 912345, 2012-09 to 2012-12", "2012-09", "2012-12"),
        ("912345, autumn term 2012/13", "2012-09", "2012-12"),
        ("912345, spring term 2012/13 to summer term 2012/13", "2013-01", "2013-07"),
    ],
)
def test_months_are_read_from_words(words, first, last):
    assert months_of(words) == tuple(12 * int(text[:4]) + int(text[5:]) - 1 for text in (first, last))


def test_words_without_a_month_have_none():
    assert months_of("Cherwell, asb_incident") is None


@pytest.mark.parametrize(
    ("kind", "planted", "found", "agree"),
    [
        ("recording_shift", "Cherwell, concern, 2012-03 to 2015-03", "Cherwell, concern, from May 2012 on", True),
        ("recording_shift", "Cherwell, concern, 2012-03 to 2015-03", "Cherwell, concern, from May 2013 on", False),
        ("recording_shift", "Cherwell, concern, 2012-03 to 2015-03", "Cherwell, asbo, from March 2012 on", False),
        ("recording_shift", "Cherwell, concern, 2012-03 to 2015-03", "Oxford City, concern, from March 2012 on", False),
        ("missing_month", "Cherwell, all kinds, 2012-03 to 2012-05", "Cherwell, asbo, May 2012", True),
        ("missing_month", "Cherwell, all kinds, 2012-03 to 2012-05", "Cherwell, asbo, June 2012", False),
        ("missing_month", "Cherwell, all kinds, 2012-03 to 2012-05", "all districts, asbo, April 2012", True),
        ("missing_term", "Cherwell, school 912345, 2012-01 to 2012-03", "912345, spring term 2011/12", True),
        ("missing_term", "Cherwell, school 912345, 2012-01 to 2012-03", "912346, spring term 2011/12", False),
    ],
)
def test_places_agree_where_they_speak_of_the_same(kind, planted, found, agree):
    assert places_agree(kind, planted, found) is agree


def test_pairs_of_records_are_counted():
    # True pairs: three of the first person, one of the second. Found: one of the first, and one across.
    precision, recall = pair_scores([1, 1, 1, 2, 2], [7, 7, 8, 8, 9])
    assert (precision, recall) == (1 / 2, 1 / 4)
    assert pair_scores([1, 2], [1, 2]) == (0, 0)


def test_members_are_read_by_months():
    members = pd.DataFrame(
        {
            "family_id": [1, 1, 1, 1],
            "person_id": [1, 2, 3, 4],
            "start_date": ["2001-01-01", "2010-04-20", "2010-05-01", "2001-01-01"],
            "end_date": [None, None, None, "2010-04-20"],
        }
    )
    assert members_on(members, pd.Timestamp("2010-04-01"))["person_id"].tolist() == [1, 2]


def test_a_family_is_right_with_exactly_its_members():
    true = pd.DataFrame({"family_id": [1, 1, 2, 2, 3, 3], "person_id": [1, 2, 3, 4, 5, 6]})
    found = pd.DataFrame({"family_id": [9, 9, 8, 8, 8, 7], "person_id": [10, 20, 30, 40, 70, 50]})
    # The first is whole, the second has a stranger in it, the third has two people who were taken for one.
    assert families_right(true, found, {1: 10, 2: 20, 3: 30, 4: 40, 5: 50, 6: 50}) == (1, 3)


def test_families_share_a_property_number_where_two_of_each_live():
    members = pd.DataFrame({"family_id": [1, 1, 2, 2, 3, 3, 4, 4], "person_id": range(8)})
    members = members.assign(start_date="2001-01-01", end_date=None)
    homes = ["A", "A", "A", "A", "B", "B", "B", "C"]  # of the fourth family one, a foster child, lives with the third
    days = {"start_date": pd.Timestamp("2010-01-01"), "end_date": pd.NaT}
    residences = pd.DataFrame({"uprn": homes, "person_id": range(8), **days})
    town = Built({"members": members}, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), residences)
    assert sharing_families(town, pd.Timestamp("2010-04-01")).tolist() == [1, 2]
    assert sharing_families(town, pd.Timestamp("2009-04-01")).tolist() == []
