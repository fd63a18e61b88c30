"""Covariates as a design matrix: numbers standardised, categories as indicators, collinear columns dropped by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from tf_eval.did.caution import Caution
from tf_eval.did.reading.columns import no_labels, unbounded
from tf_eval.did.reading.formula import columns_of, expand
from tf_eval.did.reading.layout import Layout
from tf_eval.errors import InputError, raise_all
from tf_eval.matching.scatter import pivots

# Relative size of what is left of a column once the earlier ones are taken out of it (its square), under which it
# counts as a copy of them.
COLLINEAR = 1e-9

Some = slice | np.ndarray


@dataclass(frozen=True, eq=False)
class Covariates:
    """A design row for each unit and period, or for each unit where no covariate changes over time.

    ``matrix`` begins with the intercept and holds its columns one after another, ``levels`` the codes of the
    categorical covariates (-1 where missing), which are called ``categories``. ``row_of`` is units by periods (-1 where
    the unit has no row), or None where the rows are the units themselves.
    """

    matrix: np.ndarray
    levels: np.ndarray
    row_of: np.ndarray | None
    flat: tuple[str, ...]
    dropped: tuple[str, ...]
    categories: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out and why: columns that are ``flat``, and those that follow from earlier ones."""
        told = {
            "Dropped, for in each period they are the same for all: {}.": self.flat,
            "Dropped as collinear with the covariates before them: {}.": self.dropped,
        }
        return tuple(Caution(words.format(", ".join(names))) for words, names in told.items() if names)

    def at(self, units: Some, position: int, columns: np.ndarray | None = None) -> np.ndarray:
        """Return the design rows of some units at a period's position, units by ``columns`` (None: all of them)."""
        rows = self.matrix[self._rows(units, position)]
        return rows if columns is None or len(columns) == rows.shape[1] else rows[:, columns]

    def levels_at(self, units: Some, position: int) -> np.ndarray:
        """Return the codes of the categorical covariates, units by covariates."""
        return self.levels[self._rows(units, position)]

    def complete(self, position: int) -> np.ndarray:
        """Say of which units everything is known at a period's position."""
        if self.row_of is None:
            return self._known
        rows = self.row_of[:, position]
        return (rows >= 0) & self._known[rows]

    @cached_property
    def _known(self) -> np.ndarray:
        """Of which design rows everything is known."""
        return np.isfinite(self.matrix).all(axis=1) & (self.levels >= 0).all(axis=1)

    def _rows(self, units: Some, position: int) -> Some:
        return units if self.row_of is None else self.row_of[units, position]


def encode_covariates(frame: pd.DataFrame, given: Sequence[str], layout: Layout, units: np.ndarray) -> Covariates:
    """Return the covariates of some units of the long ``frame``: columns by name, or a formula (see ``formula``).

    Standardising changes no estimate, since the intercept is always there, and keeps the arithmetic sound for columns
    far from zero such as a year of birth. Raises ``InputError`` for a column that is no number or category.
    """
    names = list(columns_of(given))
    _refuse_unusable(frame, names)
    changing = any(layout.n_changing(_comparable(frame[name])) for name in names)
    rows = frame[names] if changing else frame[names].iloc[layout.first_row[units]]
    expanded = expand(rows, given)
    matrix, titles, codes = _encode(expanded)
    if not np.isfinite(matrix).all(axis=1).any():
        known = f"no row has a value of every covariate ({', '.join(titles[1:])})"
        raise InputError(f"estimate_att: {known}; leave out those that are missing, or fill them.")
    gram = _gram_within(matrix, layout.position) if changing else _gram(matrix)
    kept = independent_columns(gram)
    out = {title: place for place, title in enumerate(titles) if place not in set(kept)}
    flat = tuple(title for title, place in out.items() if _is_flat(gram, place))
    dropped = tuple(title for title in out if title not in flat)
    matrix = matrix if not out else np.asfortranarray(matrix[:, kept])
    categories = tuple(str(name) for name, column in expanded.items() if _is_category(column))
    return Covariates(matrix, codes, layout.row_of[units] if changing else None, flat, dropped, categories)


def _encode(columns: pd.DataFrame) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Return the design matrix, the titles of its columns, and the codes of the categories, one row for each given."""
    blocks, titles, levels = [np.ones((1, len(columns)))], ["intercept"], []
    for name, column in columns.items():
        if _is_category(column):
            codes, labels = pd.factorize(column, sort=True)
            blocks.append(_indicators(codes, len(labels)))
            titles += [f"{name}={label}" for label in labels[1:]]
            levels.append(codes)
        else:
            blocks.append(_standardised(column.to_numpy(dtype=float, na_value=np.nan)))
            titles.append(str(name))
    codes = np.column_stack(levels) if levels else np.zeros((len(columns), 0), dtype=np.int64)
    return np.vstack(blocks).T, titles, codes


def independent_columns(gram: np.ndarray) -> list[int]:
    """Return the columns, from the left, that are no combination of the earlier ones, from their Gram matrix."""
    return pivots(gram, np.diag(gram), COLLINEAR**0.5)


def _is_flat(gram: np.ndarray, column: int) -> bool:
    """Say whether nothing is left of a column once its mean is taken out."""
    own = gram[column, column]
    return bool(own - gram[0, column] ** 2 / max(gram[0, 0], 1.0) <= COLLINEAR * own)


def _gram(rows: np.ndarray) -> np.ndarray:
    known = np.isfinite(rows).all(axis=1)
    rows = rows if known.all() else rows[known]
    return rows.T @ rows


def _gram_within(rows: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Return the Gram matrix of the intercept and of the columns less their mean in each period.

    What changes alike for all tells no units apart in any period, while what is alike in one period may in another.
    """
    known = np.isfinite(rows).all(axis=1)
    rows, position = (rows, position) if known.all() else (rows[known], position[known])
    gram, count = rows.T @ rows, np.bincount(position)
    sums = np.column_stack([np.bincount(position, column) for column in rows.T])[count > 0]
    within = gram - sums.T @ (sums / count[count > 0, None])
    noise = COLLINEAR * np.sqrt(np.outer(np.diag(gram), np.diag(gram)))
    within[np.abs(within) <= noise] = 0.0
    within[0, 0] = gram[0, 0]
    return within


def _comparable(column: pd.Series) -> np.ndarray:
    """Return values by which a unit's rows are compared; one that is always missing does not change."""
    if _is_category(column):
        return pd.factorize(column)[0]
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(values), -np.inf, values) if column.hasnans else values


def _refuse_unusable(frame: pd.DataFrame, names: Sequence[str]) -> None:
    problems = [
        f"covariate '{name}' is neither a number nor a category ({frame[name].dtype}); convert it first."
        for name in names
        if not (_is_category(frame[name]) or pd.api.types.is_numeric_dtype(frame[name]))
    ]
    problems += [problem for name in names if (problem := _unbounded(frame[name]) or no_labels(frame[name]))]
    raise_all(InputError, "estimate_att", problems)


def _unbounded(column: pd.Series) -> str:
    return unbounded(column, "covariate") if pd.api.types.is_float_dtype(column) else ""


def _is_category(column: pd.Series) -> bool:
    is_text = pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column)
    return is_text or isinstance(column.dtype, pd.CategoricalDtype)


def _indicators(codes: np.ndarray, count: int) -> np.ndarray:
    return (codes == np.arange(1, count)[:, None]).astype(float)


def _standardised(values: np.ndarray) -> np.ndarray:
    finite = values[np.isfinite(values)]
    spread = finite.std() if len(finite) else 0.0
    centre = finite.mean() if len(finite) else 0.0
    return ((values - centre) / (spread if spread > 0 else 1.0))[None, :]
