"""What weight each effect has in the coefficient of two-way fixed effects, and how unlike effects must be to mislead.

de Chaisemartin and D'Haultfoeuille (2020, American Economic Review 110, theorem 1 and corollary 1).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.plain import plain
from tf_eval.did.times import with_dates
from tf_eval.did.two_way.reading import Treated
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number


@dataclass(frozen=True, eq=False, repr=False)
class TwfeWeights:
    """Weights (sum 1) of the effects on each start cohort in each treated period in the ``coefficient``.

    ``share`` is the part of the treated rows that a cell holds (by weight): what its weight would be in the average
    effect on the treated. Where trends are parallel, the coefficient is the sum of the effects times their weights.
    ``hidden`` says why no sentence may tell them, where they and the coefficient are of few units.
    """

    adopted: np.ndarray
    period: np.ndarray
    share: np.ndarray
    weight: np.ndarray
    coefficient: float
    time_unit: str = "period"
    hidden: str = ""

    @property
    def negative(self) -> np.ndarray:
        """Which weights are below 0, by more than rounding."""
        return self.weight < -1e-12

    def sd_without_effect(self) -> float | NotEstimated:
        """Return the least standard deviation of effects with which their average may be 0 and the coefficient this.

        Small, set beside the effects that are plausible: the coefficient may say something of nothing.
        """
        spread = np.sqrt(self.share @ (self.weight / self.share - 1) ** 2)
        if spread < 1e-9:
            return NotEstimated("all effects weigh as they do in the average: the coefficient is that average")
        return float(abs(self.coefficient) / spread)

    def sd_of_opposite_sign(self) -> float | NotEstimated:
        """Return the least standard deviation of effects with which all may have the opposite sign, or be 0."""
        if not self.negative.any():
            return NotEstimated("no weight is negative: the coefficient cannot have the opposite sign of all effects")
        ratio = self.weight / self.share
        order = np.argsort(-ratio, kind="stable")
        ratio, share = ratio[order], self.share[order]
        share_on, mean_on, square_on = (
            np.cumsum(values[::-1])[::-1] for values in (share, share * ratio, share * ratio**2)
        )
        before = np.maximum(1 - share_on, 0.0)
        first = int(np.argmax(ratio * before < -mean_on))
        return float(abs(self.coefficient) / np.sqrt(square_on[first] + mean_on[first] ** 2 / before[first]))

    def table(self) -> pd.DataFrame:
        """Return one row per start cohort and treated period, with its weight and its share of the treated rows."""
        table = pd.DataFrame(
            {
                "adopted": self.adopted,
                "period": self.period,
                "event_time": self.period - self.adopted,
                "weight": self.weight,
                "share": self.share,
            }
        )
        return with_dates(table, self.time_unit)

    def summary(self) -> str:
        if self.hidden:
            return f"How effects weigh in the coefficient is {self.hidden}"
        count, total = int(self.negative.sum()), len(self.weight)
        vanish, flip = self.sd_without_effect(), self.sd_of_opposite_sign()
        if isinstance(vanish, NotEstimated):
            return "Every effect weighs in the coefficient as it does in the average effect on the treated."
        below = f"together {number(float(self.weight[self.negative].sum()))}, where all sum to 1"
        negative = f"{count} of the {total} effects by start cohort and period count negatively ({below})"
        if not count:
            negative = f"None of the {total} effects by start cohort and period counts negatively, but not all alike"
        told = (
            f"{negative}. Effects that differ by a standard deviation of {number(vanish)} or more could average 0 and "
            "yield this coefficient"
        )
        return f"{told}." if isinstance(flip, NotEstimated) else f"{told}; from {number(flip)}, all could be opposite."

    def to_dict(self) -> dict[str, Any]:
        deviations = {"sd_without_effect": self.sd_without_effect(), "sd_of_opposite_sign": self.sd_of_opposite_sign()}
        told = {name: one.to_dict() if isinstance(one, NotEstimated) else one for name, one in deviations.items()}
        return {
            "coefficient": self.coefficient,
            **told,
            "weights": [plain(row) for row in self.table().to_dict("records")],
        }

    def __repr__(self) -> str:
        return f"<TwfeWeights: {int(self.negative.sum())} of {len(self.weight)} negative>"


def weigh(data: Treated, coefficient: float, hidden: str) -> TwfeWeights:
    """Return the weights of the effects in the ``coefficient`` of a treatment indicator."""
    chosen, rows, panel = data.treated, data.rows, data.panel
    keys = np.column_stack([panel.adopted[rows.unit], panel.periods[rows.period]])[chosen].astype(np.int64)
    places, cell = np.unique(keys, axis=0, return_inverse=True)
    of_rows = np.bincount(cell.ravel(), rows.weight[chosen])
    of_residuals = np.bincount(cell.ravel(), (rows.weight * data.apart)[chosen])
    share, weight = of_rows / of_rows.sum(), of_residuals / of_residuals.sum()
    return TwfeWeights(places[:, 0], places[:, 1], share, weight, coefficient, panel.time_unit, hidden)
