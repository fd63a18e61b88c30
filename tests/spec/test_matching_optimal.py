"""What an optimal and a full match mean, on tables small enough to check by eye."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tests.drawn import frame_of
from tf_eval.errors import ConfigError, EstimationError
from tf_eval.matching import estimate_effect, match


def sets(matched) -> set[str]:
    """Return the labels of each set as one word, in alphabetical order: capitals (treated rows) come first."""
    return {"".join(sorted(members.index)) for _, members in matched.frame.groupby("set_id")}


def run(frame: pd.DataFrame, method: str = "optimal", **options):
    return match(frame, on="score", treated="treated", score="score", method=method, **options)


GREEDY_FAILS = """
row treated score y
A         1   5.0 9
B         1   4.0 8
c         0   4.4 5
d         0   7.0 4
"""


def test_the_total_distance_is_the_least_where_greedy_takes_the_nearest_first():
    # A and c are 0.6 apart, which leaves B and d 3.0: together 3.6. The other way round it is 2.0 + 0.4.
    frame = frame_of(GREEDY_FAILS)
    assert sets(run(frame, "nearest")) == {"Ac", "Bd"}
    assert sets(run(frame)) == {"Ad", "Bc"}


def test_as_many_as_can_be_are_matched_within_the_caliper():
    frame = frame_of("""
    row treated score
    A         1   5.0
    B         1   4.0
    c         0   4.9
    d         0   6.0
    """)
    # The standard deviation is 0.82, the caliper 1.06: greedy gives c to A, whose only other is d, and B has none.
    assert sets(run(frame, "nearest", caliper=1.3)) == {"Ac"}
    assert sets(run(frame, caliper=1.3)) == {"Ad", "Bc"}


def test_nobody_has_a_second_comparison_while_another_could_have_a_first():
    frame = frame_of("""
    row treated score
    A         1   5.0
    B         1   8.0
    c         0   5.0
    d         0   5.1
    """)
    assert sets(run(frame, ratio=2)) == {"Ac", "Bd"}


def test_who_is_left_out_is_told_why():
    frame = frame_of("""
    row treated score
    A         1   5.0
    B         1   5.2
    C         1  50.0
    d         0   5.3
    """)
    found = run(frame, caliper=0.1)
    assert sets(found) == {"Bd"}
    assert found.dropped["reason"].to_dict() == {
        "A": "every comparison within reach was already taken",
        "C": "no comparison within the caliper",
    }


def test_a_unit_serves_once_and_in_the_risk_set_where_it_saves_most():
    frame = frame_of("""
    row treated score family month
    A         1   5.0 A          1
    c         0   5.1 c          1
    d         0   5.5 d          1
    B         1   5.0 B          2
    e         0   5.0 c          2
    """)
    greedy = run(frame, "nearest", unit="family", risk_set="month")
    assert sets(greedy) == {"Ac"}
    assert sets(run(frame, unit="family", risk_set="month")) == {"Ad", "Be"}


def test_limits_on_covariates_and_values_that_must_differ_are_kept():
    frame = frame_of("""
    row treated score x school
    A         1   5.0 1 p
    B         1   6.0 2 q
    c         0   5.0 9 q
    d         0   5.1 1 p
    e         0   7.0 1 q
    f         0   9.0 2 p
    """)
    assert sets(run(frame, calipers={"x": 1}, anti_exact="school")) == {"Ae", "Bd"}


def test_distance_in_space():
    frame = frame_of("""
    row treated score x
    A         1   1.0 0
    B         1   2.0 2
    c         0   3.0 1.5
    d         0   4.0 4
    """)
    # B is nearest to c, but then A is 4.0 from d: in all 4.5, where 1.5 + 2.0 will do.
    asked = {"on": "x", "treated": "treated", "score": "score", "distance": "mahalanobis"}
    assert sets(match(frame, **asked)) == {"Ad", "Bc"}
    assert sets(match(frame, method="optimal", **asked)) == {"Ac", "Bd"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"order": "closest"}, "has no use for 'order'"),
        ({"reuse": True}, "has no use for 'reuse'"),
        ({"moments": 2}, "has no use for 'moments'"),
        ({"estimand": "ate"}, "cannot answer for estimand 'ate'"),
    ],
)
def test_what_it_cannot_honour_is_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        run(frame_of(GREEDY_FAILS), **options)


@pytest.mark.parametrize("finer", [{}, {"calipers": {"x": 0.5}}, {"distance": "mahalanobis"}])
def test_many_left_out_are_proved_as_well(finer):
    """With more treated than comparison rows sums of penalties are large: they must not take away the digits."""
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"score": random.normal(size=900), "x": random.normal(size=900)})
    frame["treated"] = (random.random(900) < 0.6).astype(int)
    found = match(frame, on=["score", "x"], treated="treated", score="score", method="optimal", **finer)
    assert 0 < len(found.dropped) < found.frame["treated"].sum()


def test_pairs_of_an_earlier_match_cannot_be_kept():
    frame = frame_of(GREEDY_FAILS)
    with pytest.raises(ConfigError, match="no other can begin with pairs already made"):
        run(frame, keep=run(frame, "nearest"))


def test_the_effect_is_the_mean_difference_within_pairs():
    effect = estimate_effect(accepted(run(frame_of(GREEDY_FAILS))), "y")
    assert effect.estimate == pytest.approx(((9 - 4) + (8 - 5)) / 2)
    assert effect.n_sets == 2


FULL = """
row treated score y
A         1   1.0 9
B         1   5.0 8
C         1   5.2 6
d         0   0.9 5
e         0   1.3 4
f         0   5.1 3
g         0   9.0 2
"""


def test_in_a_full_match_everybody_has_a_partner_and_no_set_has_several_of_both_arms():
    assert sets(run(frame_of(FULL), "full")) == {"Ade", "Bf", "Cg"}


def test_rows_without_a_partner_within_the_caliper_are_left_out():
    # The caliper is 1.4: g is 3.8 from C. So B and C share f.
    found = run(frame_of(FULL), "full", caliper=0.5)
    assert sets(found) == {"Ade", "BCf"}
    assert found.frame["weight"].to_dict() == pytest.approx({"A": 1, "B": 1, "C": 1, "d": 0.5, "e": 0.5, "f": 2})
    assert found.dropped.empty


def test_a_pair_is_no_wider_than_the_caliper_though_it_would_save_distance():
    frame = frame_of("""
    row treated score
    a         0   0.0
    B         1   1.0
    c         0   3.0
    D         1   4.0
    """)
    # B and c would save nothing; across a caliper of 1.8 they may not be set together.
    assert sets(run(frame, "full", caliper=1.0)) == {"Ba", "Dc"}


@pytest.mark.parametrize("distance", ["score", "mahalanobis"])
def test_rows_of_one_score_share_evenly_who_comes_to_them(distance):
    frame = frame_of("""
    row treated score
    A         1   5.0
    B         1   5.0
    c         0   5.0
    d         0   5.0
    e         0   5.0
    f         0   5.0
    """)
    found = run(frame, "full", distance=distance)
    assert found.frame.groupby("set_id").size().tolist() == [3, 3]
    assert found.frame["weight"].tolist() == pytest.approx([1] * 6)


def test_a_full_match_in_space():
    frame = frame_of("""
    row treated score x y
    A         1   1.0 0 0
    B         1   2.0 4 0
    c         0   9.0 1 0
    d         0   8.0 0 2
    e         0   7.0 3 1
    f         0   6.0 9 9
    """)
    # Nearest to f is B, in the units of either covariate; along the score it would be B for everybody.
    asked = {"treated": "treated", "score": "score", "method": "full", "on": ["x", "y"]}
    assert sets(match(frame, distance="scaled_euclidean", **asked)) == {"Acd", "Bef"}


def test_a_full_match_keeps_limits_on_covariates_and_values_that_must_differ():
    frame = frame_of("""
    row treated score x school
    A         1   5.0 1 p
    B         1   6.0 2 q
    c         0   5.0 9 q
    d         0   5.1 1 p
    e         0   7.0 1 q
    f         0   9.0 2 p
    g         0   5.2 2 q
    """)
    # A may have e and g, B d and f. Nobody is within 1 of c.
    found = run(frame, "full", calipers={"x": 1}, anti_exact="school")
    assert sets(found) == {"Aeg", "Bdf"}
    assert sets(run(frame.drop(index=["e", "g"]), "full", calipers={"x": 1}, anti_exact="school")) == {"Bdf"}


def test_a_full_match_stays_within_cells_and_risk_sets():
    frame = frame_of("""
    row treated score cell month
    A         1   5.0 n    1
    B         1   5.0 s    2
    c         0   9.0 n    1
    d         0   5.0 n    2
    e         0   5.0 s    1
    f         0   1.0 s    2
    """)
    assert sets(run(frame, "full", exact="cell", risk_set="month")) == {"Ac", "Bf"}


def test_in_a_full_match_a_unit_serves_where_it_is_nearest():
    frame = frame_of("""
    row treated score family month
    A         1   5.0 A          1
    c         0   5.3 c          1
    d         0   5.5 d          1
    B         1   5.0 B          2
    e         0   5.1 c          2
    f         0   5.9 f          2
    """)
    assert sets(run(frame, "full", unit="family", risk_set="month")) == {"Ad", "Bef"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ratio": 2}, "has no use for 'ratio'"),
        ({"order": "closest", "reuse": True}, "has no use for 'order', 'reuse'; leave it out"),
    ],
)
def test_what_a_full_match_cannot_honour_is_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        run(frame_of(FULL), "full", **options)


@pytest.mark.parametrize("distance", ["score", "mahalanobis"])
def test_a_full_match_weighs_its_sets_by_those_of_whom_the_effect_is_asked(distance):
    # The sets are A beside d and e, and B and C beside f.
    asked = {"caliper": 0.5, "distance": distance}
    of_compared = run(frame_of(FULL), "full", estimand="atc", **asked)
    assert of_compared.frame["weight"].to_dict() == pytest.approx({"A": 2, "B": 0.5, "C": 0.5, "d": 1, "e": 1, "f": 1})
    of_all = run(frame_of(FULL), "full", estimand="ate", **asked)
    assert of_all.frame["weight"].to_dict() == pytest.approx(
        {"A": 1.5, "B": 0.75, "C": 0.75, "d": 0.75, "e": 0.75, "f": 1.5}
    )
    said = "Rows without a partner within reach take no part."
    assert said in of_all.notes
    assert said not in run(frame_of(FULL), "full", estimand="ate").notes
    assert said not in run(frame_of(FULL), "full", **asked).notes


def test_a_full_match_in_which_nobody_has_a_partner_says_why():
    with pytest.raises(EstimationError, match="no comparison within the caliper"):
        run(frame_of(FULL).loc[["A", "f", "g"]], "full", caliper=0.1)


def test_the_effect_of_a_full_match_weighs_each_set_by_its_treated_rows():
    effect = estimate_effect(accepted(run(frame_of(FULL), "full")), "y")
    assert effect.estimate == pytest.approx((9 - (5 + 4) / 2 + 8 - 3 + 6 - 2) / 3)
    assert effect.n_sets == 3
