"""What may be shown of a county's records: rows are no families, and a few of them are hidden all the same."""

import pytest

from tf_eval.release import publish
from tf_eval.release.records import (
    AgencyRows,
    CoveredTime,
    FindingsView,
    LinkRow,
    LinksView,
    Pattern,
    PowerRow,
    ReceivedView,
    RuleRow,
    UnseenView,
)

POLICE, HOUSING, DWP = (
    AgencyRows("police", 5003, 38, 0),
    AgencyRows("housing", 812, 0, 0),
    AgencyRows("dwp", 902, 22, 0),
)
SHIFT = Pattern("police", "shift in recording", "north, asb_incident, from May 2013 on", "1.52 times as many rows")
COVERED = CoveredTime("police", (("event", "asbo"),), 0, 72, "April 2009", "March 2015")


def received(*rows, patterns=()):
    months = {"months": 72, "first": "April 2009", "last": "March 2015"}
    return publish(ReceivedView("Families", rows, (COVERED,), patterns, **months, kinds=20, seen=9)).payload


def findings(*rules, rows=(POLICE, HOUSING, DWP)):
    return publish(FindingsView(rows, rules, (SHIFT,))).payload["rules"]


def linked(records, count):
    return LinkRow("district", "north", records, dict.fromkeys(("strict", "standard", "loose"), (records, count)))


def test_rows_are_rounded_and_that_none_was_set_aside_is_told():
    shown = received(POLICE, HOUSING, DWP, patterns=(SHIFT,))
    assert [row["set_aside"] for row in shown["agencies"]] == [40, 0, 20]
    assert shown["all"] == {"rows": 6775, "used": 6715, "set_aside": 60, "left_out": 0}
    assert [row["patterns"] for row in shown["agencies"]] == [1, 0, 0] and shown["patterns"] == 1


def test_a_few_rows_set_aside_are_hidden_and_nothing_around_them_gives_them_away():
    few = AgencyRows("housing", 812, 3, 0)
    shown = received(POLICE, few, DWP)
    assert shown["agencies"][1]["set_aside"] == "[c]"
    rest = [row for row in shown["agencies"] if row["agency"] != "housing"]
    told = [row["set_aside"] for row in rest]
    assert "[c]" in told or shown["all"]["set_aside"] == "[c]" or 60 - sum(told) + 6 >= 5


def test_why_rows_were_set_aside_is_rounded_and_few_are_hidden():
    aside = [RuleRow(("dwp", "police"), "repeated row", "set aside", rows) for rows in (43, 9)]
    assert [row["rows"] for row in findings(*aside)] == [45, "[c]"]


def test_the_only_reason_of_an_agency_whose_rows_set_aside_are_hidden_is_hidden_too():
    """22 of one and 4 of another agency: where the table hides the 22, its only rule may not tell them."""
    rows = (AgencyRows("dwp", 902, 12, 0), AgencyRows("housing", 812, 4, 0))
    shown = received(*rows)["agencies"][0]["set_aside"]
    (rule,) = findings(RuleRow(("dwp",), "repeated row", "set aside", 12), rows=rows)
    assert (shown == "[c]") <= (rule["rows"] == "[c]")


@pytest.mark.parametrize(
    ("records", "count", "said"),
    [
        (9, 9, "[c]"),
        (4000, 3000, 75),
        (4000, 3995, "almost all"),
        (4000, 4000, "almost all"),
        (4000, 4, "few"),
        (0, 0, "[c]"),
    ],
)
def test_a_share_is_told_in_words_where_either_part_is_small(records, count, said):
    others = LinkRow("district", "south", 5000, dict.fromkeys(("strict", "standard", "loose"), (5000, 4000)))
    view = LinksView((("strict", 71_208, 19_989),), (linked(records, count), others), ())
    assert publish(view).payload["rows"][0]["standard"] == said


def test_a_share_is_of_rounded_counts_so_that_it_tells_no_more_than_they_do():
    """Of 100 records 85 are 85 %, and so are all counts of 98 to 102 and 83 to 87."""
    told = {
        publish(LinksView((), (linked(records, count),), ())).payload["rows"][0]["standard"]
        for records in (98, 100, 102)
        for count in (83, 85, 87)
    }
    assert told == {85}


def test_people_and_families_of_each_way_of_linking_are_rounded():
    shown = publish(LinksView((("strict", 71_208, 19_989), ("loose", 71_197, 9)), (), ())).payload["levels"]
    assert [(row["people"], row["families"]) for row in shown] == [(71_210, 19_990), (71_195, "[c]")]


def test_few_usual_rows_are_hidden_and_how_long_a_gap_would_be_is_told():
    rows = (
        PowerRow("police", "event", "asbo", None, 4, 9, None, 4.0),
        PowerRow("police", "event", "asbo", "north", None, 20, None, 10.0),
    )
    shown = publish(UnseenView(rows)).payload["rows"]
    assert [(row["usual_rows"], row["gap_periods"]) for row in shown] == [("[c]", 9), (None, 20)]
