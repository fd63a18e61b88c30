"""Months lost from sight, counted among matched families over the same months in both groups."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from tf_eval.errors import NotEstimated
from tf_eval.evidence.attrition.attrition import Attrition

# Several outcomes of an evaluation are looked at: at 99 % five of them raise a false alarm in 5 of 100 studies at most.
CONFIDENCE = 0.99
SERVES = "serves"


def measure_attrition(
    panel: Any, matched: Any, outcome: str, *, baseline: int, follow_up: tuple[int, int]
) -> Attrition | NotEstimated:
    """Return how many of the months after the start are lost in both groups, among families seen before it.

    Families count by their weight in the match. A month counts where the family could have been seen: from a start of
    its own on a comparison family serves no longer and is not lost, nor is anybody in a calendar month in which nobody
    is seen, such as holidays or months whose records are still on their way. A family is lost where it has left, where
    nobody in it is of the outcome's ages any more, or where all who are were in custody.

    Shares are taken month by month from the start and averaged by how many families with the intervention could be seen
    in each, so that both groups are looked at over the same months. The interval of their difference is clustered by
    family, and takes t by the families with the intervention.
    """
    months = _months(panel, matched, outcome)
    before = months[months["event_time"].between(-baseline, -1) & months["seen"]]
    after = months[months["event_time"].between(*follow_up) & months["possible"] & months["row"].isin(before["row"])]
    known = after[["row", "family_id", "treated"]].drop_duplicates("row")
    families = known.groupby("treated")["family_id"].nunique()
    if len(families) < 2:
        return NotEstimated("no months of both groups were observed before the start and after it")
    shares, spread = _compare(after)
    reach = float(t.ppf(0.5 + CONFIDENCE / 2, max(int(families[True]) - 1, 1))) * spread
    difference = shares[True] - shares[False]
    return Attrition(
        treated=shares[True],
        comparison=shares[False],
        low=difference - reach,
        high=difference + reach,
        overall=float(np.average([shares[True], shares[False]], weights=[families[True], families[False]])),
        n_treated=int(families[True]),
        n_comparison=int(families[False]),
    )


def _months(panel: Any, matched: Any, outcome: str) -> pd.DataFrame:
    """Return a row for each matched row and month: was it seen, and could it have been?"""
    risk_set = matched.design.risk_set
    frame = panel.event_time_frame(matched, outcome, [] if risk_set is None else [risk_set])
    seen = frame[outcome].notna()
    moment = frame["event_time"] if risk_set is None else frame[risk_set] + frame["event_time"]
    return pd.DataFrame(
        {
            "row": frame["row"],
            "family_id": frame["family_id"],
            "event_time": frame["event_time"],
            "treated": frame["adopted"].notna(),
            "weight": frame["weight"],
            "seen": seen,
            "possible": seen.groupby(moment).transform("any") & frame.get(SERVES, True),
        }
    )


def _compare(after: pd.DataFrame) -> tuple[dict[bool, float], float]:
    """Return the share lost of each arm and the error of their difference."""
    arms = {arm: after[after["treated"] == arm] for arm in (True, False)}
    sums = {arm: _sums(rows) for arm, rows in arms.items()}
    both = sums[True].index.intersection(sums[False].index)
    share = sums[True].loc[both, "weight"] / sums[True].loc[both, "weight"].sum()
    lost, moved = {}, []
    for arm, rows in arms.items():
        monthly = sums[arm].loc[both, "lost"] / sums[arm].loc[both, "weight"]
        lost[arm] = float(share @ monthly)
        rows = rows[rows["event_time"].isin(both)]
        each = share / sums[arm].loc[both, "weight"]
        influence = rows["weight"] * rows["event_time"].map(each) * (~rows["seen"] - rows["event_time"].map(monthly))
        moved.append((1 if arm else -1) * influence.groupby(rows["family_id"]).sum())
    by_family = pd.concat(moved).groupby(level=0).sum()
    return lost, float(np.sqrt((by_family**2).sum() * len(by_family) / max(len(by_family) - 1, 1)))


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by event time the weight of who could be seen, and of who was not."""
    weights = rows.assign(lost=rows["weight"] * ~rows["seen"])
    return weights.groupby("event_time")[["weight", "lost"]].sum()
