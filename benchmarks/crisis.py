"""The crisis trap: families picked at their worst moment, with no effect at all. Who claims one?

    python -m benchmarks.crisis --draws 1000        # about 10 CPU minutes
    python -m benchmarks.crisis --draws 1000 --worlds spike last --save crisis.parquet

600 families are followed for 24 months before and 13 from the start on. Their counts are Poisson around a rate of their
own, which shocks move for some months. One in five is picked: by lot (``quiet``), by a covariate that drives the level,
by the year's level, by its trend, or at a spike (the last three months above the nine before them, or the last month
alone). Nothing is done to them, but in the world ``quiet, effect`` incidents fall by three tenths.

For each design it prints the mean estimate (there is nothing to find), its scatter, the mean error, and how often the
95 % interval leaves 0 out: a false claim, or in ``quiet, effect`` the power. Designs are a change before and after,
plain difference-in-differences from the last month and from the year before, and what an evaluation does: families
matched on their history, and adjusted for it. The Monte-Carlo error of a share of 5 in 100 is 0.7 with 1,000 draws.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import delayed

import tf_eval as tf
from benchmarks.draws import tell_draws
from tf_eval.did import Estimate

FAMILIES, SHARE, PULL = 600, 0.2, 1.5
MONTHS = np.arange(-24, 13)
FALL = -0.3
COLUMNS = {"outcome": "incidents", "period": "month", "adopted": "start"}
BAND = {"year": (1, 12)}
HISTORY = ["last_quarter", "last_quarter_root", "last_year", "last_year_root", "year_before_root", "trait"]
ADJUSTED = ["last_quarter_root", "last_year_root", "year_before_root", "trait"]


def between(counts: np.ndarray, first: int, last: int) -> np.ndarray:
    """Return each family's incidents from month ``first`` to ``last``."""
    return counts[:, (first <= MONTHS) & (last >= MONTHS)].sum(axis=1)


def spike(counts: np.ndarray, trait: np.ndarray) -> np.ndarray:
    usual = between(counts, -12, -4) / 3
    return (between(counts, -3, -1) - usual) / np.sqrt(1 + usual)


def growth(counts: np.ndarray, trait: np.ndarray) -> np.ndarray:
    year, before = between(counts, -12, -1), between(counts, -24, -13)
    return (year - before) / np.sqrt(1 + year + before)


Pick = Callable[[np.ndarray, np.ndarray], np.ndarray]
WORLDS: dict[str, Pick] = {
    "quiet": lambda counts, trait: np.zeros(len(counts)),
    "quiet, effect": lambda counts, trait: np.zeros(len(counts)),
    "covariate": lambda counts, trait: trait,
    "level": lambda counts, trait: np.sqrt(between(counts, -12, -1)),
    "trend": growth,
    "spike": spike,
    "last": lambda counts, trait: np.sqrt(between(counts, -1, -1)),
}


def main() -> None:
    options = arguments()
    jobs = (delayed(study)(world, seed) for world in options.worlds for seed in range(options.draws))
    tell_draws(jobs, options.jobs, options.save, summarise)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=200, help="studies of each world")
    parser.add_argument("--worlds", nargs="+", choices=list(WORLDS), default=list(WORLDS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="Parquet file for every estimate")
    return parser.parse_args()


def study(world: str, seed: int) -> list[dict]:
    """Return a row for each design."""
    families, months = draw(world, seed)
    return [{"world": world, "design": name, **numbers(found)} for name, found in estimates(families, months)]


def draw(world: str, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the families, one row each with its history, and their months."""
    random = np.random.default_rng(seed)
    trait, rate = random.normal(size=FAMILIES), _rates(random)
    rate *= np.exp(0.3 * trait - 0.045)[:, None]  # a mean of 1
    counts = random.poisson(rate)
    drawn = _standardised(WORLDS[world](counts, trait)) * PULL + random.logistic(size=FAMILIES)
    picked = drawn >= np.quantile(drawn, 1 - SHARE)
    if world == "quiet, effect":
        helped = picked[:, None] & (MONTHS >= 0)
        counts = np.where(helped, random.poisson(rate * (1 + FALL)), counts)
    return _families(counts, trait, picked), _long(counts, picked)


def estimates(families: pd.DataFrame, months: pd.DataFrame) -> Iterator[tuple[str, Estimate]]:
    """Yield the designs' effects over the first year; of a change before and after what it takes for one."""
    plain = {**COLUMNS, "unit": "family"}
    yield "before and after", tf.naive_change(months, **plain, first=1, last=12, baseline=12)
    yield "from the last month", tf.estimate_att(months, **plain).bands(BAND).rows[0]
    yield "from the year before", tf.estimate_att(months, **plain, baseline=12).bands(BAND).rows[0]
    matched = tf.match(families, treated="picked", unit="family", on=HISTORY, ratio=3, caliper=0.4)
    accepted = tf.check_balance(matched).accept(because="the design adjusts for what is left")
    asked = {"covariates": ADJUSTED, "baseline": 12, "cluster": "family", "quantile": "t", "small_sample": True}
    known = months.merge(families[["family", *ADJUSTED]], on="family")
    yield "matched on history", tf.estimate_att(known, accepted, **COLUMNS, **asked).bands(BAND).rows[0]


def numbers(found) -> dict[str, float]:
    effect = found.att if isinstance(found, Estimate) else found.change
    return {"effect": effect, "error": found.std_error, "claim": bool(found.ci_low > 0 or found.ci_high < 0)}


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    by = found.assign(claim=100 * found["claim"]).groupby(["world", "design"], sort=False)
    shown = {"effect": ("effect", "mean"), "scatter": ("effect", "std"), "error": ("error", "mean")}
    return by.agg(**shown, claims=("claim", "mean"))


def _rates(random: np.random.Generator) -> np.ndarray:
    """Return monthly rates of families, 0.8 on average, with shocks of which seven tenths last to the next month."""
    shocks = random.normal(size=(FAMILIES, len(MONTHS)))
    for month in range(1, len(MONTHS)):
        shocks[:, month] = 0.7 * shocks[:, month - 1] + np.sqrt(1 - 0.7**2) * shocks[:, month]
    return random.gamma(1.0, 0.8, FAMILIES)[:, None] * np.exp(0.8 * shocks - 0.8**2 / 2)


def _standardised(values: np.ndarray) -> np.ndarray:
    return values / (values.std() or 1.0)


def _families(counts: np.ndarray, trait: np.ndarray, picked: np.ndarray) -> pd.DataFrame:
    spans = {"last_quarter": (-3, -1), "last_year": (-12, -1), "year_before": (-24, -13)}
    history = {name: between(counts, *span) for name, span in spans.items()}
    roots = {f"{name}_root": np.sqrt(values) for name, values in history.items()}
    return pd.DataFrame({"family": np.arange(FAMILIES), "picked": picked, "trait": trait, **history, **roots})


def _long(counts: np.ndarray, picked: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "family": np.repeat(np.arange(FAMILIES), len(MONTHS)),
            "month": np.tile(MONTHS, FAMILIES),
            "start": np.repeat(np.where(picked, 0.0, np.inf), len(MONTHS)),
            "incidents": counts.ravel().astype(float),
        }
    )


if __name__ == "__main__":
    main()
