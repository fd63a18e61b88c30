"""How often does an effect of nothing leave some monthly interval over two years of reports?

    python -m benchmarks.looks --kind walk --draws 10000  # the mean of units, 20 more each month, its error estimated
    python -m benchmarks.looks --kind panel --draws 300   # estimate_att on all months so far; in each 10 units start

It prints the share of studies in which the interval of any of 24 looks leaves out a true nought, and the Monte-Carlo
error of that share: for looks as if each were the only one (naive), and for each kind of repeated intervals.
"""

import argparse

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats

from tf_eval.did import estimate_att
from tf_eval.evidence import RepeatedIntervals, repeated_intervals

LOOKS, MONTHLY = 24, 20
KINDS = {"obrien_fleming": {}, "pocock": {"spending": "pocock"}, "mixture": {"planned": None}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=WORLDS, default="walk")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    share = ever_false(options.kind, options.draws, options.seed, options.jobs)
    error = np.sqrt(share * (1 - share) / options.draws)
    print(pd.DataFrame({"ever_false": share, "monte_carlo_error": error}).mul(100).round(2).to_string())


def ever_false(kind: str, draws: int, seed: int, jobs: int = 1) -> pd.Series:
    """Return the share of studies in which an interval ever leaves out the true nought, by kind of interval."""
    studies = Parallel(n_jobs=jobs)(delayed(study)(kind, [seed, draw]) for draw in range(draws))
    return pd.DataFrame(studies).mean()


def study(kind: str, seed: list[int]) -> dict[str, bool]:
    looks = WORLDS[kind](np.random.default_rng(seed))
    found = {name: repeated_intervals(looks, **options) for name, options in KINDS.items()}
    return {"naive": _naive(looks)} | {name: _ever(intervals) for name, intervals in found.items()}


def _ever(found: RepeatedIntervals) -> bool:
    return bool(found.excludes_zero.any())


def _naive(looks: pd.DataFrame) -> bool:
    """Say whether some look leaves out zero if each is taken as the only one that was planned."""
    usual = stats.t.isf(0.025, looks.get("degrees_of_freedom", np.inf))
    return bool((looks["value"].abs() > usual * looks["std_error"]).any())


def walk(random: np.random.Generator) -> pd.DataFrame:
    """Return the mean of all units so far, each of which comes in once, with its estimated error."""
    drawn = random.normal(size=LOOKS * MONTHLY)
    parts = [drawn[: MONTHLY * look] for look in range(1, LOOKS + 1)]
    return pd.DataFrame(
        {
            "look": range(1, LOOKS + 1),
            "value": [part.mean() for part in parts],
            "std_error": [part.std(ddof=1) / np.sqrt(part.size) for part in parts],
            "degrees_of_freedom": [part.size - 1 for part in parts],
        }
    )


def panel(random: np.random.Generator) -> pd.DataFrame:
    """Return the effect of the start and the two months that follow it, by all months that each look has seen."""
    starts = np.repeat([*range(2, LOOKS + 2), np.inf], [*[MONTHLY // 2] * LOOKS, LOOKS * MONTHLY // 2])
    own = random.normal(size=starts.size)
    frames = []
    for month in range(LOOKS + 4):
        noise = random.normal(size=starts.size)
        frames.append(pd.DataFrame({"unit": range(starts.size), "period": month, "start": starts, "y": own + noise}))
    months = pd.concat(frames)
    return pd.DataFrame(_look(months, look) for look in range(1, LOOKS + 1))


def _look(months: pd.DataFrame, look: int) -> dict[str, float]:
    """Return the estimate at a look: of those who started long enough ago for three months to be seen."""
    seen = months[months["period"] <= look + 3]
    served = seen[(seen["start"] <= look + 1) | np.isinf(seen["start"])]
    effect = estimate_att(served, outcome="y", unit="unit", period="period", adopted="start")
    first = effect.band(0, 2)
    return {"look": look, "value": first.att, "std_error": first.std_error}


WORLDS = {"walk": walk, "panel": panel}


if __name__ == "__main__":
    main()
