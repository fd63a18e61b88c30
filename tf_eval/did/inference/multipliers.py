"""Multiplier draws: estimates as they would have come out had each cluster weighed otherwise by chance.

Callaway and Sant'Anna (2021, algorithm 1). A multiplier has mean 0 and variance 1. Rademacher's takes two values and
does for most; Webb's (2014, working paper 1315 of Queen's University) takes six, for a dozen clusters or fewer;
Mammen's (1993, Annals of Statistics 21) has the third moment 1 as well.
"""

from collections.abc import Callable, Iterable
from numbers import Integral
from typing import Any

import numpy as np

from tf_eval.matching.arguments import word_problems

GOLDEN = (1 + np.sqrt(5)) / 2


def draw(influence: Iterable[np.ndarray], multiplier: str, draws: int, seed: int) -> np.ndarray:
    """Return draws by combinations: deviations of the combinations from their estimates.

    ``influence`` are clusters by combinations, a stretch of clusters at a time.
    """
    random, total = np.random.default_rng(seed), 0.0
    for values in influence:
        total = total + MULTIPLIERS[multiplier](random, draws, values.astype(np.float32))
    return np.asarray(total, dtype=float)


def reach_of_all(deviations: np.ndarray, errors: np.ndarray, confidence: float) -> float:
    """Return within how many errors all deviations (draws by rows) stay together, in that share of the draws."""
    largest = (np.abs(deviations) / errors).max(axis=1)
    return float(np.quantile(largest, confidence, method="inverted_cdf"))


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
    if not _is_whole(draws) or draws < FEWEST_DRAWS:
        problems.append(f"draws must be a whole number, {FEWEST_DRAWS} or more.")
    if not _is_whole(seed) or seed < 0:
        problems.append("seed must be a whole number, 0 or more, so that the same draws can be made again.")
    return problems


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
