"""What payment by results pays on a page: counts that cannot be added up, pounds, and what is not certain."""

from dataclasses import replace

import pytest
from markupsafe import escape

from tf_eval.release import publish
from tf_eval.release.payment import PaymentView, YearRow
from tf_eval.report import to_html
from tf_eval.report.explained import explained
from tf_eval.report.figures import draw_payment
from tf_eval.report.payment import brief_words, doubts

YEARS = (
    YearRow("2012/13", 250, 12, 666_667.0, 7_000.0, 0.0, 800_000.0),
    YearRow("2013/14", 350, 104, 700_000.0, 106_123.0, 12_345.0, 800_000.0),
)
VIEW = PaymentView(
    "Thriving Families", "Payment 2012", "1 March 2014", (("Crime and education", 116), ("Employment", 0)), YEARS, 484,
    41, ("Antisocial behaviour down by 60%",), "the council's page",
)  # fmt: skip


def test_families_and_money_are_told_and_are_no_measure_of_change():
    payload = publish(VIEW).payload
    words = brief_words(payload)
    assert (
        "600 families qualified and were taken on" in words
        and "A result could be claimed for 115 of them by 1 March 2014." in words
    )
    assert "about £1,400,000 for taking them on and about £110,000 for results from 2012/13 to 2013/14." in words
    assert "The council's own money comes on top: £1,600,000 from 2012/13 to 2013/14." in words
    assert "no measure of what changed" in words


def test_what_is_not_certain_is_a_note_and_no_part_of_the_answer():
    released = publish(VIEW)
    html = explained(str(to_html(released)))
    for note in doubts(released.payload):
        assert f'<p class="note">{escape(note)}</p>' in html, "and nothing in it is taken for a term of the glossary"
    assert "For about 40 families a part of the test could not be shown" in html
    assert "before anything is claimed: antisocial behaviour down by 60%." in html
    assert "60%" not in brief_words(released.payload)


def test_where_the_councils_own_money_is_not_known_the_years_of_the_sums_are_told_apart():
    later = replace(YEARS[1], year="2014/15", own=None)
    released = publish(replace(VIEW, years=(*YEARS, later), waiting=730))
    words = brief_words(released.payload)
    assert "for results from 2012/13 to 2014/15." in words
    assert "£1,600,000 from 2012/13 to 2013/14. That of 2014/15 is not known." in words
    html = str(to_html(released))
    assert "not known</td>" in html and "[x]" not in html
    assert draw_payment(released.payload).measure.endswith("The council's own money of 2014/15 is not known.")
    one = replace(VIEW, years=(YEARS[0], replace(later, own=None)))
    assert "comes on top: £800,000 in 2012/13. That of 2014/15" in brief_words(publish(one).payload)


def test_few_claims_of_a_year_are_hidden_with_their_pounds_and_with_the_sum_of_all_years():
    few = (replace(YEARS[0], claimed=4), YEARS[1])
    released = publish(replace(VIEW, years=few, waiting=492))
    first = released.payload["years"][0]
    assert first["claimed"] == first["results"] == "[c]" and first["fees"] == 670_000
    assert released.payload["results_in_all"] == "[c]"
    assert "That pays" not in brief_words(released.payload)


def test_nobody_claimed_by_a_route_is_no_more_told_than_a_few():
    assert publish(VIEW).payload["routes"][1]["families"] == "[c]"


def test_the_page_has_the_money_by_year_as_a_picture_with_words_for_it():
    released = publish(VIEW)
    drawing = draw_payment(released.payload)
    assert drawing.headline == "Of what is paid, 7% is for results"
    assert "2013/14: £700,000 for taking on, £110,000 for results, £800,000 the council's own" in drawing.alt
    html = str(to_html(released))
    assert "<img" in html and "More expected for results" in html


@pytest.mark.parametrize("years", [(), (replace(YEARS[0], attached=0, claimed=0, fees=0.0, results=0.0, own=None),)])
def test_without_money_to_compare_there_is_no_picture(years):
    released = publish(replace(VIEW, years=years or (replace(YEARS[0], claimed=3, own=None),), waiting=300))
    assert draw_payment(released.payload) is None and "<img" not in str(to_html(released))
