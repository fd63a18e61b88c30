"""How numbers are told: rounded counts, none of few people, and sizes without a sign or a nought that mean nothing."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import e_value, estimate_effect, match, tipping_point
from tf_eval.matching.display import (
    as_given,
    counted,
    nearest,
    number,
    numbers_alike,
    percent,
    rounded,
    step_of_share,
    told_share,
    told_size,
)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        *((-1e-17, "0.00"), (0.0, "0.00"), (1234.5, "1,234"), (0.04567, "0.0457"), (-2, "-2.00")),
        *((-0.0000012, "-0.00000120"), (4.56e-8, "4.56e-08"), (-3.1e40, "-3.10e+40"), (float("nan"), "not available")),
    ],
)
def test_a_number_has_three_figures(value, told):
    assert number(value) == told


def test_numbers_beside_each_other_have_the_decimals_of_the_largest():
    assert numbers_alike([0.612, -0.0004, -0.12]) == ["0.612", "0.000", "-0.120"]
    assert numbers_alike([1234.5, 0.2]) == ["1,234", "0"]
    assert (numbers_alike([]), numbers_alike([0.0]), numbers_alike([3e-9])) == ([], ["0.00"], ["3.00e-09"])


@pytest.mark.parametrize(
    ("value", "told"),
    [(10.100000000000023, "10.1"), (3, "3"), (1234567, "1,234,567"), (250000.5, "250,000"), (2e-6, "2e-06"), (0, "0")],
)
def test_a_number_that_was_given_is_told_as_it_is(value, told):
    assert as_given(value) == told


def test_counts_are_rounded_and_none_is_of_few_people():
    assert (rounded(9), rounded(12), rounded(1003)) == ("fewer than 10", "about 10", "about 1,005")
    assert counted(30, 30, "treated rows") == "about 30 treated rows"
    assert counted(30, 9, "treated rows") == "treated rows of fewer than 10 units"
    assert (counted(30, 9), counted(7, 3)) == ("those of fewer than 10 units", "fewer than 10")


def test_a_small_difference_is_not_called_none():
    assert [told_size(size) for size in (-0.284, 0.0051, 0.004, 0.0)] == ["0.28", "0.01", "below 0.01", "0.00"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(3)
    need = random.normal(size=400)
    started = random.random(400) < 1 / (1 + np.exp(1 - need))
    return pd.DataFrame({"need": need, "started": started, "incidents": need + random.normal(size=400)})


@pytest.mark.parametrize(
    ("asked", "whom"),
    [
        ({"method": "full"}, None),
        ({"method": "full", "estimand": "atc"}, "The effect is that on the comparison rows."),
        ({"method": "full", "estimand": "ate"}, "The effect is that on both arms together."),
        ({"method": "overlap"}, "The effect is that on those who might as well have been treated as not."),
    ],
)
def test_an_effect_says_whom_it_is_on_where_that_is_not_the_treated(frame, asked, whom):
    found = estimate_effect(accepted(match(frame, on="need", treated="started", **asked)), "incidents")
    assert [note for note in found.notes if note.startswith("The effect is that on")] == [whom] * (whom is not None)


@pytest.mark.parametrize(("asked", "has"), [({}, True), ({"method": "full"}, False), ({"method": "overlap"}, False)])
def test_an_effect_points_to_bounds_where_there_are_some(frame, asked, has):
    found = estimate_effect(accepted(match(frame, on="need", treated="started", **asked)), "incidents")
    assert "tipping_point says how strong" in found.summary()
    assert ("and so does rosenbaum_bounds." in found.summary()) == has


def test_an_interval_includes_0_or_does_not(frame):
    """An interval that "holds no effect" could be one without any."""
    clear = frame.assign(incidents=frame["incidents"] + 9 * frame["started"])
    told = [
        tipping_point(accepted(match(rows, on="need", treated="started")), "incidents").summary()
        for rows in (frame, clear)
    ]
    assert "The interval includes 0 as it is." in told[0]
    assert "times its strength the interval would include 0." in told[1]
    assert "The interval includes no effect as it is." in e_value(1.2, 0.9, 1.6, measure="risk_ratio").summary()
    assert "For the interval to include no effect, 1.43 times" in e_value(1.5, 1.1, 2.0, measure="risk_ratio").summary()


def test_a_share_that_was_asked_for_is_told_as_it_is():
    asked = (0.95, 0.9, 0.975, 0.999, 0.29, 0.005)
    assert [percent(share) for share in asked] == ["95%", "90%", "97.5%", "99.9%", "29%", "0.5%"]


def test_a_share_that_was_found_is_not_told_as_none_or_all_where_it_is_not():
    found = (0.0, 0.004, 0.011, 0.5, 0.989, 0.996, 1.0)
    told = ["less than 1%", "less than 1%", "1%", "50%", "99%", "more than 99%", "100%"]
    assert [told_share(share) for share in found] == told
    told = ["less than 5%"] * 3 + ["about 50%", "more than 95%", "more than 95%", "about 100%"]
    assert [told_share(share, 0.05) for share in found] == told
    assert (told_share(0.62, 0.025), told_share(0.37, 0.25)) == ("about 62.5%", "about 25%")


@pytest.mark.parametrize(("units", "step"), [(5, 1), (24, 0.25), (25, 0.2), (97, 0.1), (100, 0.05), (1000, 0.005)])
def test_a_share_is_told_in_steps_of_five_units_or_more(units, step):
    assert step_of_share(units) == pytest.approx(step)


def test_counts_for_a_figure_are_to_the_nearest_five_and_never_none():
    assert nearest(np.array([0, 1, 7, 8, 12.4, 12.5, 203])).tolist() == [5, 5, 5, 10, 10, 15, 205]
