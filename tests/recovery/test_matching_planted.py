"""Effects planted in small samples are found after matching, with intervals that cover as often as they say."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import estimate_effect, match
from tf_eval.matching.effects.randomisation import randomise

SAMPLES = 150
PLANTED = 1.0
OPTIONS = {"difference": {}, "g_computation": {}, "randomisation": {"seed": 1}}


def sample(random: np.random.Generator) -> pd.DataFrame:
    """About twenty treated of 120, more often those in need, whose outcomes are worse whatever is done."""
    need = random.normal(size=(120, 2))
    treated = random.random(120) < 1 / (1 + np.exp(2.0 - need @ [0.6, 0.4]))
    outcome = need @ [1.0, 0.5] + PLANTED * treated + random.normal(size=120)
    return pd.DataFrame({"started": treated, "need": need[:, 0], "trouble": need[:, 1], "incidents": outcome})


def test_small_samples():
    random = np.random.default_rng(17)
    covered, estimates, naive = {method: 0 for method in OPTIONS}, {method: [] for method in OPTIONS}, []
    for _ in range(SAMPLES):
        frame = sample(random)
        matched = accepted(match(frame, on=["need", "trouble"], treated="started", ratio=2, caliper=0.2))
        arms = frame.groupby("started")["incidents"].mean()
        naive.append(arms[True] - arms[False])
        for method, options in OPTIONS.items():
            effect = estimate_effect(matched, "incidents", method=method, **options)
            covered[method] += effect.ci_low <= PLANTED <= effect.ci_high
            estimates[method].append(effect.estimate)
    for method in OPTIONS:
        # Monte-Carlo error of a share of 0.95 over 150 samples is 0.018, of a mean here 0.03: three of each.
        assert covered[method] / SAMPLES > 0.95 - 0.054
        assert abs(np.mean(estimates[method]) - PLANTED) < 0.09
    assert np.mean(naive) > PLANTED + 0.5, "without matching the effect would be far out"


@pytest.mark.parametrize("sets", [12, 30])
def test_randomisation_covers_the_mean_of_effects_that_differ(sets):
    """Treated outcomes vary more than those of three comparison rows each. Draws that are judged by the difference
    alone, and not by its error, cover the truth in 81 of 100 of these samples."""
    random = np.random.default_rng(23)
    set_code, treated = np.repeat(np.arange(sets), 4), np.tile([True, False, False, False], sets)
    covered = 0
    for seed in range(SAMPLES):
        effects = random.exponential(2.0, size=len(treated)) - 2.0
        outcome = random.normal(size=sets)[set_code] + random.normal(size=len(treated)) + effects * treated
        low, high = randomise(outcome, treated, set_code, seed=seed, draws=999).interval(0.95)
        covered += low <= 0 <= high
    # Of so few sets, effects as skewed as these take up to 0.05 of 0.95; Monte-Carlo error is 0.02, of which two.
    assert covered / SAMPLES > 0.86


def test_rows_that_serve_again():
    """Abadie and Imbens's error is as large as the estimates scatter; what knows the weights alone gives more."""
    random = np.random.default_rng(29)
    found = {"abadie_imbens": [], "difference": []}
    for _ in range(SAMPLES):
        matched = accepted(match(sample(random), on=["need", "trouble"], treated="started", reuse=True))
        for method, effects in found.items():
            effects.append(estimate_effect(matched, "incidents", method=method))
    scatter = np.std([effect.estimate for effect in found["abadie_imbens"]])
    errors = {method: np.mean([effect.std_error for effect in effects]) for method, effects in found.items()}
    # 150 samples know a scatter to within 6 %, of which three.
    assert errors["abadie_imbens"] == pytest.approx(scatter, rel=0.18)
    assert errors["difference"] > 1.18 * scatter
    covered = sum(effect.ci_low <= PLANTED <= effect.ci_high for effect in found["abadie_imbens"])
    assert covered / SAMPLES > 0.95 - 0.054
