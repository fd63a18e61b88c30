"""Placebos: the starts of the treated given to never treated units, whose effects show what chance alone makes.

Arkhangelsky et al. (2021, algorithm 4); with several start cohorts Clarke et al. (2023, arXiv 2301.11859).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.estimate import interval
from tf_eval.did.few_clusters.panels import of_units, with_starts
from tf_eval.did.few_clusters.trial import Trial
from tf_eval.did.inference.errors import NOTHING_THERE
from tf_eval.did.plain import plain
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.figure import draw_placebos
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number
from tf_eval.matching.figure import leave_empty

TOO_FEW = "placebos need more never treated units than treated ones"


@dataclass(frozen=True, eq=False, repr=False)
class SyntheticPlacebos:
    """An average effect beside those of ``placebos``: never treated units that were given the starts of the treated.

    The error is their standard deviation, which is that of the effect if treated units vary as the others do; with one
    treated unit nothing else can be had. ``is_complete`` says that every way to give the starts is there.
    """

    label: str
    att: float
    placebos: np.ndarray
    is_complete: bool
    n_treated: int
    n_comparison: int
    design: Design

    @property
    def std_error(self) -> float:
        return float(self.placebos.std())

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the interval, by the normal distribution as in the paper."""
        return interval(self.att, self.std_error, self.design, None)[:2]

    @property
    def p_value(self) -> float:
        """The share of effects, this one among them, that lie as far from zero: exact if the treated were drawn."""
        as_far = int((np.abs(self.placebos) >= abs(self.att)).sum())
        return (1 + as_far) / (1 + len(self.placebos))

    def table(self) -> pd.DataFrame:
        """Return the effect with its error, interval and p-value as a table of one row."""
        return pd.DataFrame([self._numbers()])

    def summary(self) -> str:
        """Return the effect and how it ranks among the placebos, in plain sentences; nothing of few units."""
        if not self._is_shown:
            return f"The effect on {self.design.outcome}, {self.label}, is {self.design.not_shown}"
        low, high = self.interval
        return (
            f"The estimated effect on {self.design.outcome}, {self.label}, is {number(self.att)} "
            f"({self.design.level} interval {number(low)} to {number(high)}, from {len(self.placebos):,} "
            f"placebos among {self.design.told(self.n_comparison)} never treated units; "
            f"{self.design.told(self.n_treated)} treated). Of these effects "
            f"of nothing and this one, {self.p_value:.2g} lie as far from zero. Both hold only if treated units would "
            "have varied as the others do."
        )

    def to_dict(self) -> dict[str, Any]:
        return plain(self._numbers())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how the placebos spread, and where the effect lies; nothing of few units."""
        name = f"{self.design.outcome}, {self.label}"
        if not self._is_shown:
            return leave_empty(ax, f"The effect on {name}", self.design.smallest_shown)
        return draw_placebos(self.placebos, self.att, name, ax)

    def __repr__(self) -> str:
        return f"<SyntheticPlacebos: {self.summary()}>"

    @property
    def _is_shown(self) -> bool:
        return self.design.shows(self.n_treated, self.n_comparison)

    def _numbers(self) -> dict[str, Any]:
        low, high = self.interval
        return {
            "label": self.label,
            "att": self.att,
            "std_error": self.std_error,
            "ci_low": low,
            "ci_high": high,
            "p_value": self.p_value,
            "n_placebos": len(self.placebos),
            "is_complete": self.is_complete,
            "n_treated": self.n_treated,
            "n_comparison": self.n_comparison,
        }


def not_synthetic(design: Design) -> list[str]:
    """Say so where another method was asked for, which has no synthetic comparison."""
    return [] if design.method == "synthetic" else ["needs method='synthetic'."]


def coarse_clusters(panel: Panel, n_clusters: int) -> list[str]:
    """Say so where clusters are larger than units, so that a placebo would not be of one."""
    if n_clusters == len(panel):
        return []
    return ["clusters hold several units; average the outcome by cluster and period, so that clusters are units."]


def place(trial: Trial, label: str, draws: int, seed: int) -> SyntheticPlacebos | NotEstimated:
    """Return the effect of a trial beside its placebos: all of them where ``draws`` suffice, else drawn ones."""
    panel = trial.panel
    is_never = panel.adopted > panel.periods[-1] + trial.design.anticipation
    starts, never = panel.adopted[panel.adopted <= panel.periods[-1]], of_units(panel, np.flatnonzero(is_never))
    if len(never) <= len(starts):
        return NotEstimated(TOO_FEW)
    complete = len(starts) == 1 and len(never) <= draws
    chosen = _each(len(never)) if complete else _drawn(len(never), len(starts), draws, seed)
    if trial.found is None:
        return NotEstimated(NOTHING_THERE)
    found = [trial.measure(with_starts(never, _given(len(never), units, starts))) for units in chosen]
    effects = np.array([one.att for one in found])
    return SyntheticPlacebos(label, trial.found.att, effects, complete, len(starts), len(never), trial.design)


def _given(size: int, units: np.ndarray, starts: np.ndarray) -> np.ndarray:
    adopted = np.full(size, math.inf)
    adopted[units] = starts
    return adopted


def _each(size: int) -> Iterator[np.ndarray]:
    for unit in range(size):
        yield np.array([unit])


def _drawn(size: int, taken: int, draws: int, seed: int) -> Iterator[np.ndarray]:
    random = np.random.default_rng(seed)
    for _ in range(draws):
        yield random.choice(size, taken, replace=False)
