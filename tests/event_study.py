"""Event studies made of effects and their covariance, as if an estimator had returned them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tf_eval.did import Design, Estimate, Estimates
from tf_eval.did.credibility.course import Course, read_course

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def event_study(effects: Sequence[float], covariance: Any, n_before: int, **options: Any) -> Estimates:
    """Return effects at event times -``n_before`` - 1 to the last, with a row for the base, at -1, put between."""
    values = np.insert(np.asarray(effects, dtype=float), n_before, 0.0)
    spread = np.zeros((len(values),) * 2)
    kept = np.delete(np.arange(len(values)), n_before)
    spread[np.ix_(kept, kept)] = covariance
    return from_arrays(np.arange(len(values)) - n_before - 1, values, spread, **options)


def from_arrays(times: Sequence[int], effects: np.ndarray, covariance: np.ndarray, **options: Any) -> Estimates:
    """Return effects at the event times given, all rows as they are."""
    design = Design(**COLUMNS, **{"baseline": "universal", **options})
    where = tuple({"event_time": int(time)} for time in times)
    errors = np.sqrt(np.where(np.diag(covariance) > 0, np.diag(covariance), np.nan))
    rows = tuple(map(_row, where, effects, errors, [design] * len(where)))
    return Estimates("event_time", where, rows, covariance, "period", design, drawn=lambda *asked: np.zeros((0, 0)))


def course_of(estimates: Estimates) -> Course:
    return read_course(estimates, "test")


def decaying(n_effects: int, error: float = 0.1) -> np.ndarray:
    """Return a covariance in which effects that are closer in time are more alike, as those of a panel are."""
    apart = np.abs(np.subtract.outer(np.arange(n_effects), np.arange(n_effects)))
    return error**2 * (0.4 + 0.6 * 0.5**apart)


def _row(where: dict[str, int], att: float, error: float, design: Design) -> Estimate:
    low, high = att - 1.96 * error, att + 1.96 * error
    label = f"period {where['event_time']}"
    return Estimate(label, where, float(att), float(error), low, high, 0.5, 1.0, 1.0 - att, 50, 50, 1.0, design)
