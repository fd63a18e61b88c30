"""What does a league table of 40 interventions say where most of them do nothing?

    python benchmarks/league.py --draws 2000                # estimates are independent
    python benchmarks/league.py --draws 2000 --effect 0.3   # what does something does much
    python benchmarks/league.py --draws 2000 --shared 0.5   # half of every variance is of families that all share

Outcomes have a standard deviation of 1. It prints, for each share of interventions that do nothing, by how much the
effect of the one that looks best is overstated, as estimated and shrunk; how often intervals hold the truth, over all
interventions; how often all rank sets hold all true ranks; and, of the tests that each effect is none, how often
any claim is false and how many of the effects that there are were found, by Romano and Wolf's step-down and by Holm.
The last line has the largest Monte-Carlo error of each column.
"""

import argparse

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import stats

from tf_eval.evidence import holm, rank_interventions, step_down

COUNT, ERRORS, LEVEL = 40, (0.04, 0.08), 0.05
NIL = (0.75, 0.8, 0.9, 1.0)
NAMES = [f"intervention {place}" for place in range(COUNT)]


def main() -> None:
    options = arguments()
    jobs = (
        delayed(study)(nil, seed, options.effect, options.shared, options.resamples)
        for nil in NIL
        for seed in range(options.draws)
    )
    found = pd.DataFrame(Parallel(n_jobs=options.jobs)(jobs)).groupby("nil")
    print(found.mean().round(4).to_string())
    print("Monte-Carlo error", found.sem().max().round(4).to_dict())


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=200, help="league tables of each world")
    parser.add_argument("--resamples", type=int, default=999, help="joint draws for each of them")
    parser.add_argument("--effect", type=float, default=0.1, help="standard deviation of effects that are not nil")
    parser.add_argument("--shared", type=float, default=0.0, help="correlation of any two estimates")
    parser.add_argument("--jobs", type=int, default=1)
    return parser.parse_args()


def study(nil: float, seed: int, effect: float, shared: float, resamples: int) -> dict[str, float]:
    """Return what one league table says of a world; shares of what there is none of are missing."""
    random = np.random.default_rng([int(100 * nil), seed])
    truth = np.where(random.random(COUNT) < nil, 0.0, random.normal(0, effect, COUNT))
    errors = random.uniform(*ERRORS, COUNT)
    covariance = np.outer(errors, errors) * (shared + (1 - shared) * np.eye(COUNT))
    drawn = random.multivariate_normal(np.zeros(COUNT), covariance, resamples + 1, method="cholesky")
    values, deviations = truth + drawn[0], drawn[1:]
    frame = pd.DataFrame({"intervention": NAMES, "value": values, "std_error": errors})
    asked = {"good_direction": "fall", "seed": seed, "draws": resamples, "covariance": covariance}
    table = rank_interventions(frame, **asked).table().set_index("intervention").loc[NAMES]
    first = int(np.argmin(values))
    claimed = {
        "step_down": step_down(values, errors, deviations) <= LEVEL,
        "holm": holm(2 * stats.norm.sf(np.abs(values) / errors)) <= LEVEL,
    }
    return {
        "nil": nil,
        "raw_over": truth[first] - values[first],
        "shrunk_over": truth[first] - table["shrunk"].iloc[first],
        "raw_covers": np.mean(np.abs(values - truth) < stats.norm.ppf(1 - LEVEL / 2) * errors),
        "shrunk_covers": np.mean((table["shrunk_low"] < truth) & (truth < table["shrunk_high"])),
        "ranks_cover": float(_ranks_cover(table, truth)),
        **{f"{way}_false": float(found[truth == 0].any()) for way, found in claimed.items()},
        **{f"{way}_found": found[truth != 0].mean() if truth.any() else np.nan for way, found in claimed.items()},
    }


def _ranks_cover(table: pd.DataFrame, truth: np.ndarray) -> bool:
    """Say whether every set has all ranks that its intervention shares with those of the same effect."""
    better, worse = np.sum(truth[:, None] < truth, axis=0), np.sum(truth[:, None] > truth, axis=0)
    return bool(((table["rank_low"] <= 1 + better) & (table["rank_high"] >= COUNT - worse)).all())


if __name__ == "__main__":
    main()
