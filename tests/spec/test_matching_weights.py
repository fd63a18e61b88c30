"""What the weights mean, on tables small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.errors import ConfigError, EstimationError
from tf_eval.matching import check_balance, match


def frame_of(text: str) -> pd.DataFrame:
    """Read a table drawn with spaces; the first column is the row label."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=header).set_index(header[0])
    return frame.astype({"treated": int, **{name: float for name in ("x", "y", "score") if name in frame}})


def weights(frame: pd.DataFrame, method: str, on="x", **options) -> dict[str, float]:
    """Return the weight of each row that has one."""
    found = match(frame, on=on, treated="treated", method=method, **options)
    return found.frame["weight"].to_dict()


# One in two of those with x = 0 was treated, and one in four of those with x = 1: odds of 1 and 1/3.
SHARES = """
row treated x
A         1 0
b         0 0
C         1 1
d         0 1
e         0 1
f         0 1
"""


@pytest.mark.parametrize("method", ["inverse_probability", "covariate_balancing", "entropy_balancing"])
def test_for_those_treated_comparison_rows_weigh_by_the_odds(method):
    # b stands for A, and d, e and f share C: 1, 1/3, 1/3, 1/3, times two to sum to the four comparison rows.
    expected = {"A": 1, "C": 1, "b": 2, "d": 2 / 3, "e": 2 / 3, "f": 2 / 3}
    assert weights(frame_of(SHARES), method) == pytest.approx(expected)


def test_for_those_compared_treated_rows_weigh_by_the_odds_the_other_way():
    # A stands for b, and C for d, e and f: 1 and 3, divided by two to sum to the two treated rows.
    expected = {"A": 0.5, "C": 1.5, "b": 1, "d": 1, "e": 1, "f": 1}
    assert weights(frame_of(SHARES), "inverse_probability", estimand="atc") == pytest.approx(expected)


def test_for_everybody_each_row_weighs_by_the_inverse_of_its_own_chance():
    # 2 and 4 treated; 2 and 4/3 compared: each arm sums to the six rows, then to its own number of rows.
    expected = {"A": 2 / 3, "C": 4 / 3, "b": 4 / 3, "d": 8 / 9, "e": 8 / 9, "f": 8 / 9}
    assert weights(frame_of(SHARES), "inverse_probability", estimand="ate") == pytest.approx(expected)


def test_for_the_overlap_each_row_weighs_by_the_chance_of_the_other_arm():
    # 1/2 and 3/4 treated; 1/2 and 1/4 compared: each arm sums to 5/4, then to its own number of rows.
    expected = {"A": 0.8, "C": 1.2, "b": 1.6, "d": 0.8, "e": 0.8, "f": 0.8}
    assert weights(frame_of(SHARES), "overlap") == pytest.approx(expected)
    assert match(frame_of(SHARES), on="x", treated="treated", method="overlap").design.estimand == "ato"


def test_a_score_of_ones_own_is_the_log_odds():
    frame = frame_of("""
    row treated score
    A         1   9.0
    b         0   0.0
    c         0   1.0986122886681098
    """)
    # Odds of 1 and 3: 1/4 and 3/4 of two rows.
    assert weights(frame, "inverse_probability", on="score", score="score") == pytest.approx(
        {"A": 1, "b": 0.5, "c": 1.5}
    )


def test_a_score_that_can_be_no_log_odds_is_refused():
    frame = pd.DataFrame({"treated": [1, 0, 0], "score": [0.0, 1.0, 1000.0]})
    with pytest.raises(EstimationError, match="too far from 0"):
        weights(frame, "inverse_probability", on="score", score="score")


# The treated mean is 1: b, c and d have to weigh such that theirs is 1 too.
LINE = """
row treated x
A         1 0
B         1 2
b         0 0
c         0 1
d         0 3
"""


def test_entropy_balancing_weighs_by_an_exponential_that_meets_the_mean():
    found = weights(frame_of(LINE), "entropy_balancing")
    # -1, 0 and 2 from the treated mean: weights z^-1, 1 and z^2 balance where -1/z + 2 z^2 = 0, so z = (1/2)^(1/3).
    z = 0.5 ** (1 / 3)
    raw = np.array([1 / z, 1, z**2])
    assert [found[row] for row in "bcd"] == pytest.approx(3 * raw / raw.sum())


def test_stable_balancing_weighs_by_a_straight_line_that_meets_the_mean():
    found = weights(frame_of(LINE), "stable_balancing", tolerance=0)
    # a + k (-1, 0, 2) with a sum of 3 and no sum of moments: 3 a + k = 3 and a + 5 k = 0, so a = 15/14, k = -3/14.
    assert [found[row] for row in "bcd"] == pytest.approx([18 / 14, 15 / 14, 9 / 14])


def test_stable_balancing_goes_no_further_than_the_tolerance():
    # The treated standard deviation is the root of 2; a tolerance of 1/5 of it lets the mean be 1.2828.
    found = match(frame_of(LINE), on="x", treated="treated", method="stable_balancing", tolerance=0.2)
    assert check_balance(found).worst["smd_after"] == pytest.approx(-0.2)


def test_within_a_wide_tolerance_all_weigh_the_same():
    assert weights(frame_of(LINE), "stable_balancing", tolerance=1) == pytest.approx(dict.fromkeys("ABbcd", 1))


def test_stable_balancing_leaves_out_rows_that_would_need_a_negative_weight():
    frame = frame_of("""
    row treated x
    A         1 0.0
    B         1 0.8
    b         0 0.0
    c         0 1.0
    d         0 9.0
    """)
    # A straight line through the treated mean of 0.4 would be below 0 at 9; without d, 6 and 4 tenths of two rows.
    found = match(frame, on="x", treated="treated", method="stable_balancing", tolerance=0)
    assert found.frame["weight"].to_dict() == pytest.approx({"A": 1, "B": 1, "b": 1.2, "c": 0.8})
    assert found.table().set_index(["size", "arm"]).loc[("dropped", "comparison"), "rows"] == 1


def test_two_moments_meet_mean_and_spread():
    frame = frame_of("""
    row treated x
    A         1 1
    B         1 3
    b         0 0
    c         0 1
    d         0 2
    e         0 4
    """)
    found = match(frame, on="x", treated="treated", method="entropy_balancing", moments=2).frame
    compared = found[found["treated"] == 0]
    assert np.average(compared["x"], weights=compared["weight"]) == pytest.approx(2)
    assert np.average((compared["x"] - 2) ** 2, weights=compared["weight"]) == pytest.approx(1)


def test_what_no_weights_can_balance_is_named():
    frame = frame_of("""
    row treated x y
    A         1 5 0
    B         1 7 1
    c         0 0 0
    d         0 4 1
    e         0 1 1
    """)
    for method in ("entropy_balancing", "covariate_balancing", "stable_balancing"):
        with pytest.raises(EstimationError, match="can balance 'x': no mixture"):
            weights(frame, method, on=["x", "y"])


def test_covariates_that_can_be_balanced_one_by_one_but_not_together_are_named():
    frame = frame_of("""
    row treated x y
    A         1 1 1
    b         0 0 1
    c         0 1 0
    d         0 2 0
    e         0 0 0
    """)
    # Nobody lies beyond the line x + 2 y = 2, and the treated row does.
    with pytest.raises(EstimationError, match="'x', 'y'"):
        weights(frame, "entropy_balancing", on=["x", "y"])


CELLS = """
row treated x district
A         1 0 north
B         1 1 north
C         1 0 south
d         0 0 north
e         0 1 north
f         0 0 south
g         0 1 south
h         0 1 west
I         1 1 east
"""


@pytest.mark.parametrize(
    "method", ["inverse_probability", "overlap", "entropy_balancing", "covariate_balancing", "stable_balancing"]
)
def test_both_arms_weigh_the_same_in_each_exact_cell(method):
    found = match(frame_of(CELLS), on="x", treated="treated", exact="district", method=method)
    total = found.frame.groupby(["treated", "district"])["weight"].sum().unstack("treated")
    assert set(total.index) == {"north", "south"}
    np.testing.assert_allclose(total[1] / total[1].sum(), total[0] / total[0].sum())
    assert found.dropped["reason"].to_dict() == {"I": "no comparison in the exact cell"}
    if method != "overlap":
        assert total[1].to_dict() == pytest.approx({"north": 2, "south": 1})


def test_risk_sets_are_cells_too():
    found = match(frame_of(CELLS), on="x", treated="treated", risk_set="district", method="entropy_balancing")
    assert found.dropped["reason"].to_dict() == {"I": "no comparison in the risk set"}


def test_a_population_that_lacks_cells_is_told_of():
    found = match(frame_of(CELLS), on="x", treated="treated", exact="district", method="overlap")
    assert any("take no part" in note for note in found.notes)


def test_no_cell_with_both_arms():
    alone = frame_of(CELLS).assign(district=lambda rows: rows["treated"])
    for method in ("inverse_probability", "entropy_balancing", "covariate_balancing"):
        with pytest.raises(EstimationError, match="no treated row"):
            weights(alone.rename(columns={"district": "cell"}), method, exact="cell")


def test_weights_make_no_sets():
    found = match(frame_of(SHARES), on="x", treated="treated", method="inverse_probability")
    assert not found.in_sets
    assert list(found.frame.columns) == ["treated", "x", "weight", "propensity_score", "score"]
    assert "were compared with" in found.summary()
    assert check_balance(found).summary().startswith("After weighting")
    assert "after weighting" in check_balance(found).plot().get_title(loc="left")


def test_the_score_of_covariate_balancing_is_the_one_that_balances():
    found = match(frame_of(SHARES), on="x", treated="treated", method="covariate_balancing").frame
    assert found["propensity_score"].to_dict() == pytest.approx(
        {"A": 1 / 2, "b": 1 / 2, "C": 1 / 4, "d": 1 / 4, "e": 1 / 4, "f": 1 / 4}
    )


def test_a_row_that_carries_much_is_told_of():
    frame = pd.DataFrame({"treated": [1, 1, *[0] * 40], "score": [0.0, 0.0, 5.0, *[0.0] * 39]})
    found = match(frame, on="score", treated="treated", score="score", method="inverse_probability")
    # e^5 = 148 among 39 of 1: 79 %, and (148.4 + 39)^2 / (148.4^2 + 39) = 1.6 effective rows, which are said once.
    assert found.notes == ("A single comparison row carries 79% of the weight of its group.",)
    assert found.summary().count("the comparison rows count for as much as fewer than 10 of equal weight") == 1
    assert found.summary().count("equal weight") == 1


@pytest.mark.parametrize(
    ("method", "options", "said"),
    [
        ("entropy_balancing", {"ratio": 2}, "has no use for 'ratio'"),
        ("overlap", {"caliper": 0.2, "order": "data"}, "has no use for 'caliper', 'order'"),
        ("inverse_probability", {"caliper_scale": "probability"}, "has no use for 'caliper_scale'"),
        ("inverse_probability", {"moments": 2}, "has no use for 'moments'"),
        ("entropy_balancing", {"score": "x"}, "has no use for 'score'"),
        ("entropy_balancing", {"tolerance": 0.1}, "has no use for 'tolerance'"),
        ("nearest", {"moments": 2}, "has no use for 'moments'"),
        ("nearest", {"estimand": "ate"}, "cannot answer for estimand 'ate', but for 'att'"),
        ("entropy_balancing", {"estimand": "ate"}, "cannot answer for estimand 'ate', but for 'att'"),
        ("overlap", {"estimand": "att"}, "cannot answer for estimand 'att', but for 'ato'"),
        ("overlap", {"estimand": "atx"}, "no estimand 'atx'"),
        ("entropy_balancing", {"moments": 4}, "moments must be 1"),
        ("entropy_balancing", {"moments": True}, "moments must be 1"),
        ("stable_balancing", {"tolerance": -0.1}, "tolerance must be"),
        ("stable_balancing", {"tolerance": float("nan")}, "tolerance must be"),
    ],
)
def test_what_a_method_has_no_use_for_is_refused(method, options, said):
    with pytest.raises(ConfigError, match=said):
        weights(frame_of(SHARES), method, **options)


@pytest.mark.parametrize("other", ["overlap", "exact"])
def test_weights_and_cells_keep_no_pairs(other):
    frame = frame_of(SHARES).assign(family=range(6))
    pairs = match(frame, on="x", treated="treated", unit="family")
    weighted = match(frame, on="x", treated="treated", unit="family", method=other)
    for keep, method in ((pairs, other), (weighted, "nearest")):
        with pytest.raises(ConfigError, match="keep needs two matches in pairs"):
            weights(frame, method, unit="family", keep=keep)
