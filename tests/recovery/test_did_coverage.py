"""The worlds of benchmarks/did_coverage.py: intervals and bands cover the truth about as often as they say."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.did_coverage import draw, summarise

PANELS = 40
ASKED = [
    ("growing", "doubly robust"),
    ("growing", "imputation"),
    ("selected", "doubly robust"),
    ("rates", "extended_twfe"),
]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rows = [row for world, way in ASKED for seed in range(1, PANELS + 1) for row in draw(world, seed, [way])]
    return summarise(pd.DataFrame(rows))


@pytest.mark.parametrize("asked", ASKED)
def test_estimates_scatter_about_the_truth_as_far_as_they_say(table, asked):
    row = table.loc[asked]
    assert row["panels"] == f"{PANELS} of {PANELS}"
    # The mean of n panels is off by 1 / sqrt(n) of their error, their scatter by 1 / sqrt(2n) of itself: three of each.
    assert abs(row["bias"]) < 3 / np.sqrt(PANELS)
    assert row["ratio"] == pytest.approx(1.0, abs=3 / np.sqrt(2 * PANELS))
    # Were coverage 94 %, fewer than this come once in 1,000 such tests.
    least = 100 * stats.binom.ppf(0.001, PANELS, 0.94) / PANELS
    assert row["coverage"] >= least
    assert row["bands"] >= least
