"""LaLonde's data weighted as by WeightIt 1.4.0 in R; the settings stand in data/weights.json.

Logistic weights: both sides end at the top of the same likelihood; R stops when the deviance moves by less than 1e-8 of
itself, which leaves weights, and with them an effect of 1,214, right to about seven digits.

Entropy and covariate balancing: the weights are the only ones that meet the moments. R's optimisers stop while a mean
is up to 2e-5 and 6e-5 standard deviations off, ours below 1e-9, so that single weights may part by some 1e-4 of
themselves, and effects (outcomes have a standard deviation of 7,000) by a few pence of a dollar.

Errors that know of the estimated weights: for entropy balancing WeightIt takes the treated rows' means as given, and so
has another error (780.88) than for the same weights by covariate balancing (789.76), where they are estimated as well.
Ours is the latter for both.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import check_balance, estimate_effect, match

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "weights.json").read_text(encoding="utf-8"))["specs"]
COVARIATES = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]
METHODS = {
    "glm_ATT": "inverse_probability",
    "glm_ATO": "overlap",
    "cbps_ATT": "covariate_balancing",
    "ebal_ATT": "entropy_balancing",
}
TOLERANCES = {  # of a weight relative to itself, of an SMD, of the effect in dollars
    "glm_ATT": (1e-6, 1e-7, 1e-4),
    "glm_ATO": (1e-6, 1e-7, 1e-4),
    "cbps_ATT": (1e-3, 1e-4, 0.1),
    "ebal_ATT": (3e-4, 3e-5, 0.1),
}


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    return pd.read_csv(DATA / "lalonde.csv").iloc[:, 1:]


@pytest.fixture(params=METHODS)
def pair(request, lalonde):
    """Our weights, WeightIt's numbers for the same call, and how near they have to be."""
    ours = match(lalonde, treated="treat", on=COVARIATES, method=METHODS[request.param])
    return ours, REFERENCE[request.param], TOLERANCES[request.param]


def test_same_weights(pair):
    """On WeightIt's scale of each arm: we let each sum to its number of rows."""
    ours, theirs, (tolerance, _, _) = pair
    expected = pd.Series(theirs["weights"])
    assert len(ours.frame) == len(expected)
    for _, rows in ours.frame.groupby("treat"):
        own = expected[rows.index]
        np.testing.assert_allclose(rows["weight"], own * len(own) / own.sum(), rtol=tolerance)


def test_same_balance(pair):
    ours, theirs, (_, tolerance, _) = pair
    found = check_balance(ours).table().assign(name=lambda rows: rows["label"].str.replace(": ", ""))
    after = found.set_index("name")["smd_after"]
    assert after[list(theirs["smd"])].to_dict() == pytest.approx(theirs["smd"], abs=tolerance)


def test_same_effective_sample_size(pair):
    ours, theirs, (tolerance, _, _) = pair
    effective = check_balance(ours).effective
    assert [effective["treated"], effective["comparison"]] == pytest.approx(
        [theirs["ess_t"], theirs["ess_c"]], rel=tolerance
    )


def test_same_effect(pair):
    ours, theirs, (_, _, tolerance) = pair
    means = {
        arm: np.average(rows["re78"], weights=rows["weight"]) for arm, rows in accepted(ours).frame.groupby("treat")
    }
    assert means[1] - means[0] == pytest.approx(theirs["est"], abs=tolerance)


def test_same_error_that_knows_of_the_estimated_weights(pair):
    ours, theirs, (tolerance, _, _) = pair
    error = theirs if ours.design.method != "entropy_balancing" else REFERENCE["cbps_ATT"]
    effect = estimate_effect(accepted(ours), "re78", correction="CR1")
    factor = np.sqrt(len(ours.frame) / (len(ours.frame) - 2))  # R has none for small samples here
    assert effect.std_error / factor == pytest.approx(error["se_Mest"], rel=max(tolerance / 10, 1e-7))
