"""How far an effect hangs on the rule for ties: every choice is met, and nothing but ties is varied."""

import json

import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError
from tf_eval.matching import match, tie_sensitivity

# The treated row may be set beside either of two that are alike; the fourth is far away.
TIED = pd.DataFrame({"need": [1, 1, 1, 9], "started": [True, False, False, False], "outcome": [5, 1, 3, 100]})
APART = TIED.assign(need=[1, 2, 3, 9])


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
    assert found.summary().startswith("However ties are decided, the effect on outcome is 4.00.")


def test_taking_both_leaves_nothing_to_choose():
    assert set(sensitivity(TIED, ratio=2).estimates) == {5 - 2}


def test_the_order_of_the_rows_changes_nothing():
    shuffled = TIED.iloc[[2, 0, 3, 1]]
    assert sensitivity(shuffled).estimates.tolist() == sensitivity(TIED).estimates.tolist()
    assert sensitivity(TIED, seed=2).estimates.tolist() != sensitivity(TIED).estimates.tolist()


def test_it_is_told_in_words_and_drawn():
    found = sensitivity(TIED)
    assert "in 40 random ones the effect on outcome lies between 2.00 and 4.00" in found.summary()
    assert found.table().columns.tolist() == ["draw", "estimate"]
    assert found.plot().get_title(loc="left") == "Depending on how ties are decided, the effect is 2.00 to 4.00"
    assert sensitivity(APART).plot().get_title(loc="left").endswith("the effect is the same")
    json.dumps(found.to_dict(), allow_nan=False)


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
