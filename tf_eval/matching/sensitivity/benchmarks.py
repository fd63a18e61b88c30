"""Observed covariates as yardsticks for something hidden."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from tf_eval.matching.effects.rows import Rows
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.sensitivity.omitted import Coefficient, benchmark, partial_r2

TRIES = 400
TOO_STRONG = "nothing hidden can be as strong: it would explain all of treatment"


@dataclass(frozen=True)
class Strength:
    """A covariate's partial R2 with treatment and with the outcome, given the others."""

    covariate: str
    r2_treatment: float
    r2_outcome: float


def covariate_strengths(rows: Rows, everyone: Everyone | None, covariates: Sequence[str]) -> list[Strength]:
    """Return the strength of each covariate: with the outcome on the matched rows, by their weights.

    With treatment it is measured among ``everyone`` before matching, or on the matched rows where that is None.
    """
    sample = _Sample.after(rows) if everyone is None else _Sample.before(everyone, covariates)
    outcome = _Sample(rows.outcome, rows.covariates, rows.covariate, rows.weight)
    treated = rows.treated.astype(float)[:, None]
    none = np.empty((len(sample.target), 0))
    return [Strength(name, sample.strength(name, none), outcome.strength(name, treated)) for name in covariates]


def compare_benchmarks(coefficient: Coefficient, strengths: Sequence[Strength]) -> pd.DataFrame:
    """Return one row for each covariate, the one that takes the fewest times its strength to reach 0 first."""
    table = pd.DataFrame([_compare(coefficient, strength) for strength in strengths])
    return table.sort_values(["times_to_zero", "covariate"], kind="stable", ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Sample:
    target: np.ndarray
    values: np.ndarray
    owner: tuple[str, ...]
    weight: np.ndarray

    @classmethod
    def after(cls, rows: Rows) -> "_Sample":
        return cls(rows.treated.astype(float), rows.covariates, rows.covariate, rows.weight)

    @classmethod
    def before(cls, everyone: Everyone, covariates: Sequence[str]) -> "_Sample":
        levels = everyone.covariates.levels
        kept = [place for place, level in enumerate(levels) if not level.baseline and level.covariate in covariates]
        owner = tuple(levels[place].covariate for place in kept)
        treated = everyone.treated.astype(float)
        return cls(treated, everyone.covariates.values[:, kept], owner, np.ones(len(treated)))

    def strength(self, covariate: str, beside: np.ndarray) -> float:
        own = np.array([name == covariate for name in self.owner], dtype=bool)
        others = np.hstack([beside, self.values[:, ~own]])
        return partial_r2(self.target, others, self.values[:, own], self.weight)


def _compare(coefficient: Coefficient, strength: Strength) -> dict[str, Any]:
    as_strong = benchmark(strength.r2_treatment, strength.r2_outcome, 1.0)
    adjusted = (math.nan,) * 3 if as_strong is None else coefficient.adjusted(*as_strong)
    return {
        "covariate": strength.covariate,
        "r2_treatment": strength.r2_treatment,
        "r2_outcome": strength.r2_outcome,
        **dict(zip(("estimate", "ci_low", "ci_high"), adjusted, strict=True)),
        "times_to_zero": _times(strength, lambda *found: _beyond_zero(coefficient, coefficient.adjusted(*found)[0])),
        "times_to_ci": _times(strength, lambda *found: _nearer_limit(coefficient, coefficient.adjusted(*found))),
        "reason": TOO_STRONG if as_strong is None else None,
    }


def _beyond_zero(coefficient: Coefficient, value: float) -> float:
    """Return how far ``value`` is on the estimate's side of 0."""
    return math.copysign(1.0, coefficient.estimate) * value


def _nearer_limit(coefficient: Coefficient, adjusted: tuple[float, float, float]) -> float:
    return _beyond_zero(coefficient, adjusted[1] if coefficient.estimate >= 0 else adjusted[2])


def _times(strength: Strength, left: Callable[[float, float], float]) -> float:
    """Return how many times as strong first brings what is left to 0: 0 where it is there, infinite where none does."""
    if left(0.0, 0.0) <= 0:
        return 0.0
    if not strength.r2_treatment > 0 or not strength.r2_outcome > 0:
        return math.inf

    def at(times: float) -> float:
        return left(*benchmark(strength.r2_treatment, strength.r2_outcome, times))

    tried = _tries(strength)
    below = np.flatnonzero([at(times) <= 0 for times in tried])
    return float(brentq(at, tried[below[0] - 1], tried[below[0]], xtol=1e-12)) if len(below) else math.inf


def _tries(strength: Strength) -> np.ndarray:
    """Return multiples from 0 to the most there can be, dense below the one that leaves nothing of the outcome.

    A limit of the interval can go through 0 and come back: what explains much of the outcome makes the error small.
    """
    most = (1 - strength.r2_treatment) / strength.r2_treatment * (1 - 1e-9)
    all_of_outcome = min(most, (1 - strength.r2_outcome) / strength.r2_outcome)
    return np.unique(np.append(np.linspace(0, all_of_outcome, TRIES), np.linspace(all_of_outcome, most, TRIES)))
