"""Outcomes stay out of reach until balance is accepted."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.errors import ConfigError, EstimationError
from tf_eval.evidence.outcome_effect import measure
from tf_eval.matching import (
    check_arms,
    check_balance,
    compare_arms,
    estimate_effect,
    match,
    match_arms,
    restrict,
    rosenbaum_bounds,
    tie_sensitivity,
    tipping_point,
)

# Pairs A-b and C-d are alike; E is nothing like f, which is all that is left for it.
ROWS = pd.DataFrame(
    {
        "family": range(6),
        "started": [1, 0, 1, 0, 1, 0],
        "district": ["north", "north", "north", "north", "south", "south"],
        "need": [1.0, 1.0, 2.0, 2.0, 9.0, 3.0],
        "incidents": [3.0, 4.0, 2.0, 5.0, 1.0, 6.0],
        "later": [0, 1, 0, 1, 0, 1],
    },
    index=list("AbCdEf"),
)
ALIKE = ROWS.loc[list("AbCd")]
LATER = pd.DataFrame({"family": range(6), "calls": range(6)})
READERS = {
    "estimate_effect": lambda matched: estimate_effect(matched, "incidents"),
    "rosenbaum_bounds": lambda matched: rosenbaum_bounds(matched, "incidents", alternative="lower"),
    "tipping_point": lambda matched: tipping_point(matched, "incidents", strength="after"),
    "tie_sensitivity": lambda matched: tie_sensitivity(matched, "incidents", draws=3, seed=1),
    "restrict": lambda matched: restrict(matched, LATER),
    "measure": lambda matched: measure(None, matched, None),
}


def matched(rows=ALIKE, **asked):
    return match(rows, on="need", score="need", treated="started", unit="family", exact="district", **asked)


def test_before_there_are_only_the_columns_that_the_match_read():
    found = matched()
    assert found.frame.columns.tolist() == ["family", "started", "district", "need", "weight", "set_id", "score"]
    assert found.acceptance is None and found.to_dict()["accepted"] is None


def test_afterwards_there_are_all_columns_of_the_same_rows():
    before = matched()
    after = check_balance(before).accept()
    assert after.frame.columns.tolist() == [*ROWS.columns, "weight", "set_id", "score"]
    pd.testing.assert_frame_equal(after.frame[before.frame.columns], before.frame)
    pd.testing.assert_frame_equal(after.frame[ROWS.columns], ALIKE)


def test_the_order_of_the_rows_is_kept():
    """In canonical order rows go by family; the caller has them otherwise."""
    rows = ALIKE.loc[list("dCbA")]
    after = check_balance(matched(rows)).accept()
    pd.testing.assert_frame_equal(after.frame[ROWS.columns], rows)


def test_rows_left_out_hide_their_outcomes_too():
    rows = ROWS.assign(need=[1.0, 1.0, 2.0, 2.0, 9.0, 90.0])
    before = matched(rows, caliper=0.1)
    assert before.dropped.columns.tolist() == ["family", "started", "district", "need", "reason"]
    after = check_balance(before).accept()
    assert after.dropped["incidents"].to_dict() == {"E": 1.0}
    assert after.dropped["reason"].tolist() == before.dropped["reason"].tolist()
    more = pd.concat([rows, rows.loc[["E"]].assign(family=-1, incidents=7.0)])
    assert check_balance(matched(more, caliper=0.1)).accept().dropped["incidents"].tolist() == [1.0, 7.0]


@pytest.mark.parametrize("reader", READERS)
def test_nothing_reads_an_outcome_before(reader):
    with pytest.raises(EstimationError) as refusal:
        READERS[reader](matched())
    assert str(refusal.value).startswith(f"{reader}: outcomes stay out of reach until balance is accepted")
    assert "matched = balance.accept()" in str(refusal.value)


def test_groups_that_are_not_alike_are_not_accepted_without_a_reason():
    with pytest.raises(EstimationError, match=r"need by 0\.\d+ \(standard deviations; 0\.25 is the limit\)") as refusal:
        check_balance(matched(ROWS)).accept()
    assert 'balance.accept(because="...")' in str(refusal.value)


def test_at_most_three_characteristics_are_named_furthest_first():
    random = np.random.default_rng(1)
    rows = pd.DataFrame({f"x{place}": random.normal(size=40) for place in range(5)}).assign(started=np.arange(40) < 10)
    for place in range(5):
        rows.loc[rows["started"], f"x{place}"] += 2 + place
    balance = check_balance(match(rows, on=[f"x{place}" for place in range(5)], treated="started"))
    size = balance.table().set_index("label")["smd_after"].abs().sort_values(ascending=False)
    acceptance = balance.accept(because="a test").acceptance
    assert [label for label, _ in acceptance.beyond] == size.index.tolist()
    assert f"they differ in {size.index[0]} by {size.iloc[0]:.2f}" in acceptance.furthest
    assert " and 2 more (" in acceptance.furthest and size.index[3] not in acceptance.furthest


def test_the_reason_stands_beside_every_result():
    found = check_balance(matched(ROWS)).accept(because="nobody else is left to compare with.")
    said = "Outcomes were read because nobody else is left to compare with."
    results = [READERS[name](found) for name in ("estimate_effect", "rosenbaum_bounds", "tie_sensitivity")]
    for result in (found, *results):
        assert said in result.summary()
        assert said.split("because ")[1][:-1] in json.dumps(result.to_dict(), allow_nan=False)
    assert found.to_dict()["accepted"]["because"] == "nobody else is left to compare with"


def test_a_tipping_point_says_it_too():
    random = np.random.default_rng(2)
    rows = pd.DataFrame({"started": np.arange(60) < 20, "need": random.normal(size=60)})
    rows = rows.assign(incidents=rows["need"] + random.normal(size=60))
    found = tipping_point(accepted(match(rows, on="need", treated="started")), "incidents")
    assert found.summary().count("a test asks no more") == (
        not check_balance(match(rows, on="need", treated="started")).passed
    )


def test_groups_that_are_alike_leave_nothing_to_say():
    balance = check_balance(matched())
    found = balance.accept(because="it passed")
    assert found.caveats == () and "it passed" not in found.summary()
    assert found.to_dict()["accepted"] == {
        "passed": True,
        "threshold": 0.1,
        "limit": 0.25,
        "worst": {name: balance.worst[name] for name in ("label", "smd_after")},
        "beyond": [],
        "because": "it passed",
    }


@pytest.mark.parametrize("reason", ["", "  ", 3])
def test_a_reason_is_in_words(reason):
    with pytest.raises(ConfigError, match="because must be a few words"):
        check_balance(matched(ROWS)).accept(because=reason)


def test_the_callers_frame_is_not_changed_and_what_becomes_of_it_later_changes_nothing():
    rows = ALIKE.copy()
    found = matched(rows)
    pd.testing.assert_frame_equal(rows, ALIKE)
    rows["incidents"] = -1.0
    rows.loc["A", "need"] = 7.0
    del rows["later"]
    pd.testing.assert_frame_equal(check_balance(found).accept().frame[ROWS.columns], ALIKE)


def test_nothing_of_the_frame_is_copied():
    rows = pd.DataFrame({"started": np.arange(40) < 10, "need": np.arange(40.0), "incidents": np.arange(40.0)})
    sealed = match(rows, on="need", treated="started").sealed
    assert np.shares_memory(sealed.frame["incidents"].to_numpy(), rows["incidents"].to_numpy())


def test_labels_that_repeat_are_no_matter():
    rows = ALIKE.set_axis(["x", "x", "y", "y"])
    assert check_balance(matched(rows)).accept().frame["incidents"].tolist() == [3, 4, 2, 5]


@pytest.mark.parametrize("reader", sorted(set(READERS) - {"measure"}))
def test_a_balance_is_no_match(reader):
    with pytest.raises(ConfigError, match=r"hand in what match returned, not Balance; balance.accept\(\) returns it"):
        READERS[reader](check_balance(matched()))


def test_the_two_kinds_of_matches_are_told_apart():
    asked = {"on": "need", "arm": "arm", "reference": "a", "method": "overlap", "common_support": False}
    arms = match_arms(ROWS.assign(arm=list("aabbcc")), **asked)
    with pytest.raises(ConfigError, match="check_balance: hand in what match returned, not MatchedArms"):
        check_balance(arms)
    with pytest.raises(ConfigError, match="check_arms: hand in what match_arms returned, not Matched"):
        check_arms(matched())
    with pytest.raises(ConfigError, match=r"hand in what match_arms returned, not ArmsBalance; balance\.accept"):
        compare_arms(check_arms(arms), "incidents")


def test_outcomes_of_other_rows_are_never_taken_for_those_of_the_match():
    found = matched()
    elsewhere = replace(found, sealed=replace(found.sealed, matched=found.sealed.matched[::-1]))
    with pytest.raises(EstimationError, match="not those of the match"):
        check_balance(elsewhere).accept()
