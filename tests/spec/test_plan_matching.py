"""What a plan may ask of matching: all that ``match`` can do for families with risk sets, in ``match``'s own words."""

import json
from dataclasses import fields

import pytest

from tf_eval.errors import ConfigError
from tf_eval.matching import Design
from tf_eval.matching.methods import METHODS
from tf_eval.matching.options import estimands_of
from tf_eval.runs import Plan, read_plan
from tf_eval.runs.matching_plan import NOT_OF_A_PLAN, Matching

GOOD = {
    "county": "data/oxfordshire",
    "programme": "params/programmes/oxfordshire_2012.yaml",
    "intervention": "volunteer_mentors",
    "title": "Volunteer mentors",
    "question": "Do mentors help?",
    "description": "A volunteer visits every week.",
    "outcomes": ["asb_incident"],
}
METHODS_FOR_THOSE_WHO_STARTED = [method for method in METHODS if "att" in estimands_of(method)]


def matching(**asked) -> Matching:
    return read_plan({**GOOD, "matching": {"covariates": ["asb_incident_12m"], **asked}}).matching


@pytest.mark.parametrize("method", METHODS_FOR_THOSE_WHO_STARTED)
def test_every_method_that_answers_for_those_who_started_can_be_asked(method):
    asked = matching(method=method).asked
    usual = {"ratio": 3, "caliper": 0.2} if method in ("nearest", "optimal") else {}
    assert asked == {"on": ["asb_incident_12m"], "method": method, "estimand": "att", **usual}


@pytest.mark.parametrize(
    ("asked", "option"),
    [
        ({"method": "entropy_balancing", "moments": 2}, "moments"),
        ({"method": "stable_balancing", "tolerance": 0.05}, "tolerance"),
        ({"method": "cardinality", "ratio": 2}, "ratio"),
        ({"method": "full", "caliper": 0.5}, "caliper"),
        ({"method": "coarsened_exact", "cutpoints": {"asb_incident_12m": [1, 3.5]}}, "cutpoints"),
        ({"method": "coarsened_exact", "k_to_k": True}, "k_to_k"),
        ({"method": "subclassification", "subclasses": 4}, "subclasses"),
        ({"method": "optimal", "calipers_sd": {"children": 0.5}}, "calipers_sd"),
        ({"missing": "indicator"}, "missing"),
        ({"score_model": "gradient_boosting"}, "score_model"),
        ({"folds": 5}, "folds"),
        ({"reuse": True}, "reuse"),
        ({"calipers": {"children": 1}}, "calipers"),
    ],
)
def test_the_options_of_a_method_go_to_match(asked, option):
    assert matching(**asked).asked[option] == asked[option]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"method": "nearst"}, "no method 'nearst'. Did you mean 'nearest'?"),
        ({"method": "overlap"}, "method 'overlap' cannot answer for estimand 'att', but for 'ato'"),
        ({"method": "entropy_balancing", "caliper": 0.2}, "has no use for 'caliper'; leave it out"),
        ({"method": "entropy_balancing", "ratio": 3}, "has no use for 'ratio'; leave it out"),
        ({"method": "full", "ratio": 2}, "has no use for 'ratio'"),
        ({"method": "cardinality", "subclasses": 4}, "has no use for 'subclasses'; leave it out"),
        ({"method": "stable_balancing", "tolerance": -1}, "tolerance must be"),
        ({"order": "random"}, "needs a seed"),
        ({"method": "coarsened_exact", "cutpoints": {"children": 3}}, "cutpoints: no covariate 'children'"),
        ({"missing": "drop"}, "no missing 'drop'"),
        ({"exact": ["children", "children"]}, "exact names 'children' twice"),
        ({"subclasses": "4"}, "matching.subclasses"),
        ({"estimand": "ate"}, "no key 'estimand'"),
        ({"risk_set": "index_month"}, "no key 'risk_set'"),
        ({"tolerence": 0.1}, "Did you mean 'tolerance'?"),
    ],
)
def test_what_the_method_has_no_use_for_is_refused_before_a_kernel_starts(asked, told):
    with pytest.raises(ConfigError) as refused:
        matching(**asked)
    assert told in str(refused.value)


def test_no_option_of_match_is_forgotten():
    assert set(Matching.model_fields) == {each.name for each in fields(Design)} - {*NOT_OF_A_PLAN} | {"covariates"}


@pytest.mark.parametrize("method", METHODS_FOR_THOSE_WHO_STARTED)
def test_a_plan_goes_through_papermill_as_it_is(method):
    """The runner hands the notebook the whole plan, defaults and all, which then reads it again."""
    plan = read_plan({**GOOD, "matching": {"covariates": ["a"], "method": method}})
    handed = json.loads(json.dumps(plan.model_dump(mode="json")))
    assert read_plan(handed) == plan
    assert read_plan(handed).matching.asked == plan.matching.asked


def test_pairs_without_a_caliper_can_be_asked_for():
    assert "caliper" not in matching(caliper=None).asked


def test_an_editor_is_told_the_methods():
    described = Plan.model_json_schema()["$defs"]["Matching"]["properties"]
    assert described["method"]["enum"] == METHODS_FOR_THOSE_WHO_STARTED
    assert described["ratio"]["description"] == "3 for nearest and optimal"
