"""How often controls were taken for effects, how far off they were, and whether chance explains it."""

import numpy as np
import pandas as pd
from scipy import stats

from tf_eval.evidence.multiplicity import holm

DATE, LOT, OUTCOME, PLANTED = "earlier start", "start by lot", "negative outcome", "planted effect"
DRAWN = (LOT, PLANTED)
LEVEL = 0.05


def rates_of(controls: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each outcome and kind of control; what was drawn has Monte-Carlo errors of means and shares."""
    known = _known(controls)
    error, covered = known["value"] - known["truth"], known["truth"].between(known["low"], known["high"])
    found = (known["low"] > 0) | (known["high"] < 0)
    groups = known.assign(is_found=found, error=error, covered=covered).groupby(["outcome", "kind"], sort=False)
    means = groups[["is_found", "error", "covered"]].mean()
    tried = groups.size()
    rates = pd.DataFrame(
        {
            "tried": tried,
            "found": groups["is_found"].sum().astype(int),
            "share": means["is_found"],
            "share_error": _error_of_share(means["is_found"], tried),
            "bias": means["error"],
            "bias_error": groups["error"].std() / np.sqrt(tried),
            "coverage": means["covered"],
            "coverage_error": _error_of_share(means["covered"], tried),
        }
    ).reset_index()
    rates.loc[~rates["kind"].isin(DRAWN), ["share_error", "bias_error", "coverage_error"]] = np.nan
    return rates


def recovered_of(controls: pd.DataFrame) -> pd.Series:
    """Return for each outcome which share of the planted effect its estimate moved by, over all draws with one."""
    known = _known(controls).set_index(["outcome", "control"])
    planted, without = (known[known["kind"] == kind] for kind in (PLANTED, LOT))
    pairs = pd.DataFrame({"moved": planted["value"] - without["value"], "truth": planted["truth"]}).dropna()
    sums = pairs.groupby("outcome", sort=False).sum().query("truth != 0")
    return sums["moved"] / sums["truth"]


def chances_of(controls: pd.DataFrame) -> pd.DataFrame:
    """Return the tests of no effect where there is none: how likely chance makes as much, also for their number.

    Starts by lot are one test for each outcome: the chance that so many of them or more leave no effect out, at one in
    twenty each. They are drawn one by one, so that, given what became of the families, they are independent. Earlier
    starts and negative outcomes are tests by themselves. ``holm`` allows for all of them together (Holm 1979).
    """
    known = _known(controls)
    lots = rates_of(controls).query("kind == @LOT")
    tail = stats.binom.sf(lots["found"] - 1, lots["tried"], LEVEL)
    of_lots = lots[["outcome", "kind"]].assign(p_value=tail)
    single = known.loc[known["kind"].isin((DATE, OUTCOME)), ["outcome", "kind", "p_value"]]
    tests = pd.concat([of_lots, single], ignore_index=True)
    return tests.assign(adjusted=holm(tests["p_value"].astype(float)))


def _error_of_share(share: pd.Series, tried: pd.Series) -> pd.Series:
    """Of none in 20 too something is left unknown: two of each are added (Agresti and Coull 1998)."""
    moved = (share * tried + 2) / (tried + 4)
    return np.sqrt(moved * (1 - moved) / (tried + 4))


def _known(controls: pd.DataFrame) -> pd.DataFrame:
    """Return the controls with an estimate and an error."""
    return controls[controls["std_error"] > 0]
