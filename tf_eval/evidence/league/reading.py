"""What is ranked, as arrays: effects, their errors and how these hang together."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tf_eval.did.inference.multipliers import FEWEST_DRAWS
from tf_eval.errors import InputError, raise_all, require_columns
from tf_eval.matching.arguments import require_frame

WHERE = "rank_interventions"
COLUMNS = ("intervention", "value", "std_error")
CLOSE = 0.01  # a covariance tells the same errors as the frame, but for rounding in what was printed
LEAST = 1e-9  # eigenvalue of correlations; with less, one estimate follows from the others


class Effects(NamedTuple):
    """Effects with an estimate (by ``had``, of all in ``names``), their covariance and, where given, joint draws."""

    names: Sequence[str]
    had: np.ndarray
    values: np.ndarray
    covariance: np.ndarray
    deviations: np.ndarray | None

    @property
    def dependence(self) -> str:
        """What tells how estimates hang together: draws, or a covariance, which may be that of independent ones."""
        if self.deviations is not None:
            return "draws"
        is_diagonal = np.count_nonzero(self.covariance) == len(self.values)
        return "independent" if is_diagonal else "covariance"


def read_effects(frame: Any, covariance: ArrayLike | None, deviations: ArrayLike | None) -> Effects:
    """Return what ``rank_interventions`` was given; raises ``InputError`` where it cannot be used."""
    require_frame(frame, WHERE)
    require_columns(frame.columns, COLUMNS, WHERE)
    raise_all(InputError, WHERE, _row_problems(frame))
    values, errors = (_numbers(frame[name]) for name in COLUMNS[1:])
    had = ~(np.isnan(values) | np.isnan(errors))
    joint = _matrix("covariance", covariance, had)
    drawn = _matrix("deviations", deviations, had)
    raise_all(InputError, WHERE, _joint_problems(joint, drawn, errors[had]))
    correlation = _correlation(joint, drawn, int(had.sum()))
    if had.any() and np.linalg.eigvalsh(correlation)[0] < LEAST:
        raise InputError(
            f"{WHERE}: the covariance is none, or has one estimate follow from others; leave out what is there twice, "
            "or give more draws."
        )
    scale = np.outer(errors[had], errors[had])
    return Effects(tuple(frame["intervention"]), had, values[had], correlation * scale, drawn)


def _numbers(column: pd.Series) -> np.ndarray:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _row_problems(frame: pd.DataFrame) -> list[str]:
    names, problems = frame["intervention"], []
    if not all(isinstance(name, str) for name in names):
        problems.append("every intervention must be named by text.")
    elif names.duplicated().any():
        problems.append("an intervention is there twice; give one row for each.")
    for name in COLUMNS[1:]:
        numbers = _numbers(frame[name])
        if (np.isnan(numbers) & frame[name].notna().to_numpy()).any() or np.isinf(numbers).any():
            problems.append(f"'{name}' must hold finite numbers, or nothing where there is no estimate.")
    if (_numbers(frame["std_error"]) <= 0).any():
        problems.append("'std_error' must be above 0; leave it empty where there is no estimate.")
    return problems


def _matrix(option: str, given: ArrayLike | None, had: np.ndarray) -> np.ndarray | None:
    """Return a covariance or draws of those that have an estimate."""
    if given is None:
        return None
    try:
        matrix = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        matrix = np.empty(())
    count = len(had)
    if matrix.ndim != 2 or matrix.shape[1] != count or (option == "covariance" and len(matrix) != count):
        rows = count if option == "covariance" else "draws"
        raise InputError(f"{WHERE}: {option} must be an array of numbers, {rows} by the {count} rows of effects.")
    matrix = matrix[np.ix_(had, had)] if option == "covariance" else matrix[:, had]
    if not np.isfinite(matrix).all():
        raise InputError(f"{WHERE}: {option} must hold finite numbers for every intervention that has an estimate.")
    return matrix


def _joint_problems(joint: np.ndarray | None, drawn: np.ndarray | None, errors: np.ndarray) -> list[str]:
    problems = []
    if joint is not None and drawn is not None:
        problems.append("give a covariance or deviations, not both.")
    if joint is not None and not np.allclose(joint, joint.T):
        problems.append("covariance must be symmetric.")
    if joint is not None and not np.allclose(np.diag(joint), errors**2, rtol=2 * CLOSE, atol=0):
        problems.append("covariance tells other errors than 'std_error'; it is in the order of the rows of effects.")
    if drawn is not None and len(drawn) < FEWEST_DRAWS:
        problems.append(f"deviations must have {FEWEST_DRAWS} draws or more.")
    return problems


def _correlation(joint: np.ndarray | None, drawn: np.ndarray | None, count: int) -> np.ndarray:
    """Return how estimates hang together; their errors are those of the frame."""
    if joint is None and drawn is None:
        return np.eye(count)
    square = joint if drawn is None else drawn.T @ drawn
    scale = np.sqrt(np.diag(square))
    return np.divide(square, np.outer(scale, scale), out=np.zeros_like(square), where=np.outer(scale, scale) > 0)
