"""Which rows are chosen, on tables small enough to work out by hand."""

import pandas as pd
import pytest

from tests.accepted import accepted
from tests.drawn import frame_of
from tf_eval.errors import ConfigError, EstimationError
from tf_eval.matching import check_balance, estimate_effect, match
from tf_eval.matching.choosing.candidates import bound_note


def chosen(frame: pd.DataFrame, method: str = "cardinality", on="x", **options) -> str:
    """Return the labels of the rows chosen, in the order of the frame."""
    return "".join(match(frame, on=on, treated="treated", method=method, **options).frame.index)


# Means: treated 3, comparison 2. Without C and d they are 1 and 1.
LINE = """
row treated x outcome
A         1 0 5
B         1 2 7
C         1 7 9
d         0 4 2
e         0 1 3
f         0 1 1
"""


def test_the_most_treated_rows_with_as_many_comparison_rows_of_the_same_mean():
    assert chosen(frame_of(LINE), tolerance=0) == "ABef"


def test_rows_chosen_weigh_one_and_make_no_sets():
    found = match(frame_of(LINE), on="x", treated="treated", method="cardinality", tolerance=0)
    assert found.frame["weight"].tolist() == [1, 1, 1, 1]
    assert not found.in_sets
    assert found.dropped["reason"].to_dict() == {"C": "left out so that the groups are alike to within the tolerance"}
    assert found.notes == ("No choice of rows within the tolerance has more treated rows than this one.",)
    assert "were compared with" in found.summary()
    assert check_balance(found).summary().startswith("After matching the two groups are alike")


def test_a_wider_tolerance_lets_more_in():
    # The treated standard deviation is the root of 13, 3.6: of all rows the means are 1 apart, 0.28 of it.
    assert chosen(frame_of(LINE), tolerance=0.28) == "ABCdef"
    assert len(chosen(frame_of(LINE), tolerance=0.27)) == 4


def test_each_treated_row_has_the_ratio():
    # One treated row: B, and two of 4, 1 and 1 whose mean is 2.5: half over 3.6 standard deviations is 0.139.
    found = chosen(frame_of(LINE), ratio=2, tolerance=0.14)
    assert found == "Bde"


def test_of_rows_alike_the_first_in_canonical_order_is_chosen():
    frame = frame_of(LINE)
    assert chosen(frame, ratio=2, tolerance=0.14) == chosen(frame[::-1], ratio=2, tolerance=0.14)[::-1] == "Bde"


def test_a_profile_keeps_all_treated_rows():
    # The treated mean is 3: d with one of 1 has 2.5, and all three have 2.
    frame = frame_of(LINE)
    assert chosen(frame, "profile", tolerance=0.14) == "ABCde"
    assert chosen(frame, "profile", tolerance=0.28) == "ABCdef"
    found = match(frame, on="x", treated="treated", method="profile", tolerance=0.14)
    assert found.dropped.empty
    assert found.notes[0] == "No choice of rows within the tolerance has more comparison rows than this one."


def test_powers_are_alike_too():
    frame = frame_of("""
    row treated x
    A         1 1
    B         1 3
    c         0 2
    d         0 2
    e         0 0
    f         0 4
    g         0 1
    h         0 3
    """)
    assert chosen(frame, "profile", tolerance=0) == "ABcdefgh"
    # Squares from the mean of 2: 1 of the treated; 0, 0, 4, 4, 1 and 1 of the comparison rows, 10 in six rows.
    assert chosen(frame, "cardinality", tolerance=0, moments=2) == "ABgh"


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


@pytest.mark.parametrize("cell", ["exact", "risk_set"])
def test_each_cell_has_the_ratio(cell):
    found = match(frame_of(CELLS), on="x", treated="treated", method="cardinality", tolerance=0, **{cell: "district"})
    assert "".join(found.frame.index) == "ABCdef"
    where = {"exact": "exact cell", "risk_set": "risk set"}[cell]
    assert found.dropped["reason"].to_dict() == {"I": f"no comparison in the {where}"}


def test_means_are_alike_over_all_cells_together():
    frame = frame_of("""
    row treated x district
    A         1 0 north
    b         0 1 north
    C         1 1 south
    d         0 0 south
    """)
    assert chosen(frame, exact="district", tolerance=0) == "AbCd"


def test_a_profile_has_the_same_share_of_each_cell():
    # Of the comparison rows two in three have to be in the north, where there are two.
    assert chosen(frame_of(CELLS), "profile", exact="district", tolerance=0.5) in ("ABCdef", "ABCdeg")


def test_cells_without_enough_comparison_rows_for_a_profile():
    frame = frame_of(CELLS).drop("d")
    with pytest.raises(EstimationError, match="no choice of rows has the comparison rows asked for in each exact cell"):
        chosen(frame, "profile", exact="district", tolerance=0.5)


def test_a_unit_is_chosen_as_comparison_once():
    frame = frame_of("""
    row treated x family month
    A         1 0 p      1
    b         0 0 q      1
    C         1 0 r      2
    d         0 0 q      2
    """)
    assert chosen(frame, risk_set="month") == "AbCd"
    assert len(chosen(frame, risk_set="month", unit="family")) == 2
    with pytest.raises(EstimationError, match="no choice of rows has"):
        chosen(frame, "profile", risk_set="month", unit="family")


def test_what_no_choice_of_rows_can_balance_is_named():
    frame = frame_of("""
    row treated x y
    A         1 5 0
    B         1 7 1
    c         0 0 0
    d         0 4 1
    e         0 1 1
    """)
    # d is nearest to the treated in x, but not in y: of both together the least is passed with d alone.
    for method in ("cardinality", "profile"):
        with pytest.raises(EstimationError, match=r"keeps 'x'.* within the tolerance\. Widen the tolerance"):
            chosen(frame, method, on=["x", "y"])
        with pytest.raises(EstimationError, match="keeps 'x' within the tolerance"):
            chosen(frame, method)


def test_rows_in_part_would_do_but_whole_ones_do_not():
    # Half of each comparison row has the mean of the treated one; a whole one has not.
    frame = frame_of("""
    row treated x
    A         1 1
    b         0 0
    c         0 2
    """)
    with pytest.raises(EstimationError, match="keeps 'x' within"):
        chosen(frame, tolerance=0.02)
    assert chosen(frame, "profile") == "Abc"


def test_effects_are_estimated_on_the_rows_chosen():
    found = match(frame_of(LINE), on="x", treated="treated", method="cardinality", tolerance=0)
    # Outcomes of 5 and 7, and of 3 and 1.
    assert estimate_effect(accepted(found), "outcome", method="difference").estimate == pytest.approx(4)


@pytest.mark.parametrize("method", ["cardinality", "profile"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"caliper": 0.2}, "has no use for 'caliper'"),
        ({"score": "x"}, "has no use for 'score'"),
        ({"order": "data"}, "has no use for 'order'"),
        ({"reuse": True}, "has no use for 'reuse'"),
        ({"anti_exact": "y"}, "has no use for 'anti_exact'"),
        ({"distance": "mahalanobis"}, "has no use for 'distance'"),
        ({"estimand": "ate"}, "cannot answer for estimand 'ate', but for 'att'"),
        ({"tolerance": -1}, "tolerance must be"),
    ],
)
def test_what_a_method_has_no_use_for_is_refused(method, options, said):
    with pytest.raises(ConfigError, match=said):
        chosen(frame_of(LINE).assign(y=0), method, **options)


def test_a_profile_knows_no_ratio():
    with pytest.raises(ConfigError, match="method 'profile' has no use for 'ratio'"):
        chosen(frame_of(LINE), "profile", ratio=2)


def test_a_choice_keeps_no_pairs():
    frame = frame_of(LINE).assign(family=range(6))
    pairs = match(frame, on="x", treated="treated", unit="family")
    with pytest.raises(ConfigError, match="keep needs two matches in pairs"):
        chosen(frame, unit="family", keep=pairs)


def test_a_bound_out_of_reach_is_told():
    assert bound_note("treated", 198, 201) == (
        "No choice of rows within the tolerance has more than about 200 treated rows; this one has at most 1.5% "
        "fewer than the largest."
    )
