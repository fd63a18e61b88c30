"""What a match means, on tables small enough to check by eye."""

import pandas as pd
import pytest

from tf_eval.errors import ConfigError, EstimationError, InputError
from tf_eval.matching import match


def frame_of(text: str, **types: str) -> pd.DataFrame:
    """Read a table drawn with spaces; the first column is the row label."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=header).set_index(header[0])
    numbers = {name: float for name in ("score", "x") if name in frame}
    return frame.astype({"treated": int, **numbers, **types})


def sets(matched) -> dict[str, list[str]]:
    """Return the labels of each treated row's comparison rows."""
    found = {}
    for _, members in matched.frame.groupby("set_id"):
        treated = members.index[members["treated"] == 1][0]
        found[treated] = sorted(members.index[members["treated"] == 0])
    return found


PLAIN = """
row treated score
A         1   9.0
B         1   5.0
c         0   8.0
d         0   6.0
e         0   5.5
f         0   1.0
"""


def test_the_treated_row_with_the_largest_score_chooses_first():
    frame = frame_of("""
    row treated score
    A         1   5.0
    B         1   9.0
    c         0   7.0
    """)
    assert sets(match(frame, on="score", treated="treated", score="score")) == {"B": ["c"]}
    assert sets(match(frame, on="score", treated="treated", score="score", order="smallest")) == {"A": ["c"]}
    assert sets(match(frame, on="score", treated="treated", score="score", order="data")) == {"A": ["c"]}


def test_everybody_has_a_first_comparison_before_anybody_has_a_second():
    assert sets(match(frame_of(PLAIN), on="score", treated="treated", score="score")) == {"A": ["c"], "B": ["e"]}
    two = match(frame_of(PLAIN), on="score", treated="treated", score="score", ratio=2)
    assert sets(two) == {"A": ["c", "d"], "B": ["e", "f"]}


def test_a_treated_row_that_finds_none_in_one_round_leaves_the_later_ones():
    # The standard deviation of the score is 2.79, so that the caliper is 1.39: A finds c alone, B finds d and e.
    few = match(frame_of(PLAIN), on="score", treated="treated", score="score", ratio=3, caliper=0.5)
    assert sets(few) == {"A": ["c"], "B": ["d", "e"]}


def test_the_treated_least_likely_to_be_treated_want_the_most():
    frame = frame_of("""
    row treated score
    A         1   9.0
    B         1   6.0
    C         1   3.0
    d         0   8.0
    e         0   5.0
    f         0   3.1
    g         0   2.9
    h         0   2.0
    i         0   1.0
    """)
    # Six for three of them, one at least: C has four; or three, and then B a number between.
    four = match(frame, on="score", treated="treated", score="score", ratio=2, max_ratio=4)
    assert sets(four) == {"A": ["d"], "B": ["e"], "C": ["f", "g", "h", "i"]}
    three = match(frame, on="score", treated="treated", score="score", ratio=2, max_ratio=3)
    assert sets(three) == {"A": ["d"], "B": ["e", "f"], "C": ["g", "h", "i"]}
    assert three.frame["weight"].to_dict() == pytest.approx(
        {"A": 1, "B": 1, "C": 1, "d": 2, "e": 1, "f": 1, "g": 2 / 3, "h": 2 / 3, "i": 2 / 3}
    )
    assert four.notes == three.notes == ()


def test_who_finds_fewer_than_the_fewest_wanted_is_noted():
    asked = {"on": "score", "treated": "treated", "score": "score", "ratio": 3, "min_ratio": 2, "max_ratio": 4}
    few = match(frame_of(PLAIN), caliper=0.5, **asked)
    assert sets(few) == {"A": ["c"], "B": ["d", "e"]}
    assert few.notes == ("Some treated rows found fewer comparison rows than min_ratio.",)


@pytest.mark.parametrize(
    "options",
    [
        {"ratio": 1, "max_ratio": 3},
        {"ratio": 3, "max_ratio": 3},
        {"ratio": 2, "min_ratio": 2, "max_ratio": 3},
        {"ratio": 2, "max_ratio": 3.5},
        {"ratio": 2, "min_ratio": 0, "max_ratio": 3},
    ],
)
def test_ratios_that_do_not_enclose_their_mean_are_refused(options):
    with pytest.raises(ConfigError, match="must be whole numbers above 0, each larger"):
        match(frame_of(PLAIN), on="score", treated="treated", score="score", **options)


def test_the_fewest_without_the_most_is_refused():
    with pytest.raises(ConfigError, match="min_ratio needs a max_ratio"):
        match(frame_of(PLAIN), on="score", treated="treated", score="score", ratio=2, min_ratio=1)


def test_weights_share_each_treated_row_among_its_comparisons():
    few = match(frame_of(PLAIN), on="score", treated="treated", score="score", ratio=3, caliper=0.5).frame
    # 1, 1/2 and 1/2 scaled to sum to three comparison rows.
    assert few["weight"].to_dict() == pytest.approx({"A": 1, "B": 1, "c": 1.5, "d": 0.75, "e": 0.75})


def test_sets_stay_in_their_exact_cells_and_the_reason_is_kept():
    frame = frame_of("""
    row treated score district sex
    A         1   9.0 north    f
    B         1   5.0 south    f
    C         1   5.0 west     f
    d         0   9.0 south    f
    e         0   1.0 north    f
    g         0   1.0 west     m
    """)
    found = match(frame, on="score", treated="treated", score="score", exact=["district", "sex"])
    assert sets(found) == {"A": ["e"], "B": ["d"]}
    assert found.dropped["reason"].to_dict() == {"C": "no comparison in the exact cell"}


def test_reasons_for_being_dropped():
    frame = frame_of("""
    row treated score
    A         1  50.0
    B         1   5.1
    C         1   5.0
    d         0   5.0
    e         0   0.0
    """)
    found = match(frame, on="score", treated="treated", score="score", caliper=0.1)
    assert sets(found) == {"B": ["d"]}
    assert found.dropped["reason"].to_dict() == {
        "A": "no comparison within the caliper",
        "C": "every comparison within reach was already taken",
    }


RISK_SETS = """
row treated score family month
A1        1   5.0 A          1
c1        0   5.1 c          1
d1        0   7.0 d          1
B1        0   9.0 B          1
B2        1   5.0 B          2
c2        0   5.0 c          2
d2        0   8.0 d          2
A2        0   5.0 A          2
"""


def risk_set_match(text: str, **options):
    frame = frame_of(text, month="int")
    return match(frame, on="score", treated="treated", unit="family", risk_set="month", **{"score": "score", **options})


def test_a_unit_serves_once_over_all_risk_sets_and_earlier_ones_choose_first():
    # In month 2 family c would be the nearest, but it served in month 1; family A has itself been treated by then.
    assert sets(risk_set_match(RISK_SETS)) == {"A1": ["c1"], "B2": ["d2"]}


def test_a_unit_treated_later_may_be_a_comparison_before():
    assert sets(risk_set_match(RISK_SETS, ratio=3))["A1"] == ["B1", "c1", "d1"]


def test_rows_of_units_already_treated_are_set_aside_and_it_is_said():
    found = risk_set_match(RISK_SETS)
    assert any("set aside" in note for note in found.notes)
    assert found.table().set_index(["size", "arm"]).loc[("all", "comparison"), "rows"] == 5


def test_a_unit_is_never_its_own_comparison():
    frame = frame_of("""
    row treated score family
    A         1   5.0 one
    b         0   5.0 one
    c         0   9.0 two
    """)
    assert sets(match(frame, on="score", treated="treated", unit="family", score="score")) == {"A": ["c"]}


def test_no_comparison_in_the_risk_set():
    found = risk_set_match(RISK_SETS.replace("d2        0   8.0 d          2\n", ""))
    assert found.dropped["reason"].to_dict() == {"B2": "every comparison within reach was already taken"}
    alone = RISK_SETS.replace("d2        0   8.0 d          2\nA2", "A2").replace(
        "c2        0   5.0 c          2\n", ""
    )
    assert risk_set_match(alone).dropped["reason"].to_dict() == {"B2": "no comparison in the risk set"}


def test_ties_are_decided_by_unit_not_by_the_order_of_rows():
    frame = frame_of("""
    row treated score family
    A         1   5.0 one
    z         0   5.0 three
    y         0   5.0 four
    x         0   5.0 two
    """)
    assert sets(match(frame, on="score", treated="treated", unit="family", score="score")) == {"A": ["y"]}


def test_of_two_equally_far_the_lower_score_is_taken():
    frame = frame_of("""
    row treated score
    A         1   5.0
    b         0   6.0
    c         0   4.0
    """)
    assert sets(match(frame, on="score", treated="treated", score="score")) == {"A": ["c"]}


def test_rows_keep_their_labels_columns_and_order():
    frame = frame_of(PLAIN)
    before = frame.copy()
    found = match(frame, on="score", treated="treated", score="score").frame
    assert list(found.index) == ["A", "B", "c", "e"]
    assert list(found.columns) == ["treated", "score", "weight", "set_id"]
    pd.testing.assert_frame_equal(frame, before)


EARLIER = """
row treated score family month cell
A1        1   5.0 A          1    n
B1        1   9.0 B          1    n
c1        0   5.1 c          1    n
d1        0   7.0 d          1    n
"""


def kept(now: str, **options) -> dict[str, list[str]]:
    earlier = risk_set_match(EARLIER)
    assert sets(earlier) == {"A1": ["c1"], "B1": ["d1"]}
    return sets(risk_set_match(now, keep=earlier, **options))


def test_pairs_of_an_earlier_match_are_made_again_though_another_is_nearer_now():
    now = EARLIER.replace("5.1", "6.1").replace("7.0", "5.2") + "e1 0 8.9 e 1 n"
    assert sets(risk_set_match(now)) == {"A1": ["d1"], "B1": ["e1"]}
    assert kept(now) == {"A1": ["c1"], "B1": ["d1"]}


def test_only_who_is_left_is_matched_anew():
    now = EARLIER.replace("c1        0   5.1 c", "e1        0   5.1 e") + "f1 0 8.9 f 1 n\nG1 1 9.5 G 1 n"
    assert kept(now) == {"A1": ["e1"], "B1": ["d1"], "G1": ["f1"]}


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (("7.0 d          1    n", "7.0 d          1    s"), {"exact": "cell"}),
        (("7.0", "1.0"), {"caliper": 0.5}),
        (("7.0 d          1", "7.0 d          2"), {}),
    ],
)
def test_a_pair_that_would_break_a_constraint_is_not_made_again(change, options):
    now = EARLIER.replace(*change) + "e1 0 8.9 e 1 n"
    assert kept(now, **options) == {"A1": ["c1"], "B1": ["e1"]}


def test_a_row_with_some_of_its_pairs_has_the_rest_filled_up():
    now = EARLIER + "e1 0 4.8 e 1 n\nf1 0 8.9 f 1 n\ng1 0 8.8 g 1 n"
    assert kept(now, ratio=2) == {"A1": ["c1", "e1"], "B1": ["d1", "f1"]}


def test_to_keep_pairs_takes_a_name_for_the_unit():
    frame = frame_of(PLAIN)
    earlier = match(frame, on="score", treated="treated", score="score")
    with pytest.raises(ConfigError, match="keep needs unit"):
        match(frame, on="score", treated="treated", score="score", keep=earlier)


@pytest.mark.parametrize(("caliper", "low"), [(3, 4), (12, 13), (6, 8), (7, 5)])
@pytest.mark.parametrize("method", ["nearest", "optimal", "full"])
def test_a_difference_of_just_the_caliper_is_within_it(caliper, low, method):
    """In units of the caliper 7 and 4 differ by a little more than 1."""
    frame = pd.DataFrame({"age": [low, low + caliper], "need": 0.0, "treated": [1, 0]})
    asked = {"on": "need", "treated": "treated", "score": "need", "method": method}
    assert len(match(frame, **asked, calipers={"age": caliper}).frame) == 2
    with pytest.raises(EstimationError, match="no treated row found a comparison"):
        match(frame, **asked, calipers={"age": caliper - 1e-9})


@pytest.mark.parametrize("months", [["2", "10", "2", "10"], pd.Categorical(["2", "10", "2", "10"])])
def test_risk_sets_as_text_are_refused_where_units_serve_in_their_order(months):
    frame = pd.DataFrame({"treated": [1, 0, 0, 0], "need": [0.0, 1, 2, 3], "family": list("abcd"), "month": months})
    asked = {"on": "need", "treated": "treated", "score": "need", "risk_set": "month"}
    with pytest.raises(InputError, match="'month' are text, which would put '10' before '2'"):
        match(frame, **asked, unit="family")
    assert len(match(frame, **asked).frame) == 2
    dated = frame.assign(month=["2013-02", "2013-10", "2013-02", "2013-10"])
    assert len(match(dated, **asked, unit="family").frame) == 2
    ordered = frame.assign(month=pd.Categorical(frame["month"], ["2", "10"], ordered=True))
    assert len(match(ordered, **asked, unit="family").frame) == 2


def test_numbers_kept_as_objects_are_no_category():
    frame = pd.DataFrame({"treated": [1, 0, 0, 0], "age": pd.Series([30, 31, 40, 50], dtype=object)})
    with pytest.raises(InputError, match="covariate 'age' holds numbers as objects"):
        match(frame, on="age", treated="treated")
    with pytest.raises(InputError, match="holds 0 and 1 as object; turn it into whole numbers"):
        match(frame.astype({"age": int, "treated": object}), on="age", treated="treated")
