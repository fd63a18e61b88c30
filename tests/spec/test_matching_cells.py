"""What a match in cells means, on tables small enough to check by eye."""

import pandas as pd
import pytest

from tf_eval.errors import ConfigError, EstimationError
from tf_eval.matching import estimate_effect, match


def frame_of(text: str) -> pd.DataFrame:
    """Read a table drawn with spaces; the first column is the row label."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=header).set_index(header[0])
    return frame.astype({name: float for name in ("x", "y") if name in frame} | {"treated": int})


def sets(matched) -> list[str]:
    """Return the labels of each set as one word: treated rows have capitals."""
    return sorted("".join(sorted(members.index)) for _, members in matched.frame.groupby("set_id"))


CELLS = """
row treated x   sex district family month y
A         1 1.0 f   north    1      1     9
B         1 1.0 f   north    2      1     7
c         0 1.0 f   north    3      1     5
d         0 1.0 m   north    4      1     4
E         1 2.0 m   north    5      1     8
f         0 2.0 m   south    6      1     2
g         0 2.0 m   north    7      1     1
h         0 2.0 m   north    8      1     2
i         0 3.0 m   north    9      1     0
J         1 4.0 f   north    10     1     3
"""


def exactly(text: str = CELLS, **options):
    return match(frame_of(text), **{"on": ["x", "sex"], "treated": "treated", "method": "exact", **options})


def test_all_who_are_alike_in_every_covariate_are_one_set():
    found = exactly()
    assert sets(found) == ["ABc", "Efgh"]
    assert found.frame["set_id"].to_dict() == {"A": 0, "B": 0, "c": 0, "E": 1, "f": 1, "g": 1, "h": 1}
    assert found.dropped["reason"].to_dict() == {"J": "no comparison in the same cell of the covariates"}


def test_exact_columns_part_the_cells_further():
    found = exactly(exact="district")
    assert sets(found) == ["ABc", "Egh"]
    alone = exactly(CELLS.replace("J         1 4.0 f   north", "J         1 4.0 f   west"), exact="district")
    assert alone.dropped["reason"].to_dict() == {"J": "no comparison in the exact cell"}


@pytest.mark.parametrize(
    ("estimand", "weight"),
    [
        # The sets have two treated and one comparison row, and one and three.
        ("att", {"A": 1, "B": 1, "c": 8 / 3, "E": 1, "f": 4 / 9, "g": 4 / 9, "h": 4 / 9}),
        ("atc", {"A": 3 / 8, "B": 3 / 8, "c": 1, "E": 9 / 4, "f": 1, "g": 1, "h": 1}),
        ("ate", {"A": 9 / 14, "B": 9 / 14, "c": 12 / 7, "E": 12 / 7, "f": 16 / 21, "g": 16 / 21, "h": 16 / 21}),
    ],
)
def test_in_a_set_both_arms_weigh_what_those_asked_about_do(estimand, weight):
    assert exactly(estimand=estimand).frame["weight"].to_dict() == pytest.approx(weight)


def test_the_effect_is_the_mean_of_the_sets_differences():
    """Sets differ by 8 - 5 and 8 - 5/3; two of the three treated rows are in the first."""
    effect = estimate_effect(exactly(), "y")
    assert effect.estimate == pytest.approx((2 * 3 + 8 - 5 / 3) / 3)
    assert (effect.n_treated, effect.n_comparison, effect.n_sets) == (3, 4, 2)
    assert effect.design.cluster == "set"


MONTHS = """
row treated x   sex family month
A         1 1.0 f   1      2
B         1 1.0 f   2      3
c1        0 1.0 f   3      1
c2        0 1.0 f   3      2
c3        0 1.0 f   3      3
d2        0 2.0 f   4      2
d3        0 1.0 f   4      3
a1        0 1.0 f   1      1
b2        0 1.0 f   2      2
a3        0 1.0 f   1      3
"""


def test_a_unit_serves_once_in_the_first_risk_set_where_its_cell_has_a_treated_row():
    """Family 3 waits in month 1 for nobody; family 4 is alike in month 3 alone; family 2 is not yet treated in 2."""
    found = exactly(MONTHS, unit="family", risk_set="month")
    assert sets(found) == ["Ab2c2", "Bd3"]


def test_who_finds_every_comparison_taken_is_told_so():
    found = exactly(MONTHS.replace("d3        0 1.0", "d3        0 9.0"), unit="family", risk_set="month")
    assert sets(found) == ["Ab2c2"]
    assert found.dropped["reason"].to_dict() == {"B": "every comparison within reach was already taken"}


def test_nobody_is_alike():
    with pytest.raises(EstimationError, match=r"no comparison in the same cell of the covariates\)\. Ask for less"):
        match(frame_of(CELLS), on=["y", "family"], treated="treated", method="exact")


@pytest.mark.parametrize(
    "options",
    [
        {"caliper": 0.2},
        {"ratio": 2},
        {"order": "smallest"},
        {"reuse": True},
        {"distance": "mahalanobis"},
        {"calipers": {"x": 1}},
        {"anti_exact": "district"},
        {"score": "x"},
        {"caliper_scale": "probability"},
        {"tolerance": 0.1},
    ],
)
def test_what_cells_have_no_use_for_is_refused(options):
    (name,) = options
    with pytest.raises(ConfigError, match=f"method 'exact' has no use for '{name}'; leave it out"):
        exactly(**options)
