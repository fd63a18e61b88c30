"""Errors that let clusters of each start cohort differ by their own amount, with degrees of freedom to match.

The usual error pools the squares of all clusters and takes the normal distribution: with few treated clusters it is too
small, and too sure of itself. Here each stratum of clusters (those whose units are of the same cohorts) has a variance
of its own, and the reference is t with Satterthwaite's degrees of freedom (Satterthwaite 1946, Biometrics Bulletin 2;
for two groups Welch 1947). That variance is Bell and McCaffrey's (2002, Survey Methodology 28), of the mean of its
units: a cluster of many draws the mean to itself, so that what is left of it is too small, and where few are large
their squares have fewer degrees of freedom than there are clusters. The sizes of the cohorts count as fixed.
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


def spread_by_stratum(influence: np.ndarray, stratum: np.ndarray, units: np.ndarray) -> Spread:
    """Return the spread of combinations whose ``influence`` is given, clusters by combinations.

    ``units`` is how many each cluster has. A stratum of one cluster that moves a combination says nothing of how far
    such clusters differ: its variance is missing then.
    """
    covariance = np.zeros((influence.shape[1],) * 2)
    squares = np.zeros(influence.shape[1])
    for code in range(stratum.max() + 1):
        members = stratum == code
        own = influence[members]
        if len(own) == 1:
            moves = np.abs(own[0]) > NOTHING * np.abs(influence).max(axis=0, initial=0.0)
            covariance[:, moves] = np.nan
            covariance[moves] = np.nan
            continue
        share = units[members] / units[members].sum()
        own -= share[:, None] * own.sum(axis=0)
        own /= np.sqrt(1 - share)[:, None]
        within = own.T @ own
        covariance += within
        squares += np.diag(within) ** 2 / _degrees_of_freedom(share)
    variance = np.diag(covariance)
    return Spread(covariance, np.divide(variance**2, squares, out=np.ones_like(squares), where=squares > 0))


def _degrees_of_freedom(share: np.ndarray) -> float:
    """Return those of a stratum whose clusters have these shares of its units; one less than clusters of equal size.

    The squared trace over the trace of the square, of the covariance of what is squared, were units independent and of
    one variance.
    """
    factor = share**2 / (1 - share)
    return float(1 / (share @ share + factor.sum() ** 2 - factor @ factor))
