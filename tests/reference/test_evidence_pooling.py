"""Pooling over places: metafor's printed numbers on the BCG trials, pimeta's, PyMARE's and statsmodels'."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from tf_eval.evidence import pool_effects

REFERENCE = json.loads((Path(__file__).parent / "data" / "pooling.json").read_text(encoding="utf-8"))


def bcg() -> pd.DataFrame:
    a, b, c, d = np.array(REFERENCE["bcg"]["cells"], dtype=float).T
    return pd.DataFrame(
        {
            "place": REFERENCE["bcg"]["trial"],
            "year": REFERENCE["bcg"]["year"],
            "value": np.log(a / (a + b) / (c / (c + d))),
            "std_error": np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
        }
    )


def table_of(case) -> pd.DataFrame:
    if "y" not in case:
        return bcg()
    return pd.DataFrame({"place": range(len(case["y"])), "value": case["y"], "std_error": case["se"]})


@pytest.mark.parametrize("name", REFERENCE["printed"])
def test_numbers_that_metafor_prints(name):
    """Four decimals; 1.0111 is the inflation of the error, so that the modified error is Hartung and Knapp's own."""
    (row,) = pool_effects(bcg()).table().to_dict("records")
    assert row[name] == pytest.approx(REFERENCE["printed"][name], abs=0.00005001)


def test_the_prediction_interval_is_near_that_of_pimeta():
    """To 0.05 of a width of 4.1: pimeta draws, and takes tau squared by Cochran's Q at fixed weights."""
    case = REFERENCE["pimeta"]
    cells = np.array(case["cells"], dtype=float)
    a, n, c, m = cells.T
    odds = np.array([a, n - a, c, m - c]) + 0.5
    value, std_error = np.log(odds[0] * odds[3] / odds[1] / odds[2]), np.sqrt((1 / odds).sum(axis=0))
    assert [value[:3], std_error[:3]] == pytest.approx(np.array([case["first_y"], case["first_se"]]), abs=5e-7)
    table = pd.DataFrame({"place": range(len(cells)), "value": value, "std_error": std_error})
    assert pool_effects(table).of().prediction == pytest.approx(np.log(case["prediction"]), abs=0.05)


def test_the_cumulative_estimates_are_metafors():
    found = pool_effects(bcg(), period="year").cumulative()
    # metafor's likelihood is at its top to 1e-5 of tau squared, which is up to 2e-6 in the ratio.
    assert np.exp(found["effect"].to_numpy()) == pytest.approx(REFERENCE["cumulative"], abs=3e-6)


@pytest.mark.parametrize("case", REFERENCE["pymare"])
def test_likelihood_and_q_profile_are_pymares(case):
    """To 1e-6: PyMARE's optimiser stops there."""
    found = pool_effects(table_of(case)).of().found
    assert [found.effect, found.tau_squared] == pytest.approx([case["effect"], case["tau_squared"]], rel=1e-6, abs=1e-9)
    ends = [case["tau_squared_low"], case["tau_squared_high"]]
    assert [found.tau_low**2, found.tau_high**2] == pytest.approx(ends, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("case", REFERENCE["pymare"])
def test_the_modified_error_is_the_larger_of_hartung_and_knapps_and_the_normals(case):
    table = table_of(case)
    found = pool_effects(table).of().found
    normal = 1 / math.sqrt((1 / (table["std_error"] ** 2 + found.tau_squared)).sum())
    assert found.std_error == pytest.approx(max(normal, case["std_error"]), rel=1e-6)


@pytest.mark.parametrize("case", REFERENCE["pymare"])
def test_paule_and_mandels_variance_is_that_of_statsmodels(case):
    table = table_of(case)
    peer = combine_effects(table["value"].to_numpy(), table["std_error"].to_numpy() ** 2, method_re="pm", atol=1e-7)
    found = pool_effects(table, method="paule_mandel").of().found
    # The peer stops where its equation is met to 1e-7.
    assert [found.tau_squared, found.effect, found.q] == pytest.approx(
        [peer.tau2, peer.mean_effect_re, peer.q], rel=1e-6, abs=1e-9
    )
