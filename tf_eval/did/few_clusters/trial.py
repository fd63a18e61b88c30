"""An average effect that can be measured again, on a panel made of the one it was first measured on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tf_eval.did.aggregate import Average
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.few_clusters.panels import cluster_means, in_treatment, is_plain
from tf_eval.did.inference.strata import strata_of
from tf_eval.did.reading.panel import Panel

Estimator = Callable[[Panel, Design], Estimation]

# Two ways to the same number, both in double precision: what they differ by is rounding, if they are the same.
SAME = {"rtol": 1e-7, "atol": 1e-9}


@dataclass(frozen=True, eq=False)
class Measured:
    """An average effect, and how every cluster moves it."""

    att: float
    influence: np.ndarray

    @property
    def std_error(self) -> float:
        return float(np.sqrt(self.influence @ self.influence))

    def agrees(self, other: "Measured | None", scale: float = 1.0) -> bool:
        """Say whether another measurement is the same, to rounding; ``scale`` is the size of what was measured."""
        if other is None or len(self.influence) != len(other.influence):
            return False
        mine, theirs = (np.append(one.influence, one.att) / scale for one in (self, other))
        return bool(np.allclose(mine, theirs, **SAME))


@dataclass(frozen=True, eq=False)
class Trial:
    """A panel, how cells are made of it, and which average of the cells is meant."""

    panel: Panel
    design: Design
    estimator: Estimator
    average: Average

    def measure(self, panel: Panel) -> Measured | None:
        """Return the average effect in a panel; None where it cannot be had."""
        if not (panel.adopted <= panel.periods[-1]).any():
            return None
        found = self.estimator(panel, self.design)
        combination = self.average(found.cells)
        if combination is None:
            return None
        used = combination.cells != 0
        att = float(combination.cells[used] @ found.cells.att[used])
        if not np.isfinite(att):
            return None
        influence = found.influence.combine(combination.cells[:, None], combination.groups[:, None])
        return Measured(att, influence[:, 0])

    def measure_outcome(self, outcome: np.ndarray) -> Measured | None:
        """Return what the average effect is on another outcome of the same units (units by periods)."""
        return self.measure(replace(self.panel, outcome=outcome, level=np.zeros(len(self.panel))))

    def on_cluster_means(self) -> "Trial":
        """Return the same trial on the clusters' means where they give the same numbers, and else this one."""
        if not is_plain(self.panel) or len(self.panel) == self.n_clusters:
            return self
        smaller = replace(self, panel=cluster_means(self.panel))
        return smaller if self.found.agrees(smaller.found, self.size) else self

    @cached_property
    def found(self) -> Measured:
        """What is found in the panel as it is."""
        return self.measure(self.panel)

    @cached_property
    def of_a_unit(self) -> Measured | None:
        """What is found where everybody's outcome is 1 from the start on and 0 before it, an effect of exactly 1."""
        return self.measure_outcome(in_treatment(self.panel))

    @cached_property
    def is_linear(self) -> bool:
        """Whether effects are linear in the outcome: taking an effect of one size out leaves the rest as it was."""
        # Synthetic weights are fitted on the outcome, and a model of proportions is not fitted to residuals.
        if self.design.method == "synthetic" or self.design.family != "linear":
            return False
        unit = self.of_a_unit
        rest = self.measure_outcome(self.panel.outcome - self.size * in_treatment(self.panel))
        if unit is None or rest is None:
            return False
        added = Measured(rest.att + self.size * unit.att, rest.influence + self.size * unit.influence)
        return self.found.agrees(added, self.size)

    @property
    def counts_effects(self) -> bool:
        """Whether an effect of 1 on all treated is measured as 1, as it is not by an average before treatment."""
        return self.of_a_unit is not None and bool(np.isclose(self.of_a_unit.att, 1.0, **SAME))

    @property
    def size(self) -> float:
        """How large outcomes are, for comparing measurements."""
        return float(np.nanmax(np.abs(self.panel.outcome))) or 1.0

    @property
    def clusters(self) -> np.ndarray:
        return self.panel.clusters[0]

    @property
    def n_clusters(self) -> int:
        return int(self.clusters.max()) + 1

    @property
    def strata(self) -> np.ndarray:
        """A code of each cluster, the same for clusters whose units are of the same cohorts."""
        return strata_of(self.clusters, self.panel.block)
