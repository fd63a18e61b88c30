"""What holds for every match in cells, against a slow obvious rule. Values are few, so that cells are shared."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tf_eval.errors import EstimationError
from tf_eval.matching import check_balance, match

small = settings(max_examples=80, deadline=None)
ON = ["x", "need", "kind"]


@st.composite
def samples(draw) -> pd.DataFrame:
    """A frame of 4 to 40 rows with both arms; a unit may have a row in several months."""
    size = draw(st.integers(4, 40))
    column = lambda values: draw(st.lists(values, min_size=size, max_size=size))  # noqa: E731
    frame = pd.DataFrame(
        {
            "treated": column(st.integers(0, 1)),
            "x": column(st.integers(0, 2)),
            "need": column(st.sampled_from([0.0, 0.4, 1.5, 2.5])),
            "kind": column(st.sampled_from("ab")),
            "district": column(st.sampled_from("pq")),
            "month": column(st.integers(1, 3)),
            "family": column(st.integers(1, 20)),
        },
        index=[f"row{number}" for number in range(size)],
    )
    frame = frame.drop_duplicates(["family", "month"])
    assume(0 < frame["treated"].sum() < len(frame))
    return frame


options = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["exact"]),
        "exact": st.sampled_from([(), ("district",)]),
        "estimand": st.sampled_from(["att", "att", "atc", "ate"]),
    }
)


def run(frame: pd.DataFrame, **asked):
    """Match, or return None where nobody finds a comparison."""
    assume(0 < frame["treated"].sum() < len(frame))
    try:
        return match(frame, **{"on": ON, "treated": "treated", "unit": "family", "risk_set": "month", **asked})
    except EstimationError:
        return None


def at_risk(frame: pd.DataFrame) -> pd.DataFrame:
    first = frame[frame["treated"] == 1].groupby("family")["month"].min()
    return frame[(frame["treated"] == 1) | (frame["month"] < frame["family"].map(first).fillna(np.inf))]


def cell_columns(asked: dict) -> list[str]:
    return ["month", *asked["exact"], *ON]


def slow_sets(frame: pd.DataFrame, asked: dict) -> set[frozenset]:
    """Return the labels of each set, by the rule as it is said."""
    frame = at_risk(frame)
    cell = frame[cell_columns(asked)].apply(tuple, axis=1)
    sought, served, kept = set(cell[frame["treated"] == 1]), set(), []
    for label, row in frame.sort_values("month", kind="stable").iterrows():
        if row["treated"] == 1:
            kept.append(label)
        elif cell[label] in sought and row["family"] not in served:
            served.add(row["family"])
            kept.append(label)
    groups = frame.loc[kept].groupby(cell[kept])
    return {frozenset(rows.index) for _, rows in groups if rows["treated"].nunique() == 2}


def slow_weights(frame: pd.DataFrame, sets: set[frozenset], estimand: str) -> dict[str, float]:
    """Return the weights that MatchIt's formulas give."""
    weight = {}
    for members in sets:
        size = frame.loc[list(members)].groupby("treated").size()
        asked = {"att": size[1], "atc": size[0], "ate": size.sum()}[estimand]
        weight |= {label: asked / size[frame.loc[label, "treated"]] for label in members}
    weight = pd.Series(weight)
    return (weight / weight.groupby(frame["treated"]).transform("mean")).to_dict()


def found_sets(matched) -> set[frozenset]:
    return {frozenset(rows.index) for _, rows in matched.frame.groupby("set_id")}


@small
@given(samples(), options)
def test_sets_and_weights_equal_the_slow_obvious_rule(frame, asked):
    matched, expected = run(frame, **asked), slow_sets(frame, asked)
    assert (found_sets(matched) if matched else set()) == expected
    if matched:
        assert matched.frame["weight"].to_dict() == pytest.approx(slow_weights(frame, expected, asked["estimand"]))


@small
@given(samples(), options)
def test_a_set_crosses_no_cell_and_a_unit_serves_once(frame, asked):
    matched = run(frame, **asked)
    assume(matched)
    rows = matched.frame
    assert (rows.groupby("set_id")[cell_columns(asked)].nunique() == 1).all(axis=None)
    assert (rows.groupby("set_id")["treated"].nunique() == 2).all()
    compared = rows[rows["treated"] == 0]
    assert compared["family"].is_unique
    pairs = compared.merge(rows[rows["treated"] == 1], on="set_id")
    assert (pairs["family_x"] != pairs["family_y"]).all()


@small
@given(samples(), options)
def test_everybody_is_accounted_for_and_weights_sum_to_rows(frame, asked):
    matched = run(frame, **asked)
    assume(matched)
    treated = matched.frame["treated"] == 1
    assert sorted([*matched.frame.index[treated], *matched.dropped.index]) == sorted(frame.index[frame["treated"] == 1])
    for own in (matched.frame.loc[treated, "weight"], matched.frame.loc[~treated, "weight"]):
        assert own.sum() == pytest.approx(len(own))
        assert (own > 0).all()
    if asked["estimand"] == "att":
        assert (matched.frame.loc[treated, "weight"] == 1).all()


@small
@given(samples(), options, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(frame, asked, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = run(frame, **asked), run(shuffled, **asked)
    assert (one is None) == (other is None)
    if one:
        pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index(), check_exact=True)
        pd.testing.assert_frame_equal(one.dropped.sort_index(), other.dropped.sort_index())
        assert check_balance(one).to_dict() == check_balance(other).to_dict()


@small
@given(samples(), options)
def test_a_unit_in_no_cell_of_a_treated_row_changes_nothing(frame, asked):
    stranger = frame.iloc[[0]].assign(treated=0, family=99, kind="c").set_axis(["stranger"])
    one, other = run(frame, **asked), run(pd.concat([frame, stranger]), **asked)
    assert (one is None) == (other is None)
    if one:
        assert found_sets(one) == found_sets(other)
        assert one.frame["weight"].to_dict() == pytest.approx(other.frame["weight"].to_dict())
