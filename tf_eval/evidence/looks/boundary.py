"""Critical values of a sequence of looks, by recursive numerical integration.

Armitage, McPherson and Rowe (1969, JRSS A 132, 235-244): the score at a look is that at the look before and an
independent normal increment, so that the density of scores that have not left the boundary so far follows from the
one before. Estimates on accumulating data behave so where they are efficient, also semiparametric ones (Scharfstein,
Tsiatis and Robins 1997, JASA 92, 1342-1350): the correlation of two looks is the square root of the ratio of their
information.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

Array = NDArray[np.float64]

LEAST_GROWTH = 1e-3  # of information, as a share; less is no new look
FARTHEST = 37.0  # beyond it a normal tail is no number
REACHED = 12.0  # no score is farther out with a chance that counts
# Gauss's rule on stretches of so many standard deviations of the increment that is integrated over: good to 1e-9.
STRETCH, RULE = 2.5, np.polynomial.legendre.leggauss(12)


def critical_values(information: Array, levels: Array) -> Array:
    """Return for each look how many errors from zero its estimate has to be to leave out zero.

    How a look that brings no new information depends on the others is not known, so that its critical value is that
    for any dependence whatever: its own level alone counts, and the looks that follow gain nothing from it.

    Args:
        information: shape (k,), one by the squared standard error at each look, in their order.
        levels: shape (k,), the two-sided chance of leaving the boundary at this look for the first time.
    """
    reach = np.minimum(-ndtri(levels / 2), FARTHEST)
    new = brings_news(information)
    reach[new] = _of_chain(information[new], levels[new], float(reach[new][0]))
    return reach


def brings_news(information: Array) -> NDArray[np.bool_]:
    """Say at which looks the information exceeds all before, by a thousandth at least."""
    found, most = np.zeros(len(information), dtype=bool), 0.0
    for look, own in enumerate(information):
        if own > most * (1 + LEAST_GROWTH):
            found[look], most = True, own
    return found


def _of_chain(information: Array, levels: Array, first: float) -> Array:
    """Return the critical values of looks whose information grows from each to the next."""
    reach = np.full(len(information), first)
    inside: Inside | None = None
    for look in range(1, len(information)):
        now, following = information[look - 1], information[look]
        scores, weights = _nodes(reach[look - 1], np.sqrt(following / now - 1))
        density = _pdf(scores) if inside is None else inside.next_density(scores, now)
        inside = Inside(now, scores, weights * density)
        reach[look] = inside.next_critical(following, levels[look])
    return reach


def _nodes(critical: float, error: float) -> tuple[Array, Array]:
    """Return nodes and weights between the boundaries, dense enough for the step that follows."""
    end = min(critical, REACHED)
    edges = np.linspace(-end, end, 1 + int(np.ceil(2 * end / (STRETCH * error))))
    half = np.diff(edges)[:, None] / 2
    nodes, weights = RULE
    return (edges[:-1, None] + half * (1 + nodes)).ravel(), (half * weights).ravel()


def _pdf(scores: Array) -> Array:
    return np.exp(-(scores**2) / 2) / np.sqrt(2 * np.pi)


@dataclass(frozen=True)
class Inside:
    """The z-scores at one look of those that have never left the boundary, with the chance that stands for each."""

    information: float
    scores: Array
    mass: Array

    def next_density(self, scores: Array, information: float) -> Array:
        """Return the density of scores at the next look, not divided by the chance of being there."""
        centre, error = self._step(information)
        return _pdf((scores[:, None] - centre) / error) @ self.mass / error

    def next_critical(self, information: float, level: float) -> float:
        """Return the critical value at the next look which is left there for the first time with this chance."""
        centre, error = self._step(information)

        def excess(critical: float) -> float:
            outside = ndtr((centre - critical) / error) + ndtr(-(critical + centre) / error)
            return float(self.mass @ outside) - level

        return float(brentq(excess, 0.0, FARTHEST, xtol=1e-10)) if excess(FARTHEST) < 0 else FARTHEST

    def _step(self, information: float) -> tuple[Array, float]:
        """Return the mean of the next score given each of these, and its standard deviation."""
        ratio = self.information / information
        return np.sqrt(ratio) * self.scores, float(np.sqrt(1 - ratio))
