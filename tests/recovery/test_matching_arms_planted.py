"""What was planted between arms is found head to head, and nothing where there is nothing."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import compare_arms, match_arms

SAMPLES = 25
PLANTED = {("fip", "mentor"): -0.6, ("fip", "none"): -1.0, ("mentor", "none"): -0.4}
ASKED = {
    "vector": {"caliper": 0.25},
    "pairwise": {"caliper": 0.1},
    "inverse_probability": {},
    "overlap": {},
}


def families(random: np.random.Generator, effects: tuple[float, float, float]) -> pd.DataFrame:
    """A thousand families: the project has those in need, mentors those without other troubles, most have neither."""
    need = random.normal(size=(1000, 2))
    chance = np.column_stack([need @ [0.7, 0.3] - 1.2, need @ [0.2, -0.5] - 1.2, np.zeros(1000)])
    arm = (chance + random.gumbel(size=chance.shape)).argmax(axis=1)
    outcome = need @ [1.0, 0.7] + np.array(effects)[arm] + random.normal(size=1000)
    names = np.array(["fip", "mentor", "none"])[arm]
    return pd.DataFrame({"arm": names, "need": need[:, 0], "trouble": need[:, 1], "incidents": outcome})


def head_to_head(frame: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the table of effects; pairs are in a stated order, whichever arm happens to be the smaller."""
    found = match_arms(frame, on=["need", "trouble"], arm="arm", reference="fip", method=method, **ASKED[method])
    table = compare_arms(accepted(found), "incidents").table().set_index(["first", "second"])
    return table.reindex(list(PLANTED))


@pytest.mark.parametrize("method", ASKED)
def test_planted_differences_are_found(method):
    random = np.random.default_rng(23)
    estimates, covered, naive = [], [], []
    for _ in range(SAMPLES):
        frame = families(random, (-1.0, -0.4, 0.0))
        table, truth = head_to_head(frame, method), np.array([*PLANTED.values()])
        estimates.append(table["estimate"].to_numpy())
        covered.append(((table["ci_low"] <= truth) & (truth <= table["ci_high"])).to_numpy())
        means = frame.groupby("arm")["incidents"].mean()
        naive.append([means[first] - means[second] for first, second in PLANTED])
    # A mean over 25 samples has a Monte-Carlo error of 0.04 here, a share of 0.95 of 75 one of 0.025 to 0.044, as the
    # three of a sample go together: three of each.
    np.testing.assert_allclose(np.mean(estimates, axis=0), [*PLANTED.values()], atol=0.12)
    assert np.mean(covered) > 0.95 - 0.13
    assert np.mean(naive, axis=0)[0] > PLANTED["fip", "mentor"] + 0.5, "without matching it would be far out"


def test_where_there_is_nothing_nothing_is_found():
    random = np.random.default_rng(29)
    found = 0
    for _ in range(SAMPLES):
        table = head_to_head(families(random, (0.0, 0.0, 0.0)), "vector")
        found += ((table["simultaneous_low"] > 0) | (table["simultaneous_high"] < 0)).any()
    # For all pairs together at most one sample in twenty: 1.25 of 25, and three Monte-Carlo errors of 1.1.
    assert found <= 4
