"""The improved doubly robust estimator: its two promises, and the numbers of a peer."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att

DATA = Path(__file__).parents[1] / "reference" / "data"
COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def drawn(units: int = 400) -> tuple[pd.DataFrame, np.ndarray]:
    """Return two periods in which who is treated hangs on x, and so does the change; and the changes."""
    random = np.random.default_rng(8)
    x = random.normal(size=units)
    treated = random.random(units) < 1 / (1 + np.exp(1 - x))
    change = 1 + 2 * x + 3 * treated + random.normal(size=units)
    frame = pd.DataFrame(
        {"unit": np.tile(np.arange(units), 2), "period": np.repeat([1, 2], units), "y": np.r_[x, x + change]}
    )
    return frame.assign(x=np.tile(x, 2), adopted=np.tile(np.where(treated, 2, 0), 2)), change


def test_it_is_the_tilted_mean_whatever_the_outcome_model():
    """Odds exp(x'b) that balance x make the least squares' part vanish: what is left are weighted means."""
    frame, change = drawn()
    x, treated = frame["x"].to_numpy()[:400], frame["adopted"].to_numpy()[:400] == 2
    slope = 0.0
    for _ in range(50):
        odds = np.exp(slope * x[~treated])
        mean = np.average(x[~treated], weights=odds)
        slope -= (mean - x[treated].mean()) / np.average((x[~treated] - mean) ** 2, weights=odds)
    expected = change[treated].mean() - np.average(change[~treated], weights=np.exp(slope * x[~treated]))
    effect = estimate_att(frame, **COLUMNS, covariates=["x"], method="improved_doubly_robust")
    assert effect.overall().att == pytest.approx(expected, abs=1e-9)


def test_numbers_of_a_peer():
    """moderndid 0.2.0, ``drdid_imp_panel`` on the two years of mpdta, never treated counties, an intercept and lpop."""
    frame = pd.read_csv(DATA / "mpdta.csv")
    effect = estimate_att(
        frame,
        outcome="lemp",
        unit="countyreal",
        period="year",
        adopted="first.treat",
        covariates=["lpop"],
        comparison="never_treated",
        method="improved_doubly_robust",
    )
    table = effect.table().set_index(["adopted", "period"])
    peer = {
        (2004, 2005): (-0.07642673185712721, 0.028666129781171064),
        (2006, 2007): (-0.04131227569038136, 0.01971713324389098),
        (2007, 2007): (-0.028782052460572007, 0.016233328649397683),
    }
    for cell, (att, error) in peer.items():
        # Both solve convex equations to the end: what differs is where their iterations stop.
        assert table.loc[cell, "att"] == pytest.approx(att, rel=1e-8)
        assert table.loc[cell, "std_error"] == pytest.approx(error, rel=1e-6)


def test_where_covariates_foretell_treatment_there_is_no_overlap():
    frame, _ = drawn()
    frame["x"] = np.where(frame["adopted"] == 2, frame["x"] + 20, frame["x"])
    effect = estimate_att(frame, **COLUMNS, covariates=["x"], method="improved_doubly_robust")
    assert "overlap" in effect.table()["reason"].iloc[0]
