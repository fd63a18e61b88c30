"""How it was done is said from the plan: every method has its words, and no sentence speaks of what was not asked."""

import pytest

from tests.spec.test_plan_matching import GOOD, METHODS_FOR_THOSE_WHO_STARTED
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.report.methods import ESTIMATION_WORDS, methods_words
from tf_eval.runs import methods, read_plan


def said(matching=None, **estimation) -> str:
    asked = {"covariates": ["asb_incident_12m"], **(matching or {})}
    return methods_words(publish(methods(read_plan({**GOOD, "matching": asked, "estimation": estimation}))).payload)


@pytest.mark.parametrize("method", METHODS_FOR_THOSE_WHO_STARTED)
def test_every_method_has_its_words(method):
    text = said({"method": method})
    assert "month" in text and ("nearest" in text) == (method == "nearest")


def test_pairs_are_said_with_what_was_asked_of_them():
    text = said({"exact": ["district"], "ratio": 2, "caliper": 0.4})
    assert text.startswith(
        "Greedy nearest neighbour matching on a propensity score, within month and district, asked with ratio 2 and "
        "caliper 0.4. "
    )
    assert "asked with ratio 1. " in said({"method": "cardinality"})


def test_weights_are_not_said_to_be_within_a_month():
    text = said({"method": "entropy_balancing", "exact": ["district"], "moments": 2})
    assert text.startswith(
        "Entropy balancing (Hainmueller 2012), with both groups in the same proportion in each month and district, "
        "asked with moments 2. "
    )


def test_another_distance_is_no_score():
    assert "score" not in said({"method": "optimal", "distance": "mahalanobis", "caliper": None})


def test_options_of_several_values_are_listed():
    cuts = {"cutpoints": {"asb_incident_12m": [1, 3.5]}, "k_to_k": True}
    text = said({"method": "coarsened_exact", **cuts})
    assert "cutpoints 1 and 3.5 for asb incident 12m" in text and "k to k yes" in text


@pytest.mark.parametrize("method", ESTIMATION_WORDS)
def test_the_estimator_is_named_where_it_adjusts_for_something(method):
    assert ESTIMATION_WORDS[method] in said(method=method, covariates=["children"])
    assert "Difference-in-differences of means by start cohort" in said(method=method)
    assert "against the month before the start" in said(method=method, baseline=1)


def test_the_page_shows_it_as_one_paragraph():
    html = to_html(publish(methods(read_plan({**GOOD, "matching": {"covariates": ["children"], "method": "full"}}))))
    assert html.count("<p>") == 1 and "on a propensity score" in html


def test_a_report_that_is_made_again_says_what_its_intervals_hold_over():
    asked = {**GOOD, "matching": {"covariates": ["asb_incident_12m"]}}
    again = methods(read_plan({**asked, "looks": {"first": "2013-10", "planned": 24}}))
    text = methods_words(publish(again).payload)
    assert "This report is made every month from records up to 2013-10 on, 24 times at most" in text
    assert "hold over all these looks together" in text
    assert "This report" not in said()


DISTRICTS = {"column": "district", "label": "districts"}


def test_what_cannot_move_is_said_where_any_was_declared_and_only_there():
    plan = read_plan({**GOOD, "matching": {"covariates": ["a"]}, "negative_controls": ["plan_or_care"]})
    told = methods_words(publish(methods(plan)).payload)
    assert "What the intervention cannot move (plan or care) is named in the plan and measured in the same way" in told
    assert "cannot move" not in said()


def test_subgroups_are_said_where_any_was_declared_and_only_there():
    asked = {"column": "children", "label": "many children", "others": "few children", "at_least": 3}
    plan = read_plan({**GOOD, "matching": {"covariates": ["a"]}, "subgroups": [DISTRICTS, asked]})
    told = methods_words(publish(methods(plan)).payload)
    assert "Differences between districts; between many children and few children are declared in the plan. " in told
    assert "declared" not in said()
