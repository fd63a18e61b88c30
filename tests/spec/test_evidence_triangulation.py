"""Three ways of estimating one effect: they agree where all are right, and say so where one cannot be."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest

from benchmarks.crisis import HISTORY, draw
from tests.accepted import accepted
from tf_eval.cohort import load_outcomes
from tf_eval.evidence import Triangulation, measure, triangulate
from tf_eval.matching import match

ASB = load_outcomes()["asb_incident"]


@dataclass
class Panel:
    """What estimators need of a panel: families of one start cohort in event time."""

    months: pd.DataFrame

    def event_time_frame(self, matched, outcome: str, columns) -> pd.DataFrame:
        matched.require_accepted("event_time_frame")
        rows = matched.frame.assign(row=matched.frame.index, start_cohort=0).rename(columns={"family": "family_id"})
        known = self.months.rename(columns={"family": "family_id", "month": "event_time", "incidents": outcome})
        wanted = dict.fromkeys(["row", "family_id", "start_cohort", "weight", *columns])
        long = rows[list(wanted)].merge(known.drop(columns="start"), on="family_id")
        return long.assign(adopted=long["family_id"].isin(rows.loc[rows["picked"], "family_id"]).map({True: 0.0}))


def triangulated(world: str, on: list[str], seed: int = 1) -> Triangulation:
    families, months = draw(world, seed)
    matched = accepted(match(families, treated="picked", unit="family", on=on, ratio=3, caliper=0.4))
    panel = Panel(months)
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
    apart = table["value"]["as planned"] - table["value"]
    assert table["difference"].iloc[1:].tolist() == pytest.approx(apart.iloc[1:].tolist())
    # With one start cohort and without covariates imputation is the planned estimate, and has no distance from it.
    assert table["difference_low"].isna().tolist() == [True, True, False]
    width = table["difference_high"] - table["difference_low"]
    independent = 2 * 1.96 * (table["std_error"] ** 2 + table["std_error"].iloc[0] ** 2) ** 0.5
    assert width.iloc[2] < 0.8 * independent.iloc[2], "what befalls a family moves all ways alike"
    json.dumps(found.to_dict(), allow_nan=False)
    assert len(found.plot().get_yticklabels()) == 3
