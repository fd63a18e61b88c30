"""What support costs and saves on a page: points and ranges, who pays, and what few families hide."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tf_eval.evidence import Word
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.report.appraisal import appraisal_words
from tf_eval.report.figures import draw_tornado, draw_waterfall
from tf_eval.report.money import pounds, pounds_against, pounds_against_range
from tf_eval.value import Told, appraise, load_appraisal, paths_from

MONTHS = np.minimum(np.arange(24) / 6, 1)
FALLS = {"asb_incident": -0.2 * MONTHS, "out_of_work_benefit": -0.05 * MONTHS}


def released(verdict=Word.WORKS, fewest=120, noise=0.01, falls=FALLS, told=None):
    paths = paths_from(falls, noise**2 * np.eye(24 * len(falls)), told=told, seed=1)
    found = appraise(
        type(paths)(**{**vars(paths), "fewest": fewest}),
        load_appraisal(),
        intervention="volunteer_mentors",
        verdict=verdict,
    )
    return publish(found), found


def test_what_it_costs_and_saves_is_told_with_its_range_and_what_it_rests_on():
    page, found = released()
    words = appraisal_words(page.payload)
    given = "training and expenses of a mentor, plus coordinator, over 9 months"
    assert f"This support ({given}) costs about £1,800 a family, at 2014/15 prices." in words
    assert "back for every £1" in words and "The chance that it pays for itself is" in words
    assert "it is assumed that the effect halves again and again" in words
    net = _measure(page, "net_fiscal")
    assert f"{pounds(net['mean'])} more than the support costs (between {pounds(net['low'])} and" in words
    assert found.measures["net_fiscal"].mean == pytest.approx(_measure(page, "net_fiscal")["mean"], rel=0.05)


def test_where_the_evidence_cannot_tell_no_point_is_told_anywhere():
    page, _ = released(Word.CANNOT_TELL)
    in_doubt = [row for row in page.payload["measures"] if row["low"] != row["high"]]
    assert len(in_doubt) > 5 and {row["mean"] for row in in_doubt} == {"[x]"}
    words = appraisal_words(page.payload)
    assert "there is a range and no one number" in words and "chance" not in words
    headline = draw_waterfall(page.payload).headline
    assert headline.startswith("The evidence cannot tell: what the public purse saves may lie anywhere between")
    assert pounds_against_range(_measure(page, "net_fiscal")) in headline
    assert pounds_against_range(_measure(page, "net_fiscal")) in words


def test_of_few_families_only_what_support_costs_is_told():
    page, _ = released(fewest=7)
    html = str(to_html(page))
    assert "What it saves is confidential" in html and "costs about £1,800" in html and "<img" not in html
    assert {row["low"] for row in page.payload["agencies"]} == {"[c]"}
    assert page.payload["chance"] == "[c]"


def test_of_how_many_families_it_is_has_to_be_known():
    assert released(fewest=math.inf)[0].payload["suppressed"]


def test_how_many_times_as_large_all_effects_would_have_to_be_is_told_unless_the_evidence_cannot_tell():
    page, found = released()
    assert f"if they were {found.break_even_multiple:.2f} times as large" in str(to_html(page))
    assert "times as large" not in str(to_html(released(Word.CANNOT_TELL)[0]))
    assert "times as large" not in str(to_html(released(fewest=7)[0]))


def test_the_waterfall_ends_at_what_is_left():
    page, _ = released()
    drawing = draw_waterfall(page.payload)
    assert "Paid by" in drawing.alt and "Saved by DWP" in drawing.alt and "Gained by families" in drawing.alt
    assert drawing.alt.index("Left for the public purse") < drawing.alt.index("Left for everybody")
    left = page.payload["left"]["mean"]
    sums = sum(row["mean"] for row in page.payload["agencies"]) - sum(row["pays"] for row in page.payload["agencies"])
    assert sums == pytest.approx(left, abs=60), "each of a dozen sums is told to two figures"


def test_the_title_of_the_waterfall_is_of_the_purse_in_the_words_of_the_text():
    page, _ = released()
    net = _measure(page, "net_fiscal")
    title = draw_waterfall(page.payload).headline
    assert title.startswith(f"The public purse saves {pounds_against(net['mean'], 'the support costs')}")
    assert pounds_against_range(net) in title and pounds_against_range(net) in appraisal_words(page.payload)


def test_what_is_lost_is_not_called_saved():
    page, _ = released(falls={"asb_incident": 0.2 * MONTHS, "out_of_work_benefit": 0.05 * MONTHS})
    told = draw_waterfall(page.payload).alt
    assert "Costs police more: \u2212£" in told and "Lost by families: \u2212£" in told and "Saved by" not in told


def test_what_has_no_price_is_not_told_as_nought():
    page, _ = released()
    assert _measure(page, "social")["kind"] == "not_priced" and _measure(page, "economic")["kind"] == "pounds"
    html = str(to_html(page))
    assert "not priced</td>" in html


def test_a_change_that_alone_would_pay_has_two_figures_and_is_held_against_what_there_is():
    told = {"asb_incident": Told("ASB incidents", 1200, "incidents per 100 families a year", 30.0)}
    page, found = released(told=told)
    first, second = page.payload["break_even"]
    assert first["needed"] == float(f"{found.break_even[0].needed:.2g}") and first["is_more_than_all"]
    assert not second["is_more_than_all"], "where nobody knows what there is, nothing is said"
    assert str(to_html(page)).count("Could not pay alone: more than there is without support.") == 1


def test_which_months_are_priced_stands_above_what_outcomes_come_to():
    page, _ = released()
    told = "Priced are all months from the start: to month 23, as measured, then to 60 as assumed. Effects shown"
    assert told in str(to_html(page))
    first, *rest = page.payload["outcomes"]
    earlier = replace(page, payload={**page.payload, "outcomes": [{**first, "last": 11}, *rest]})
    assert "to month 11 to 23, by outcome, as measured" in str(to_html(earlier))


def test_the_tornado_begins_with_what_moves_the_result_most():
    page, found = released()
    drawing = draw_tornado(page.payload)
    assert drawing.headline.lower().endswith(found.swings[0].name.lower())
    assert drawing.alt.index(found.swings[0].name) < drawing.alt.index(found.swings[1].name)
    assert draw_tornado(released(fewest=7)[0].payload) is None


def test_assumptions_are_named_in_plain_words():
    page, _ = released(falls={**FALLS, "plan_or_care": -0.05 * MONTHS})
    told = {row["name"]: (row["low"], row["high"]) for row in page.payload["swings"]}
    counted = "How often the price is counted for families with"
    assert told[f"{counted} an adult on out-of-work benefits"] == ("0.5 times", "1.5 times")
    assert told[f"{counted} a child on a protection plan or in care"] == ("once", "3 times")
    assert told["Allowance for estimates that are too hopeful"] == ("none", "one grade larger")


def test_every_assumption_and_price_stands_in_a_table():
    html = str(to_html(released()[0]))
    for said in (
        "Which assumption moves it most",
        "Prices are rated",
        "red",
        "If effects stop",
        "Lasting change that alone",
    ):
        assert said in html, said


def _measure(page, name):
    return next(row for row in page.payload["measures"] if row["name"] == name)
