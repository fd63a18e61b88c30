"""Imputation and two stages against dummy-variable regressions, and against two peers' numbers on mpdta."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.dummies import dummies, observation_weights, panel, unexplained, untreated
from tf_eval.did import GroupTimeATT, estimate_att

# Two exact solutions of the same equations: only rounding may differ.
EXACT = {"rtol": 1e-8, "atol": 1e-10}
CASES = {
    "plain": {},
    "weights": {"weights": "w"},
    "clusters": {"cluster": "area"},
    "fixed": {"covariates": ["x"]},
    "changing": {"covariates": ["x", "z"], "weights": "w"},
}


def estimate(frame: pd.DataFrame, method: str, **options) -> GroupTimeATT:
    return estimate_att(frame, outcome="y", unit="unit", period="period", adopted="adopted", method=method, **options)


class Slow:
    """A fit with dummies, and for any mean over treated observations its value and errors."""

    def __init__(self, frame: pd.DataFrame, covariates=(), weights=None, cluster=None):
        # an observation whose unit is never seen untreated has nothing to be imputed from
        seen = frame.loc[untreated(frame), "unit"].unique()
        self.frame = frame[frame["unit"].isin(seen)].reset_index(drop=True)
        self.weight = self.frame[weights].to_numpy() if weights else np.ones(len(self.frame))
        self.cluster = self.frame[cluster or "unit"].to_numpy()
        self.fitted = untreated(self.frame)
        fixed, varying = [name for name in covariates if name == "x"], [name for name in covariates if name == "z"]
        self.design = dummies(self.frame, fixed, varying)
        self.effect = unexplained(self.frame, self.design, self.weight, self.fitted)

    def target(self, chosen: np.ndarray) -> np.ndarray:
        return np.where(chosen, self.weight, 0.0) / self.weight[chosen].sum()

    def cell(self, adopted: int, period: int) -> np.ndarray:
        return self.target(((self.frame["adopted"] == adopted) & (self.frame["period"] == period)).to_numpy())

    def conservative_error(self, target: np.ndarray, leave_out: bool = False) -> float:
        """Borusyak, Jaravel and Spiess (2024), theorem 3, written out loop by loop; leaving out literally."""
        weights = observation_weights(self.design, self.weight, self.fitted, target)
        sums = pd.Series(weights * self.effect)[self.fitted].groupby(self.cluster[self.fitted]).sum()
        total = dict.fromkeys(np.unique(self.cluster), 0.0) | sums.to_dict()
        treated = self.frame[~self.fitted & (target > 0)]
        for _, rows in treated.groupby(["adopted", "period"]):
            pairs = {
                code: (weights[own].sum(), (weights[own] * self.effect[own]).sum())
                for code, own in rows.groupby(self.cluster[rows.index]).groups.items()
            }
            for code, (size, pull) in pairs.items():
                others = [pair for other, pair in pairs.items() if not leave_out or other != code]
                centre = sum(one * two for one, two in others) / sum(one**2 for one, _ in others)
                total[code] += pull - size * centre
        return float(np.sqrt(sum(value**2 for value in total.values())))

    def moments_error(self, target: np.ndarray, groups: np.ndarray) -> float:
        """The error of a mean by the method of moments: the second stage's residuals are those from ``groups``."""
        weights = observation_weights(self.design, self.weight, self.fitted, target)
        means = pd.Series(self.effect * self.weight).groupby(groups).transform("sum")
        means /= pd.Series(self.weight).groupby(groups).transform("sum")
        pull = weights * np.where(self.fitted, self.effect, self.effect - means)
        return float(np.sqrt((pd.Series(pull).groupby(self.cluster).sum() ** 2).sum()))


def after(effect: GroupTimeATT) -> pd.DataFrame:
    table = effect.table().query("event_time >= 0")
    assert len(table) == 8
    return table


@pytest.mark.parametrize("leave_out", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_imputed_cells_are_those_of_the_dummy_regression(name, leave_out):
    frame = panel(3)
    slow = Slow(frame, **CASES[name])
    for row in after(estimate(frame, "imputation", small_sample=leave_out, **CASES[name])).itertuples():
        target = slow.cell(row.adopted, row.period)
        np.testing.assert_allclose(row.att, target @ slow.effect, **EXACT)
        np.testing.assert_allclose(row.std_error, slow.conservative_error(target, leave_out), **EXACT)


@pytest.mark.parametrize("name", CASES)
def test_two_stage_cells_are_those_of_the_dummy_regression(name):
    frame = panel(4)
    slow = Slow(frame, **CASES[name])
    for row in after(estimate(frame, "two_stage", **CASES[name])).itertuples():
        target = slow.cell(row.adopted, row.period)
        np.testing.assert_allclose(row.att, target @ slow.effect, **EXACT)
        np.testing.assert_allclose(row.std_error, slow.moments_error(target, target > 0), **EXACT)


@pytest.mark.parametrize("name", CASES)
def test_aggregates_are_those_of_the_dummy_regression(name):
    frame = panel(5, lost=0.0)
    slow = Slow(frame, **CASES[name])
    target = slow.target(~slow.fitted)
    imputed, staged = (estimate(frame, method, **CASES[name]).overall() for method in ("imputation", "two_stage"))
    np.testing.assert_allclose([imputed.att, staged.att], target @ slow.effect, **EXACT)
    np.testing.assert_allclose(imputed.std_error, slow.conservative_error(target), **EXACT)
    np.testing.assert_allclose(staged.std_error, slow.moments_error(target, slow.fitted), **EXACT)


def test_leads_are_the_coefficients_of_dummies_on_untreated_observations():
    frame = panel(6)
    rows = estimate(frame, "imputation", leads=2).table().query("event_time < 0")
    fitted = frame[untreated(frame)].reset_index(drop=True)
    leads = [((fitted["adopted"] == row.adopted) & (fitted["period"] == row.period)) for row in rows.itertuples()]
    design = np.column_stack([*leads, dummies(fitted, [], [])]).astype(float)
    inverse = np.linalg.pinv(design.T @ design, rcond=1e-12)
    coefficients = inverse @ design.T @ fitted["y"].to_numpy()
    scores = (design * (fitted["y"].to_numpy() - design @ coefficients)[:, None]) @ inverse[:, : len(rows)]
    errors = np.sqrt((pd.DataFrame(scores).groupby(fitted["unit"]).sum() ** 2).sum())
    assert list(rows["event_time"]) == [-1, -2, -1, -2, -1]
    np.testing.assert_allclose(rows["att"], coefficients[: len(rows)], **EXACT)
    np.testing.assert_allclose(rows["std_error"], errors, **EXACT)


def test_two_stage_cells_before_treatment_are_the_first_stage_residuals():
    frame = panel(7)
    slow = Slow(frame)
    rows = estimate(frame, "two_stage").table().query("event_time < 0")
    # the residuals of a unit sum to nothing, so that a first period says nothing of its own
    assert (rows["std_error"].isna() == (rows["period"] == 1)).all()
    for row in rows.itertuples():
        chosen = ((slow.frame["adopted"] == row.adopted) & (slow.frame["period"] == row.period)).to_numpy()
        np.testing.assert_allclose(row.att, slow.effect[chosen].mean(), **EXACT)


def test_a_set_is_fitted_by_itself():
    frame = panel(8)
    both = estimate(frame, "imputation", sets="half", covariates=["x"]).table()
    for half, rows in both.groupby("set"):
        alone = estimate(frame[frame["half"] == half], "imputation", covariates=["x"]).table()
        np.testing.assert_allclose(rows[["att", "std_error"]], alone[["att", "std_error"]], **EXACT)


def test_a_baseline_window_leaves_earlier_periods_of_the_treated_out_of_the_fit():
    frame = panel(9)
    effect = estimate(frame, "imputation", baseline=2)
    early = (frame["adopted"] > 0) & (frame["period"] < frame["adopted"] - 2)
    late = estimate(frame[~early], "imputation", leads=0).table()
    table = effect.table()
    np.testing.assert_allclose(table.query("event_time >= 0")["att"], late["att"], **EXACT)
    np.testing.assert_allclose(table.query("event_time >= 0")["std_error"], late["std_error"], **EXACT)
    assert set(table["event_time"]) == {-5, -4, -3, 0, 1, 2, 3}


PEERS = json.loads((Path(__file__).parent / "data" / "did_imputation.json").read_text())
MPDTA = pd.read_csv(Path(__file__).parent / "data" / "mpdta.csv").assign(
    state=lambda frame: frame["countyreal"] // 1000
)


def on_mpdta(frame: pd.DataFrame = MPDTA, **options) -> GroupTimeATT:
    names = {"outcome": "lemp", "unit": "countyreal", "period": "year", "adopted": "first.treat"}
    return estimate_att(frame, **names, **options)


def assert_event_times(effect: GroupTimeATT, reference: list[dict], **close: float) -> None:
    table = effect.by_event_time().table().set_index("event_time").loc[[row["event_time"] for row in reference]]
    np.testing.assert_allclose(table["att"], [row["att"] for row in reference], **close)
    np.testing.assert_allclose(table["std_error"], [row["std_error"] for row in reference], **close)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("imputation", {"method": "imputation"}),
        ("imputation_leave_one_out", {"method": "imputation", "small_sample": True}),
        ("two_stage", {"method": "two_stage"}),
    ],
)
def test_mpdta_agrees_with_diff_diff(name, options):
    reference, effect = PEERS[name], on_mpdta(**options)
    overall = effect.overall()
    # the peer iterates to its fixed effects until changes are below 1e-10
    np.testing.assert_allclose(overall.att, reference["att"], rtol=1e-8)
    np.testing.assert_allclose(overall.std_error, reference["std_error"], rtol=1e-8)
    assert_event_times(effect, reference["by_event_time"], rtol=1e-8)


def test_mpdta_agrees_with_did2s_of_pyfixest():
    # It fails where a unit has one untreated year (the 2004 group), and its fixed effects stop at 1e-6 of the outcome.
    effect = on_mpdta(MPDTA[MPDTA["first.treat"] != 2004], method="two_stage")
    assert_event_times(effect, PEERS["did2s"]["by_event_time"], rtol=0, atol=2e-5)
