"""How far an effect hangs on the rule for ties: every choice is met, nothing but ties is varied, and it is said."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accepted import accepted
from tf_eval.errors import ConfigError, EstimationError, InputError
from tf_eval.matching import match, tie_sensitivity

# The treated row may be set beside either of two that are alike; the fourth is far away.
TIED = pd.DataFrame({"need": [1, 1, 1, 9], "started": [True, False, False, False], "outcome": [5, 1, 3, 100]})
APART = TIED.assign(need=[1, 2, 3, 9])
# Twelve times the same: an arm of fewer than ten rows is not told of.
MANY_TIED, MANY_APART = (
    pd.concat([rows.assign(place=place) for place in range(12)], ignore_index=True) for rows in (TIED, APART)
)


def sensitivity(frame, draws=40, seed=1, **asked):
    matched = accepted(match(frame, on="need", treated="started", score="need", **asked))
    return tie_sensitivity(matched, "outcome", draws=draws, seed=seed)


def test_both_of_two_rows_that_are_alike_are_taken_at_times():
    found = sensitivity(TIED)
    assert set(found.estimates) == {5 - 1, 5 - 3}
    assert found.ends == (2, 4)
    assert found.stated in (2, 4)
    assert found.matters


def test_without_ties_nothing_varies():
    found = sensitivity(APART)
    assert set(found.estimates) == {5 - 1}
    assert not found.matters
    assert (
        sensitivity(MANY_APART, exact="place")
        .summary()
        .startswith("However ties are decided, the effect on outcome is 4.00.")
    )


def test_taking_both_leaves_nothing_to_choose():
    assert set(sensitivity(TIED, ratio=2).estimates) == {5 - 2}


def test_the_order_of_the_rows_changes_nothing():
    shuffled = TIED.iloc[[2, 0, 3, 1]]
    assert sensitivity(shuffled).estimates.tolist() == sensitivity(TIED).estimates.tolist()
    assert sensitivity(TIED, seed=2).estimates.tolist() != sensitivity(TIED).estimates.tolist()


def test_it_is_told_in_words_and_drawn():
    found = sensitivity(MANY_TIED, exact="place")
    low, high = found.ends
    assert 2 <= low < high <= 4
    assert f"in 40 random ones the effect on outcome lies between {low:.2f} and {high:.2f}" in found.summary()
    assert found.table().columns.tolist() == ["draw", "estimate"]
    title = f"Depending on how ties are decided, the effect is {low:.2f} to {high:.2f}"
    assert found.plot().get_title(loc="left") == title
    assert sensitivity(MANY_APART, exact="place").plot().get_title(loc="left").endswith("the effect is the same")
    json.dumps(found.to_dict(), allow_nan=False)


def test_of_few_rows_nothing_is_told():
    found = sensitivity(TIED)
    assert "is not shown, for a group has fewer than 10 rows or units" in found.summary()
    assert "2.00" not in found.summary() + repr(found)
    assert found.plot().get_title(loc="left") == "How far the effect on outcome hangs on ties is not shown"


@pytest.mark.parametrize(
    ("change", "message"), [({"draws": 0}, "draws must be a whole number, 1 or more"), ({"seed": -1}, "seed must be")]
)
def test_numbers_out_of_range_are_refused(change, message):
    with pytest.raises(ConfigError, match=message):
        sensitivity(TIED, **change)


def test_weights_have_no_ties():
    frame = pd.concat([TIED] * 5, ignore_index=True)
    weighted = accepted(match(frame, on="need", treated="started", method="entropy_balancing"))
    with pytest.raises(ConfigError, match="weights leave no ties to decide"):
        tie_sensitivity(weighted, "outcome", seed=1)


def test_the_outcome_may_not_have_been_matched_on():
    matched = accepted(match(TIED, on="need", treated="started", score="need"))
    with pytest.raises(InputError, match="'need' was used by the match"):
        tie_sensitivity(matched, "need", seed=1)


def test_the_outcome_may_be_missing_only_where_no_rule_would_match():
    frame = TIED.astype({"outcome": float})
    assert sensitivity(frame.assign(outcome=[5, 1, 3, None])).ends == sensitivity(frame).ends
    matched = accepted(match(frame, on="need", treated="started", score="need"))
    other = frame["outcome"].where(frame.index.isin(matched.frame.index) | (frame["need"] == 9))
    with pytest.raises(InputError, match="'outcome' is missing in rows that another rule for ties would match"):
        sensitivity(frame.assign(outcome=other))


def test_what_is_done_to_the_frame_afterwards_changes_nothing():
    frame = TIED.copy()
    matched = accepted(match(frame, on="need", treated="started", score="need"))
    before = tie_sensitivity(matched, "outcome", seed=1).table()
    frame["outcome"] = 0.0
    pd.testing.assert_frame_equal(tie_sensitivity(matched, "outcome", seed=1).table(), before)


DECIDED = (
    "rows are alike in all that is named, and which of the alike serve, or count for more, was decided by their label"
)


def noted(frame, **asked):
    return [note for note in match(frame, **{"on": "need", "treated": "started", **asked}).notes if DECIDED in note]


def test_it_is_said_where_labels_decide_who_serves():
    assert noted(TIED) == [f"Fewer than 10 {DECIDED}s; tie_sensitivity says what hangs on it."]
    swapped = TIED.set_axis([0, 2, 1, 3])
    served = [accepted(match(rows, on="need", treated="started")).frame["outcome"].tolist() for rows in (TIED, swapped)]
    assert served == [[5, 1], [5, 3]]


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"need": [1, 2, 3, 9]}, {}),  # all differ
        ({"family": [1, 2, 3, 4]}, {"unit": "family"}),  # the unit tells them apart, whatever their labels
        ({}, {"ratio": 2}),  # both serve
        ({}, {"method": "exact"}),
        ({}, {"method": "full"}),
        ({}, {"method": "inverse_probability", "score": "need"}),
    ],
)
def test_where_labels_decide_nothing_nothing_is_said(change, asked):
    assert noted(TIED.assign(**change), **asked) == []


def test_treated_rows_in_the_order_of_the_data_are_not_told_apart_by_labels():
    crowded = pd.DataFrame({"need": [1, 1, 2], "started": [True, True, False]})
    assert len(noted(crowded)) == 1
    assert noted(crowded, order="data") == noted(crowded, order="random", seed=1) == []


def test_where_rows_are_chosen_without_sets_there_is_nothing_to_vary():
    chosen = noted(TIED, method="cardinality", tolerance=0.0)
    assert chosen == [f"Fewer than 10 {DECIDED}s."]


ALIKE = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.booleans()), min_size=4, max_size=24)


@settings(deadline=None, max_examples=60)
@given(rows=ALIKE, method=st.sampled_from(["nearest", "optimal", "full", "quick", "exact", "coarsened_exact"]))
def test_it_is_said_of_those_rows_alone_whose_like_weighs_otherwise(rows, method):
    frame = pd.DataFrame(rows, columns=["need", "place", "started"])
    scored = {} if method.endswith("exact") else {"score": "need"}
    try:
        found = match(frame, on=["need", "place"], treated="started", method=method, **scored)
    except (EstimationError, InputError):
        return
    weight = found.frame["weight"].reindex(frame.index, fill_value=0.0).groupby([frame[name] for name in frame])
    decided = weight.size()[~np.isclose(weight.max(), weight.min())].sum()
    said = [note for note in found.notes if DECIDED in note]
    assert len(said) == bool(decided)
    assert all(note.startswith("Fewer than 10" if decided < 10 else f"About {5 * round(decided / 5)}") for note in said)
