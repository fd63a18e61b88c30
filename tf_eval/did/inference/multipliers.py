"""Multiplier draws: estimates as they would have come out had each cluster weighed otherwise by chance.

Callaway and Sant'Anna (2021, algorithm 1). A multiplier has mean 0 and variance 1. Rademacher's takes two values and
does for most; Webb's (2014, working paper 1315 of Queen's University) takes six, for a dozen clusters or fewer;
Mammen's (1993, Annals of Statistics 21) has the third moment 1 as well.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from tf_eval.matching.arguments import is_whole, word_problems

GOLDEN = (1 + np.sqrt(5)) / 2
NOTHING = 1e-12  # of a sum of fourth powers: what rounding leaves of their scatter where all are alike


class Draws(NamedTuple):
    """Deviations of combinations from their estimates (draws by combinations), and how well their errors are known.

    The t of these ``degrees_of_freedom`` is how an estimate scatters in terms of its own error.
    """

    deviations: np.ndarray
    degrees_of_freedom: np.ndarray


def draw(influence: Iterable[np.ndarray], multiplier: str, draws: int, seed: int) -> Draws:
    """Draw deviations of combinations; ``influence`` are clusters by combinations, a stretch of clusters at a time.

    Degrees of freedom are those of Pan and Wall (2002, Statistics in Medicine 21): a variance is a sum of squares over
    clusters, and how far these differ tells how far it may be off. Few clusters that serve make them few, or few that
    move the estimate far; of thousands, t is the normal.
    """
    random, total = np.random.default_rng(seed), 0.0
    clusters, variance, fourth = 0, 0.0, 0.0
    for values in influence:
        total = total + MULTIPLIERS[multiplier](random, draws, values.astype(np.float32))
        clusters += len(values)
        variance = variance + np.einsum("ij,ij->j", values, values)
        fourth = fourth + np.einsum("ij,ij,ij,ij->j", values, values, values, values)
    return Draws(np.asarray(total, dtype=float), _degrees_of_freedom(clusters, variance, fourth))


def draw_normal(covariance: np.ndarray, draws: int, seed: int) -> Draws:
    """Draw deviations from their joint normal; errors that have degrees of freedom of their own get no others.

    This is for cohorts of a handful of clusters: the signs of so few make few patterns, none of them extreme.
    """
    values, vectors = np.linalg.eigh(covariance)
    # The symmetric root is the only one that does not hang on the signs of the vectors.
    root = vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
    deviations = np.random.default_rng(seed).normal(size=(draws, len(root))) @ root
    return Draws(deviations, np.full(len(root), np.inf))


def _degrees_of_freedom(clusters: int, variance: np.ndarray, fourth: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom of a chi-squared that scatters as ``variance`` does, a sum of squares of clusters.

    ``fourth`` is the sum of their squares in turn. Never less than 2, and infinite where all squares are alike.
    """
    scatter = (fourth - variance**2 / clusters) * clusters / max(clusters - 1, 1)
    known = np.full_like(variance, np.inf)
    return np.divide(2 * variance**2, scatter, out=known, where=scatter > NOTHING * fourth)


def reach_of_all(deviations: np.ndarray, errors: np.ndarray, confidence: float) -> float:
    """Return within how many errors all deviations (draws by rows) stay together, in that share of the draws.

    That is never less than what an interval reaches.
    """
    largest = (np.abs(deviations) / errors).max(axis=1)
    reach = float(np.quantile(largest, confidence, method="inverted_cdf"))
    return max(reach, float(stats.norm.ppf(0.5 + confidence / 2)))


def reach_of_rows(reach: float, degrees_of_freedom: np.ndarray) -> np.ndarray:
    """Return how many of its own errors each row's t stays within as often as the normal stays within ``reach``."""
    return stats.t.isf(stats.norm.sf(reach), degrees_of_freedom)


def _rademacher(random: np.random.Generator, draws: int, values: np.ndarray) -> np.ndarray:
    """Return the sums over clusters of +1 or -1 times ``values``; bits are eight times as quick to draw."""
    packed = random.integers(0, 256, size=(draws, -(-len(values) // 8)), dtype=np.uint8)
    bits = np.unpackbits(packed, axis=1, count=len(values)).astype(np.float32)
    return 2.0 * (bits @ values) - values.sum(axis=0)


def _mammen(random: np.random.Generator, draws: int, values: np.ndarray) -> np.ndarray:
    high = random.random((draws, len(values)), dtype=np.float32) < (GOLDEN - 1) / np.sqrt(5)
    return np.where(high, np.float32(GOLDEN), np.float32(1 - GOLDEN)) @ values


def _webb(random: np.random.Generator, draws: int, values: np.ndarray) -> np.ndarray:
    sizes = np.sqrt(np.array([0.5, 1.0, 1.5], dtype=np.float32))
    points = np.concatenate([sizes, -sizes])
    return points[random.integers(0, 6, size=(draws, len(values)))] @ values


MULTIPLIERS: dict[str, Callable[[np.random.Generator, int, np.ndarray], np.ndarray]] = {
    "rademacher": _rademacher,
    "mammen": _mammen,
    "webb": _webb,
}

FEWEST_DRAWS = 99


def draw_problems(seed: Any, draws: Any, multiplier: Any) -> list[str]:
    """Say what is wrong with the options of draws, and what to do."""
    problems = word_problems("multiplier", multiplier, MULTIPLIERS)
    if not is_whole(draws, FEWEST_DRAWS):
        problems.append(f"draws must be a whole number, {FEWEST_DRAWS} or more.")
    if not is_whole(seed, 0):
        problems.append("seed must be a whole number, 0 or more, so that the same draws can be made again.")
    return problems
