"""Small worlds in which the effect on every row is known, and what made treatment likely is seen."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

ON = ("need", "trouble", "alone")
TREATED, UNIT, OUTCOME = "started", "family", "incidents"
EFFECT, CHANCE = "effect", "chance"  # the true effect on each row, and its true probability of treatment


@dataclass(frozen=True)
class World:
    """``draw`` makes a frame with the columns named above, ``unit`` among them where it is not None."""

    draw: Callable[[np.random.Generator], pd.DataFrame]
    unit: str | None = None


def constant(random: np.random.Generator, rows: int = 1_000) -> pd.DataFrame:
    """Linear confounding; the effect is 1 for all."""
    covariates = _covariates(random, rows)
    return _lived(random, covariates, _chance(covariates, -1.4), effect=np.ones(rows))


def differing(random: np.random.Generator) -> pd.DataFrame:
    """The effect grows with what drives treatment, so that it is larger on the treated than on the others."""
    covariates = _covariates(random, 1_000)
    return _lived(random, covariates, _chance(covariates, -1.4), effect=1.0 + covariates @ [0.8, 0.4, 0.0])


def few(random: np.random.Generator) -> pd.DataFrame:
    """About 60 of 2,000 rows are treated; the effect is 1 for all."""
    covariates = _covariates(random, 2_000)
    return _lived(random, covariates, _chance(covariates, -4.05), effect=np.ones(2_000))


def rare(random: np.random.Generator) -> pd.DataFrame:
    """An outcome that one in twenty has, by a logistic law; the effect is a constant one on the log odds."""
    covariates = _covariates(random, 2_000)
    chance, index = _chance(covariates, -1.4), -3.4 + covariates @ [0.6, 0.3, 0.3]
    treated = random.random(2_000) < chance
    effect = expit(index + 0.6) - expit(index)
    had = random.random(2_000) < expit(index) + effect * treated
    return _frame(covariates, treated, had.astype(float), effect, chance)


def families(random: np.random.Generator) -> pd.DataFrame:
    """400 families of one to four rows: treated as a whole, and alike in need and in what becomes of them."""
    family = np.repeat(np.arange(400), random.integers(1, 5, 400))
    shared = _covariates(random, 400)
    own = shared[family] + np.column_stack([0.3 * random.normal(size=(len(family), 2)), np.zeros(len(family))])
    chance = _chance(shared, -1.4)[family]
    treated = (random.random(400)[family]) < chance
    outcome = own @ [1.0, 0.5, 0.5] + treated + random.normal(size=400)[family] + random.normal(size=len(family))
    return _frame(own, treated, outcome, np.ones(len(family)), chance).assign(**{UNIT: family})


WORLDS = {
    "constant": World(constant),
    "differing": World(differing),
    "few": World(few),
    "rare": World(rare),
    "families": World(families, UNIT),
}


def _covariates(random: np.random.Generator, rows: int) -> np.ndarray:
    """Return two numbers that go along, and a yes/no."""
    numbers = random.normal(size=(rows, 2)) @ [[1.0, 0.3], [0.0, 0.954]]
    return np.column_stack([numbers, random.random(rows) < 0.4])


def _chance(covariates: np.ndarray, level: float) -> np.ndarray:
    return expit(level + covariates @ [0.7, 0.3, 0.4])


def _lived(random: np.random.Generator, covariates: np.ndarray, chance: np.ndarray, effect: np.ndarray) -> pd.DataFrame:
    treated = random.random(len(chance)) < chance
    outcome = covariates @ [1.0, 0.5, 0.5] + effect * treated + random.normal(size=len(chance))
    return _frame(covariates, treated, outcome, effect, chance)


def _frame(
    covariates: np.ndarray, treated: np.ndarray, outcome: np.ndarray, effect: np.ndarray, chance: np.ndarray
) -> pd.DataFrame:
    columns = dict(zip(ON, covariates.T, strict=True))
    return pd.DataFrame({TREATED: treated, **columns, OUTCOME: outcome, EFFECT: effect, CHANCE: chance})
