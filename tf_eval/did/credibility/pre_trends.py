"""Did the groups move alike before treatment? A joint test of effects where there can be none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from tf_eval.did.alone import NOT_JUDGED
from tf_eval.did.credibility.course import full_rank, has_error
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number, so_many, told_share


@dataclass(frozen=True, eq=False, repr=False)
class PreTrends:
    """Wald test that all of ``estimates`` (effects before treatment) are zero: chi-squared ``statistic``.

    Where intervals take t, the ``statistic`` over its ``degrees_of_freedom`` is held against F, whose denominator has
    those of the effect that has the fewest: of one effect alone the p-value is its own.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    estimates: Estimates

    @property
    def design(self) -> Design:
        return self.estimates.design

    @property
    def is_shown(self) -> bool:
        """Whether none of the effects rests on few units."""
        return all(row.is_shown for row in self.estimates if isinstance(row, Estimate))

    def table(self) -> pd.DataFrame:
        """Return the effects before treatment, one row each."""
        return self.estimates.table()

    def summary(self) -> str:
        """Return the largest difference and how often chance makes such; nothing of few units."""
        if not self.is_shown:
            return f"How {self.design.outcome} ran before treatment is {self.design.not_shown}"
        largest = max((row for row in self.estimates if isinstance(row, Estimate)), key=lambda row: abs(row.att))
        return (
            f"Before treatment the groups' changes in {self.design.outcome} differed by {number(largest.att)} where "
            f"they did most ({largest.label}); if they truly moved alike, differences as large as those seen would "
            f"arise by chance in {told_share(self.p_value)} of studies. A weak test proves nothing: it may miss a "
            "difference that matters."
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "statistic": self.statistic,
            "degrees_of_freedom": self.degrees_of_freedom,
            "p_value": self.p_value,
            "estimates": self.estimates.to_dict(),
        }

    def __repr__(self) -> str:
        told = f"p {self.p_value:.2g}" if self.is_shown else "not shown"
        return f"<PreTrends: {self.design.outcome}, {so_many(len(self.estimates), 'effect')} before treatment, {told}>"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effects before treatment."""
        return self.estimates.plot(ax)


def joint_test(estimates: Estimates, n_clusters: int) -> PreTrends | NotEstimated:
    """Return the joint test, or why there is none: nothing before treatment, or more effects than clusters carry."""
    real = has_error(estimates.covariance)
    had = [position for position, row in enumerate(estimates) if isinstance(row, Estimate) and real[position]]
    if not had:
        return NotEstimated("no effect before treatment could be estimated")
    if all(estimates.rows[position].is_alone for position in had):
        return NotEstimated(f"all treated are of one cluster: {NOT_JUDGED}".removesuffix("."))
    if len(had) >= n_clusters or not full_rank(estimates.covariance[np.ix_(had, had)]):
        return NotEstimated(f"{len(had)} effects before treatment are too many for so few clusters; give bands")
    statistic, p_value = wald_test(estimates, had)
    return PreTrends(statistic, len(had), p_value, estimates)


def wald_test(estimates: Estimates, had: Sequence[int]) -> tuple[float, float]:
    """Return the statistic and the p-value, as of ``PreTrends``, of some effects (places), whose covariance is full."""
    effects = np.array([estimates.rows[position].att for position in had])
    covariance = estimates.covariance[np.ix_(had, had)]
    scale = np.sqrt(np.diag(covariance))
    standardised = effects / scale
    statistic = float(standardised @ np.linalg.solve(covariance / np.outer(scale, scale), standardised))
    fewest = min(estimates.rows[position].degrees_of_freedom for position in had)
    return statistic, _chance(statistic, len(had), fewest)


def _chance(statistic: float, count: int, fewest: float) -> float:
    if math.isinf(fewest):
        return float(stats.chi2.sf(statistic, count))
    return float(stats.f.sf(statistic / count, count, fewest))
