"""Covariates as numbers: one column for a number or a yes/no, one column for each level of a category."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tf_eval.matching.reading.columns import number_problems
from tf_eval.matching.reading.missing import INDICATOR, MISSING, REFUSE, filled_in
from tf_eval.matching.reading.reordered import Reordered
from tf_eval.matching.scatter import side_by_side

MOST_LEVELS = 100
NOT_A_CATEGORY = ("integer", "floating", "mixed-integer-float", "decimal", "complex", "mixed-integer")


@dataclass(frozen=True)
class Level:
    """One column of the coded covariates: a whole covariate (``level`` is None) or one level of a category."""

    covariate: str
    level: str | None
    binary: bool
    baseline: bool = False

    @property
    def name(self) -> str:
        return self.covariate if self.level is None else f"{self.covariate}: {self.level}"


def labelled(levels: Sequence[Level], labels: Mapping[str, str]) -> dict[str, list[str | None]]:
    """Return the columns covariate, level and label of a table with a row for each level.

    ``labels`` are words for people, by name of covariate; one without keeps its own.
    """
    named = [replace(level, covariate=labels.get(level.covariate, level.covariate)).name for level in levels]
    return {
        "covariate": [level.covariate for level in levels],
        "level": [level.level for level in levels],
        "label": named,
    }


class Coding(NamedTuple):
    """Columns of numbers, or of yes/no, and what each of them is."""

    columns: Sequence[np.ndarray]
    levels: tuple[Level, ...]


class Covariates:
    """Covariates that are coded once somebody looks at them: matching by a score handed in never does.

    Args:
        code: makes the coding.
    """

    def __init__(self, code: Callable[[], Coding]) -> None:
        self._code = code

    @cached_property
    def values(self) -> np.ndarray:
        """Rows by levels, floats."""
        columns, self.levels = self._code()
        return side_by_side(columns, len(columns[0]))

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """What each column of ``values`` is."""
        return self._code().levels

    def reordered(self, order: np.ndarray) -> "Covariates":
        """Return the same covariates with their rows in another order."""
        return Covariates(partial(_reorder, self, order))

    def regressors(self) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the columns that enter a regression, with names: the first level of a category is left out."""
        columns, self.levels = self._code()  # from the start: what a score alone is fitted to needs no ``values``
        kept = [number for number, level in enumerate(self.levels) if not level.baseline]
        names = tuple(self.levels[number].name for number in kept)
        return side_by_side([columns[number] for number in kept], len(columns[0])), names


def _reorder(covariates: Covariates, order: np.ndarray) -> Coding:
    return Coding([column[order] for column in covariates.values.T], covariates.levels)


def code_covariates(frame: pd.DataFrame | Reordered, on: Sequence[str], missing: str = REFUSE) -> Covariates:
    """Code the columns ``on`` of ``frame``; every observed level of a category has a column of its own.

    ``missing`` says what stands for missing values, see ``match``; where it refuses them there may be none.
    """
    return Covariates(partial(_code_columns, frame, on, missing))


def _code_columns(frame: pd.DataFrame | Reordered, on: Sequence[str], missing: str) -> Coding:
    coded = [_code_column(frame[name], name, missing) for name in on]
    return Coding(
        columns=[column for columns, _ in coded for column in columns],
        levels=tuple(level for _, levels in coded for level in levels),
    )


def covariate_problems(frame: pd.DataFrame, on: Sequence[str]) -> list[str]:
    """Say which covariates cannot be coded, and what to do."""
    return [problem for name in on if (problem := _column_problem(frame[name], name))]


def _column_problem(column: pd.Series, name: str) -> str | None:
    if column.isna().all():
        return f"covariate '{name}' has no value at all; leave it out"
    if isinstance(column.dtype, pd.PeriodDtype) or column.dtype.kind in "mMc":
        return f"covariate '{name}' holds dates, durations or complex numbers; give plain numbers (months before)"
    if pd.api.types.is_numeric_dtype(column):
        return next(iter(number_problems(column, f"covariate '{name}'", "must be a number")), None)
    if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) in NOT_A_CATEGORY:
        return f"covariate '{name}' holds numbers as objects; turn them into numbers (pd.to_numeric), or all into text"
    levels = _number_of_levels(column)
    if levels is None:
        return f"covariate '{name}' holds lists or the like; give numbers, yes/no or text"
    if levels > MOST_LEVELS:
        return f"covariate '{name}' has more than {MOST_LEVELS} levels; group them, or leave it out"
    return None


def _number_of_levels(column: pd.Series) -> int | None:
    """Return how many values there are; None of such as have no hash, by which they could be told from each other."""
    try:
        return column.nunique()
    except TypeError:
        return None


def _code_column(column: pd.Series, name: str, missing: str) -> tuple[list[np.ndarray], list[Level]]:
    absent = column.isna().to_numpy()
    if not absent.any():
        return _code_values(column, name)
    columns, levels = _code_values(filled_in(column, missing), name)
    if missing != INDICATOR:
        return columns, levels
    return [*columns, absent], [*levels, Level(name, MISSING, binary=True)]


def _code_values(column: pd.Series, name: str) -> tuple[list[np.ndarray], list[Level]]:
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy(dtype=float)
        return [values], [Level(name, None, binary=bool(np.isin(values, (0.0, 1.0)).all()))]
    codes, categories = level_codes(column)
    levels = [Level(name, str(level), binary=True, baseline=not number) for number, level in enumerate(categories)]
    return [codes == number for number in range(len(levels))], levels


def level_codes(column: pd.Series) -> tuple[np.ndarray, Sequence[Any]]:
    """Return each row's place among the column's sorted observed values, and those values.

    Values of kinds that cannot be compared with each other are sorted as text, so that the order never depends on
    the order of the rows.
    """
    try:
        return pd.factorize(column, sort=True)
    except TypeError:
        return pd.factorize(column.astype(str), sort=True)
