"""A start cohort with its synthetic comparison: which never treated units and which periods count how much.

Arkhangelsky et al. (2021); each start cohort by itself over the whole panel (Clarke, Pailanir, Athey and Imbens 2023,
arXiv 2301.11859).
"""

from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.groups import Group, find_groups
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.weights import time_weights, unit_weights
from tf_eval.errors import InputError

# The share of the outcome's variation in the penalty on periods' weights, as in the reference implementation.
TIE_BREAK = 1e-6


@dataclass(frozen=True, eq=False)
class Cohort:
    """``group`` and the units of its comparison (positions in the panel), with their weights and those of periods.

    ``of_units`` are in the order of ``comparison``, ``of_periods`` in that of the first periods of the panel, those
    before treatment and its anticipation. ``penalty`` is the paper's zeta. With one period before treatment there is no
    course to weigh by: all units of the comparison count alike.
    """

    group: Group
    comparison: np.ndarray
    of_units: np.ndarray
    of_periods: np.ndarray
    penalty: float

    @property
    def treated(self) -> slice:
        return self.group.treated.rows

    @property
    def n_treated(self) -> int:
        return self.treated.stop - self.treated.start

    @property
    def weighted(self) -> np.ndarray:
        """The units of the comparison that have any weight."""
        return self.comparison[self.of_units > 0]

    def contrasts(self, outcome: np.ndarray) -> np.ndarray:
        """Return outcomes (units by periods) less each unit's own weighted mean before treatment."""
        return outcome - outcome[:, : len(self.of_periods)] @ self.of_periods[:, None]

    def effects(self, outcome: np.ndarray) -> np.ndarray:
        """Return the effect in each period: the treated's mean contrast less the weighted one of the comparison."""
        contrasts = self.contrasts(outcome)
        return contrasts[self.treated].mean(axis=0) - self.of_units @ contrasts[self.comparison]


def find_cohorts(panel: Panel, design: Design) -> list[Cohort]:
    """Return every start cohort of a panel without gaps; raises ``InputError`` where it can have no comparison."""
    groups = find_groups(panel, replace(design, comparison="never_treated", baseline="universal"))
    if not groups[0].pool:
        raise InputError(
            "estimate_att: nobody is never treated, and a synthetic comparison is made of the never treated; use "
            "method='imputation' or 'doubly_robust', which compare with those not yet treated."
        )
    return [_weigh(panel, group) for group in groups]


def _weigh(panel: Panel, group: Group) -> Cohort:
    rows = np.concatenate([np.arange(block.rows.start, block.rows.stop) for block in group.pool])
    n_before, n_after = group.position + 1, len(panel.periods) - group.position - 1
    before, after = np.split(panel.outcome[rows], [n_before], axis=1)
    treated = panel.outcome[group.treated.rows]
    noise = _noise(before)
    penalty = (len(treated) * n_after) ** 0.25 * noise
    of_units = unit_weights(before.T, treated[:, :n_before].mean(axis=0), n_before * penalty**2)
    of_periods = time_weights(before, after.mean(axis=1), len(rows) * (TIE_BREAK * noise) ** 2)
    return Cohort(group, rows, of_units, of_periods, penalty)


def _noise(before: np.ndarray) -> float:
    """Return the standard deviation of the changes from period to period; 0 where all are the same.

    As in the paper (equation 5), what units have in common in a period counts too.
    """
    changes = np.diff(before, axis=1)
    if changes.size < 2:
        return 0.0
    spread = float(changes.std(ddof=1))
    # What rounding alone makes differ is the same.
    return spread if spread > 1e-12 * np.abs(before).max() else 0.0
