"""Matching with replacement on LaLonde's data against R Matching 4.10-15; settings in data/matching_replacement.json.

Both sides add up the same links, so that 1e-9 leaves room for nothing but rounding.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import Links, abadie_imbens, estimate_effect, match

DATA = Path(__file__).parent / "data"
SCORE = json.loads((DATA / "matching.json").read_text(encoding="utf-8"))["propensity"]["ps"]
REFERENCE = json.loads((DATA / "matching_replacement.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in REFERENCE if name != "settings"])
def test_effect_and_error_equal_match(name):
    theirs = REFERENCE[name]
    outcome = pd.read_csv(DATA / "lalonde.csv")["re78"].to_numpy()
    links = Links(*(np.array(theirs[part]) - 1 for part in ("treated", "compared")), np.array(theirs["weight"]))
    found = abadie_imbens(outcome, links)
    assert (found.estimate, found.std_error) == pytest.approx((theirs["estimate"], theirs["std_error"]), rel=1e-9)


@pytest.mark.parametrize(("name", "ratio"), [("ps_att_m1_ties", 1), ("ps_att_m3", 3)])
def test_our_own_match_has_the_links_of_match(name, ratio):
    """Match takes all of several rows that are equally near, and ours one: so only of treated rows without such.

    In space the two measure distance differently (by the covariance of all rows there, within arms here).
    """
    theirs = pd.DataFrame({part: REFERENCE[name][part] for part in ("treated", "compared", "weight")})
    theirs = theirs[theirs.groupby("treated")["compared"].transform("size") == ratio]
    everybody = pd.read_csv(DATA / "lalonde.csv").assign(ps=SCORE, number=lambda rows: np.arange(len(rows)) + 1)
    rows = everybody[(everybody["treat"] == 0) | everybody["number"].isin(theirs["treated"])]
    found = accepted(match(rows, on="ps", score="ps", treated="treat", reuse=True, ratio=ratio))
    assert theirs["treated"].nunique() == found.frame["treat"].sum() > 70
    place, code = found.members
    number, is_treated = found.frame["number"].to_numpy()[place], found.frame["treat"].to_numpy(bool)[place]
    treated_of_set = dict(zip(code[is_treated], number[is_treated], strict=True))
    ours = {(treated_of_set[one], other) for one, other in zip(code[~is_treated], number[~is_treated], strict=True)}
    assert ours == set(zip(theirs["treated"], theirs["compared"], strict=True))
    links = Links(theirs["treated"].to_numpy() - 1, theirs["compared"].to_numpy() - 1, theirs["weight"].to_numpy())
    known = abadie_imbens(everybody["re78"].to_numpy(), links)
    effect = estimate_effect(found, "re78", method="abadie_imbens")
    assert (effect.estimate, effect.std_error) == pytest.approx((known.estimate, known.std_error), rel=1e-9)
