"""Inverse distribution functions: counts as an increasing function of a uniform.

The same uniform under a lower rate gives the same count or a lower one, so two potential outcomes of one draw differ
by the effect and not by luck.
"""

from collections.abc import Callable

import numpy as np


def poisson_quantile(uniforms: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return the Poisson counts (int16) at ``uniforms`` for ``rates`` of the same shape (below about 50)."""
    rates = np.asarray(rates, dtype=np.float64)
    return _search(uniforms, np.exp(-rates), lambda k, cells: rates.ravel()[cells] / k)


def binomial_quantile(uniforms: np.ndarray, trials: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the binomial counts (int16) at ``uniforms`` for ``trials`` (up to about 150) and ``shares`` below 1."""
    shares = np.asarray(shares, dtype=np.float64)
    trials = np.asarray(trials)
    odds = (shares / (1 - shares)).ravel()
    none = (1 - shares) ** trials
    return _search(uniforms, none, lambda k, cells: odds[cells] * (trials.ravel()[cells] - k + 1) / k)


def _search(uniforms: np.ndarray, none: np.ndarray, step: Callable[[int, np.ndarray], np.ndarray]) -> np.ndarray:
    """Climb the distribution function from zero, keeping only the cells that are not there yet.

    ``none`` is the probability of zero; ``step(k, cells)`` the ratio of the probability of k to that of k - 1.
    """
    targets = np.asarray(uniforms, dtype=np.float64).ravel()
    counts = np.zeros(targets.shape, dtype=np.int16)
    cells = np.flatnonzero(targets >= none.ravel())
    mass = none.ravel()[cells]
    reached = mass.copy()
    k = 0
    while cells.size:
        k += 1
        counts[cells] = k
        mass *= step(k, cells)
        reached += mass
        # Where the upper tail has run out, rounding alone keeps the sum below the target: the count stands.
        going = (targets[cells] >= reached) & ((reached < 0.5) | (mass > 1e-12))
        cells, mass, reached = cells[going], mass[going], reached[going]
    return counts.reshape(np.shape(uniforms))
