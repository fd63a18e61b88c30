"""The worlds of benchmarks/matching_coverage.py: intervals cover the planted effect about as often as they say."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.matching_coverage import draw, summarise

DRAWS = 80
WAYS = ["nearest", "overlap"]
SOUND = [("nearest", "regression"), ("nearest", "bias_corrected"), ("overlap", "difference"), ("overlap", "regression")]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    found = [row for seed in range(1, DRAWS + 1) for row in draw("constant", WAYS, seed)]
    return summarise(pd.DataFrame(found)).loc["constant"]


@pytest.mark.parametrize(("way", "effect"), SOUND)
def test_estimates_scatter_about_the_truth_as_far_as_they_say(table, way, effect):
    row = table.loc[way, effect]
    assert row["draws"] == f"{DRAWS} of {DRAWS}"
    # The mean of n draws is off by 1 / sqrt(n) of their error, their scatter by 1 / sqrt(2n) of itself: three of each.
    assert abs(row["bias"]) < 3 / np.sqrt(DRAWS)
    assert row["reported"] == pytest.approx(1.0, abs=3 / np.sqrt(2 * DRAWS))
    # Of 80 intervals that cover with 0.95 each, fewer than 69 do in one of 1,600 such sets.
    assert row["coverage"] >= 100 * 69 / DRAWS
