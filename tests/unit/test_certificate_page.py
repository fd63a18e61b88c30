"""The page of the certificate, from records written by hand."""

import pytest

from tests.trials import cell, record
from tf_eval.certificate import certificate
from tf_eval.errors import RunError

ALIKE = "The groups were alike before the start"


def page(*records):
    return certificate("dartford", "0123456789abcdef", records)


@pytest.fixture(scope="module")
def whole():
    worked = {"truth": -4.0, "effect": -4.5, "low": -6.5, "high": -2.5, "verdict": "works"}
    planted = [record("planted", seed, cell("mentors"), cell("visits", **worked)) for seed in range(1, 5)]
    trends = [
        record("trends", seed, cell("mentors", verdict="works", failed=[ALIKE] * (seed > 1)), cell("visits"))
        for seed in range(1, 5)
    ]
    spill = [record("spill", 1, cell("mentors", verdict="works"), cell("visits", **worked))]
    return page(*planted, *trends, *spill)


def test_it_says_what_was_passed_by_and_what_a_truth_is(whole):
    assert "Checking and linking are passed by" in whole
    assert "also those that the design left out" in whole


def test_every_limit_is_said_to_be_held_or_not_in_each_world(whole):
    holds = whole.split("### Planted effects, 4 counties")[1].split("##")[0]
    assert "| 95 % intervals that hold the truth | 93.0 % to 97.0 % | 100.0 % (0.0 %) | 8 | **not held** |" in holds
    assert "| Claims of the other sign, where something is done | at most 0.5 % | 0.0 % (0.0 %) | 4 | held |" in holds


def test_where_an_assumption_is_broken_it_says_which_check_warned(whole):
    short = line(whole, "Differing trends")
    assert "(4 counties): **the method fails here**; not held: 95 % intervals" in short
    assert f"Of the wrong verdicts 75.0 % (25.0 %) carried a failed check; most often “{ALIKE}” (75 %)." in short
    trends = whole.split("### Differing trends, 4 counties")[1].split("###")[0]
    assert "| Wrong verdicts with a failed check | at least 90.0 % | 75.0 % (25.0 %) | 4 |" in trends


def test_where_no_check_warned_it_says_so(whole):
    assert "**No check warned** of any of the wrong verdicts." in line(whole, "Spill-over")


def test_of_worlds_in_which_assumptions_hold_it_says_what_was_not_held(whole):
    assert "not held: 95 % intervals that hold the truth" in line(whole, "Planted effects")
    missed = cell("a", effect=0.2, low=0.1)
    good = [missed, *(cell(name, effect=0.2) for name in "bcdefghijklmnopqrst")]
    held = page(record("null", 1, *good), record("null", 2, *good))
    assert "all that the method is held to was held" in line(held, "Nothing works")


def line(told, world):
    return next(line for line in told.splitlines() if line.startswith(f"- **{world}**"))


def test_planted_effects_stand_with_how_often_they_are_found(whole):
    assert "| visits | asb incident | -4.0 | -4.5 | 2.0 | 100.0 % (0.0 %) | 100.0 % (0.0 %) |" in whole
    assert "| mentors | asb incident |" not in whole


def test_checks_stand_among_right_and_wrong_verdicts(whole):
    assert f"| {ALIKE} | 0.0 % (0.0 %) | 75.0 % (25.0 %) | 0.0 % (0.0 %) |" in whole


def test_a_few_worlds_make_a_page_too():
    told = page(record("null", 1, cell("mentors")))
    assert "Nothing works, 1 county" in told
    assert "Where an assumption is broken" not in told
    assert "What planted effects are found" not in told
    assert "No check failed." in told


def test_what_could_not_be_done_is_told():
    missing = {"effect": None, "low": None, "high": None, "shrunk": None}
    cells = cell("mentors"), cell("visits", **missing)
    told = page(record("null", 1, *cells, problems=("visits: nobody started",)), record("null", 2, *cells))
    assert "2 effects could not be estimated. 1 evaluations failed." in told
    assert "- visits: nobody started (1)" in told


def test_without_any_effect_there_is_no_page():
    with pytest.raises(RunError, match="--counties"):
        page(record("null", 1, problems=("no family started",)))
