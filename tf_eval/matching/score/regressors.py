"""The columns of a score's regression, on a scale that is good to count with, and the way back to their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tf_eval.matching.scatter import pivots

INTERCEPT = "(Intercept)"
COLLINEAR = 1e-7  # residual over length of a column, as R's glm
PLAIN = 1e-4  # far enough from collinear to be told by products of columns, which keep half the digits


@dataclass(frozen=True, eq=False)
class Regressors:
    """A column of ones, and those columns that vary and do not follow from earlier ones, centred and scaled.

    columns        rows by regressors
    names          of the columns after the ones
    centre, scale  what was taken off each of these, and what it was divided by
    notes          sentences about the columns left out
    """

    columns: np.ndarray
    names: tuple[str, ...]
    centre: np.ndarray
    scale: np.ndarray
    notes: tuple[str, ...]

    @classmethod
    def of(cls, values: np.ndarray, names: Sequence[str]) -> Self:
        """Return the regressors that ``values`` (rows by columns named ``names``) have in them."""
        centre = values.mean(axis=0)
        columns = _with_intercept(values, centre)
        spread = np.sqrt(np.einsum("ij,ij->j", columns[:, 1:], columns[:, 1:]) / len(columns))
        varying = spread > COLLINEAR * np.maximum(np.abs(centre), np.finfo(float).tiny)
        columns[:, 1:] /= np.where(varying, spread, 1.0)
        kept = [column for column in _independent(columns[:, 1:]) if varying[column]]
        notes = [_left_out(name, bool(varying[column])) for column, name in enumerate(names) if column not in kept]
        columns = columns if len(kept) == len(names) else np.take(columns, [0, *(1 + np.array(kept, int))], axis=1)
        return cls(columns, tuple(names[column] for column in kept), centre[kept], spread[kept], tuple(notes))

    def coefficients(self, beta: np.ndarray) -> dict[str, float]:
        """Return coefficients of ``columns`` on the values' own scale, by name."""
        slopes = beta[1:] / self.scale
        own = {name: float(slope) for name, slope in zip(self.names, slopes, strict=True)}
        return {INTERCEPT: float(beta[0] - slopes @ self.centre)} | own


def _with_intercept(values: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return a column of ones and the centred columns, written once: copies cost as much as a step of the fit."""
    columns = np.ones((len(values), values.shape[1] + 1))
    np.subtract(values, centre, out=columns[:, 1:])
    return columns


def _left_out(name: str, varying: bool) -> str:
    reason = "it follows from the other covariates" if varying else "it is the same in every row"
    return f"'{name}' was left out of the propensity score: {reason}."


def _independent(columns: np.ndarray) -> list[int]:
    """Return the columns that do not follow from those before them.

    Where all are plainly apart their products tell so already, at a tenth of the cost.
    """
    products = columns.T @ columns
    kept = pivots(products, np.diag(products), PLAIN)
    return kept if len(kept) == columns.shape[1] else _orthogonal(columns)


def _orthogonal(columns: np.ndarray) -> list[int]:
    """Return the columns that do not follow from those before them, by Gram-Schmidt with a second pass."""
    basis = np.empty_like(columns, order="F")
    kept: list[int] = []
    for number in range(columns.shape[1]):
        residual = columns[:, number].copy()
        for _ in range(2):
            known = basis[:, : len(kept)]
            residual -= known @ (known.T @ residual)
        length = np.linalg.norm(residual)
        if length > COLLINEAR * np.linalg.norm(columns[:, number]):
            basis[:, len(kept)] = residual / length
            kept.append(number)
    return kept
