"""The regression family against R's fixest and bacondecomp, and against pyfixest and diff-diff, all on mpdta.

How each stored number was made stands beside it, in data/did_regressions.json.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import decompose_twfe, estimate_att, two_way_fixed_effects

DATA = Path(__file__).parent / "data"
PYTHON = json.loads((DATA / "did_regressions.json").read_text())
R = PYTHON["r"]
COLUMNS = {"unit": "countyreal", "period": "year", "adopted": "first"}
# All solve the same linear equations; what is left is rounding, and R's numbers are stored with 15 digits.
EXACT = {"rtol": 1e-8, "atol": 1e-12}
# Iterations of peers' Poisson and logit fits stop at relative changes of 1e-8 of the deviance.
ITERATED = {"rtol": 1e-6, "atol": 1e-9}


def mpdta() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "mpdta.csv")
    return frame.assign(
        first=frame["first.treat"],
        jobs=np.round(1000 * np.exp(frame["lemp"])),
        flag=(np.floor(10000 * frame["lemp"]) % 3 == 0).astype(int),
        people=np.exp(frame["lpop"]),
        state=frame["countyreal"] // 1000,
    )


def with_gaps() -> pd.DataFrame:
    frame = mpdta()
    return frame[(frame["countyreal"] + 3 * frame["year"]) % 11 != 0]


def estimate(frame: pd.DataFrame, outcome: str = "lemp", **options):
    return estimate_att(frame, outcome=outcome, **COLUMNS, **options)


def by_fixed_share(effect, event_times: range):
    """The mean over cells by their number of treated, taken as known (as fixest does)."""
    cells = effect.table()
    weights = np.where(cells["event_time"].isin(event_times), cells["n_treated"], 0)
    return effect.combine(weights / weights.sum())


def test_sun_and_abraham_is_that_of_fixest():
    effect = estimate(mpdta(), method="sun_abraham", small_sample=True)
    times = [int(term.split("::")[1]) for term in R["sunab"]["term"]]
    found = [by_fixed_share(effect, range(time, time + 1)) for time in times]
    np.testing.assert_allclose([one.att for one in found], R["sunab"]["est"], **EXACT)
    np.testing.assert_allclose([one.std_error for one in found], R["sunab"]["se"], **EXACT)
    overall = by_fixed_share(effect, range(0, 4))
    np.testing.assert_allclose([overall.att, overall.std_error], list(R["sunab_att"].values()), **EXACT)


def test_two_way_fixed_effects_are_those_of_fixest():
    found = two_way_fixed_effects(mpdta(), outcome="lemp", **COLUMNS)
    np.testing.assert_allclose(found.static[["coefficient", "std_error"]].tolist(), fixest("twfe"), **EXACT)
    times = [int(term.split("::")[1]) for term in R["twfe_es"]["term"]]
    table = found.table().iloc[1:].set_index("event_time").loc[times]
    np.testing.assert_allclose(table["coefficient"], R["twfe_es"]["est"], **EXACT)
    np.testing.assert_allclose(table["std_error"], R["twfe_es"]["se"], **EXACT)


def fixest(name: str) -> list[float]:
    return [R[name]["coef"], R[name]["se"]]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("twfe_gaps", {}),
        ("twfe_gaps_weighted", {"weights": "lpop"}),
        ("twfe_gaps_state", {"cluster": "state"}),
    ],
)
def test_two_way_fixed_effects_hold_with_gaps_weights_and_clusters(name, options):
    found = two_way_fixed_effects(with_gaps(), outcome="lemp", **COLUMNS, **options, small_sample=False)
    expected = [*PYTHON["pyfixest"][name]["coef"], *PYTHON["pyfixest"][name]["se"]]
    # Means are taken out by turns there, until they change by 1e-8. Its own small-sample factor counts the periods or
    # not from one run to the next (pyfixest 0.60), so it is left out; fixest's is held to above.
    np.testing.assert_allclose(found.static[["coefficient", "std_error"]].tolist(), expected, rtol=1e-6)


def test_comparisons_of_two_cohorts_are_those_of_bacondecomp():
    found = decompose_twfe(mpdta(), outcome="lemp", **COLUMNS)
    rows = found.table().astype({"treated": int}).fillna({"compared": 0}).set_index(["treated", "compared"])
    expected = pd.DataFrame(R["bacon"]).fillna({"untreated": 0}).set_index(["treated", "untreated"])
    assert len(rows) == len(expected)
    rows = rows.loc[expected.index]
    np.testing.assert_allclose(rows["estimate"], expected["estimate"], **EXACT)
    np.testing.assert_allclose(rows["weight"], expected["weight"], **EXACT)
    kinds = {
        "Treated vs Untreated": "treated against never treated",
        "Earlier vs Later Treated": "earlier against later",
        "Later vs Earlier Treated": "later against already treated",
    }
    assert rows["kind"].tolist() == expected["type"].map(kinds).tolist()
    np.testing.assert_allclose(found.coefficient, R["bacon_sum"], **EXACT)


def test_weights_of_effects_are_those_of_twowayfeweights():
    expected = PYTHON["diff_diff_weights"]
    found = two_way_fixed_effects(mpdta(), outcome="lemp", **COLUMNS).weights
    np.testing.assert_allclose(found.sd_without_effect(), expected["sigma_fe"], **EXACT)
    # There each county's cell counts by itself, here those of a start cohort together: they have one weight.
    np.testing.assert_allclose(found.share[found.negative].sum(), expected["fraction_negative"], **EXACT)


@pytest.mark.parametrize("name", PYTHON["diff_diff_etwfe"])
def test_extended_twfe_is_that_of_diff_diff(name):
    """Without covariates in errors too. With them its errors take the counties' covariates as fixed; ours do not."""
    family, _, covariate = name.partition("|")
    outcome = {"ols": "lemp", "poisson": "jobs", "logit": "flag"}[family]
    effect = estimate(
        mpdta(),
        outcome,
        method="extended_twfe",
        family="linear" if family == "ols" else family,
        covariates=[covariate] if covariate else [],
        small_sample=True,
    )
    expected = pd.DataFrame(PYTHON["diff_diff_etwfe"][name]["cells"]).set_index(["g", "t"])
    cells = effect.table().set_index(["adopted", "period"]).loc[expected.index]
    tolerance = EXACT if family == "ols" else ITERATED
    np.testing.assert_allclose(cells["att"], expected["att"], **tolerance)
    if not covariate:
        np.testing.assert_allclose(cells["std_error"], expected["se"], **tolerance)
    overall, theirs = by_fixed_share(effect, range(0, 4)), PYTHON["diff_diff_etwfe"][name]["overall"]
    np.testing.assert_allclose(overall.att, theirs[0], **tolerance)
    if not covariate:
        np.testing.assert_allclose(overall.std_error, theirs[1], **tolerance)


def test_extended_twfe_holds_with_gaps():
    expected = PYTHON["pyfixest"]["etwfe_gaps"]
    effect = estimate(with_gaps(), method="extended_twfe").table()
    assert [f"c{row.adopted}_{row.period}" for row in effect.itertuples()] == expected["term"]
    np.testing.assert_allclose(effect["att"], expected["coef"], rtol=1e-6)
    np.testing.assert_allclose(effect["std_error"], expected["se"], rtol=1e-6)


@pytest.mark.parametrize(("name", "exposure"), [("poisson", None), ("poisson_offset", "people")])
def test_log_ratios_are_the_coefficients_of_a_poisson_regression(name, exposure):
    expected = PYTHON["pyfixest"][name]
    frame = mpdta()
    effect = estimate(frame, "jobs", method="extended_twfe", family="poisson", exposure=exposure)
    cells = effect.table()
    ratios = np.log(cells["treated_mean"] / (cells["treated_mean"] - cells["att"]))
    np.testing.assert_allclose(ratios, expected["coef"], **ITERATED)
    (last,) = np.flatnonzero(cells["event_time"] == 3)
    ratio = effect.ratios().rows[3]
    np.testing.assert_allclose(np.log(ratio.ratio), expected["coef"][last], **ITERATED)
    np.testing.assert_allclose(ratio.log_std_error, expected["se"][last], rtol=1e-5)


@pytest.mark.parametrize("comparison", ["not_yet_treated", "never_treated"])
def test_stacked_effects_are_those_of_the_weighted_stack(comparison):
    effect = estimate(mpdta(), method="stacked", kappa_pre=1, kappa_post=1, comparison=comparison)
    expected = PYTHON["diff_diff_stacked"]["event_times"][comparison]
    np.testing.assert_allclose(
        effect.by_event_time().table()["att"], [expected[time][0] for time in ("-1", "0", "1")], **EXACT
    )


def test_errors_of_stacked_effects_are_those_of_a_stack_with_constants_for_each_study():
    """The plain stack (that of diff-diff) has the same effects, but its errors take it for noise that years differ."""
    effect = estimate(mpdta(), method="stacked", kappa_pre=1, kappa_post=1)
    found, expected = [by_fixed_share(effect, range(time, time + 1)) for time in (0, 1)], PYTHON["pyfixest_stacked"]
    np.testing.assert_allclose([one.att for one in found], expected["coef"], **EXACT)
    np.testing.assert_allclose([one.att for one in found], expected["coef_plain"], **EXACT)
    np.testing.assert_allclose([one.std_error for one in found], expected["se"], **EXACT)
