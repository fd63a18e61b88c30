"""Effects on the share of the treated who reach a threshold, for many thresholds at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import OVERALL
from tf_eval.did.att import estimate_att
from tf_eval.did.distribution.distribution import Distribution
from tf_eval.did.estimate import Estimates
from tf_eval.did.inference.multipliers import draw
from tf_eval.did.result import GroupTimeATT
from tf_eval.errors import ConfigError, InputError, NotEstimated, raise_all, require_columns, unknown
from tf_eval.matching import Matched
from tf_eval.matching.arguments import is_number

WHERE = "estimate_distribution"
FEW_VALUES = 10  # so many are thresholds each; of more values, their deciles are
REFUSED = {"outcome": "it is handed in by itself", "exposure": "shares are of units, not of time"}


def estimate_distribution(
    data: pd.DataFrame,
    matched: Matched | None = None,
    *,
    outcome: str,
    thresholds: Sequence[float] | None = None,
    average: str = "simple",
    **options: Any,
) -> Distribution:
    """Estimate what treatment did to the share of the treated whose outcome reaches each of several thresholds.

    Means of skewed counts hang on a few; this tells who was moved: from some incidents to none, or from many to fewer.
    The outcome is, one threshold after another, whether it is at least so much, and all else is ``estimate_att``. So
    trends have to be parallel in every share, as those of the distribution are that Roth and Sant'Anna (2023,
    Econometrica 91) ask for: then, and only then, parallel trends hold whatever the scale of the outcome. That what is
    expected without treatment is no distribution (a share below 0, or one that rises with the threshold) speaks against
    it; the result tells where. ``method="extended_twfe"`` with ``family="logit"`` asks for parallel log odds instead.

    Args:
        data, matched: as to ``estimate_att``.
        outcome: numeric column, in its own units.
        thresholds: in units of the outcome; by default every value above the lowest, or, of more than ten, the deciles.
        average: which mean over cells, as to ``GroupTimeATT.overall``.
        options: all others of ``estimate_att``.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used.
    """
    raise_all(ConfigError, WHERE, _problems(average, options))
    require_columns(data.columns, [outcome], WHERE)
    values = _numbers(data[outcome], outcome)
    found = _thresholds(values, thresholds)
    effects = [_at_least(data, matched, outcome, values, threshold, options) for threshold in found]
    return Distribution(_side_by_side(effects, found, outcome, average), outcome, effects[0].notes)


def _problems(average: str, options: dict[str, Any]) -> list[str]:
    problems = [] if average in OVERALL else [unknown("average", average, OVERALL)]
    problems += [f"leave {name} out: {why}." for name, why in REFUSED.items() if name in options]
    if options.get("errors", "clustered") != "clustered":
        problems.append("the errors of many shares at once are clustered ones; leave errors out.")
    if not isinstance(options.get("cluster", ""), str | None):
        problems.append("the errors of many shares at once are clustered one way; name one cluster column.")
    return problems


def _numbers(column: pd.Series, outcome: str) -> np.ndarray:
    if not (pd.api.types.is_numeric_dtype(column) and column.notna().any()):
        raise InputError(f"{WHERE}: the outcome '{outcome}' must be numbers")
    return column.to_numpy(dtype=float, na_value=np.nan)


def _thresholds(values: np.ndarray, asked: Sequence[float] | None) -> np.ndarray:
    known = np.unique(values[np.isfinite(values)])
    if asked is None:
        every = known if len(known) <= FEW_VALUES + 1 else np.unique(np.nanquantile(values, np.arange(1, 10) / 10))
        asked = every[every > known[0]]
    found = list(asked) if isinstance(asked, Iterable) else []
    if not (found and all(map(is_number, found)) and all(low < high for low, high in pairwise(found))):
        raise ConfigError(f"{WHERE}: thresholds must be one or more numbers, rising, such as [1, 2, 5]")
    return np.array(found, dtype=float)


def _at_least(
    data: pd.DataFrame,
    matched: Matched | None,
    outcome: str,
    values: np.ndarray,
    threshold: float,
    options: dict[str, Any],
) -> GroupTimeATT:
    reached = np.where(np.isnan(values), np.nan, values >= threshold)
    return estimate_att(data.assign(**{outcome: reached}), matched, outcome=outcome, **options)


def _side_by_side(effects: Sequence[GroupTimeATT], thresholds: np.ndarray, outcome: str, average: str) -> Estimates:
    """Return the averages as one table, with the covariance of all of them: the clusters are the same in each."""
    rows = tuple(
        _named(effect.overall(average), outcome, threshold)
        for effect, threshold in zip(effects, thresholds, strict=True)
    )
    influence = np.column_stack([_influence(effect, average) for effect in effects])
    covariance = np.where(np.isnan(influence).any(axis=0), np.nan, 1.0) * (influence.T @ influence)
    where = tuple({"threshold": float(threshold)} for threshold in thresholds)
    first = effects[0]
    return Estimates("threshold", where, rows, covariance, first.time_unit, first.design, partial(_draw, influence))


def _named(row: Any, outcome: str, threshold: float) -> Any:
    where = {"threshold": float(threshold)}
    label = f"{outcome} of at least {threshold:g}"
    return row if isinstance(row, NotEstimated) else replace(row, label=label, where=where)


def _influence(effect: GroupTimeATT, average: str) -> np.ndarray:
    """Return how far each cluster moves the average; missing where there is none."""
    combination = OVERALL[average](effect.cells)
    if combination is None:
        return np.full(effect.influence.n_clusters, np.nan)
    return effect.influence.combine(combination.cells[:, None], combination.groups[:, None])[:, 0]


def _draw(influence: np.ndarray, rows: Sequence[int], multiplier: str, draws: int, seed: int) -> np.ndarray:
    def stretch() -> Iterator[np.ndarray]:
        yield influence[:, list(rows)]

    return draw(stretch(), multiplier, draws, seed)
