"""What a match in cells means, on tables small enough to check by eye."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist

from tests.accepted import accepted
from tests.drawn import frame_of
from tf_eval.errors import ConfigError, EstimationError, InputError
from tf_eval.matching import estimate_effect, match
from tf_eval.matching.reading.coarsening import coarsen
from tf_eval.matching.reading.distances import mahalanobis


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


def test_it_is_said_of_whom_an_effect_on_more_than_the_treated_does_not_speak():
    said = "Rows of cells and risk sets that lack one of the groups take no part."
    assert said in exactly(estimand="ate").notes
    assert said not in exactly().notes


def test_it_is_said_where_a_single_row_carries_much():
    text = CELLS + "\n".join(f"q{row} 0 2.0 m north 2{row} 1 1" for row in range(9))
    assert "A single comparison row carries 67% of the weight of its group" in exactly(text).summary()


def test_the_effect_is_the_mean_of_the_sets_differences():
    """Sets differ by 8 - 5 and 8 - 5/3; two of the three treated rows are in the first."""
    effect = estimate_effect(accepted(exactly()), "y")
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


def test_with_reuse_a_unit_stands_in_every_risk_set_where_its_cell_has_a_treated_row():
    """Family 3 in months 2 and 3; family 2 until it is treated itself, and family 1 not after."""
    found = exactly(MONTHS, unit="family", risk_set="month", reuse=True)
    assert sets(found) == ["Ab2c2", "Bc3d3"]
    assert found.frame["weight"].tolist() == pytest.approx([1] * 6)
    assert "Comparison rows are of fewer than 10 units, some of which have several rows." in found.notes
    coarsely = exactly(MONTHS, unit="family", risk_set="month", reuse=True, method="coarsened_exact")
    assert sets(coarsely) == ["Ab2c2", "Bc3d3"]


def test_with_reuse_errors_are_of_sets_and_units():
    text = MONTHS.replace("month", "month y").strip().splitlines()
    text = "\n".join([text[0], *(f"{line} {number % 4}" for number, line in enumerate(text[1:]))])
    often = exactly(text, unit="family", risk_set="month", reuse=True)
    assert estimate_effect(accepted(often), "y").design.cluster == "both"


@pytest.mark.parametrize("method", ["exact", "coarsened_exact", "subclassification", "quick"])
@pytest.mark.parametrize("named", [{}, {"unit": "family"}, {"risk_set": "month"}])
def test_reuse_needs_units_and_risk_sets(method, named):
    with pytest.raises(ConfigError, match="reuse lets a unit stand in several risk sets; name unit and risk_set"):
        exactly(MONTHS, method=method, reuse=True, **named)


def test_pairs_in_cells_are_made_of_units_that_serve_once():
    asked = {"method": "coarsened_exact", "k_to_k": True, "reuse": True, "unit": "family", "risk_set": "month"}
    with pytest.raises(ConfigError, match="k_to_k makes pairs, in which a unit serves once"):
        exactly(MONTHS, **asked)


def test_who_finds_every_comparison_taken_is_told_so():
    found = exactly(MONTHS.replace("d3        0 1.0", "d3        0 9.0"), unit="family", risk_set="month")
    assert sets(found) == ["Ab2c2"]
    assert found.dropped["reason"].to_dict() == {"B": "every comparison within reach was already taken"}


BINS = """
row treated x   sex family y
A         1 0   f   1      6
B         1 4.9 f   2      2
C         1 10  f   3      5
d         0 1   f   4      1
e         0 4   f   5      2
f         0 5   f   6      3
g         0 10  m   7      4
"""


def coarsely(cutpoints, text: str = BINS, **options):
    asked = {"on": ["x", "sex"], "treated": "treated", "method": "coarsened_exact", "cutpoints": cutpoints}
    return match(frame_of(text), **{**asked, **options})


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (2, ["ABde", "Cf"]),  # from 0 to 10: parted at 5, which is of the higher bin
        ([5], ["ABde", "Cf"]),
        (np.array([10, 4]), ["Ad", "Bef"]),  # in any order, of any kind
        (np.int64(1), ["ABCdef"]),
        (range(11), ["Be"]),
        ("sturges", ["Ad", "Be"]),  # 7 rows: log2(7) + 1, and so 4 bins
    ],
)
def test_rows_in_one_bin_are_alike_and_categories_stay_exact(how, expected):
    assert sets(coarsely({"x": how})) == expected


def test_what_is_not_named_is_cut_by_the_rule_of_sturges():
    assert sets(coarsely({})) == sets(coarsely({"x": "sturges"}))


def test_yes_and_no_stay_apart():
    frame = frame_of(BINS).assign(x=[0, 1, 1, 0, 1, 0, 1])
    assert sets(match(frame, on="x", treated="treated", method="coarsened_exact")) == ["Adf", "BCeg"]


@pytest.mark.parametrize(("rule", "bins"), [("fd", 11), ("scott", 4), ("sturges", 5)])
def test_rules_for_the_number_of_bins(rule, bins):
    """Of sixteen values the quartiles are 3.75 and 11.25, the standard deviation 13.9, and the cube root is 2.52."""
    frame = pd.DataFrame({"x": [*range(15), 60]})
    assert coarsen(frame, ["x"], {"x": rule}).max() + 1 == bins


def test_where_the_quartiles_are_equal_the_rule_of_scott_serves():
    frame = pd.DataFrame({"x": [0] * 15 + [9]})
    assert (coarsen(frame, ["x"], {"x": "fd"}) == coarsen(frame, ["x"], {"x": "scott"})).all()
    assert coarsen(frame.assign(x=1), ["x"], {"x": "fd"}).max() == 0


def test_a_rule_makes_no_more_bins_than_there_are_rows():
    assert coarsen(pd.DataFrame({"x": [*range(15), 1e15]}), ["x"], {"x": "fd"}).max() + 1 == 16


def test_k_to_k_pairs_the_closest_of_a_cell():
    """B and e are 0.9 apart, and then A and d are left, and C and f."""
    found = coarsely({"x": 2}, k_to_k=True)
    assert sets(found) == ["Ad", "Be", "Cf"]
    assert (found.frame["weight"] == 1).all()
    few = coarsely({"x": 2}, BINS.replace("d         0 1  ", "d         0 6  "), k_to_k=True)
    assert sets(few) == ["Be", "Cd"]
    assert few.dropped["reason"].to_dict() == {"A": "every comparison within reach was already taken"}


def test_k_to_k_measures_by_mahalanobis_on_the_covariates_as_they_are():
    """On numbers without ties: the closest pair of a cell is made next, whatever the score."""
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.normal(size=(60, 2)) * (1, 30), columns=["u", "v"]).assign(treated=np.arange(60) < 25)
    asked = {"method": "coarsened_exact", "cutpoints": {"u": [0], "v": 1}, "k_to_k": True}
    found = match(frame, on=["u", "v"], treated="treated", **asked)
    place = mahalanobis(frame[["u", "v"]].to_numpy(), frame["treated"].to_numpy())
    far = pd.DataFrame(cdist(place[:25], place[25:]), columns=range(25, 60)).stack()
    one, other = (frame["u"].to_numpy()[far.index.get_level_values(level)] for level in (0, 1))
    far, pairs = far[(one >= 0) == (other >= 0)].sort_values(), set()
    while len(far):
        pairs.add(far.index[0])
        far = far.drop(far.index[0][0], level=0).drop(far.index[0][1], level=1)
    assert {tuple(sorted(rows.index)) for _, rows in found.frame.groupby("set_id")} == pairs


def test_k_to_k_keeps_the_pairs_of_another_match():
    options = {"unit": "family", "k_to_k": True}
    earlier = coarsely({"x": 2}, BINS.replace("B         1 4.9", "B         1 0  "), **options)
    assert sets(earlier) == ["Ad", "Be", "Cf"]
    assert sets(coarsely({"x": 2}, BINS.replace("d         0 1", "d         0 4.9"), **options, keep=earlier)) == [
        "Ad",
        "Be",
        "Cf",
    ]


@pytest.mark.parametrize("options", [{}, {"k_to_k": True}])
def test_the_effect_in_cells_of_bins(options):
    effect = estimate_effect(accepted(coarsely({"x": 2}, **options)), "y")
    # In cells A and B have d and e, and C has f; in pairs each has one, whose mean is the same.
    assert effect.estimate == pytest.approx((6 + 2 + 5 - 1 - 2 - 3) / 3)
    assert effect.n_sets == (3 if options else 2)


SCORES = """
row treated x    month family y
A         1 1    1     1      8
B         1 2    1     2      7
C         1 3    1     3      6
D         1 4    1     4      5
E         1 5    1     5      4
F         1 6    1     6      3
g         0 0.5  1     7      2
h         0 2.5  1     8      4
i         0 4    1     9      1
j         0 9    1     10     0
"""


def in_subclasses(subclasses: int, text: str = SCORES, **options):
    asked = {"on": "x", "score": "x", "treated": "treated", "method": "subclassification", "subclasses": subclasses}
    return match(frame_of(text).assign(same=1.0), **{**asked, **options})


def with_comparisons(*scores: float) -> str:
    """Return the treated rows A to F with comparison rows g, h and so on at these scores."""
    rows = [f"{row} 0 {score} 1 {row} 0" for row, score in zip("ghijkl", scores, strict=False)]
    return "\n".join([*SCORES.strip().splitlines()[:7], *rows])


def test_sets_are_cut_at_quantiles_of_the_score_of_the_treated():
    """The thirds of 1 to 6 are parted at 2.67 and 4.33, halves at 3.5; rows beyond the treated are in the outermost."""
    assert sets(in_subclasses(3)) == ["ABgh", "CDi", "EFj"]
    assert sets(in_subclasses(2)) == ["ABCgh", "DEFij"]


@pytest.mark.parametrize(
    ("estimand", "expected"),
    [
        ("att", ["ABCg", "DEFhijk"]),  # half of the treated are below 3.5
        ("atc", ["ABCDEgh", "Fijk"]),  # half of the others are below 8, and F is given to those above
        ("ate", ["ABCDg", "EFhijk"]),  # half of all are below 5
    ],
)
def test_those_asked_about_decide_where_subclasses_are_parted(estimand, expected):
    assert sets(in_subclasses(2, with_comparisons(0.5, 5.5, 8, 9, 9.5), estimand=estimand)) == expected


def test_a_quantile_that_is_a_score_begins_the_higher_subclass():
    text = SCORES.replace("F         1 6    1     6      3\n", "")
    assert sets(in_subclasses(2, text)) == ["ABgh", "CDEij"]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((0.5, 1.5, 2.0, 2.5), ["ABgh", "CDi", "EFj"]),  # all in the lowest, whose highest move up
        ((9.5, 8.5, 7.0, 6.5), ["ABj", "CDi", "EFgh"]),  # all in the highest, whose lowest move down
        ((1.0, 8.0, 7.0, 9.0), ["ABg", "CDi", "EFhj"]),  # more to spare above
        ((1.0, 2.0, 2.5, 8.0, 7.0), ["ABgh", "CDi", "EFjk"]),  # more to spare below
        ((1.0, 2.0, 8.0, 7.0), ["ABg", "CDh", "EFij"]),  # as many on both sides: from below
        ((1.0, 2.0, 2.0, 2.0), ["ABgh", "CDi", "EFj"]),  # of equal scores the last in order moves
    ],
)
def test_a_subclass_without_comparison_rows_has_the_nearest_of_its_neighbours(scores, expected):
    assert sets(in_subclasses(3, with_comparisons(*scores))) == expected


def test_a_neighbour_spares_what_it_has_beyond_one():
    """Below are two to spare, at a distance of 1; above one at 1 and two at 2: as much, and so it is from below."""
    scores = {
        **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
        **dict(zip("pqrstuvw", [1, 2, 2.5, 5, 6, 7, 8, 9], strict=True)),
    }
    rows = [f"{row} {int(row.isupper())} {score}" for row, score in scores.items()]
    assert sets(in_subclasses(4, "\n".join(["row treated x", *rows]))) == ["ABpq", "CDr", "EFst", "GHuvw"]


def test_there_are_no_more_subclasses_than_an_arm_has_rows_and_it_is_said():
    found = in_subclasses(6)
    assert found.frame["set_id"].nunique() == 4
    assert found.notes == ("Fewer subclasses were formed than asked, where scores were alike or rows too few.",)
    assert in_subclasses(4).notes == ()
    alike = in_subclasses(2, score="same")
    assert alike.frame["set_id"].nunique() == 1
    assert "Fewer subclasses" in alike.summary()


def test_each_risk_set_is_cut_by_itself_and_a_unit_serves_in_its_first():
    later = """
    K         1 2    2     11     0
    L         1 9    2     12     0
    g2        0 1    2     7      0
    m2        0 3    2     13     0
    n2        0 8    2     14     0
    O         1 1    3     15     0
    """
    text = SCORES + "\n".join(line.strip() for line in later.strip().splitlines())
    found = in_subclasses(2, text, unit="family", risk_set="month")
    assert sets(found) == ["ABCgh", "DEFij", "Km2", "Ln2"]
    assert found.dropped["reason"].to_dict() == {"O": "no comparison in the risk set"}
    often = in_subclasses(2, text, unit="family", risk_set="month", reuse=True)
    assert sets(often) == ["ABCgh", "DEFij", "Kg2m2", "Ln2"]


def test_the_effect_in_subclasses():
    """Means of the sets: 7.5 and 3, 5.5 and 1, 3.5 and 0; each has two of the treated."""
    effect = estimate_effect(accepted(in_subclasses(3)), "y")
    assert effect.estimate == pytest.approx((4.5 + 4.5 + 3.5) / 3)
    assert effect.n_sets == 3


def test_nobody_is_alike():
    with pytest.raises(EstimationError, match=r"no comparison in the same cell of the covariates\)\. Ask for less"):
        match(frame_of(CELLS), on=["y", "family"], treated="treated", method="exact")


@pytest.mark.parametrize(
    "options",
    [
        {"caliper": 0.2},
        {"ratio": 2},
        {"order": "smallest"},
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
    for method in ("exact", "coarsened_exact"):
        with pytest.raises(ConfigError, match=f"method '{method}' has no use for '{name}'; leave it out"):
            exactly(method=method, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "exact", "cutpoints": {"x": 2}}, "method 'exact' has no use for 'cutpoints'"),
        ({"method": "nearest", "k_to_k": True}, "method 'nearest' has no use for 'k_to_k'"),
        ({"cutpoints": "fd"}, "cutpoints must be given by name of a column, such as {'age': 5}"),
        ({"cutpoints": {"xx": 2, "x": 2}}, "no covariate 'xx'. Did you mean 'x'?"),
        (
            {"cutpoints": {"x": "sturge"}},
            "cutpoints of 'x' must be a number of bins, the values between bins in a list",
        ),
        ({"cutpoints": {"x": 0}}, "cutpoints of 'x' must be"),
        ({"cutpoints": {"x": 2.5}}, "cutpoints of 'x' must be"),
        ({"cutpoints": {"x": True}}, "cutpoints of 'x' must be"),
        ({"cutpoints": {"x": []}}, "cutpoints of 'x' must be"),
        ({"cutpoints": {"x": [1, float("nan")]}}, "cutpoints of 'x' must be"),
        ({"cutpoints": {"x": [[1, 2], [3, 4]]}}, "cutpoints of 'x' must be"),
        ({"cutpoints": {"x": None}}, "cutpoints of 'x' must be"),
        ({"k_to_k": True, "estimand": "ate"}, "is for estimand 'att' alone"),
        ({"subclasses": 3}, "method 'coarsened_exact' has no use for 'subclasses'"),
        ({"method": "subclassification", "subclasses": 1}, "subclasses must be a whole number, 2 or more"),
        ({"method": "subclassification", "subclasses": 2.0}, "subclasses must be a whole number, 2 or more"),
        ({"method": "subclassification", "cutpoints": {"x": 2}}, "'subclassification' has no use for 'cutpoints'"),
    ],
)
def test_options_of_cells_that_cannot_be_used(options, said):
    with pytest.raises(ConfigError, match=re.escape(said)):
        exactly(**{"method": "coarsened_exact", **options})


def test_categories_are_not_cut():
    with pytest.raises(InputError, match="'sex' is no number and is not cut"):
        exactly(method="coarsened_exact", cutpoints={"sex": 2})


def test_cut_points_are_echoed_as_plain_values():
    found = coarsely({"x": np.array([5, 7])}).to_dict()["design"]
    assert json.loads(json.dumps(found))["cutpoints"] == {"x": [5, 7]}


def test_who_comes_several_times_is_told_of():
    """A bad merge doubles rows in silence; and a unit taken by the first risk set is missed in later ones."""
    rows = [
        (unit, month, unit < 12, 0.0) for unit in range(40) for month in (1, 2) if unit >= 12 or month == 1 + unit % 2
    ]
    frame = pd.DataFrame(rows, columns=["family", "month", "treated", "x"])
    asked = {"on": "x", "treated": "treated", "unit": "family", "risk_set": "month", "method": "exact"}
    assert "reuse=True lets them stand in later ones" in match(frame, **asked).summary()
    assert "reuse=True" not in match(frame, **asked, reuse=True).summary()
    assert "Treated rows are of" not in match(frame, **asked).summary()
    doubled = match(pd.concat([frame, frame], ignore_index=True), **asked)
    assert "Treated rows are of fewer than 10 units, some of which have several rows." in doubled.summary()
