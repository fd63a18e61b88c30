"""The jackknife and the wild bootstrap of two periods: pyfixest's CRV3 and wildboottest, on data stored with them."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tf_eval.did import estimate_att

REFERENCE = json.loads((Path(__file__).parent / "data" / "few_clusters.json").read_text())
COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y", "cluster": "area"}


@pytest.fixture(scope="module")
def methods():
    effect = estimate_att(pd.DataFrame(REFERENCE["data"]), **COLUMNS)
    assert effect.overall().att == pytest.approx(REFERENCE["att"], rel=1e-10)
    return effect.judge_clusters(seed=1, draws=1024).methods


def test_the_jackknife_is_crv3(methods):
    # The peer was asked to leave out (G - 1) / G, which MacKinnon, Nielsen and Webb (2023) have; there are 10 clusters.
    assert methods["jackknife"].std_error == pytest.approx(REFERENCE["crv3"] * 0.9**0.5, rel=1e-9)


def test_the_wild_bootstrap_is_that_of_the_regression(methods):
    # All signs as they are and all turned are as far out as what was seen: ties, which the peer does not count.
    assert methods["wild_bootstrap"].p_value == pytest.approx(REFERENCE["wild_p"] + 2 / 1024, abs=1e-12)
