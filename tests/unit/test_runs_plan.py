"""A plan is validated as papermill hands it over: every slip in one message."""

import pytest
import yaml

from tf_eval import project
from tf_eval.cohort.pools import PoolRule
from tf_eval.errors import ConfigError
from tf_eval.runs import load_plan, read_plan

GOOD = {
    "county": "data/oxfordshire",
    "programme": "params/programmes/oxfordshire_2012.yaml",
    "intervention": "volunteer_mentors",
    "title": "Volunteer mentors",
    "question": "Do mentors help?",
    "description": "A volunteer visits every week.",
    "outcomes": ["asb_incident"],
    "matching": {"covariates": ["asb_incident_12m"]},
}

MANY = {"column": "children", "label": "three or more", "others": "fewer", "at_least": 3}


def test_what_is_left_out_has_a_default():
    plan = read_plan(GOOD)
    assert (plan.matching.ratio, plan.estimation.baseline, plan.estimation.follow_up) == (3, 12, [1, 12])
    assert plan.subgroups == plan.negative_controls == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"calliper": 0.2}, "no key 'calliper'"),
        ({"intervention": "Volunteer mentors"}, "intervention"),
        ({"outcomes": []}, "outcomes"),
        ({"outcomes": "asb_incident"}, "outcomes"),
        ({"matching": {"covariates": ["a"], "ratio": "3"}}, "matching.ratio"),
        ({"matching": {"covariates": ["a"], "ratio": 0}}, "matching.ratio"),
        ({"matching": {"covariates": ["a"], "caliper": -0.1}}, "matching.caliper"),
        ({"matching": {"covariates": ["a"], "calliper": 0.1}}, "Did you mean 'caliper'?"),
        ({"matching": {True: ["a"]}}, "matching"),  # what YAML 1.1 makes of `on`
        ({"outcomes": ["asb_incident", "asb_incident"]}, "only once"),
        ({"looks": {"first": "2013-13", "planned": 24}}, "looks.first"),
        ({"looks": {"first": "2013-06", "planned": 1}}, "looks.planned"),
        ({"looks": {"first": "2013-06", "planed": 24}}, "Did you mean 'planned'?"),
        ({"primary": []}, "primary"),
        ({"primary": ["asb_incident", "asb_incident"]}, "primary: each outcome may stand only once"),
        ({"primary": ["asb_incidents"]}, "Did you mean 'asb_incident'?"),
        ({"negative_controls": ["exclusion", "exclusion"]}, "negative_controls: each outcome may stand only once"),
        ({"negative_controls": ["asb_incident"]}, "negative_controls: 'asb_incident' cannot be judged and be what"),
        ({"negative_controls": "exclusion"}, "negative_controls"),
        ({"estimation": {"baseline": 0}}, "estimation.baseline"),
        ({"estimation": {"baseline": 24}}, "estimation.baseline"),  # it would swallow the months of the placebo
        ({"estimation": {"follow_up": [1]}}, "estimation.follow_up"),
        ({"estimation": {"follow_up": [12, 1]}}, "first"),
        ({"estimation": {"method": "doubly_robst"}}, "estimation.method"),
        ({"comparison": {"pools": ["wating"]}}, "Did you mean 'waiting'?"),
        ({"comparison": {"pools": []}}, "name at least one of"),
        ({"comparison": {"washout_months": 3}}, "nothing to wash out"),
        ({"comparison": {"washout_months": 3.5, "prior_support": "allow"}}, "comparison.washout_months"),
        ({"comparison": {"prior_suport": "allow"}}, "Did you mean 'prior_support'?"),
        (
            {"comparison": {"pools": ["other_district"]}, "matching": {"covariates": ["a"], "exact": ["district"]}},
            "cannot be compared within the district",
        ),
        ({"smallest_worthwhile": {"asb_incident": -5}}, "smallest_worthwhile"),
        ({"smallest_worthwhile": {"asb_incidents": 5}}, "smallest_worthwhile"),
        ({"subgroups": ["district"]}, "entry 1 of subgroups"),
        ({"subgroups": [{"column": "district"}]}, "the key 'label' is missing"),
        ({"subgroups": [{"column": "district", "label": "districts", "labels": "a"}]}, "Did you mean 'label'?"),
        ({"subgroups": [{"column": "distrct", "label": "districts"}]}, "Did you mean 'district'?"),
        ({"subgroups": [{"column": "children", "label": "many children"}]}, "give at_least"),
        ({"subgroups": [{"column": "district", "label": "districts", "at_least": 2}]}, "leave at_least out"),
        ({"subgroups": [{"column": "district", "label": "districts", "expects": "more"}]}, "leave expects out"),
        ({"subgroups": [{**MANY, "others": "three or more"}]}, "name the same families"),
        ({"subgroups": [{**MANY, "label": "3 children or more"}]}, "spell numbers out"),
        ({"subgroups": [{**MANY, "expects": "better"}]}, "subgroups, expects"),
        ({"subgroups": [{**MANY, "column": "asb_incident"}]}, "such as 'asb_incident_12m'"),
        ({"subgroups": [MANY, {**MANY, "at_least": 4}]}, "each label may stand only once"),
        ({"subgroups": [{**MANY, "label": 3 * name, "at_least": 2} for name in "abcdef"]}, "at most 5"),
        (
            {
                "subgroups": [{"column": "provider", "label": "providers"}],
                "matching": {"covariates": ["a"], "method": "entropy_balancing"},
            },
            "makes no sets",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change, told):
    with pytest.raises(ConfigError) as refused:
        read_plan({**GOOD, **change})
    assert told in str(refused.value)


def test_left_out_every_outcome_is_primary():
    two = {**GOOD, "outcomes": ["asb_incident", "exclusion"]}
    assert read_plan(two).primary == ["asb_incident", "exclusion"]
    assert read_plan({**two, "primary": ["exclusion"]}).primary == ["exclusion"]


def test_a_missing_key_is_named():
    with pytest.raises(ConfigError, match="'question' is missing"):
        read_plan({key: value for key, value in GOOD.items() if key != "question"})


def test_all_slips_are_told_at_once():
    with pytest.raises(ConfigError, match="2 problems"):
        read_plan({**GOOD, "outcomes": [], "matching": {"covariates": ["a"], "ratio": 0}})


def test_a_file_and_the_notebook_read_alike(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    assert load_plan(path) == read_plan(GOOD)


def test_a_smallest_change_of_the_plans_own_goes_to_the_measuring():
    plan = read_plan({**GOOD, "smallest_worthwhile": {"asb_incident": 33.0}})
    assert plan.measuring("asb_incident")["smallest_worthwhile"] == 33.0


def test_whom_to_compare_with_goes_to_the_arms_and_is_everybody_at_risk_by_default():
    plan = read_plan(GOOD)
    assert PoolRule(**plan.comparison.asked).to_dict() == PoolRule().to_dict()
    assert not plan.comparison.below_threshold
    asked = {"pools": ["below_threshold"], "prior_support": "allow", "washout_months": 6, "unanswered_months": 3}
    plan = read_plan({**GOOD, "comparison": asked})
    assert plan.comparison.asked == asked
    assert plan.comparison.below_threshold


def test_every_plan_of_the_project_says_whom_it_compares_with():
    for path in sorted(project.locate("params/evaluations/volunteer_mentors.yaml").parent.glob("*.yaml")):
        assert "comparison" in yaml.safe_load(path.read_text(encoding="utf-8"))
        assert load_plan(path).comparison == read_plan(GOOD).comparison
