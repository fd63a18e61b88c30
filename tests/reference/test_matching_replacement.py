"""Matching with replacement on LaLonde's data against R Matching 4.10-15; settings in data/matching_replacement.json.

Both sides add up the same links, so that 1e-9 leaves room for nothing but rounding.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.matching import Links, abadie_imbens

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "matching_replacement.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in REFERENCE if name != "settings"])
def test_effect_and_error_equal_match(name):
    theirs = REFERENCE[name]
    outcome = pd.read_csv(DATA / "lalonde.csv")["re78"].to_numpy()
    links = Links(*(np.array(theirs[part]) - 1 for part in ("treated", "compared")), np.array(theirs["weight"]))
    found = abadie_imbens(outcome, links)
    assert (found.estimate, found.std_error) == pytest.approx((theirs["estimate"], theirs["std_error"]), rel=1e-9)
