"""How often does the check of outcomes that cannot move fail, where they did not move and where they did?

    python -m benchmarks.negative_controls --draws 1000

Of 400 families 100 start; outcomes are means of their months, and share a part of what families have. It prints the
share of studies in which the check is not passed, and its Monte-Carlo error: where nothing moves, where one outcome of
several does, and where all of them do a little in one direction; and beside it the share in which a test of each
outcome by itself, at a part of the level (Bonferroni), finds something.
"""

import argparse
from collections.abc import Sequence

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from tf_eval.cohort import load_outcomes
from tf_eval.did import estimate_att
from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeEffect, negative_control_check
from tf_eval.evidence.check import CHECK_LEVEL

NAMES = ("asb_incident", "exclusion", "unauthorised_absence", "out_of_work_benefit")
FAMILIES, TREATED, START, MONTHS = 400, 100, 12, 25
PANEL = {"unit": "family", "period": "month", "adopted": "start", "cluster": "family", "baseline": START}
# By how many standard deviations of a family's month each outcome moves.
WORLDS = {
    "one, nothing moves": (0.0,),
    "four, nothing moves": (0.0, 0.0, 0.0, 0.0),
    "four, one moves": (-0.15, 0.0, 0.0, 0.0),
    "four, all move": (-0.1, -0.1, -0.1, -0.1),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    failed = pd.DataFrame({name: shares(moves, options.draws, options.jobs) for name, moves in WORLDS.items()}).T
    errors = np.sqrt(failed * (1 - failed) / options.draws).add_suffix("_error")
    print(failed.join(errors).mul(100).round(1).to_string())


def shares(moves: Sequence[float], draws: int, jobs: int) -> pd.Series:
    """Return the share of studies in which the check, and single tests, find that something moved."""
    return pd.DataFrame(Parallel(n_jobs=jobs)(delayed(_study)(moves, seed) for seed in range(draws))).mean()


def _study(moves: Sequence[float], seed: int) -> dict[str, bool]:
    controls = controls_of(*moves, seed=seed)
    (check,) = negative_control_check(controls)
    single = min(effect.headline.p_value for effect in controls) < CHECK_LEVEL / len(controls)
    return {"check": not check.passed, "single": single}


def controls_of(
    *moves: float, seed: int = 1, scale: float = 1.0, follow_up: tuple[int, int] = (1, 12)
) -> list[OutcomeEffect]:
    """Return effects on outcomes of the same families, each of which moves by so much from the start on."""
    random = np.random.default_rng(seed)
    family, month = np.repeat(np.arange(FAMILIES), MONTHS), np.tile(np.arange(MONTHS), FAMILIES)
    treated = family < TREATED
    frame = pd.DataFrame({"family": family, "month": month, "start": np.where(treated, START, np.inf)})
    shared = np.repeat(random.normal(size=(FAMILIES, 2)), [START, MONTHS - START], axis=1).ravel()
    outcomes, effects = load_outcomes(), []
    for name, move in zip(NAMES, moves, strict=False):
        noise = random.normal(size=len(frame))
        frame[name] = scale * (noise + 0.1 * shared + move * (treated & (month >= START)))
        estimate = estimate_att(frame, outcome=name, quantile="t", **PANEL)
        effects.append(OutcomeEffect(outcomes[name], estimate, follow_up, 1.0, NotEstimated("not asked for")))
    return effects


if __name__ == "__main__":
    main()
