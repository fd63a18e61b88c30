"""What limits on the ratio mean in a full match, on tables small enough to check by eye."""

from fractions import Fraction

import pytest

from tests.drawn import frame_of
from tests.spec.test_matching_optimal import run, sets
from tf_eval.errors import ConfigError, EstimationError

LIMITED = """
row treated score
A         1   1.0
B         1   5.0
c         0   0.9
d         0   1.2
e         0   1.5
f         0   5.1
"""


@pytest.mark.parametrize("distance", ["score", "scaled_euclidean"])
def test_a_full_match_within_limits_on_the_ratio(distance):
    asked = {"method": "full", "distance": distance}
    assert sets(run(frame_of(LIMITED), **asked)) == {"Acde", "Bf"}
    assert sets(run(frame_of(LIMITED), max_ratio=3, **asked)) == {"Acde", "Bf"}
    # A may keep two: the third, e, is nearest of the three to B.
    two = run(frame_of(LIMITED), max_ratio=2, **asked)
    assert sets(two) == {"Acd", "Bef"}
    assert two.notes == ()
    # With one each, who is nearest stays, and two comparison rows go.
    one = run(frame_of(LIMITED), max_ratio=1, **asked)
    assert sets(one) == {"Ac", "Bf"}
    assert one.notes == (
        "The limits on the ratio leave comparison rows out that have a partner within reach: no more can be kept.",
    )
    # B needs two as well.
    assert sets(run(frame_of(LIMITED), min_ratio=2, **asked)) == {"Acd", "Bef"}


SHARED = """
row treated score
A         1   1.0
B         1   1.1
C         1   1.4
D         1   6.0
e         0   1.2
f         0   5.0
"""


@pytest.mark.parametrize("distance", ["score", "scaled_euclidean"])
def test_a_min_ratio_below_one_says_how_many_treated_rows_may_share_a_comparison_row(distance):
    asked = {"method": "full", "distance": distance}
    assert sets(run(frame_of(SHARED), **asked)) == {"ABCe", "Df"}
    assert sets(run(frame_of(SHARED), min_ratio=1 / 3, **asked)) == {"ABCe", "Df"}
    assert sets(run(frame_of(SHARED), min_ratio=Fraction(1, 2), **asked)) == {"ABe", "CDf"}
    # From 1 on nobody shares: two of the four have none, and go where that saves most.
    one = run(frame_of(SHARED), min_ratio=1, **asked)
    assert sets(one) == {"Be", "Df"}
    assert one.dropped["reason"].to_dict() == dict.fromkeys(
        "AC", "too few comparisons within reach for the limits on the ratio"
    )
    assert one.notes == (
        "The limits on the ratio leave treated rows out that have a partner within reach: no more can be kept.",
    )


@pytest.mark.parametrize("distance", ["score", "scaled_euclidean"])
def test_treated_rows_that_cannot_all_have_the_fewest_are_set_aside_one_by_one(distance):
    asked = {"method": "full", "distance": distance, "min_ratio": 2, "estimand": "ate"}
    # A and B have their two; C, to whom nobody is near, would need two more.
    found = run(frame_of(LIMITED + "C 1 9.0\n"), **asked)
    assert sets(found) == {"Acd", "Bef"}
    assert list(found.dropped.index) == ["C"]
    assert found.notes == (
        "min_ratio leaves treated rows out, so that each of the others has its fewest comparison rows.",
    )


def test_who_cannot_be_reached_is_not_left_out_for_the_limits():
    found = run(frame_of(LIMITED + "C 1 99.0\n"), "full", max_ratio=3, caliper=0.2, estimand="ate")
    assert found.dropped["reason"].to_dict() == {"C": "no comparison within the caliper"}
    assert found.notes == ("Rows without a partner within reach take no part.",)


def test_limits_on_the_ratio_are_said_in_words():
    said = run(frame_of(LIMITED), "full", max_ratio=3, min_ratio=1 / 2).summary()
    assert said.startswith(
        "Optimal full matching with at most 3 comparison rows for a treated row and at most 2 treated rows for a "
        "comparison row, by the score 'score'"
    )
    said = run(frame_of(LIMITED), "full", min_ratio=2).summary()
    assert said.startswith("Optimal full matching with at least 2 comparison rows for a treated row, by")


def test_a_fraction_is_written_down_as_a_number():
    assert run(frame_of(SHARED), "full", min_ratio=Fraction(1, 2)).to_dict()["design"]["min_ratio"] == 0.5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"min_ratio": 0.3}, "min_ratio must be a whole number .* or one over the number"),
        ({"min_ratio": 1.5}, "min_ratio must be a whole number"),
        ({"min_ratio": 0}, "min_ratio must be a whole number"),
        ({"min_ratio": True}, "min_ratio must be a whole number"),
        ({"min_ratio": "1/3"}, "min_ratio must be a whole number"),
        ({"min_ratio": float("inf")}, "min_ratio must be a whole number"),
        ({"max_ratio": 0.5}, "max_ratio must be a whole number"),
        ({"max_ratio": 0}, "max_ratio must be a whole number"),
        ({"min_ratio": 3, "max_ratio": 2}, "min_ratio must not be larger than max_ratio"),
        ({"ratio": 2, "max_ratio": 3}, "has no use for 'ratio'"),
    ],
)
def test_limits_that_no_set_can_keep_are_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        run(frame_of(LIMITED), "full", **options)


def test_more_rows_than_can_be_covered_together_are_refused(monkeypatch):
    monkeypatch.setattr("tf_eval.matching.covering.within_limits.MOST", 5)
    with pytest.raises(EstimationError, match=r"6 rows of one cell and risk set are too many .* exact columns"):
        run(frame_of(LIMITED), "full", max_ratio=2)
