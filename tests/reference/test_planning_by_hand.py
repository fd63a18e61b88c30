"""Planning by hand against published plans and statsmodels."""

import json
from pathlib import Path

import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import power_proportions_2indep

from tf_eval.did import detectable_change, units_needed
from tf_eval.errors import ConfigError, NotEstimated

PLANS = json.loads((Path(__file__).parent / "data" / "power_by_hand.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("plan", PLANS["units_per_arm"], ids=lambda plan: plan["outcome"])
def test_units_at_the_national_effects_are_those_of_the_plan(plan):
    change = plan["comparison"] - plan["programme"]
    assert units_needed(change, base_rate=plan["comparison"]) == plan["units"]


@pytest.mark.parametrize("plan", PLANS["detectable"], ids=lambda plan: f"{plan['units']} at {plan['base_rate']}")
def test_detectable_falls_are_those_of_the_plan(plan):
    found = detectable_change(plan["units"], base_rate=plan["base_rate"])
    assert round(100 * found, 1) == plan["change"]


@pytest.mark.parametrize("plan", PLANS["continuous"], ids=lambda plan: str(plan["units"]))
def test_detectable_changes_in_standard_deviations_are_those_of_the_plan(plan):
    assert round(detectable_change(plan["units"], standard_deviation=1), 2) == plan["change"]


@pytest.mark.parametrize("plan", PLANS["out_of_reach"], ids=lambda plan: str(plan["base_rate"]))
def test_what_is_too_rare_is_not_found_even_if_it_ended(plan):
    found = detectable_change(plan["units"], base_rate=plan["base_rate"])
    assert isinstance(found, NotEstimated)
    assert "even if nobody were left in that state" in found.reason


@pytest.mark.parametrize("base_rate", [0.05, 0.2, 0.6])
@pytest.mark.parametrize("sizes", [(300, 300), (200, 700)])
def test_statsmodels_gives_the_change_the_power_that_was_asked_for(base_rate, sizes):
    change = detectable_change(*sizes, base_rate=base_rate, power=0.7)
    peer = power_proportions_2indep(-change, base_rate, sizes[0], ratio=sizes[1] / sizes[0], return_results=False)
    # statsmodels adds the chance of finding the opposite, which is less than 1e-5 at this power.
    assert peer == pytest.approx(0.7, abs=2e-5)


@pytest.mark.parametrize("ratio", [0.5, 1, 3])
def test_statsmodels_asks_for_as_many_units_of_what_is_continuous(ratio):
    # Its answer is not rounded up to whole units.
    peer = NormalIndPower().solve_power(0.25, alpha=0.05, power=0.8, ratio=ratio)
    assert 0 <= units_needed(0.5, standard_deviation=2, ratio=ratio) - peer < 1


def test_a_plan_turned_round_is_the_same_plan():
    units = units_needed(0.03, base_rate=0.12, ratio=2)
    assert detectable_change(units, 2 * units, base_rate=0.12) <= 0.03
    assert detectable_change(units - 1, 2 * units - 2, base_rate=0.12) > 0.03


def test_children_of_a_family_count_for_less_than_children_of_many():
    alone = units_needed(0.05, base_rate=0.2)
    together = units_needed(0.05, base_rate=0.2, cluster_size=2.5, correlation=0.4)
    assert together == pytest.approx(alone * (1 + 1.5 * 0.4), abs=1)
    single = detectable_change(400, base_rate=0.2, cluster_size=3, correlation=0)
    assert single == detectable_change(400, base_rate=0.2)
    assert detectable_change(400, base_rate=0.2, cluster_size=3, correlation=1) == pytest.approx(
        detectable_change(400 // 3 + 1, base_rate=0.2), rel=0.01
    )


@pytest.mark.parametrize(
    "options, words",
    [
        ({}, "base_rate"),
        ({"base_rate": 0.2, "standard_deviation": 1}, "one of them"),
        ({"base_rate": 20}, "share between 0 and 1"),
        ({"standard_deviation": 0}, "standard_deviation must be"),
        ({"base_rate": 0.2, "power": 0.4}, "power"),
        ({"base_rate": 0.2, "cluster_size": 0.5}, "cluster_size"),
        ({"base_rate": 0.2, "correlation": 2}, "correlation"),
        ({"base_rate": 0.2, "confidence": 95}, "confidence"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(options, words):
    with pytest.raises(ConfigError, match=words):
        detectable_change(200, **options)
    with pytest.raises(ConfigError, match=words):
        units_needed(0.1, **options)


def test_sizes_and_changes_that_cannot_be_are_refused():
    with pytest.raises(ConfigError, match="whole number of units"):
        detectable_change(1, base_rate=0.2)
    with pytest.raises(ConfigError, match="more than base_rate"):
        units_needed(0.3, base_rate=0.2)
    with pytest.raises(ConfigError, match="2 problems"):
        units_needed(-1, base_rate=0.2, ratio=0)
