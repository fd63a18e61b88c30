"""The share of the treated who reach each threshold, and the share expected without treatment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.alone import told_alone, without_lone_ends
from tf_eval.did.caution import told_cautions
from tf_eval.did.distribution.figure import draw_distribution
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import as_given, so_many

FEW_REACH = "are reached, or missed, by fewer than {} of the treated, or have so few units in an arm"
NO_DISTRIBUTION = 1e-9  # by how much rounding may let an expected share rise


@dataclass(frozen=True, eq=False, repr=False)
class Distribution:
    """Effects on the shares of the treated who reach thresholds: ``effects`` has a row for each, lowest first."""

    effects: Estimates
    outcome: str
    notes: tuple[str, ...]

    def simultaneous(self, *, seed: int, draws: int = 999, multiplier: str = "rademacher") -> "Distribution":
        """Return the same with a band that holds for all thresholds at once; see ``Estimates.simultaneous``."""
        return replace(self, effects=self.effects.simultaneous(seed=seed, draws=draws, multiplier=multiplier))

    def table(self) -> pd.DataFrame:
        """Return one row per threshold, shares between 0 and 1: ``share_treated``, ``share_expected`` and, as
        ``Estimates.table``, the effect (their difference) with its error and interval."""
        names = {"treated_mean": "share_treated", "counterfactual_mean": "share_expected"}
        return self.effects.table().rename(columns=names)

    def impossible(self) -> np.ndarray:
        """Return the thresholds at which the expected share is below 0 or above 1, or above that of a lower one."""
        table = self.table().dropna(subset="share_expected")
        expected = table["share_expected"].to_numpy()
        rises = np.append(False, np.diff(expected) > NO_DISTRIBUTION)
        return table["threshold"].to_numpy()[(expected < 0) | (expected > 1) | rises]

    def summary(self) -> str:
        """Return what happened at the lowest threshold and where the effect is largest, in plain sentences."""
        if not any(isinstance(row, Estimate) for row in self.effects):
            return NotEstimated("no share could be estimated").summary()
        rows = self._shown
        if not rows:
            return f"The effect on the distribution of {self.outcome} is {self.effects.design.not_shown}"
        largest = max(rows, key=lambda row: abs(row.att))
        told = [_tell(row) for row in dict.fromkeys((rows[0], largest))]
        told += [*self._withheld(len(rows)), *self._doubts(), self._promise(rows)]
        return " ".join(told) + told_cautions(self.notes)

    @property
    def _shown(self) -> list[Estimate]:
        return [row for row in self.effects if isinstance(row, Estimate) and row.is_shown]

    def _withheld(self, shown: int) -> list[str]:
        """Say how many thresholds nothing is told of, and why."""
        none = sum(isinstance(row, NotEstimated) for row in self.effects)
        few, reached_by_few = len(self.effects) - none - shown, FEW_REACH.format(self.effects.design.smallest_shown)
        why = [
            f"{count} of {len(self.effects)} thresholds {reason}."
            for count, reason in ((few, reached_by_few), (none, "could not be estimated"))
            if count
        ]
        return ["Nothing is told of some: " + " ".join(why)] if why else []

    def _doubts(self) -> list[str]:
        impossible, told = self.impossible(), [row.where["threshold"] for row in self._shown]
        named = [as_given(threshold) for threshold in impossible if threshold in told]
        hidden = len(impossible) - len(named)
        parts = [", ".join(named)] * bool(named) + [f"{so_many(hidden, 'threshold')} not shown"] * bool(hidden)
        if not parts:
            return []
        where = " and ".join(parts)
        return [
            f"What is expected without treatment is no distribution at {where}: by chance, or because trends were not "
            "parallel in every share."
        ]

    def _promise(self, shown: Sequence[Estimate]) -> str:
        alone = told_alone(shown, self.effects.design)
        if all(row.is_alone for row in shown):
            return alone.strip()
        return f"{self.effects.told_band(shown, 'threshold')}{alone}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw, by threshold, the share who reach it beside the share expected, with the effect's interval about it.

        Of thresholds that few of the treated reach, or fail to reach, nothing is drawn, and no interval where all
        treated units are of one cluster.
        """
        table = without_lone_ends(self.table(), self.effects.rows).set_index("threshold")
        shown = table.loc[[row.where["threshold"] for row in self._shown]]
        return draw_distribution(shown.reindex(table.index), self.outcome, self.effects.design, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers as JSON-safe values."""
        impossible = [float(threshold) for threshold in self.impossible()]
        return {"outcome": self.outcome, **self.effects.to_dict(), "impossible": impossible, "notes": list(self.notes)}

    def __repr__(self) -> str:
        return f"<Distribution: {self.outcome}, {so_many(len(self.effects), 'threshold')}>"


def _tell(row: Estimate) -> str:
    ends = f" ({row.design.level} interval {_points(row.ci_low)} to {_points(row.ci_high)})"
    return (
        f"{row.treated_mean:.1%} of the treated had {row.label}, against {row.counterfactual_mean:.1%} expected "
        f"without treatment: {_points(row.att)} points{'' if row.is_alone else ends}."
    )


def _points(share: float) -> str:
    return f"{100 * share:.1f}"
