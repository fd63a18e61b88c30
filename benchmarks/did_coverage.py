"""Do difference-in-differences' intervals tell the truth? Many panels of small worlds, each estimated in several ways.

    python -m benchmarks.did_coverage                                       # 2,000 panels of every world
    python -m benchmarks.did_coverage --worlds counts gaps --ways imputation --panels 300

In these worlds (``did_truth/worlds.py``) the outcome is drawn with and without treatment, so that the effect on every
unit and period is known, and each way to estimate (``did_truth/ways.py``) is asked only where its assumptions hold:
what an interval misses is the fault of the errors. The truth is that of many samples. Cohorts differ in their effects
and are not of one size in every panel; errors that take those sizes as fixed (imputation's, and unequal ones) are asked
for the mean effect at this panel's sizes, all others for that at the sizes of many (``Way.sizes``).

A row of the table tells, of one world and one way: the panels; of the overall effect the bias in empirical standard
errors, the root mean square of the reported error over the empirical one, and how often its 95 % interval covers the
truth; how often the simultaneous band covers the whole event study; each with its Monte-Carlo error; and what misses
the goal (intervals 93.5 to 96.5 %, bands 93 to 97 %, the ratio of errors 0.95 to 1.05) by more than two of those.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import delayed

from benchmarks.did_truth.ways import WAYS, truth_of
from benchmarks.did_truth.worlds import WORLDS
from benchmarks.draws import tell_draws
from tf_eval.did import Estimates
from tf_eval.errors import EstimationError, InputError

PROMISED = 0.95
GOAL = {"ratio": (0.95, 1.05), "coverage": (93.5, 96.5), "bands": (93.0, 97.0)}


def main() -> None:
    options = arguments()
    jobs = (
        delayed(draw)(world, seed, options.ways) for world in options.worlds for seed in range(1, options.panels + 1)
    )
    tell_draws(jobs, options.jobs, options.save, summarise)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", nargs="+", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), help="also where a world does not name them")
    parser.add_argument("--panels", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="Parquet file for every estimate")
    return parser.parse_args()


def draw(world: str, seed: int, ways: list[str] | None = None) -> list[dict]:
    """Make one panel of a world, and return one row for each way to estimate (those that suit it, or ``ways``)."""
    frame = WORLDS[world].draw(np.random.default_rng([list(WORLDS).index(world), seed]), 1)
    asked = ways or WORLDS[world].ways
    return [{"world": world, "way": way, "seed": seed, **_tried(world, way, frame, seed)} for way in asked]


def _tried(world: str, way: str, frame: pd.DataFrame, seed: int) -> dict[str, float]:
    try:
        found = WAYS[way].estimate(frame, WORLDS[world])
    except (EstimationError, InputError):
        return {"estimate": np.nan}
    truth = truth_of(world).of(found, WAYS[way].sizes)
    overall, study = found.overall(), found.by_event_time().simultaneous(seed=seed)
    numbers = {name: getattr(overall, name, np.nan) for name in ("std_error", "ci_low", "ci_high")}
    estimate = getattr(overall, "att", np.nan)
    return {"estimate": estimate, "truth": truth["overall"], **numbers, "band": _within_band(study, truth)}


def _within_band(study: Estimates, truth: dict[int | str, float]) -> float:
    """Return 1 if the band holds the truth at every event time that has an error, else 0; NaN without a band."""
    if study.reach is None:
        return np.nan
    table = study.table().dropna(subset=["std_error"])
    true = table["event_time"].map(truth)
    return float(((table["band_low"] <= true) & (true <= table["band_high"])).all())


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of one row for each world and way."""
    return found.groupby(["world", "way"], sort=False)[list(found.columns)].apply(_row)


def _row(panels: pd.DataFrame) -> pd.Series:
    had = panels.dropna(subset=["estimate", "std_error"])
    error, many = had["estimate"] - had["truth"], np.sqrt(len(had))
    covered = had["ci_low"].le(had["truth"]) & had["ci_high"].ge(had["truth"])
    ratio = np.sqrt((had["std_error"] ** 2).mean()) / error.std()
    numbers = {
        "bias": (error.mean() / error.std(), 1 / many),
        "ratio": (ratio, ratio / np.sqrt(2) / many),
        "coverage": _share(covered),
        "bands": _share(had["band"].dropna()),
    }
    columns = {f"{name}{mark}": pair[i] for name, pair in numbers.items() for i, mark in enumerate(("", "_±"))}
    return pd.Series({"panels": f"{len(had)} of {len(panels)}", **columns, "outside": ", ".join(_outside(numbers))})


def _share(flags: pd.Series) -> tuple[float, float]:
    """Return a share in per cent, and the Monte-Carlo error that it has if it is the one that is promised."""
    return 100 * flags.mean(), 100 * np.sqrt(PROMISED * (1 - PROMISED) / len(flags))


def _outside(numbers: dict[str, tuple[float, float]]) -> list[str]:
    """Name what misses its goal by more than chance does."""
    return [
        name
        for name, (low, high) in GOAL.items()
        if not low - 2 * numbers[name][1] <= numbers[name][0] <= high + 2 * numbers[name][1]
    ]


if __name__ == "__main__":
    main()
