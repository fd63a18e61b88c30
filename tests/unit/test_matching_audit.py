"""The audit finds each broken constraint by itself, whatever the method that broke it."""

from dataclasses import replace

import numpy as np
import pytest

from tf_eval.errors import EstimationError
from tf_eval.matching.auditing.audit import audit
from tf_eval.matching.optimum.pairs import Pairs
from tf_eval.matching.optimum.prices import find_prices
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.reading.covariates import Coding, Covariates, Level
from tf_eval.matching.weights import assign_sets

TREATED = np.array([True, True, False, False, False])


def problem(**changed) -> Problem:
    arrays = {
        "score": np.array([1.0, 2.0, 1.1, 2.1, 9.0]),
        "exact_cell": np.zeros(5, dtype=int),
        "risk_set": np.zeros(5, dtype=int),
        "unit": np.arange(5),
        "near": np.empty((5, 0)),
        "apart": np.empty((5, 0), dtype=int),
        "alike": np.empty((5, 0), dtype=int),
        **changed,
    }
    none = Covariates(lambda: Coding([], ()))
    settings = {
        "caliper": 0.5,
        "ratio": 1,
        "order": "largest",
        "input_row": np.arange(5),
        "outside": np.zeros(5, dtype=bool),
    }
    return Problem(treated=TREATED, covariates=none, **{**settings, **arrays})


def assignment(row=(0, 1, 2, 3), set_id=(0, 1, 0, 1)) -> Assignment:
    return assign_sets(np.array(row), np.array(set_id), TREATED)


def test_a_sound_match_passes():
    audit(problem(), assignment())


@pytest.mark.parametrize(
    ("faulty", "sets", "said"),
    [
        ({}, {"row": (0, 1, 2, 4)}, "wider than the caliper"),
        ({"exact_cell": np.array([0, 1, 1, 1, 0])}, {}, "crosses exact cells"),
        ({"risk_set": np.array([0, 1, 1, 1, 0])}, {}, "crosses risk sets"),
        ({"alike": np.array([[0, 0], [0, 1], [0, 1], [0, 1], [0, 1]])}, {}, "not alike where it must be"),
        ({"unit": np.array([0, 1, 2, 2, 4])}, {}, "more than once"),
        ({"unit": np.array([0, 1, 0, 3, 4])}, {}, "its own comparison"),
        ({}, {"row": (0, 1, 2), "set_id": (0, 1, 0)}, "lacks a treated or a comparison row"),
        (
            {"score": np.zeros(5)},
            {"row": (0, 1, 2, 3, 4), "set_id": (0, 1, 0, 1, 1)},
            "more comparisons than the ratio",
        ),
        ({"score": np.zeros(5)}, {"row": (0, 1, 2), "set_id": (0, 0, 0)}, "more treated rows than one"),
        (
            {"score": np.zeros(5), "ratio": None, "stars": True},
            {"row": (0, 1, 2, 3), "set_id": (0, 0, 0, 0)},
            "several treated and several comparison rows",
        ),
    ],
)
def test_each_broken_constraint_is_named(faulty, sets, said):
    with pytest.raises(EstimationError, match=said):
        audit(problem(**faulty), assignment(**sets))


def test_where_all_of_a_cell_stand_together_a_set_may_be_of_any_size():
    together = assignment((0, 1, 2, 3), (0, 0, 0, 0))
    audit(problem(score=np.zeros(5), ratio=None), together)


def test_with_reuse_a_unit_serves_once_in_each_risk_set():
    again = problem(score=np.zeros(5), ratio=None, reuse=True, unit=np.array([0, 1, 2, 2, 4]))
    with pytest.raises(EstimationError, match="a unit serves as comparison more than once"):
        audit(again, assignment())
    audit(replace(again, risk_set=np.array([0, 1, 0, 1, 1])), assignment())


def test_a_set_that_weighs_more_in_one_arm_is_named():
    sound = assignment()
    lopsided = Assignment(sound.row, sound.set_id, np.array([1, 1, 1.5, 0.5, 0]))
    with pytest.raises(EstimationError, match="a set weighs more in one arm than in the other"):
        audit(problem(), lopsided)


def test_sets_of_several_treated_rows_pass_where_no_ratio_was_asked():
    audit(replace(problem(score=np.zeros(5)), ratio=None), assignment((0, 1, 2), (0, 0, 0)))


NEAR = replace(problem(score=np.array([1.0, 2.0, 1.1, 2.1, 2.4])), least=True)
SOUND = np.array([0.0, 0.0, 0.0, 0.3, 0.0])  # row 1 would take row 4, 0.4 away, rather than row 3 at more than this


def test_prices_prove_a_least_distance():
    audit(NEAR, replace(assignment(), price=SOUND))


@pytest.mark.parametrize(
    ("row", "price"),
    [
        ((0, 1, 2, 3), None),
        ((0, 1, 2, 3), np.array([0.0, 0.0, 0.0, -0.7, 0.0])),
        ((0, 1, 2, 3), np.array([0.0, 0.0, 0.0, 0.4, 0.0])),
        ((0, 1, 2, 3), np.array([0.0, 0.0, 0.0, 0.3, 0.1])),
        ((0, 1, 2, 4), SOUND * 0),
    ],
)
def test_a_total_distance_that_is_not_proved_to_be_the_least_is_named(row, price):
    with pytest.raises(EstimationError, match="not proved to be the least"):
        audit(NEAR, replace(assignment(row), price=price))


def test_a_treated_row_left_out_is_no_match_of_as_many_as_can_be():
    with pytest.raises(EstimationError, match="not proved to be the least"):
        audit(NEAR, replace(assignment((0, 2), (0, 0)), price=SOUND * 0))


def test_no_prices_are_found_for_pairs_that_could_be_better():
    line = NEAR.line
    price = find_prices(NEAR, line, Pairs(np.array([0, 1]), line.place[[2, 3]]))
    np.testing.assert_allclose(price[3:], [0.3, 0.0], atol=1e-12)
    crossed = Pairs(np.array([0, 1]), line.place[[2, 4]])
    with pytest.raises(EstimationError, match="not those of least total distance"):
        find_prices(NEAR, line, crossed)


# Rows 0 and 1 stand at 1.0 and 2.0; of the comparison rows 2 is 0.1 from row 0, and 3 and 4 are 0.1 and 0.4 from row 1.
COVER = replace(NEAR, ratio=None, least=False, stars=True, position=np.array([[1.0], [2.0], [1.1], [2.1], [2.4]]))
COVERED = assignment((0, 1, 2, 3, 4), (0, 1, 0, 1, 1))
SHARES = np.array([0.0, 0.0, 0.1, 0.1, 0.4])


def test_prices_prove_a_least_cover():
    audit(COVER, replace(COVERED, price=SHARES))


@pytest.mark.parametrize(
    ("sets", "price"),
    [
        (COVERED, None),
        (COVERED, SHARES - np.eye(5)[2] / 20),
        (COVERED, SHARES + np.eye(5)[0] / 20 - np.eye(5)[2] / 20 - np.eye(5)[1] / 20),
        (COVERED, SHARES + np.eye(5)[3] / 20),
        (assignment((0, 1, 2, 3), (0, 1, 0, 1)), SHARES * (np.arange(5) < 4)),
        (assignment((0, 1, 3, 2, 4), (0, 1, 0, 1, 1)), SHARES),
    ],
)
def test_a_cover_that_is_not_proved_to_be_the_least_is_named(sets, price):
    problem = replace(COVER, caliper=5.0)
    with pytest.raises(EstimationError, match="not proved to be the least"):
        audit(problem, replace(sets, price=price))


# With one comparison row each, row 4 is left out and pays the penalty of 9. That row 1 could have it, but has row 3, is
# worth so much that its price makes up for it.
LIMITED = replace(COVER, caliper=5.0, max_ratio=1)
ONE_EACH = assignment((0, 1, 2, 3), (0, 1, 0, 1))
PENALTIES = np.array([-8.6, -8.6, 8.7, 8.7, 9.0])


def test_prices_prove_a_least_cover_within_limits():
    audit(LIMITED, replace(ONE_EACH, price=PENALTIES))


@pytest.mark.parametrize(
    ("sets", "price"),
    [
        (ONE_EACH, PENALTIES * (np.arange(5) < 4)),
        (ONE_EACH, PENALTIES + np.eye(5)[4]),
        (ONE_EACH, PENALTIES - np.eye(5)[2] / 20),
        (ONE_EACH, np.array([-0.3, -0.3, 0.4, 0.4, 0.7])),
        (assignment((0, 1, 2, 4), (0, 1, 0, 1)), np.array([-8.6, -8.6, 8.7, 9.0, 9.0])),
        (assignment((0, 2), (0, 0)), np.array([0.1, 0.0, 0.0, 0.0, 0.0])),
    ],
)
def test_a_cover_within_limits_that_is_not_proved_to_be_the_least_is_named(sets, price):
    with pytest.raises(EstimationError, match="not proved to be the least"):
        audit(LIMITED, replace(sets, price=price))


@pytest.mark.parametrize(
    ("limits", "sets"),
    [
        ({"max_ratio": 1}, COVERED),
        ({"min_ratio": 2}, COVERED),
        ({"min_ratio": 1}, assignment((0, 1, 2), (0, 0, 0))),
        ({"min_ratio": 1, "max_ratio": 3}, assignment((0, 1, 2, 3), (0, 0, 0, 0))),
    ],
)
def test_a_set_beyond_the_limits_on_the_ratio_is_named(limits, sets):
    problem = replace(COVER, caliper=5.0, **limits)
    with pytest.raises(EstimationError) as raised:
        audit(problem, replace(sets, price=SHARES))
    beyond = "a set has more or fewer comparison rows than the limits on the ratio allow" in str(raised.value)
    assert beyond == (limits != {"min_ratio": 1, "max_ratio": 3})


# Row 4 is 0.4 from row 1, the farthest that any is from its nearest: sets may lie within 0.8 of their centres.
NARROW = replace(NEAR, ratio=None, caliper=np.inf, least=False, narrow=True)


def test_centres_prove_that_sets_are_narrow():
    audit(NARROW, replace(COVERED, centre=np.array([0, 3])))


@pytest.mark.parametrize(
    ("sets", "centre"),
    [
        (COVERED, None),
        (COVERED, [1, 3]),
        (assignment((0, 1, 2, 3, 4), (0, 1, 1, 1, 0)), [0, 1]),
        (assignment((0, 1, 2, 3), (0, 1, 0, 1)), [0, 1]),
    ],
)
def test_sets_that_are_not_proved_to_be_narrow_are_named(sets, centre):
    with pytest.raises(EstimationError, match="no set is proved to be narrow"):
        audit(NARROW, replace(sets, centre=None if centre is None else np.array(centre)))


def test_a_row_in_two_sets_is_named():
    with pytest.raises(EstimationError, match="a row is in two sets"):
        audit(problem(score=np.zeros(5)), assignment((0, 1, 2, 2), (0, 1, 0, 1)))


def test_a_weight_outside_the_sets_is_named():
    sound = assignment()
    stray = Assignment(sound.row, sound.set_id, np.where(np.arange(5) == 4, 1.0, sound.weight))
    with pytest.raises(EstimationError, match="weight"):
        audit(problem(), stray)


def test_weights_of_a_set_with_several_treated_rows():
    """Full matching sets: two treated rows share one comparison row, which then stands for both."""
    weight = assign_sets(np.array([0, 1, 2]), np.array([0, 0, 0]), TREATED).weight
    np.testing.assert_allclose(weight, [1, 1, 1, 0, 0])
    mixed = assign_sets(np.array([0, 1, 2, 3, 4]), np.array([0, 1, 0, 1, 1]), TREATED).weight
    np.testing.assert_allclose(mixed, [1, 1, 1.5, 0.75, 0.75])


def weighted(weight, **changed) -> None:
    x = Coding([np.array([1.0, 3.0, 1.0, 2.0, 3.0])], (Level("x", None, binary=False),))
    none = np.empty(0, dtype=int)
    audit(replace(problem(), covariates=Covariates(lambda: x), **changed), Assignment(none, none, np.array(weight)))


def test_sound_weights_pass():
    weighted([1, 1, 1, 0, 1], tolerance=0.0)


def test_a_sound_choice_passes():
    weighted([1, 1, 1, 0, 1], tolerance=0.0, whole=True, in_ratio=True)


@pytest.mark.parametrize(
    ("weight", "changed", "said"),
    [
        ([1, 1, np.nan, 1, 1], {}, "negative or infinite"),
        ([1, 1, 4, 0, -1], {}, "negative or infinite"),
        ([1, 1, 1, 1, 2], {}, "do not sum to its rows"),
        ([1.5, 0.5, 1, 1, 1], {}, "does not weigh 1"),
        ([1, 1, 2, 1, 0], {"estimand": "atc"}, "does not weigh 1"),
        ([1, 1, 1, 1, 1], {"exact_cell": np.array([0, 1, 0, 0, 1])}, "weighs more in one arm"),
        ([1, 1, 2, 0.5, 0.5], {"tolerance": 0.1}, "'x' is not balanced as promised"),
        ([1, 1, 0, 1, 0], {"tolerance": 0.0, "moments": 2}, "'x' is not balanced as promised"),
        ([1, 1, 0.5, 1, 1.5], {"whole": True}, "a row is taken in part"),
        ([1, 1, 1, 1, 0], {"whole": True, "unit": np.array([0, 1, 2, 2, 3])}, "a unit serves as comparison more than"),
        ([1, 1, 1, 1, 1], {"in_ratio": True}, "does not have the ratio"),
        ([1, 0, 1, 1, 1], {"whole": True}, "a treated row of the profile is left out"),
    ],
)
def test_each_fault_of_weights_is_named(weight, changed, said):
    with pytest.raises(EstimationError, match=said):
        weighted(weight, **changed)
