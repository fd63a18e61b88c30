"""The p-values that are possible where odds of treatment within a set differ by a hidden factor of up to gamma."""

import numpy as np
from scipy.stats import norm


def p_value_bounds(scores: np.ndarray, treated: np.ndarray, set_code: np.ndarray, gamma: float) -> tuple[float, float]:
    """Return the smallest and the largest one-sided p-value of "treatment does not raise the scores".

    scores, treated, set_code   one value for each row; one treated row in each set
    gamma                       factor, 1 or more; 1 is a randomised trial within sets

    Normal approximation to the sum of the scores of the treated, without continuity correction. Its largest mean is
    that of the sets taken by themselves, and of assignments with that mean it has the one with the largest variance
    (Gastwirth, Krieger and Rosenbaum 2000). Of pairs with ranks it is Rosenbaum's (2002, section 4.3) bound.
    """
    statistic = float(scores[treated].sum())
    highest, variance = _extreme_moments(scores, set_code, gamma)
    lowest, other_variance = _extreme_moments(-scores, set_code, gamma)
    largest = norm.sf((statistic - highest) / np.sqrt(variance))
    return float(norm.sf((statistic + lowest) / np.sqrt(other_variance))), float(largest)


def _extreme_moments(scores: np.ndarray, set_code: np.ndarray, gamma: float) -> tuple[float, float]:
    """Return the largest mean of the sum over sets, and its variance.

    In the worst case the members with the highest scores of a set, however many of them, have the hidden thing.
    """
    order = np.lexsort((scores, set_code))
    ranked, code = scores[order], set_code[order]
    size = np.bincount(code)
    start = np.cumsum(size) - size
    place = np.arange(len(code)) - start[code] + 1  # how many, of the lowest, do not have it
    share = place + gamma * (size[code] - place)
    mean, square = (_tilted(power, code, start, gamma) / share for power in (ranked, ranked**2))
    split = place < size[code]  # one at least has it, and one does not
    highest = np.maximum.reduceat(np.where(split, mean, -np.inf), start)
    ties = split & (mean >= highest[code] - 1e-12 * np.abs(ranked).max())
    variance = np.maximum.reduceat(np.where(ties, square - mean**2, 0.0), start)
    return float(highest.sum()), float(variance.sum())


def _tilted(values: np.ndarray, code: np.ndarray, start: np.ndarray, gamma: float) -> np.ndarray:
    """Return, at each place, the sum up to it and gamma times the sum beyond it within the set."""
    running = np.cumsum(values)
    before = running[start] - values[start]
    below = running - before[code]
    total = np.add.reduceat(values, start)[code]
    return below + gamma * (total - below)
