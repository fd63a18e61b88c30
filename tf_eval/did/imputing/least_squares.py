"""Normal equations of a model with unit effects, solved as far as they can be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.did.regression.solution import solve

# What is left of a direction, relative to its size, under which it counts as rounding.
ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Equations:
    """Normal equations, once unit effects are taken out: ``gram`` (square) times the coefficients is ``moments``.

    ``whole`` is the diagonal of ``gram`` before they were taken out.
    """

    gram: np.ndarray
    moments: np.ndarray
    whole: np.ndarray

    def __add__(self, other: "Equations") -> "Equations":
        return Equations(self.gram + other.gram, self.moments + other.moments, self.whole + other.whole)


def added(parts: Sequence[Equations]) -> Equations:
    """Return the equations of all observations from those of some each."""
    return sum(parts[1:], start=parts[0])


@dataclass(frozen=True, eq=False)
class Fitted:
    """Coefficients, a generalised inverse of the Gram matrix, and the directions of which nothing is known.

    ``unknown`` are coefficients by directions. A combination of coefficients is known where it is at right angles to
    all of them; ``known`` says of which coefficients that is so by themselves.
    """

    coefficients: np.ndarray
    inverse: np.ndarray
    unknown: np.ndarray
    known: np.ndarray


def fit(equations: Equations) -> Fitted:
    """Return the fit that solves normal equations; along unknown directions its coefficients are nothing."""
    found = solve(equations.gram, equations.whole)
    unknown = found.empty / found.scale[:, None]
    return Fitted(found.inverse @ equations.moments, found.inverse, unknown, found.estimable)
