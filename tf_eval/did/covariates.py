"""Covariates as a design matrix: numbers standardised, categories as indicators, collinear columns dropped by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tf_eval.errors import InputError, raise_all

# Relative size of what is left of a column once the earlier ones are taken out of it (its square), under which it
# counts as a copy of them.
COLLINEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Covariates:
    """One design row per row of the long frame, and where each unit's row of a period stands.

    ``matrix`` begins with the intercept. ``levels`` holds the codes of the categorical covariates. ``row_of`` is
    (units, periods), or (units, 1) where nothing changes over time; -1 where the unit has no row.
    """

    matrix: np.ndarray
    levels: np.ndarray
    row_of: np.ndarray
    dropped: tuple[str, ...]

    def at(self, units: np.ndarray, position: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return design rows, category codes and whether both are complete, for units at a period's position."""
        rows = self.row_of[units, min(position, self.row_of.shape[1] - 1)]
        matrix, levels = self.matrix[rows], self.levels[rows]
        complete = (rows >= 0) & np.isfinite(matrix).all(axis=1) & (levels >= 0).all(axis=1)
        return matrix, levels, complete

    def keep(self, units: np.ndarray) -> "Covariates":
        """Return the covariates of some of the units, in the order given."""
        return replace(self, row_of=self.row_of[units])


def encode_covariates(
    frame: pd.DataFrame, names: Sequence[str], unit: np.ndarray, first_row: np.ndarray, row_of: np.ndarray
) -> Covariates:
    """Return the covariates of the long ``frame``; raise ``InputError`` for a column that is no number or category.

    Standardising changes no estimate, since the intercept is always there, and keeps the arithmetic sound for columns
    far from zero such as a year of birth.
    """
    _refuse_unusable(frame, names)
    blocks, titles, levels = [np.ones((len(frame), 1))], ["intercept"], []
    for name in names:
        column = frame[name]
        if _is_category(column):
            codes, labels = pd.factorize(column, sort=True)
            blocks.append(_indicators(codes, len(labels)))
            titles += [f"{name}={label}" for label in labels[1:]]
            levels.append(codes)
        else:
            blocks.append(_standardised(column.to_numpy(dtype=float, na_value=np.nan)))
            titles.append(name)
    matrix = np.hstack(blocks)
    codes = np.column_stack(levels) if levels else np.zeros((len(frame), 0), dtype=np.int64)
    complete = matrix[first_row][np.isfinite(matrix[first_row]).all(axis=1)]
    kept = independent_columns(complete.T @ complete)
    dropped = tuple(title for position, title in enumerate(titles) if position not in set(kept))
    constant = _is_constant(matrix, codes, unit, first_row)
    return Covariates(matrix[:, kept], codes, first_row[:, None] if constant else row_of, dropped)


def independent_columns(gram: np.ndarray) -> list[int]:
    """Return the columns, from the left, that are no combination of the earlier ones, from their Gram matrix."""
    kept: list[int] = []
    for column in range(len(gram)):
        size = gram[column, column]
        explained = 0.0
        if kept:
            cross = gram[np.ix_(kept, [column])][:, 0]
            explained = cross @ np.linalg.solve(gram[np.ix_(kept, kept)], cross)
        if size > 0 and size - explained > COLLINEAR * size:
            kept.append(column)
    return kept


def _refuse_unusable(frame: pd.DataFrame, names: Sequence[str]) -> None:
    problems = [
        f"covariate '{name}' is neither a number nor a category ({frame[name].dtype}); convert it first."
        for name in names
        if not (_is_category(frame[name]) or pd.api.types.is_numeric_dtype(frame[name]))
    ]
    raise_all(InputError, "estimate_att", problems)


def _is_category(column: pd.Series) -> bool:
    is_text = pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column)
    return is_text or isinstance(column.dtype, pd.CategoricalDtype)


def _indicators(codes: np.ndarray, count: int) -> np.ndarray:
    return (codes[:, None] == np.arange(1, count)).astype(float)


def _standardised(values: np.ndarray) -> np.ndarray:
    finite = values[np.isfinite(values)]
    spread = finite.std() if len(finite) else 0.0
    centre = finite.mean() if len(finite) else 0.0
    return ((values - centre) / (spread if spread > 0 else 1.0))[:, None]


def _is_constant(matrix: np.ndarray, codes: np.ndarray, unit: np.ndarray, first_row: np.ndarray) -> bool:
    own = first_row[unit]
    # The intercept (column 0) cannot change; NaN differs from itself, so a unit with missing values counts as changing.
    return all((column == column[own]).all() for column in (*matrix.T[1:], *codes.T))
