"""The proportional change: how many times the outcome is what it would have been without treatment."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.aggregate import Combination
from tf_eval.did.alone import told_alone, without_lone_ends
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, interval, told_effect
from tf_eval.did.figure import draw_ratios
from tf_eval.did.group_time.cells import Cells
from tf_eval.did.inference.errors import Inference
from tf_eval.did.plain import plain
from tf_eval.did.regression.mean_model import FAMILIES
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number

Averaging = Callable[[Cells], Combination | None]
NO_RATIO = "the mean that is expected without treatment (or the mean outcome) is 0 or the highest possible: no ratio"
NUMBERS = ("ratio", "log_std_error", "ci_low", "ci_high", "p_value")
OF_EFFECT = ("treated_mean", "counterfactual_mean", "n_treated", "n_comparison", "treated_share")


@dataclass(frozen=True, eq=False, repr=False)
class Ratio:
    """The treated units' mean outcome over the mean expected without treatment, of rates, or of odds.

    The interval is that of the log of the ratio, whose error is ``log_std_error`` (delta method), so its ends are no
    ratios below 0. ``effect`` is the difference of the same two means, with the counts of units.
    """

    kind: str
    where: Mapping[str, Any]
    ratio: float
    log_std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    effect: Estimate

    @property
    def design(self) -> Design:
        return self.effect.design

    @property
    def is_alone(self) -> bool:
        return self.effect.is_alone

    def summary(self) -> str:
        """Return ratio, interval and both means in plain sentences; counts are rounded and small ones not shown."""
        effect, design = self.effect, self.design
        named = f"{self.kind} of {design.outcome}, {effect.label}, is"
        if not effect.is_shown:
            return f"The {named} {design.not_shown}"
        ends = f"{design.level} interval {number(self.ci_low)} to {number(self.ci_high)}; "
        return (
            f"The estimated {named} {number(self.ratio)} ({'' if self.is_alone else ends}1 is no effect): a mean of "
            f"{number(effect.treated_mean)}, against {number(effect.counterfactual_mean)} expected without treatment "
            f"({effect.told_counts}).{told_alone([self], design)} It holds only if both groups would otherwise have "
            f"changed {design.alike}."
        )

    def table(self) -> pd.DataFrame:
        """Return the ratio as a table of one row."""
        return pd.DataFrame([self.to_dict()])

    def to_dict(self) -> dict[str, Any]:
        return plain({"kind": self.kind, "label": self.effect.label, **self.where, **_numbers(self)})

    def __repr__(self) -> str:
        counts = {"treated": self.effect.n_treated, "comparison": self.effect.n_comparison}
        ends = (math.nan, math.nan) if self.is_alone else (self.ci_low, self.ci_high)
        told = told_effect(self.ratio, *ends, counts, self.design)
        return f"<Ratio: {self.kind} of {self.design.outcome}, {self.effect.label}: {told}>"


@dataclass(frozen=True, eq=False, repr=False)
class Ratios:
    """Ratios by event time, each a ``Ratio`` or ``NotEstimated``."""

    event_times: tuple[int, ...]
    rows: tuple[Ratio | NotEstimated, ...]
    time_unit: str
    design: Design

    def __iter__(self) -> Iterator[Ratio | NotEstimated]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def table(self) -> pd.DataFrame:
        """Return one row per event time: ratio, interval, means, counts and reason."""
        return pd.DataFrame(
            [
                {
                    "event_time": time,
                    **_numbers(row),
                    "reason": getattr(row, "reason", None),
                }
                for time, row in zip(self.event_times, self.rows, strict=True)
            ]
        ).astype({"n_treated": "Int64", "n_comparison": "Int64", "reason": object})

    def summary(self) -> str:
        """Return the smallest and the largest ratio with their intervals; those of few units are not shown."""
        done = [row for row in self.rows if isinstance(row, Ratio)]
        if not done:
            return NotEstimated(f"none of the {len(self)} ratios could be estimated").summary()
        shown = [row for row in done if row.effect.is_shown]
        if not shown:
            return f"The {done[0].kind}s of {self.design.outcome} are {self.design.not_shown}"
        low, high = min(shown, key=lambda row: row.ratio), max(shown, key=lambda row: row.ratio)
        ends = f"s of {self.design.outcome} (1: no effect) run from {_told(low)} to {_told(high)}"
        if len(shown) == 1:
            ends = f" of {self.design.outcome} (1: no effect) is {_told(low)}"
        return (
            f"The estimated {low.kind}{ends}; {len(done)} of {len(self)} could be estimated"
            f"{self.design.told_hidden(len(done) - len(shown))}. {self._promise(shown)}"
        )

    def _promise(self, shown: Sequence[Ratio]) -> str:
        alone = told_alone(shown, self.design)
        if all(row.is_alone for row in shown):
            return alone.strip()
        return f"Each interval stands for its own row, not for all rows at once.{alone}"

    def to_dict(self) -> dict[str, Any]:
        pairs = zip(self.event_times, self.rows, strict=True)
        return {"rows": [{"event_time": time, **row.to_dict()} for time, row in pairs]}

    def __repr__(self) -> str:
        done = sum(isinstance(row, Ratio) for row in self.rows)
        return f"<Ratios: {self.design.outcome} by event time, {done} of {len(self)} estimated>"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the ratios with their intervals around 1, on a scale on which halving and doubling are as far.

        Nothing is drawn of ratios on few units, and no interval where all treated units are of one cluster.
        """
        kind = FAMILIES[self.design.family].effect
        table = without_lone_ends(self.table(), self.rows)
        return draw_ratios(table, kind=kind, time_unit=self.time_unit, design=self.design, ax=ax)


def _numbers(row: Ratio | NotEstimated) -> dict[str, Any]:
    effect = getattr(row, "effect", None)
    own = {name: getattr(row, name, math.nan) for name in NUMBERS}
    return {**own, **{name: getattr(effect, name, math.nan) for name in OF_EFFECT}}


def _told(row: Ratio) -> str:
    ends = f"; {row.design.level} interval {number(row.ci_low)} to {number(row.ci_high)}"
    return f"{number(row.ratio)} ({row.effect.label}{'' if row.is_alone else ends})"


def ratio_of(
    averaging: Averaging, cells: Cells, effects: Inference, means: Inference, label: str, where: Mapping[str, Any]
) -> Ratio | NotEstimated:
    """Return the ratio of two averages over the same cells: the mean outcome, and that expected without treatment.

    ``effects`` gives cells their errors; ``means`` does so for twice as many numbers (see ``Estimation``).
    """
    effect = effects.estimate(averaging(cells), label)
    if isinstance(effect, NotEstimated):
        return effect
    family = FAMILIES[effects.design.family]
    pair = effect.treated_mean, effect.counterfactual_mean
    if min(pair) <= 0 or max(pair) >= family.highest:
        return NotEstimated(NO_RATIO)
    log_ratio = float(np.diff(family.index(np.array(pair[::-1])))[0])
    combination = _slopes(averaging, cells, 1 / family.slope(np.array(pair)))
    variance, freedom = means.spread_of(combination, averaging(cells))
    std_error = math.sqrt(variance) if variance > 0 else math.nan
    low, high, p_value = interval(log_ratio, std_error, effects.design, freedom)
    effect = replace(effect, where=where)
    return Ratio(family.effect, where, math.exp(log_ratio), std_error, math.exp(low), math.exp(high), p_value, effect)


def _slopes(averaging: Averaging, cells: Cells, slopes: Sequence[float]) -> Combination:
    """Return what effects, means without treatment, and groups' weights do to the difference of the two indices.

    A mean outcome is the effect and the mean without it, so both move the first index.
    """
    observed = averaging(replace(cells, att=cells.treated_mean))
    expected = averaging(replace(cells, att=cells.treated_mean - cells.att))
    on_cells = np.concatenate([slopes[0] * observed.cells, (slopes[0] - slopes[1]) * observed.cells])
    return Combination(on_cells, slopes[0] * observed.groups - slopes[1] * expected.groups, observed.treated_share)
