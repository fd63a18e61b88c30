"""Effects on the share of the treated who reach a threshold, for many thresholds at once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from inspect import signature
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import OVERALL
from tf_eval.did.arguments import require_given, unknown_options
from tf_eval.did.asker import asked_by
from tf_eval.did.att import estimate_att
from tf_eval.did.distribution.distribution import Distribution
from tf_eval.did.estimate import Estimate
from tf_eval.did.inspection.side_by_side import joint_problems, side_by_side
from tf_eval.did.reading.columns import not_numeric
from tf_eval.did.result import GroupTimeATT
from tf_eval.errors import ConfigError, InputError, raise_all
from tf_eval.matching import Matched
from tf_eval.matching.arguments import is_number, require_frame, word_problems
from tf_eval.matching.display import as_given

WHERE = "estimate_distribution"
FEW_VALUES = 10  # so many are thresholds each; of more values, their deciles are
DECILES = np.arange(1, 10) / 10
SPIKE = 0.1  # share of the lowest value from which on the first deciles would all be that value
REFUSED = {"outcome": "it is handed in by itself", "exposure": "shares are of units, not of time"}


@asked_by(WHERE)
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
        thresholds: in units of the outcome; by default every value above the lowest, or, of more than ten, the deciles;
            where more than a tenth have the lowest (no incident), the next value and the deciles of those above it.
        average: which mean over cells, as to ``GroupTimeATT.overall``.
        options: all others of ``estimate_att``.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used.
    """
    require_frame(data, WHERE)
    raise_all(ConfigError, WHERE, _problems(average, options))
    require_given(data, [outcome], WHERE)
    raise_all(InputError, WHERE, ["the data has no rows; a row per unit and period is needed."] if data.empty else [])
    values = _numbers(data[outcome], outcome)
    found = _thresholds(values, thresholds)
    effects = [_at_least(data, matched, outcome, values, threshold, options) for threshold in found]
    where = [{"threshold": float(threshold)} for threshold in found]
    labels = [f"{outcome} of at least {as_given(threshold)}" for threshold in found]
    found = side_by_side("threshold", effects, average, where, labels)
    rows = tuple(_counted(row, outcome) if isinstance(row, Estimate) else row for row in found)
    return Distribution(replace(found, rows=rows), outcome, effects[0].notes)


def _problems(average: str, options: dict[str, Any]) -> list[str]:
    problems = word_problems("average", average, OVERALL)
    problems += unknown_options(options, signature(estimate_att).parameters)
    problems += [f"leave {name} out: {why}." for name, why in REFUSED.items() if name in options]
    return [*problems, *joint_problems(options)]


def _numbers(column: pd.Series, outcome: str) -> np.ndarray:
    problem = not_numeric(column, "outcome")
    if column.isna().all():
        problem = f"outcome '{outcome}' has no value; every one is missing."
    raise_all(InputError, WHERE, [problem] if problem else [])
    return column.to_numpy(dtype=float, na_value=np.nan)


def _thresholds(values: np.ndarray, asked: Sequence[float] | None) -> np.ndarray:
    if asked is None:
        asked = _from(values[np.isfinite(values)])
    found = list(asked) if isinstance(asked, Iterable) else []
    if not (found and all(map(is_number, found)) and all(low < high for low, high in pairwise(found))):
        raise ConfigError(f"{WHERE}: thresholds must be one or more numbers, rising, such as [1, 2, 5]")
    return np.array(found, dtype=float)


def _from(values: np.ndarray) -> np.ndarray:
    """Return the thresholds that some values have of themselves."""
    known = np.unique(values)
    if len(known) == 1:
        raise InputError(f"{WHERE}: the outcome is the same in all rows; nobody reaches what others do not.")
    if len(known) <= FEW_VALUES + 1:
        return known[1:]
    above = values[values > known[0]]
    if (values == known[0]).mean() > SPIKE:
        return np.unique([known[1], *np.quantile(above, DECILES, method="inverted_cdf")])
    return np.unique(np.quantile(values, DECILES, method="inverted_cdf"))


def _counted(row: Estimate, outcome: str) -> Estimate:
    """Return an effect that knows how few reach its threshold, or miss it; if they are too few, without its name."""
    known = replace(row, fewest=row.n_treated * min(row.treated_mean, 1 - row.treated_mean))
    return known if known.is_shown else replace(known, label=f"{outcome} of at least a threshold not shown")


def _at_least(
    data: pd.DataFrame,
    matched: Matched | None,
    outcome: str,
    values: np.ndarray,
    threshold: float,
    options: dict[str, Any],
) -> GroupTimeATT:
    reached = np.where(np.isnan(values), np.nan, values >= threshold)
    frame = data.copy(deep=False)
    frame[outcome] = reached
    return estimate_att(frame, matched, outcome=outcome, **options)
