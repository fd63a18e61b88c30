"""Some neighbouring units of a panel, and all that a model of unit and period effects asks of them.

A model has a coefficient for each period and fixed covariate, period by period, then one for each varying covariate.
Unit effects are never held: they are what is left on average of a unit's fitted observations.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import block_diag

from tf_eval.did.imputing.least_squares import ROUNDING, Equations


@dataclass(frozen=True, eq=False)
class Part:
    """Arrays of units by periods (``outcome``, ``usable``, ``fitted``), with the units' covariates; see ``Sample``."""

    rows: slice
    weight: np.ndarray
    outcome: np.ndarray
    usable: np.ndarray
    fitted: np.ndarray
    fixed: np.ndarray
    varying: np.ndarray

    @cached_property
    def share(self) -> np.ndarray:
        """What an observation counts in the mean of its unit's fitted ones."""
        return self.fitted / np.maximum(self.fitted.sum(axis=1, keepdims=True), 1)

    def told(self, unknown: np.ndarray) -> np.ndarray:
        """Say which observations the model speaks of: their unit is fitted, and no ``unknown`` direction bears on them.

        ``unknown`` are coefficients by directions along which the fitted observations say nothing.
        """
        told = self.usable & self.fitted.any(axis=1, keepdims=True)
        for direction in unknown.T:
            largest = self.predicted(np.abs(direction), absolute=True).max(axis=1, keepdims=True)
            told &= np.abs(self.centred(self.predicted(direction))) <= ROUNDING * largest
        return told

    def predicted(self, coefficients: np.ndarray, absolute: bool = False) -> np.ndarray:
        """Return what coefficients say of each observation, the unit's effect aside."""
        fixed, varying = (np.abs(self.fixed), np.abs(self.varying)) if absolute else (self.fixed, self.varying)
        by_period = self._by_period(coefficients)
        return fixed @ by_period.T + varying @ coefficients[by_period.size :]

    def centred(self, values: np.ndarray) -> np.ndarray:
        """Return values less the mean of their unit's fitted ones."""
        return values - (self.share * values).sum(axis=1, keepdims=True)

    def unexplained(self, coefficients: np.ndarray) -> np.ndarray:
        """Return the outcome less the unit's effect and the prediction: residuals where fitted, effects elsewhere."""
        return self.centred(self.outcome - self.predicted(coefficients))

    def scores(self, coefficients: np.ndarray) -> np.ndarray:
        """Return units by coefficients: how much each unit, with its residuals, pulls at each coefficient."""
        pull = self.weight[:, None] * np.where(self.fitted, self.unexplained(coefficients), 0.0)
        return np.hstack([self._spread_out(pull), np.einsum("it,itv->iv", pull, self.varying)])

    def normal(self) -> Equations:
        """Return this part of the normal equations."""
        weighted = self.weight[:, None] * self.fitted
        squares = weighted.T @ (self.fixed[:, :, None] * self.fixed[:, None, :]).reshape(len(self.fixed), -1)
        size = self.fixed.shape[1]
        within = self._spread_out(self.fitted).T @ (self.weight[:, None] * self._spread_out(self.share))
        before = block_diag(*squares.reshape(-1, size, size))
        by_period = before - within
        changes = self._changes * weighted[:, :, None]
        across = np.einsum("itv,ik->tkv", changes, self.fixed).reshape(len(by_period), -1)
        gram = np.block([[by_period, across], [across.T, np.einsum("itv,itw->vw", changes, self._changes)]])
        outcome = weighted * self.centred(self.outcome)
        moments = np.concatenate([(outcome.T @ self.fixed).ravel(), np.einsum("itv,it->v", self._changes, outcome)])
        of_varying = np.einsum("it,itv->v", weighted, self.varying**2)
        return Equations(gram, moments, np.concatenate([np.diag(before), of_varying]))

    def needs(self, weights: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """Return coefficients by cells: how the cells' means of predictions, less unit effects, rest on coefficients.

        ``weights`` are units by cells, ``positions`` the period of each cell.
        """
        means = -(weights.T @ self._spread_out(self.share)).reshape(len(positions), *self._shape)
        means[np.arange(len(positions)), positions] += weights.T @ self.fixed
        levels = np.einsum("it,itv->iv", self.share, self.varying)
        varying = np.einsum("ic,icv->cv", weights, self.varying[:, positions]) - weights.T @ levels
        return np.hstack([means.reshape(len(positions), -1), varying]).T

    @property
    def _shape(self) -> tuple[int, int]:
        return self.usable.shape[1], self.fixed.shape[1]

    def _by_period(self, coefficients: np.ndarray) -> np.ndarray:
        periods, columns = self._shape
        return coefficients[: periods * columns].reshape(periods, columns)

    @cached_property
    def _changes(self) -> np.ndarray:
        """Varying covariates less the mean of their unit's fitted observations."""
        return self.varying - np.einsum("it,itv->iv", self.share, self.varying)[:, None]

    def _spread_out(self, values: np.ndarray) -> np.ndarray:
        """Return units by (period, fixed covariate): values in each period times the unit's covariates."""
        return (values[:, :, None] * self.fixed[:, None, :]).reshape(len(values), -1)
