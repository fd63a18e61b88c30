"""Errors of one combination of coefficients where rows of a cluster are alike, in one way or in two."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.matching.effects.regression import WeightedFit

ROUNDING = 1e-9  # of a variance that is at most about 1


@dataclass(frozen=True)
class Spread:
    """The variance of an estimate, and the degrees of freedom of the t distribution that goes with it."""

    variance: float
    degrees_of_freedom: float


def spread_cr1(fit: WeightedFit, contrast: np.ndarray, cluster: np.ndarray) -> Spread:
    """Return the clustered variance of ``contrast`` with the usual small-sample factor, and clusters less one.

    fit        of n rows
    contrast   one number for each coefficient
    cluster    a whole number from 0 on for each row, none left out

    The factor is G/(G - 1) (n - 1)/(n - k), as in Stata and in R's ``sandwich::vcovCL`` (Zeileis, Koell and Graham
    2020); without it the variance is that of Liang and Zeger (1986). Residuals are too small where a few clusters
    weigh much, which the factor does not know: ``spread_cr2`` does.
    """
    per_cluster = np.bincount(cluster, fit.pull(contrast) * fit.residuals + fit.indirect)
    clusters, rows = len(per_cluster), len(cluster)
    factor = clusters / (clusters - 1) * (rows - 1) / (rows - fit.rank)
    return Spread(float(factor * (per_cluster @ per_cluster)), float(clusters - 1))


def spread_cr2(fit: WeightedFit, contrast: np.ndarray, cluster: np.ndarray) -> Spread:
    """Return the bias-reduced clustered variance of ``contrast`` and its Satterthwaite degrees of freedom.

    Arguments as for ``spread_cr1``. Each cluster's residuals are multiplied by the inverse square root of their own
    covariance, were errors independent and of equal variance (the working model); the variance is then free of bias
    under that model (Bell and McCaffrey 2002; with weights: Pustejovsky and Tipton 2018, whose degrees of freedom
    these are, as in R's ``clubSandwich``).

    The covariance of a cluster's residuals is the identity and a part of rank 2k at most. So no matrix of rows by rows
    is made, however large a cluster is.
    """
    pieces = [_adjusted(fit, contrast, rows) for rows in _of_equal_size(cluster)]
    shift, square, variance = (np.concatenate(part) for part in zip(*pieces, strict=True))
    return Spread(float(variance.sum()), _satterthwaite(shift, square, _core(fit)))


def spread_two_ways(first: Spread, second: Spread, both: Spread) -> Spread | None:
    """Return the spread of rows that are alike in two ways: one and the other less what both have in common.

    Cameron, Gelbach and Miller (2011). ``both`` is that of clusters of rows which share both. The degrees of freedom
    are those of the way with fewer, as they advise. The difference can turn out at or below 0: None then.
    """
    variance = first.variance + second.variance - both.variance
    freedom = min(first.degrees_of_freedom, second.degrees_of_freedom)
    return Spread(variance, freedom) if variance > ROUNDING * max(first.variance, second.variance) else None


def _core(fit: WeightedFit) -> np.ndarray:
    """Return K, by which the residuals' covariance in a cluster is I + FKF' with F = [X, WX] of its rows."""
    weighted = fit.regressors * fit.weight[:, None]
    of_weights = fit.bread @ (weighted.T @ weighted) @ fit.bread
    return np.block([[of_weights, -fit.bread], [-fit.bread, np.zeros_like(fit.bread)]])


def _adjusted(fit: WeightedFit, contrast: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for clusters of equal size (``rows``: clusters by rows), F'u, u'u and the square of u'e and what is
    indirect, with u = A W X M c."""
    weighted = fit.regressors[rows] * fit.weight[rows][..., None]
    frame = np.concatenate([fit.regressors[rows], weighted], axis=2)
    pull = _halve(frame, _core(fit), weighted @ (fit.bread @ contrast))
    shift = np.einsum("grk,gr->gk", frame, pull)
    return shift, (pull**2).sum(axis=1), (pull * fit.residuals[rows] + fit.indirect[rows]).sum(axis=1) ** 2


def _halve(frame: np.ndarray, core: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Multiply each cluster's ``vector`` by (I + FKF')^-1/2, by the factors F = QR and the small matrix RKR'."""
    basis, triangle = np.linalg.qr(frame)
    change, axes = np.linalg.eigh(triangle @ core @ triangle.transpose(0, 2, 1))
    left = 1 + change
    # A direction in which the residuals cannot vary has no inverse: it is left out, as Pustejovsky and Tipton do.
    factor = np.where(left > ROUNDING, 1 / np.sqrt(np.maximum(left, ROUNDING)), 0.0) - 1
    along = np.einsum("gkj,gk->gj", axes, np.einsum("grk,gr->gk", basis, vector))
    return vector + np.einsum("grk,gk->gr", basis, np.einsum("gkj,gj->gk", axes, factor * along))


def _satterthwaite(shift: np.ndarray, square: np.ndarray, core: np.ndarray) -> float:
    """Return the squared trace over the squared norm of P = diag(square) + F'u K u'F, without making P."""
    own = np.einsum("gk,kj,gj->g", shift, core, shift)
    product = core @ (shift.T @ shift)
    norm = square @ square + 2 * square @ own + np.trace(product @ product)
    return float((square.sum() + own.sum()) ** 2 / norm)


def _of_equal_size(cluster: np.ndarray) -> Sequence[np.ndarray]:
    """Return the rows of the clusters, one array (clusters by rows) for each size of cluster."""
    size = np.bincount(cluster)
    order = np.argsort(cluster, kind="stable")
    rows_size = size[cluster[order]]
    return [order[rows_size == one].reshape(-1, one) for one in np.unique(size)]
