"""A county's records on a page: whether they can be trusted, in one sentence and a figure, then what was found."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from tests.spec.test_release_records import DWP, HOUSING, POLICE, SHIFT, linked, received
from tf_eval.release import Released, publish
from tf_eval.release.records import AgencyRows, CoveredTime, FindingsView, LinksView, PowerRow, RuleRow, UnseenView
from tf_eval.report import to_html
from tf_eval.report.figures import draw_received, draw_unseen
from tf_eval.report.problem_power import released_power, sees_all, unseen
from tf_eval.report.records import seen_words, trust_words

CLEAN = (AgencyRows("police", 5003, 0, 0), HOUSING)
ASBO = PowerRow("police", "event", "asbo", None, 14, 2, 0.2, 2.5)
ASBO_IN_NORTH = PowerRow("police", "event", "asbo", "north", None, 18, None, 5.0)
CALLS = PowerRow("police", "event", "police_callout", None, 900, 1, 0.7, 1.4)


@pytest.mark.parametrize(
    ("rows", "patterns", "begin", "has"),
    [
        (
            CLEAN,
            (),
            "Yes, as far as checks can tell: 2 agencies sent about 5,815 rows",
            "all could be used, and no gap",
        ),
        ((POLICE, HOUSING, DWP), (), "Yes, as far", "all but 60 (0.9%) could be used"),
        ((AgencyRows("police", 900, 100, 0),), (), "Mostly: ", "all but 100 (10.0%)"),
        ((AgencyRows("police", 900, 4, 0),), (), "Yes", "all but a few could be used"),
        (
            (AgencyRows("dwp", 900, 0, 40),),
            (),
            "Yes",
            "rows, all but 40 of a kind that was not asked for could be used",
        ),
        ((AgencyRows("dwp", 900, 60, 40),), (), "Mostly", "all but 60 (6.0%) and 40 of a kind that was not asked for"),
        ((AgencyRows("dwp", 900, 0, 4),), (), "Yes", "all but a few of a kind that was not asked for could be used"),
        (CLEAN, (SHIFT,), "Mostly, and with care where something was found", "1 gap or change in recording was found."),
        (CLEAN, (SHIFT, SHIFT), "Mostly, and with care", "2 gaps or changes in recording were found."),
    ],
)
def test_one_sentence_answers_whether_the_records_can_be_trusted(rows, patterns, begin, has):
    said = trust_words(received(*rows, patterns=patterns))
    assert said.startswith(begin) and has in said


def test_what_the_check_could_not_see_is_said_at_once():
    said = seen_words(received(*CLEAN))
    assert said.startswith("In 9 of 20 kinds of records a single missing month or term")
    assert said.endswith("In the other 11 it could be missing unnoticed.")
    assert "other" not in seen_words({**received(*CLEAN), "seen": 20})


def test_the_figure_says_who_covers_every_month():
    payload = received(*CLEAN)
    assert draw_received(payload).headline == "Records of all 1 agencies cover every month, April 2009 to March 2015"
    late = CoveredTime("dwp", (("spell", "out_of_work_benefit"),), 36, 72, "April 2012", "March 2015")
    payload = {**payload, "covered": [*payload["covered"], {**vars(late), "kinds": [["spell", "out_of_work_benefit"]]}]}
    drawing = draw_received(payload)
    assert drawing.headline.startswith("Records of 1 of 2 agencies cover every month")
    assert drawing.alt == "Lines of months. Police: April 2009 to March 2015; DWP: April 2012 to March 2015."
    assert draw_received({**payload, "covered": []}) is None


def test_an_agency_whose_kinds_cover_different_times_has_a_line_for_each():
    payload = received(*CLEAN)
    (row,) = payload["covered"]
    other = {**row, "kinds": [["event", "police_callout"]], "start": 12, "first": "April 2010"}
    assert "Police: ASBOs: April 2009 to" in draw_received({**payload, "covered": [row, other]}).alt


def test_the_first_screen_has_rows_and_months_of_each_agency():
    html = str(to_html(Released("received", "", received(POLICE, HOUSING, patterns=(SHIFT,)))))
    assert '<p class="sentence">Mostly' in html and "<img" in html
    assert "Rows sent" in html and "Left out" not in html and ">All</th>" in html and "ASBOs" in html


def test_what_left_out_means_is_said_where_rows_were():
    html = str(to_html(Released("received", "", received(AgencyRows("dwp", 900, 0, 40), HOUSING))))
    assert "what became of them. Left out: rows of a kind that was not asked for</caption>" in html
    assert "asked for" not in str(to_html(Released("received", "", received(POLICE, HOUSING))))


def test_gaps_come_first_and_then_why_rows_were_set_aside_and_what_was_noted():
    rules = (RuleRow(("police",), "repeated row", "set aside", 38), RuleRow(("dwp",), "late arrival", "noted", 41))
    html = str(to_html(publish(FindingsView((POLICE, HOUSING, DWP), rules, (SHIFT,)))))
    places = [html.index(text) for text in ("North, asb incident, from May 2013 on", "Repeated row", "Late arrival")]
    assert places == sorted(places)


def test_where_nothing_was_found_that_is_said():
    html = str(to_html(publish(FindingsView(CLEAN, (), ()))))
    assert "Nothing was set aside or noted, and no gap" in html and "<table" not in html


def test_links_are_told_by_group_with_shares_and_their_words():
    html = str(to_html(publish(LinksView((("strict", 71_208, 19_989),), (linked(4000, 3000),), ("It is less.",)))))
    assert "75%" in html and "By district" in html and "It is less." in html and "71,210" in html


def test_links_of_every_strength_that_come_to_the_same_are_told_once():
    html = str(to_html(publish(LinksView((), (linked(4000, 3000), linked(400, 200)), ()))))
    assert (
        html.count("75%") == 1
        and ">Linked</th>" in html
        and "Strict, standard and loose links come to the same" in html
    )
    loose = replace(linked(400, 200), linked={"strict": (400, 200), "standard": (400, 200), "loose": (400, 300)})
    html = str(to_html(publish(LinksView((), (linked(4000, 3000), loose), ()))))
    assert html.count("75%") == 4 and ">Linked, loose</th>" in html and "come to the same" not in html


def test_who_is_named_and_who_never_is_said_below_the_tables():
    html = str(to_html(publish(LinksView((), (linked(4000, 3000),), ()))))
    assert "named above the tables where" in html and "whose group is not known" not in html
    unknown = replace(linked(4000, 3000), characteristic="ethnicity", category="not known")
    assert "People whose group is not known are never named so" in str(to_html(publish(LinksView((), (unknown,), ()))))


def test_what_could_not_have_been_seen_is_drawn_and_told_kind_by_kind():
    released = publish(UnseenView((ASBO, ASBO_IN_NORTH, CALLS)))
    drawing = draw_unseen(released.payload)
    assert drawing.headline == "1 kind of records could miss a month somewhere unnoticed"
    assert drawing.alt == "Bars of months. ASBOs: 2 to 18 months."
    html = str(to_html(released))
    assert "18 months" in html and "Police call-outs" not in html


def test_a_gap_that_would_never_be_noticed_is_said_to_be_so():
    never = PowerRow("police", "event", "asbo", None, 4, None, None, None)
    assert draw_unseen(publish(UnseenView((never,))).payload).alt == "Bars of months. ASBOs: never."
    assert "fewer than 10" in str(to_html(publish(UnseenView((never,)))))


def test_figure_and_table_say_the_same_of_a_gap_that_one_district_would_never_notice():
    south = replace(ASBO_IN_NORTH, district="south", gap_periods=None)
    released = publish(UnseenView((ASBO, ASBO_IN_NORTH, south)))
    drawing = draw_unseen(released.payload)
    assert drawing.alt == "Bars of months. ASBOs: 2 months to never."
    assert "Never: not even two years in a row" in drawing.measure
    assert ">18 months to never<" in str(to_html(released))


def test_a_bar_without_an_end_is_the_longest_of_all():
    never = replace(CALLS, gap_periods=None)
    drawing = draw_unseen(publish(UnseenView((never, ASBO, ASBO_IN_NORTH))).payload)
    bars = [float(x) for x in re.findall(r"M 7\.2 [\d.]+ ?L ([\d.]+)", drawing.svg)]
    assert bars[0] == max(bars) > max(bars[2:])


def test_what_all_kinds_of_a_table_come_to_is_no_kind_of_records():
    together = replace(ASBO, kind=None, gap_periods=3)
    power = released_power(publish(UnseenView((ASBO, ASBO_IN_NORTH, CALLS, together))).payload["rows"])
    found = unseen(power)
    assert (found["kinds"], found["seen"]) == (2, 1) and "together" not in found["table"]
    assert draw_unseen(publish(UnseenView((ASBO, together))).payload).headline.startswith("1 kind of records")


def test_a_kind_of_which_nothing_is_seen_is_not_counted_as_seen():
    """Whole numbers that may be missing are compared as such, and not passed over."""
    gaps = pd.array([None, None], dtype="Int32")
    assert not sees_all(pd.DataFrame({"gap_periods": gaps}))
    assert sees_all(pd.DataFrame({"gap_periods": pd.array([1, 1], dtype="Int32")}))


@pytest.mark.parametrize("rows", [(), (CALLS,)])
def test_where_every_gap_would_be_seen_there_is_nothing_to_draw(rows):
    html = str(to_html(publish(UnseenView(rows))))
    assert "would have been found everywhere" in html and "<img" not in html and "<table" not in html
