"""What an effect on matched rows means, on tables small enough to check by eye."""

import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import Matched, estimate_effect, match, rosenbaum_bounds

THREE_SETS = """
row treated score incidents
A         1    10         2
a1        0    10         4
a2        0    11         6
B         1    20         5
b1        0    20         6
C         1    30         1
c1        0    30         3
c2        0    31         3
"""


def matched(text: str) -> Matched:
    """Read a table drawn with spaces, and match rows of nearly the same score."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=header).set_index(header[0]).astype(float)
    return accepted(match(frame, on="score", treated="treated", score="score", ratio=2, caliper=0.2))


def test_the_effect_is_the_mean_of_what_each_set_shows():
    # A: 2 against 5 (the mean of 4 and 6); B: 5 against 6; C: 1 against 3. The mean of -3, -1 and -2.
    effect = estimate_effect(matched(THREE_SETS), "incidents")
    assert effect.estimate == pytest.approx(-2)
    assert effect.treated_mean == pytest.approx(8 / 3)
    assert effect.counterfactual_mean == pytest.approx(14 / 3)
    assert (effect.n_treated, effect.n_comparison, effect.n_sets) == (3, 5, 3)


def test_the_treated_could_have_been_others_in_eighteen_ways():
    # 3 x 2 x 3 ways to choose one of each set. In each set the treated has the lowest outcome, so that no other way
    # goes as far down: one in eighteen, twice for both sides.
    effect = estimate_effect(matched(THREE_SETS), "incidents", method="randomisation", level=0.8)
    assert effect.p_value == pytest.approx(2 / 18)
    assert "Every way" in effect.summary()


PAIRS = """
row treated score incidents
A         1    10         1
a         0    10         4
B         1    20         3
b         0    20         5
C         1    30         2
c         0    30         3
"""


def test_bounds_of_three_pairs():
    # Ranks 3, 2 and 1, all of them lower among the treated: a sum of 6. At gamma 2 each pair goes the way it did with
    # a probability of 2/3 at most: mean 6 x 2/3 = 4, variance 14 x 2/3 x 1/3 = 28/9, so 2 / sqrt(28/9) = 1.134.
    table = rosenbaum_bounds(matched(PAIRS), "incidents", alternative="lower", gammas=[2]).table()
    assert table["p_high"][0] == pytest.approx(0.1284, abs=1e-4)
    # At best with 1/3: (6 - 2) / sqrt(28/9) = 2.268.
    assert table["p_low"][0] == pytest.approx(0.0117, abs=1e-4)
