"""Outcomes that an intervention cannot move: did they move?"""

import pytest

from benchmarks.negative_controls import controls_of
from tf_eval.errors import ConfigError
from tf_eval.evidence import negative_control_check
from tf_eval.evidence.check import CHECK_LEVEL


def test_where_none_is_declared_nothing_is_asked():
    assert negative_control_check([]) == ()


def test_controls_that_stayed_as_they_were_pass():
    (check,) = negative_control_check(controls_of(0, 0, 0, 0))
    assert check.passed and check.name == "What this cannot change did not change" and not check.outcome
    assert "no change beyond chance on ASB incidents, exclusions" in check.detail
    assert check.detail.endswith("one by one or taken together.")


def test_one_that_moved_is_named_and_fails_the_check():
    (check,) = negative_control_check(controls_of(0, -0.5, 0, 0))
    assert not check.passed
    assert "there was a change beyond chance on exclusions from school and all of them taken together." in check.detail


def test_one_alone_is_tested_once_at_the_level_of_the_check():
    (effect,) = controls_of(-0.115, seed=1)
    assert CHECK_LEVEL / 2 < effect.headline.p_value < CHECK_LEVEL, "two tests would let it pass"
    (check,) = negative_control_check([effect])
    assert not check.passed and "on ASB incidents." in check.detail


def test_what_moves_all_of_them_a_little_is_seen_in_their_sum():
    little = controls_of(-0.1, -0.1, -0.1, -0.1, seed=2)
    assert all(effect.headline.p_value > CHECK_LEVEL / 5 for effect in little), "each passes by itself"
    (check,) = negative_control_check(little)
    assert not check.passed and check.detail.endswith("on all of them taken together.")


def test_moves_in_both_directions_do_not_hide_behind_each_other():
    (check,) = negative_control_check(controls_of(0.5, -0.5))
    assert not check.passed and "on ASB incidents and exclusions from school." in check.detail


def test_sound_studies_fail_it_as_often_as_they_may():
    # At a level of 0.75 % or less, more than 3 of 60 would be a chance of 1 in 900 at most; the seeds are fixed.
    failed = [not negative_control_check(controls_of(0, 0, 0, seed=seed))[0].passed for seed in range(60)]
    assert sum(failed) <= 3


def test_one_that_never_came_about_is_named_and_does_not_count():
    (never,) = controls_of(0, scale=0.0)
    (check,) = negative_control_check([never, controls_of(0, 0)[1]])
    assert check.passed and "on exclusions from school, and nothing could be seen of ASB incidents." in check.detail
    assert not check.told, "on a page it would say that nobody had it"
    (check,) = negative_control_check([never])
    assert not check.passed and "could not be examined" in check.detail and not check.told


def test_one_without_an_estimate_is_no_control():
    (check,) = negative_control_check(controls_of(0, 0, follow_up=(20, 24)))
    assert not check.passed and "could not be examined" in check.detail


def test_all_are_followed_over_the_same_months():
    with pytest.raises(ConfigError, match="same months"):
        negative_control_check([*controls_of(0), controls_of(0, 0, follow_up=(1, 6))[1]])


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_same_each_time(seed):
    assert negative_control_check(controls_of(0.1, 0.1, seed=seed)) == negative_control_check(
        controls_of(0.1, 0.1, seed=seed)
    )
