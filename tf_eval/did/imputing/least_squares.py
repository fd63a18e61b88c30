"""Normal equations, solved as far as they can be."""

from dataclasses import dataclass

import numpy as np

# Relative size of an eigenvalue (of the equations scaled to a unit diagonal) under which a direction counts as unknown.
UNKNOWN = 1e-10
# What is left of a direction, relative to its size, under which it counts as rounding.
ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Solution:
    """Coefficients, a generalised inverse of the Gram matrix, and the directions of which nothing is known.

    ``unknown`` are coefficients by directions. A combination of coefficients is known where it is at right angles to
    all of them; ``known`` says of which coefficients that is so by themselves.
    """

    coefficients: np.ndarray
    inverse: np.ndarray
    unknown: np.ndarray
    known: np.ndarray


def solve(gram: np.ndarray, moments: np.ndarray) -> Solution:
    """Return the solution of normal equations, ``gram`` (square, symmetric) times coefficients equal to ``moments``."""
    diagonal = np.diag(gram)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(gram / np.outer(scale, scale))
    told = values > UNKNOWN * values.max(initial=1.0)
    known = np.abs(vectors[:, ~told]).max(axis=1, initial=0.0) < ROUNDING
    vectors = vectors / scale[:, None]
    inverse = (vectors[:, told] / values[told]) @ vectors[:, told].T
    return Solution(inverse @ moments, inverse, vectors[:, ~told], known)
