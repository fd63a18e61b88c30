"""Errors that let clusters of each start cohort differ by their own amount, with degrees of freedom to match.

The usual error pools the squares of all clusters and takes the normal distribution: with few treated clusters it is too
small, and too sure of itself. Here each stratum of clusters (those whose units are of the same cohorts) has a variance
of its own with its own divisor, and the reference is t with Satterthwaite's degrees of freedom (Satterthwaite 1946,
Biometrics Bulletin 2; for two groups Welch 1947). The sizes of the cohorts count as fixed.
"""

from dataclasses import dataclass

import numpy as np

NOTHING = 1e-12  # of the largest influence: what rounding leaves of a cluster that moves nothing


@dataclass(frozen=True, eq=False)
class Spread:
    """Covariance of combinations, and the degrees of freedom of each one's variance."""

    covariance: np.ndarray
    degrees_of_freedom: np.ndarray


def strata_of(cluster: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Return a code for each cluster, the same for clusters whose units are of the same blocks.

    ``cluster`` and ``block`` are codes of each unit.
    """
    pairs = np.unique(np.column_stack([cluster, block]), axis=0)
    starts = np.flatnonzero(np.append(True, np.diff(pairs[:, 0]) != 0))
    patterns = [tuple(blocks) for blocks in np.split(pairs[:, 1], starts[1:])]
    codes = {pattern: code for code, pattern in enumerate(sorted(set(patterns)))}
    return np.array([codes[pattern] for pattern in patterns])


def spread_by_stratum(influence: np.ndarray, stratum: np.ndarray) -> Spread:
    """Return the spread of combinations whose ``influence`` is given, clusters by combinations.

    A stratum of one cluster that moves a combination says nothing of how far such clusters differ: its variance is
    missing then.
    """
    count = np.bincount(stratum)
    covariance = np.zeros((influence.shape[1],) * 2)
    squares = np.zeros(influence.shape[1])
    for code, size in enumerate(count):
        own = influence[stratum == code]
        if size == 1:
            moves = np.abs(own[0]) > NOTHING * np.abs(influence).max(axis=0, initial=0.0)
            covariance[:, moves] = np.nan
            covariance[moves] = np.nan
            continue
        own = own - own.mean(axis=0)
        within = size / (size - 1) * own.T @ own
        covariance += within
        squares += np.diag(within) ** 2 / (size - 1)
    variance = np.diag(covariance)
    return Spread(covariance, np.divide(variance**2, squares, out=np.ones_like(squares), where=squares > 0))
