"""What a quick match means, on tables small enough to check by eye."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tests.drawn import frame_of
from tf_eval.errors import ConfigError
from tf_eval.matching import estimate_effect, match


def sets(matched) -> set[str]:
    """Return the labels of each set as one word, in alphabetical order: capitals (treated rows) come first."""
    return {"".join(sorted(members.index)) for _, members in matched.frame.groupby("set_id")}


def run(frame: pd.DataFrame, **options):
    return match(frame, on="score", treated="treated", score="score", method="quick", **options)


QUICK = """
row treated score y
A         1   1.0 9
B         1   5.0 8
C         1   5.2 6
d         0   0.9 5
e         0   1.4 4
f         0   5.1 3
g         0   9.0 2
"""


def test_everybody_is_in_a_set_and_who_is_late_joins_the_nearest():
    # Nobody is nearest to e and g, so that they go first, and have A and C. B then has f, and d comes too late.
    assert sets(run(frame_of(QUICK))) == {"Ade", "Bf", "Cg"}


def test_those_of_whom_the_effect_is_asked_keep_their_weight():
    of_treated = run(frame_of(QUICK)).frame["weight"]
    assert of_treated.to_dict() == pytest.approx(
        {"A": 1, "B": 1, "C": 1, "d": 2 / 3, "e": 2 / 3, "f": 4 / 3, "g": 4 / 3}
    )
    of_compared = run(frame_of(QUICK), estimand="atc").frame["weight"]
    assert of_compared.to_dict() == pytest.approx({"A": 1.5, "B": 0.75, "C": 0.75, "d": 1, "e": 1, "f": 1, "g": 1})
    of_all = run(frame_of(QUICK), estimand="ate").frame["weight"]
    assert of_all.loc[["A", "B", "d", "f"]].tolist() == pytest.approx([9 / 7, 6 / 7, 6 / 7, 8 / 7])


def test_the_effect_is_that_within_sets():
    effect = estimate_effect(accepted(run(frame_of(QUICK))), "y")
    assert effect.estimate == pytest.approx((9 - 4.5 + 8 - 3 + 6 - 2) / 3)
    assert effect.n_sets == 3


def test_sets_stay_in_exact_cells_and_who_is_alone_there_is_told_so():
    frame = frame_of("""
    row treated score cell
    A         1   5.0 n
    B         1   5.0 s
    C         1   5.0 w
    d         0   9.0 n
    e         0   5.0 s
    f         0   5.0 x
    """)
    found = run(frame, exact="cell")
    assert sets(found) == {"Ad", "Be"}
    assert found.dropped["reason"].to_dict() == {"C": "no comparison in the exact cell"}


def test_a_unit_serves_in_the_first_risk_set_that_has_a_treated_row():
    frame = frame_of("""
    row treated score family month
    b         0   5.0 b          1
    A         1   5.0 A          2
    c         0   7.0 b          2
    D         1   5.0 D          3
    e         0   5.0 b          3
    f         0   5.0 f          3
    """)
    assert sets(run(frame, unit="family", risk_set="month")) == {"Ac", "Df"}
    assert sets(run(frame, unit="family", risk_set="month", reuse=True)) == {"Ac", "Def"}


def test_distance_in_space():
    frame = frame_of("""
    row treated score x
    A         1   1.0 0
    B         1   2.0 4
    c         0   9.0 1
    d         0   8.0 0
    e         0   7.0 9
    """)
    asked = {"on": "x", "treated": "treated", "score": "score", "method": "quick"}
    assert sets(match(frame, distance="mahalanobis", **asked)) == {"Acd", "Be"}
    assert sets(match(frame, **asked)) == {"Ae", "Bcd"}


@pytest.mark.parametrize("options", [{"caliper": 0.2}, {"calipers": {"score": 1}}, {"anti_exact": "y"}, {"ratio": 2}])
def test_what_it_cannot_honour_is_refused(options):
    with pytest.raises(ConfigError, match=f"method 'quick' has no use for '{next(iter(options))}'"):
        run(frame_of(QUICK), **options)


def test_the_effect_on_the_overlap_is_refused():
    with pytest.raises(ConfigError, match="cannot answer for estimand 'ato'"):
        run(frame_of(QUICK), estimand="ato")


@pytest.mark.parametrize("units", ["dcbae", "edcba", "abcde", "bdaec"])
@pytest.mark.parametrize("sign", [1, -1])
def test_names_of_units_and_the_side_of_the_score_choose_no_centre(units, sign):
    """The two of a pair are as far from each other, so that it is their arms that decide who is its centre."""
    score = sign * np.array([-0.26, -0.77, -2.42, -1.19, 0.48])
    frame = pd.DataFrame({"s": score, "treated": [1, 1, 0, 0, 0], "unit": list(units)}, index=list("ABcde"))
    found = match(frame, on="s", treated="treated", score="s", unit="unit", method="quick")
    assert sets(found) == {"Ade", "Bc"}
