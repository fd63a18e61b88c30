"""The rows of a regression: every seen unit and period of a panel, unit by unit."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Observations:
    """One entry a row: its ``unit`` and ``period`` (positions in the panel), its ``outcome`` and its ``weight``.

    The outcome is measured from the unit's own mean (``level`` of the panel).
    """

    unit: np.ndarray
    period: np.ndarray
    outcome: np.ndarray
    weight: np.ndarray
    n_units: int

    @property
    def by_unit(self) -> csr_array:
        """What adds up the weighted rows of each unit (units by rows)."""
        rows = np.arange(len(self))
        return csr_array((self.weight, (self.unit, rows)), (self.n_units, len(self)))

    def __len__(self) -> int:
        return len(self.unit)


def observe(panel: Panel, used: np.ndarray) -> Observations:
    """Return the rows for which ``used`` (units by periods) is true; the outcome must be seen in all of them."""
    unit, period = np.nonzero(used)
    return Observations(unit, period, panel.outcome[unit, period], row_weights(panel, unit, period), len(panel))


def row_weights(panel: Panel, unit: np.ndarray, period: np.ndarray) -> np.ndarray:
    """Return what rows count: the unit's weight, times the exposure where there is one."""
    weight = panel.weight[unit]
    return weight if panel.exposure is None else weight * panel.exposure[unit, period]
