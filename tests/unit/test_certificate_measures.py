"""How often an evaluation is right, on cells that can be counted by hand."""

import numpy as np
import pytest

from tests.trials import cell, record
from tf_eval.certificate.limits import Limit
from tf_eval.certificate.measures import Measure, frame_of, measures_of, share

WORKED = {"truth": -4.0, "effect": -4.5, "low": -6.5, "high": -2.5, "verdict": "works"}


def measured(*records):
    return measures_of(frame_of(records))


def test_a_share_has_the_error_of_whole_counties():
    cells = frame_of(
        record("null", seed, *(cell(name, low=1.0 if seed == 1 else -1.5) for name in "abcd")) for seed in (1, 2)
    )
    found = share(cells, cells["covered"])
    # One county has all four and the other none: as uncertain as two coins, and not as eight.
    assert (found.value, found.number) == (0.5, 8)
    assert found.error == pytest.approx(np.std([0, 1], ddof=1) / np.sqrt(2))


def test_of_one_county_there_is_no_error_and_of_nothing_no_share():
    cells = frame_of([record("null", 1, cell("a"))])
    assert np.isnan(share(cells, cells["covered"]).error)
    nothing = share(cells, cells["covered"], cells["wrong"])
    assert np.isnan(nothing.value) and nothing.number == 0


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"verdict": "works"}, True),
        ({"verdict": "promising"}, True),
        ({"verdict": "may do harm"}, True),
        ({"verdict": "no effect worth having"}, False),
        ({"verdict": "cannot tell"}, False),
        ({"verdict": "works", "truth": -1.0}, False),
        ({"verdict": "works", "truth": 1.0}, True),
        ({"verdict": "may do harm", "truth": 1.0}, False),
        ({"verdict": "no effect worth having", "truth": -2.0}, True),
        ({"verdict": "no effect worth having", "truth": -1.9}, False),
        ({"outcome": "attendance", "verdict": "works", "truth": 1.0}, False),
        ({"outcome": "attendance", "verdict": "may do harm", "truth": 1.0}, True),
    ],
)
def test_a_verdict_is_wrong_where_it_says_what_is_not_so(said, wrong):
    assert frame_of([record("planted", 1, cell("a", **said))])["wrong"].tolist() == [wrong]


def test_false_claims_are_counted_where_nothing_is_done_and_recording_cannot_mislead():
    found = measured(
        record(
            "planted",
            1,
            cell("a", verdict="works"),
            cell("b"),
            cell("c", sensitive=True),
            cell("d", **WORKED),
        )
    )
    assert (found["false_claims"].value, found["false_claims"].number) == (0.5, 2)
    assert (found["false_discoveries"].value, found["false_discoveries"].number) == (0.5, 1)


def test_a_claim_of_the_other_sign_is_counted_among_claims_where_something_is_done():
    other = {**WORKED, "truth": 1.0}
    found = measured(record("planted", 1, cell("a", **WORKED), cell("b", **other), cell("c", verdict="works")))
    assert (found["sign_errors"].value, found["sign_errors"].number) == (0.5, 2)


def test_bias_is_of_means_over_counties_so_that_chance_cancels_out():
    effects = (2.0, -2.0, 0.0)
    chance = measured(*(record("null", seed, cell("a", effect=effect)) for seed, effect in enumerate(effects)))["bias"]
    assert chance.value == 0
    # Without each county in turn the mean is 1, 1 and 0, of which the naive one is -5.
    assert chance.error == pytest.approx(np.sqrt(2 * np.var([1 / 5, 1 / 5, 0])))
    both = measured(*(record("null", seed, cell("a", effect=1.0), cell("b", effect=-1.0)) for seed in (1, 2)))["bias"]
    assert both.value == pytest.approx(2 / 10)


def test_the_effect_that_looks_best_is_held_against_its_truth():
    fall = cell("a", effect=-3.0, truth=-1.0), cell("b", effect=-2.0, truth=-9.0)
    rise = cell("a", "attendance", effect=3.0, truth=3.0), cell("b", "attendance", effect=9.0, truth=1.0)
    found = measured(record("planted", 1, *fall, *rise))["overstatement"]
    assert found.value == pytest.approx(np.mean([(3 - 1) / 10, (9 - 1) / 10]))
    assert found.number == 2


def test_checks_are_counted_among_wrong_and_among_right_verdicts():
    check = ["The groups moved alike before the start"]
    found = measured(
        record(
            "trends",
            1,
            cell("a", verdict="works", failed=check),
            cell("b", verdict="works"),
            cell("c", failed=check),
            cell("d"),
            cell("a", "attendance", low=1.0, failed=check),
        )
    )
    assert found["warned"].value == pytest.approx(1 / 2)
    assert found["false_alarms"].value == pytest.approx(2 / 3)
    assert found["warned_misses"].value == 1


def test_what_was_not_estimated_is_no_cell():
    missing = {"effect": None, "low": None, "high": None, "shrunk": None}
    of_nobody = {"truth": None, "sd": None}
    cells = frame_of([record("null", 1, cell("a"), cell("b", **missing), cell("c", **of_nobody))])
    assert cells["intervention"].tolist() == ["a"]


def test_an_outcome_that_nobody_has_is_no_measure_of_bias():
    never = cell("b", sd=0.0, effect=9.0)
    found = measured(record("null", 1, cell("a"), never))
    assert found["bias"].value == pytest.approx(0.5 / 5)
    assert found["overstatement"].value == pytest.approx(-0.5 / 10)


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (0.95, 0.004, "held"),
        (0.965, 0.004, "held, too near to tell"),
        (0.90, 0.004, "**not held**"),
        (0.925, 0.004, "**not held**, too near to tell"),
        (0.95, np.nan, "held, too near to tell"),
        (np.nan, np.nan, "nothing to look at"),
    ],
)
def test_a_limit_is_held_or_not_and_says_where_chance_could_have_decided(value, error, said):
    assert Limit("coverage", "", low=0.93, high=0.97).judge(Measure(value, error, 35)) == said


def test_limits_and_measures_are_told_in_per_cent_or_in_standard_deviations():
    assert Limit("a", "", low=0.93, high=0.97).told == "93.0 % to 97.0 %"
    assert Limit("a", "", high=0.02, is_share=False).told == "at most 0.020 SD"
    assert Limit("a", "", low=0.9).told == "at least 90.0 %"
    assert Limit("a", "").tell(Measure(0.941, 0.0123, 9)) == "94.1 % (1.2 %)"
    assert Limit("a", "").tell(Measure(0.941, np.nan, 9)) == "94.1 %"


def test_the_false_discovery_rate_is_by_county_and_nothing_is_none_found():
    good, false, open_ = cell("a", **WORKED), cell("b", verdict="works"), cell("c")
    found = measured(record("planted", 1, good, false), record("planted", 2, good, open_), record("planted", 3, open_))
    assert (found["false_discoveries"].value, found["false_discoveries"].number) == (pytest.approx(0.5 / 3), 3)
