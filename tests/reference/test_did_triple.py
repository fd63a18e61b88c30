"""Triple differences against moderndid on mpdta, and against the saturated regression.

How each stored number was made stands beside it, in data/did_triple.json.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att

DATA = Path(__file__).parent / "data"
RESULTS = json.loads((DATA / "did_triple.json").read_text())["results"]
COLUMNS = {"outcome": "lemp", "unit": "countyreal", "period": "year", "adopted": "first", "eligible": "q"}
CONTROL = {"nevertreated": "never_treated", "notyettreated": "not_yet_treated"}
METHOD = {"dr": "doubly_robust", "reg": "outcome_regression", "ipw": "inverse_probability"}


def mpdta() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "mpdta.csv")
    return frame.assign(first=frame["first.treat"], q=(frame["countyreal"] % 5 < 3).astype(int))


@pytest.mark.parametrize("name", list(RESULTS))
def test_effects_are_those_of_moderndid(name):
    control, base, method, formula = name.split(" ", 3)
    covariates = {} if formula == "1" else {"covariates": formula}
    options = {"comparison": CONTROL[control], "baseline": base, "method": METHOD[method], **covariates}
    table = estimate_att(mpdta(), **COLUMNS, **options).table().set_index(["adopted", "period"])
    peer = RESULTS[name]
    table = table.loc[list(zip(peer["group"], peer["period"], strict=True))]
    # The peer's logit stops at relative changes of 1e-8.
    np.testing.assert_allclose(table["att"], peer["att"], rtol=1e-6, atol=1e-9)
    if control == "nevertreated":
        errors = np.array(peer["se"], dtype=float)
        np.testing.assert_allclose(table["std_error"], errors, rtol=1e-6)


def test_two_cohorts_are_the_saturated_regression_with_errors_of_units():
    frame = mpdta()[lambda rows: rows["first"].isin([0, 2006]) & rows["year"].isin([2005, 2006])]
    cell = estimate_att(frame, **COLUMNS).table().iloc[0]
    late, treated, eligible = (frame["year"] == 2006), (frame["first"] == 2006), (frame["q"] == 1)
    design = np.column_stack(
        [
            *(np.ones(len(frame)), late, treated, eligible),
            *(late & treated, late & eligible, treated & eligible, late & treated & eligible),
        ]
    ).astype(float)
    outcome = frame["lemp"].to_numpy()
    bread = np.linalg.inv(design.T @ design)
    slopes = bread @ design.T @ outcome
    scores = pd.DataFrame(design * (outcome - design @ slopes)[:, None]).groupby(frame["countyreal"].to_numpy()).sum()
    spread = bread @ scores.T.to_numpy() @ scores.to_numpy() @ bread
    np.testing.assert_allclose([cell["att"], cell["std_error"]], [slopes[-1], np.sqrt(spread[-1, -1])], rtol=1e-9)


def test_several_cohorts_weigh_by_how_precise_each_is_and_the_error_is_that_of_all_arms():
    """By hand without covariates: the arms are independent, and a cohort weighs by its own two arms."""
    frame = mpdta()
    cell = estimate_att(frame, **COLUMNS).table().set_index(["adopted", "period"]).loc[(2004, 2004)]
    wide = frame.pivot(index="countyreal", columns="year", values="lemp")
    change = (wide[2004] - wide[2003]).rename("change").reset_index()
    units = frame.drop_duplicates("countyreal")[["countyreal", "first", "q"]].merge(change)
    arms = units.groupby(["first", "q"])["change"].agg(["mean", lambda each: each.var(ddof=0) / len(each)])
    arms.columns = ["mean", "variance"]
    gap = arms["mean"].xs(1, level="q") - arms["mean"].xs(0, level="q")
    variance = arms["variance"].groupby("first").sum()
    precision = 1 / variance[[0, 2006, 2007]]
    share = precision / precision.sum()
    assert cell["att"] == pytest.approx(gap[2004] - share @ gap[share.index], rel=1e-10)
    expected = np.sqrt(variance[2004] + share**2 @ variance[share.index])
    assert cell["std_error"] == pytest.approx(expected, rel=1e-10)
