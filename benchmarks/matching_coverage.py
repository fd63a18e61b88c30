"""Do matching's intervals tell the truth? Many draws of small worlds, each matched and weighted in every way.

    python -m benchmarks.matching_coverage                           # 200 draws of every world
    python -m benchmarks.matching_coverage --worlds constant few --methods nearest "nearest, reuse" --draws 500

In these worlds (``matching_truth/worlds.py``) the effect on every row is known, and nothing unseen makes treatment
likely: what an interval misses is the fault of the match or of its errors. A way to match (``matching_truth/ways.py``)
is asked for what it answers: the mean effect on the treated rows that it kept, on everybody, or on those who might as
well have been treated. That is the truth of the sample; its mean over the draws is the truth of many samples, which is
another question where effects differ between people.

A row of the table tells, of one way to match and one to estimate: the draws; the bias in empirical standard errors; the
empirical standard error, that is how far estimates scatter about the truth of their sample; the reported error as a
multiple of it; how often the 95 % interval covers that truth; the Monte-Carlo error of that share; and the multiple and
the share once more for the truth of many samples. Draws in which no effect could be had are counted, not hidden.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import delayed

from benchmarks.draws import tell_draws
from benchmarks.matching_truth.ways import WAYS, estimate
from benchmarks.matching_truth.worlds import WORLDS
from tf_eval.errors import EstimationError, NotEstimated

BY = ["world", "method", "effect"]


def main() -> None:
    options = arguments()
    jobs = (
        delayed(draw)(world, options.methods, seed) for world in options.worlds for seed in range(1, options.draws + 1)
    )
    tell_draws(jobs, options.jobs, options.save, summarise)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="+", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--methods", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="Parquet file for every estimate")
    return parser.parse_args()


def draw(world: str, methods: list[str], seed: int) -> list[dict]:
    """Make one sample of a world, and return one row for each way to match and to estimate."""
    frame = WORLDS[world].draw(np.random.default_rng(seed))
    return [{"world": world, "seed": seed, **row} for method in methods for row in _tried(world, method, frame)]


def _tried(world: str, method: str, frame: pd.DataFrame) -> list[dict]:
    way = WAYS[method]
    try:
        matched = way.form(frame, WORLDS[world])
    except EstimationError:
        return [{"method": method, "effect": effect} for effect in way.effects]
    truth = way.truth(frame, matched)
    effects = {effect: estimate(matched, effect) for effect in way.effects}
    return [{"method": method, "effect": name, "truth": truth, **_numbers(one)} for name, one in effects.items()]


def _numbers(effect) -> dict[str, float]:
    if isinstance(effect, NotEstimated):
        return {}
    return {name: getattr(effect, name) for name in ("estimate", "std_error", "ci_low", "ci_high")}


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of one row for each world, way to match and way to estimate."""
    return found.groupby(BY, sort=False)[list(found.columns)].apply(_row)


def _row(draws: pd.DataFrame) -> pd.Series:
    had = draws.dropna(subset=["estimate"])
    error, coverage = had.estimate - had.truth, _share(had, had.truth)
    reported = np.sqrt((had.std_error**2).mean())
    return pd.Series(
        {
            "draws": f"{len(had)} of {len(draws)}",
            "bias": error.mean() / error.std(),
            "error": error.std(),
            "reported": reported / error.std(),
            "coverage": 100 * coverage,
            "give_or_take": 100 * np.sqrt(coverage * (1 - coverage) / len(had)),
            "reported_many": reported / had.estimate.std(),
            "coverage_many": 100 * _share(had, had.truth.mean()),
        }
    )


def _share(had: pd.DataFrame, truth: pd.Series | float) -> float:
    return float((had.ci_low.le(truth) & had.ci_high.ge(truth)).mean())


if __name__ == "__main__":
    main()
