"""Romano and Wolf: the chance of even one false claim, where joint draws tell how tests hang together."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf_eval.errors import InputError, raise_all

WHERE = "step_down"


def step_down(estimates: ArrayLike, std_errors: ArrayLike, deviations: ArrayLike) -> NDArray[np.float64]:
    """Return the step-down adjusted p-values of Romano and Wolf, two-sided, against no effect.

    The largest estimate, in errors, is held against the largest deviation of all; the next against the largest of those
    not yet tested; and so on, none with a smaller p-value than one before it. The chance of even one false claim over
    all tests stays at the level at which the p-values are read, in large samples. Where tests depend on each other,
    more is found than by ``holm`` (Romano and Wolf 2005, Econometrica 73, 1237-1282; the p-values are those of 2016,
    Statistics and Probability Letters 113, 38-40, algorithm 4.1, each with 1 added to both counts).

    Args:
        estimates: shape (k,). One that is missing, or whose error or draws are, is no test and stays missing.
        std_errors: shape (k,), in the same units.
        deviations: draws by hypotheses, of estimates from themselves, in the same units: a row is one joint draw, such
            as ``draw_jointly`` makes. With b draws no p-value is below 1 / (b + 1).

    Raises:
        InputError: shapes that do not fit, no draw, or an error that is not above 0.
    """
    try:
        values, errors, drawn = (np.asarray(given, dtype=float) for given in (estimates, std_errors, deviations))
    except (TypeError, ValueError):
        raise InputError(f"{WHERE}: estimates, std_errors and deviations must be numbers.") from None
    raise_all(InputError, WHERE, _problems(values, errors, drawn))
    tested = np.flatnonzero(~(np.isnan(values) | np.isnan(errors) | np.isnan(drawn).any(axis=0)))
    sizes = np.abs(values[tested]) / errors[tested]
    order = np.argsort(-sizes, kind="stable")
    scaled = np.abs(drawn[:, tested[order]]) / errors[tested[order]]
    # In each draw the largest among a test and all that come after it.
    largest = np.maximum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1]
    reached = (largest >= sizes[order]).sum(axis=0)
    adjusted = np.full(values.shape, np.nan)
    adjusted[tested[order]] = np.maximum.accumulate((reached + 1) / (len(drawn) + 1))
    return adjusted


def _problems(values: np.ndarray, errors: np.ndarray, drawn: np.ndarray) -> list[str]:
    if values.ndim != 1 or errors.shape != values.shape or drawn.ndim != 2 or drawn.shape[1] != len(values):
        shapes = f"{values.shape}, {errors.shape} and {drawn.shape}"
        return [f"estimates, std_errors and deviations must be of shapes (k,), (k,) and (draws, k), not {shapes}."]
    problems = [] if len(drawn) else ["deviations has no draw; give one joint draw a row."]
    if (errors <= 0).any():
        problems.append("std_errors must be above 0; an effect that is 0 by construction is no test, so leave it out.")
    return problems
