"""What support costs and saves on a page: points and ranges, who pays, and what few families hide."""

import math

import numpy as np
import pytest

from tf_eval.evidence import Word
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.report.appraisal import appraisal_words
from tf_eval.report.figures import draw_tornado, draw_waterfall
from tf_eval.value import appraise, load_appraisal, paths_from

MONTHS = np.minimum(np.arange(24) / 6, 1)
FALLS = {"asb_incident": -0.2 * MONTHS, "out_of_work_benefit": -0.05 * MONTHS}


def released(verdict=Word.WORKS, fewest=120, noise=0.01):
    paths = paths_from(FALLS, noise**2 * np.eye(48), seed=1)
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
    assert "This support (usual) costs about £1,800 a family, at 2014/15 prices." in words
    assert "back for every £1" in words and "The chance that it pays for itself is" in words
    assert "it is assumed that the effect halves again and again" in words
    assert found.measures["net_fiscal"].mean == pytest.approx(_measure(page, "net_fiscal")["mean"], rel=0.05)


def test_where_the_evidence_cannot_tell_no_point_is_told_anywhere():
    page, _ = released(Word.CANNOT_TELL)
    in_doubt = [row for row in page.payload["measures"] if row["low"] != row["high"]]
    assert len(in_doubt) > 5 and {row["mean"] for row in in_doubt} == {"[x]"}
    words = appraisal_words(page.payload)
    assert "there is a range and no one number" in words and "chance" not in words
    assert "The evidence cannot tell what is left: anything from" in draw_waterfall(page.payload).headline


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
    assert "Paid by" in drawing.alt and "Saved by DWP" in drawing.alt and "Left for everybody" in drawing.alt
    left = page.payload["left"]["mean"]
    sums = sum(row["mean"] for row in page.payload["agencies"]) - sum(row["pays"] for row in page.payload["agencies"])
    assert sums == pytest.approx(left, abs=60), "each of a dozen sums is told to two figures"


def test_the_tornado_begins_with_what_moves_the_result_most():
    page, found = released()
    drawing = draw_tornado(page.payload)
    assert drawing.headline.lower().endswith(found.swings[0].name.lower())
    assert drawing.alt.index(found.swings[0].name) < drawing.alt.index(found.swings[1].name)
    assert draw_tornado(released(fewest=7)[0].payload) is None


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
