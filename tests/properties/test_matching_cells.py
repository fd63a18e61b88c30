"""What holds for every match in cells, against a slow obvious rule. Values are few, so that cells are shared."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tf_eval.errors import EstimationError
from tf_eval.matching import check_balance, match

small = settings(max_examples=50, deadline=None)
ON = ["x", "need", "kind"]


@st.composite
def samples(draw) -> pd.DataFrame:
    """A frame of 4 to 30 rows with both arms; a unit may have a row in several months."""
    size = draw(st.integers(4, 30))
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


WAYS = [{"method": "exact"}, {"method": "coarsened_exact", "cutpoints": {"x": [2], "need": 2}}]
options = st.fixed_dictionaries(
    {
        "way": st.sampled_from(WAYS),
        "exact": st.sampled_from([(), ("district",)]),
        "estimand": st.sampled_from(["att", "att", "atc", "ate"]),
        "reuse": st.booleans(),
    }
)


def run(frame: pd.DataFrame, way: dict, **asked):
    """Match, or return None where nobody finds a comparison."""
    assume(0 < frame["treated"].sum() < len(frame))
    try:
        return match(frame, on=ON, treated="treated", unit="family", risk_set="month", **way, **asked)
    except EstimationError:
        return None


def at_risk(frame: pd.DataFrame) -> pd.DataFrame:
    first = frame[frame["treated"] == 1].groupby("family")["month"].min()
    return frame[(frame["treated"] == 1) | (frame["month"] < frame["family"].map(first).fillna(np.inf))]


def cells(frame: pd.DataFrame, asked: dict) -> pd.Series:
    """Return the number of the cell of each row, among those at risk."""
    rows = at_risk(frame)
    if asked["way"]["method"] == "coarsened_exact":
        middle = (rows["need"].min() + rows["need"].max()) / 2
        rows = rows.assign(x=rows["x"] >= 2, need=rows["need"] >= middle)
    return rows.groupby(["month", *asked["exact"], *ON]).ngroup()


def slow_sets(frame: pd.DataFrame, asked: dict) -> set[frozenset]:
    """Return the labels of each set, by the rule as it is said."""
    cell = cells(frame, asked)
    frame = frame.loc[cell.index]
    sought, served, kept = set(cell[frame["treated"] == 1]), set(), []
    for label, row in frame.sort_values("month", kind="stable").iterrows():
        if row["treated"] == 1:
            kept.append(label)
        elif cell[label] in sought and (asked["reuse"] or row["family"] not in served):
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
    rows = matched.frame.assign(cell=cells(frame, asked))
    assert (rows.groupby("set_id")["cell"].nunique() == 1).all()
    assert (rows.groupby("set_id")["treated"].nunique() == 2).all()
    compared = rows[rows["treated"] == 0]
    assert not compared.duplicated(["family", "month"] if asked["reuse"] else "family").any()
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
    assume(len(at_risk(frame).merge(stranger, on="need")))  # of a need that is there, so that no bin moves
    one, other = run(frame, **asked), run(pd.concat([frame, stranger]), **asked)
    assert (one is None) == (other is None)
    if one:
        assert found_sets(one) == found_sets(other)
        assert one.frame["weight"].to_dict() == pytest.approx(other.frame["weight"].to_dict())


@small
@given(samples(), st.sampled_from([(), ("district",)]))
def test_k_to_k_pairs_within_cells_until_one_arm_has_no_more(frame, exact):
    frame = frame.drop_duplicates("family")  # else a unit may serve another cell first
    assume(0 < frame["treated"].sum() < len(frame))
    asked = {"way": {**WAYS[1], "k_to_k": True}, "exact": exact}
    matched, cell = run(frame, **asked), cells(frame, asked)
    arms = pd.crosstab(cell, frame.loc[cell.index, "treated"]).reindex(columns=[0, 1], fill_value=0).min(axis=1)
    assert (matched is not None) == bool(arms.sum())
    if matched:
        rows = matched.frame.assign(cell=cells(frame, asked))
        assert rows.groupby("set_id")["treated"].agg(["sum", "size"]).eq([1, 2]).all(axis=None)
        assert (rows.groupby("set_id")["cell"].nunique() == 1).all()
        assert rows.groupby("cell").size().to_dict() == (2 * arms[arms > 0]).to_dict()
        assert (rows["weight"] == 1).all()


@small
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_pair(frame, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = (run(rows, {**WAYS[1], "k_to_k": True}) for rows in (frame, shuffled))
    assert (one is None) == (other is None)
    if one:
        pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index(), check_exact=True)


CUT = {"method": "subclassification", "score": "need", "subclasses": 3}


def plain_cut(rows: pd.DataFrame, estimand: str) -> pd.Series:
    """Return the subclasses of one month and district before any is given a row that it lacks, in exact fractions."""
    own = {"att": rows["treated"] == 1, "atc": rows["treated"] == 0, "ate": rows["treated"] >= 0}[estimand]
    ranked = [Fraction(score) for score in sorted(rows.loc[own, "need"])]
    parts = min(3, *rows.groupby("treated").size())
    places = [Fraction(part * (len(ranked) - 1), parts) for part in range(1, parts)]
    between = [
        ranked[int(place)] + (place - int(place)) * (ranked[min(int(place) + 1, len(ranked) - 1)] - ranked[int(place)])
        for place in places
    ]
    return rows["need"].map(lambda score: sum(cut <= Fraction(score) for cut in between))


@small
@given(samples(), st.sampled_from([(), ("district",)]), st.sampled_from(["att", "atc", "ate"]))
def test_subclasses_are_cut_at_quantiles_and_each_has_both_arms(frame, exact, estimand):
    frame = frame.drop_duplicates("family")  # else a unit may serve another risk set first
    assume(0 < frame["treated"].sum() < len(frame))
    matched = run(frame, CUT, exact=exact, estimand=estimand)
    strata = [rows for _, rows in frame.groupby(["month", *exact]) if rows["treated"].nunique() == 2]
    assert (matched is not None) == bool(strata)
    kept = matched.frame if matched else frame.iloc[:0]
    assert set(kept.index) == {label for rows in strata for label in rows.index}
    for rows in strata:
        cut, found = plain_cut(rows, estimand), kept.loc[rows.index, "set_id"]
        assert found.nunique() == cut.nunique()
        assert (rows["treated"].groupby(found).nunique() == 2).all()
        if (rows["treated"].groupby(cut).nunique() == 2).all():
            assert (pd.crosstab(cut, found) > 0).sum().eq(1).all()
        for _, arm in rows.groupby("treated"):
            ends = found[arm.index].groupby(arm["need"]).agg(["min", "max"]).to_numpy()
            assert (ends[1:, 0] >= ends[:-1, 1]).all()


@small
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_subclass(frame, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = (run(rows, CUT) for rows in (frame, shuffled))
    assert (one is None) == (other is None)
    if one:
        pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index(), check_exact=True)


@small
@given(samples(), options, st.randoms(use_true_random=False))
def test_without_units_the_order_of_the_rows_changes_nothing_either(frame, asked, random):
    asked = {key: value for key, value in asked.items() if key not in ("reuse", "way")} | asked["way"]
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    try:
        one, other = (match(rows, on=ON, treated="treated", **asked) for rows in (frame, shuffled))
    except EstimationError:
        assume(False)
    pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index(), check_exact=True)
    assert check_balance(one).to_dict() == check_balance(other).to_dict()


# Scott's rule gives these 2 bins or 3: by which, only the order in which their squares are summed decides.
ON_THE_EDGE = [3.0, 2.3, 3.7, 2.0, 2.4, 2.3, 2.5, 0.2]


def test_scotts_rule_makes_as_many_bins_whatever_the_order_of_the_rows():
    frame = pd.DataFrame({"x": ON_THE_EDGE, "treated": [0, 1] * 4})
    asked = {"on": ["x"], "treated": "treated", "method": "coarsened_exact", "cutpoints": {"x": "scott"}}
    one = match(frame, **asked).frame
    for seed in range(20):
        other = match(frame.sample(frac=1, random_state=seed), **asked).frame
        pd.testing.assert_frame_equal(one, other.sort_index())
