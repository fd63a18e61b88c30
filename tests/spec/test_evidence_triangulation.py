"""Three ways of estimating one effect: they agree where all are right, and say so where one cannot be."""

import json

import pytest
from scipy.stats import norm

from benchmarks.crisis import HISTORY
from benchmarks.crisis_panel import matched_crisis
from tf_eval.cohort import load_outcomes
from tf_eval.evidence import Triangulation, measure, triangulate
from tf_eval.evidence.check import CHECK_LEVEL

ASB = load_outcomes()["asb_incident"]


def triangulated(world: str, on: list[str], seed: int = 1) -> Triangulation:
    panel, matched = matched_crisis(world, on, seed)
    return triangulate(panel, matched, measure(panel, matched, ASB))


def test_where_nobody_is_picked_for_what_befell_them_all_ways_agree():
    found = triangulated("quiet, effect", HISTORY)
    assert found.disagreeing == () and found.check.passed
    assert found.table()["way"].tolist() == ["as planned", "imputation", "history-adjusted"]
    assert all(size.high < 0 for size in found.sizes), "three tenths fewer incidents is seen in each way"
    assert found.summary().startswith("3 ways of estimating that rest on different assumptions differ by no more")


def test_falling_back_from_a_peak_is_seen_as_such():
    """Families are picked in the year that was their worst, and matched on what has nothing to do with it."""
    found = triangulated("level", ["trait"], seed=5)
    planned, _, adjusted = found.sizes
    assert planned.high < 0 < adjusted.high, "families who had the worst year do better afterwards whatever is done"
    assert [way.name for way in found.disagreeing] == ["history-adjusted"]
    assert not found.check.passed
    assert "(which assumes that families with the same history would have come to the same level)" in found.summary()


@pytest.mark.parametrize("world", ["quiet", "level"])
def test_distances_are_of_the_same_families_in_reporting_units(world):
    found = triangulated(world, HISTORY)
    table = found.table().set_index("way")
    apart = table["value"] - table["value"]["as planned"]
    assert table["difference"].iloc[1:].tolist() == pytest.approx(apart.iloc[1:].tolist())
    # With one start cohort and without covariates imputation is the planned estimate, and has no distance from it.
    assert table["difference_low"].isna().tolist() == [True, True, False]
    width = table["difference_high"] - table["difference_low"]
    reach = norm.ppf(1 - CHECK_LEVEL / 2)
    independent = 2 * reach * (table["std_error"] ** 2 + table["std_error"].iloc[0] ** 2) ** 0.5
    assert width.iloc[2] < 0.8 * independent.iloc[2], "what befalls a family moves all ways alike"
    ends = table[["difference_low", "difference_high"]].iloc[2]
    leaves_out_none = ends.iloc[0] > 0 or ends.iloc[1] < 0
    assert leaves_out_none == (found.apart[1].p_value < CHECK_LEVEL), "the interval is the one that the check goes by"
    json.dumps(found.to_dict(), allow_nan=False)
    assert len(found.plot().get_yticklabels()) == 3
