"""Families picked at their worst moment, with no effect at all: what an evaluation does claims none."""

import pandas as pd
import pytest

from benchmarks.crisis import study

STUDIES = 24


def claims(world: str) -> pd.Series:
    found = pd.DataFrame([row for seed in range(STUDIES) for row in study(world, seed)])
    return found.groupby("design")["claim"].sum()


@pytest.mark.parametrize(("world", "fooled"), [("last", "from the last month"), ("level", "from the year before")])
def test_matching_on_history_claims_nothing_where_plain_differences_do(world, fooled):
    found = claims(world)
    assert found[fooled] > STUDIES / 2
    # More than 4 of 24 false claims, at a rate of 6 %, come about once in 80 times; the seeds are fixed.
    assert found["matched on history"] <= 4


def test_what_is_there_is_found_as_often_as_by_a_change_before_and_after():
    found = claims("quiet, effect")
    assert found["matched on history"] >= 0.75 * found["before and after"] > STUDIES / 3
