"""What a study could have found, as a page may say it: no count of families leaves, and few families show nothing."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.detectable import COVARIATES, draw
from tf_eval.evidence import detectable_effects
from tf_eval.release import publish
from tf_eval.release.detectable import DetectableRow, DetectableView
from tf_eval.report import to_html
from tf_eval.report.figures import draw_detectable

COUNT, STATE = "per_100_families_a_year", "of_100_families"
ASB = DetectableRow("asb", "ASB incidents", COUNT, "1 to 12", 66.4, 60.0, False, 281.6, 156, 303)
LATE = replace(ASB, band="13 to 18", smallest_detectable=91.7, n_treated=98, n_comparison=173)
ABSENCE = DetectableRow("absence", "Absence", "percentage_points", "1 to 12", 1.47, 3.0, True, 14.03, 107, 249)
CARE = DetectableRow("care", "Families with a child in care", STATE, "1 to 12", 4.6, 3.0, False, 10.4, 156, 303)


LATER = tuple(replace(row, band=LATE.band) for row in (ABSENCE, CARE))


def view(*rows: DetectableRow, power: float = 0.8) -> DetectableView:
    return DetectableView(rows or (ASB, LATE, ABSENCE, CARE, *LATER), "1 to 12", power)


def drawing(*rows: DetectableRow):
    return draw_detectable(publish(view(*rows)).payload)


def test_numbers_are_rounded_as_their_unit_deserves():
    first, late, absence, *_ = publish(view()).payload["rows"]
    assert (first["smallest_detectable"], first["smallest_worthwhile"], first["base_rate"]) == (66, 60, 282)
    assert (first["worth"], first["relative"], first["large_enough"]) == (1.11, 0.24, False)
    assert (late["band"], late["smallest_detectable"]) == ("13 to 18", 92)
    assert (absence["smallest_detectable"], absence["worth"], absence["large_enough"]) == (1.5, 0.49, True)


def test_no_count_of_families_leaves():
    told = json.dumps(publish(view()).to_dict())
    assert not re.search(r"\b(156|303|155|305|107|249)\b", told)
    assert "n_treated" not in told and "n_comparison" not in told


@pytest.mark.parametrize("few", [{"n_treated": 9}, {"n_comparison": 9}])
def test_of_few_families_nothing_is_told_but_what_is_worth_having(few):
    released = publish(view(replace(ASB, **few)))
    (row,) = released.payload["rows"]
    hidden = ("smallest_detectable", "worth", "base_rate", "relative")
    assert [row[name] for name in hidden] == ["[c]"] * 4 and row["large_enough"] is None
    assert row["smallest_worthwhile"] == 60
    assert released.notes[0].startswith("[c] where the result rests on fewer than 10")
    html = to_html(released)
    assert "66" not in html and "too small to tell" not in html and "<img" not in html
    assert "Too few families could be studied to say how large a change would have been found." in html


@given(st.integers(0, 9), st.floats(0.1, 500), st.booleans())
def test_whatever_few_families_would_show_looks_the_same(families, size, enough):
    row = replace(ASB, n_treated=families, smallest_detectable=size, base_rate=size / 2, large_enough=enough)
    assert publish(view(row)).to_dict() == publish(view(replace(ASB, n_treated=5))).to_dict()


def test_a_rate_of_few_families_is_hidden_with_what_would_give_it_away():
    """A twentieth of 156 families are fewer than ten; the share that the change is of it would tell it."""
    (row,) = publish(view(replace(CARE, base_rate=5.0))).payload["rows"]
    assert (row["base_rate"], row["relative"], row["smallest_detectable"]) == ("[c]", "[c]", 4.6)


def test_what_is_not_known_is_not_available():
    unknown = replace(LATE, smallest_detectable=None, base_rate=None, large_enough=None, n_treated=0, n_comparison=0)
    released = publish(view(ASB, unknown))
    row = released.payload["rows"][1]
    assert (row["smallest_detectable"], row["suppressed"]) == ("[x]", "")
    assert "[x]" in to_html(released)


def test_words_say_for_which_outcomes_a_study_was_large_enough_and_for_which_too_small():
    html = to_html(publish(view()))
    assert "a study of this size shows the smallest change worth having four times in five in absence." in html
    assert "It is too small to tell in ASB incidents and families with a child in care" in html
    assert "not even an end" not in html


def test_what_could_not_be_shown_if_it_ended_is_said():
    html = to_html(publish(view(replace(ASB, base_rate=50.0))))
    assert "In ASB incidents not even an end of it altogether would be shown so often." in html
    assert "shows the smallest change worth having four times in five in no outcome." in html
    rising = to_html(publish(view(replace(ASB, base_rate=50.0, good_direction="rise"))))
    assert "not even an end" not in rising, "what is to rise can rise by more than there is"


def test_another_power_is_told():
    assert "in 85% of cases" in to_html(publish(view(power=0.85)))
    assert "nine times in ten" in to_html(publish(view(power=0.9)))


def test_tables_have_the_plans_months_and_every_band():
    html = to_html(publish(view()))
    assert html.count("<table") == 2
    assert "no: too small to tell" in html and ">yes<" in html
    assert "Months 13 to 18" in html and "92" in html


def test_the_figure_counts_outcomes_and_says_from_which_change_on_each_is_found():
    shown = drawing()
    assert shown.headline == "Large enough to find a change worth having in 1 of 3 outcomes"
    assert "ASB incidents: found from 66, worth having from 60" in shown.alt
    assert "found from 1.5" in shown.svg and "13 to 18" not in shown.alt
    assert drawing(replace(ASB, n_treated=3)) is None


@pytest.mark.parametrize("size", [0.6, 61.0, 5000.0])
def test_the_axis_holds_what_is_worth_having_however_far_off_it_is(size):
    svg = drawing(replace(ASB, smallest_detectable=size)).svg
    assert ">60<" in svg and ">1<" in svg


def test_a_result_passes_the_gate():
    found = detectable_effects(*draw(3), covariates=COVARIATES, seed=1)
    released = publish(found)
    table = found.table()
    assert [row["band"] for row in released.payload["rows"]] == table["band"].tolist()
    shown = [row["smallest_detectable"] for row in released.payload["rows"]]
    assert shown == np.round(table["minimum_detectable"].astype(float)).astype(int).tolist()
    assert released.payload["follow_up"] == "1 to 12"
