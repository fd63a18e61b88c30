"""Boundaries of repeated looks: R's ldbounds and gsDesign."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.evidence import repeated_intervals

STORED = json.loads((Path(__file__).parent / "data" / "group_sequential.json").read_text())


@pytest.mark.parametrize("spending", STORED["boundaries"])
def test_five_equally_spaced_looks(spending):
    look = np.arange(1, 6)
    looks = pd.DataFrame({"look": look, "value": 0.0, "std_error": 1 / np.sqrt(look)})
    found = repeated_intervals(looks, planned=5, spending=spending).critical
    assert found == pytest.approx(STORED["boundaries"][spending], abs=STORED["printed_to"] / 2)
