"""The same average of several results as one table, with the covariance of all: they have clusters in common."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import OVERALL
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.did.inference.multipliers import Draws, draw
from tf_eval.did.inspection.shared import sides_of
from tf_eval.did.result import GroupTimeATT
from tf_eval.errors import NotEstimated

TWO_WAYS = "the errors of several results at once are clustered one way; name one cluster column."
UNEQUAL = "the errors of several results at once are clustered ones; leave errors out."


def side_by_side(
    kind: str,
    effects: Sequence[GroupTimeATT],
    average: str,
    where: Sequence[Mapping[str, Any]],
    labels: Sequence[str],
) -> Estimates:
    """Return the average of each result as a row; clusters of the same label are the same in all of them.

    ``where`` and ``labels`` say what each row stands for. Errors have to be clustered one way (``joint_problems``).
    """
    rows = tuple(
        _named(effect.overall(average), place, label)
        for effect, place, label in zip(effects, where, labels, strict=True)
    )
    moves = _moves(effects, average)
    covariance = moves.T @ moves
    first = effects[0]
    return Estimates(kind, tuple(where), rows, covariance, first.time_unit, first.design, partial(_draw, moves))


def joint_problems(options: Mapping[str, Any]) -> list[str]:
    """Say which options of ``estimate_att`` leave results without errors that can be set beside each other."""
    problems = [] if options.get("errors", "clustered") == "clustered" else [UNEQUAL]
    return problems if isinstance(options.get("cluster", ""), str | None) else [*problems, TWO_WAYS]


def _named(row: Estimate | NotEstimated, where: Mapping[str, Any], label: str) -> Estimate | NotEstimated:
    return replace(row, where=where, label=label) if isinstance(row, Estimate) else row


def _moves(effects: Sequence[GroupTimeATT], average: str) -> np.ndarray:
    """Return clusters by results: how far each cluster moves each average; missing where a result has none."""
    columns = [_of_labels(effect, average) for effect in effects]
    labels = columns[0].index
    for column in columns[1:]:
        labels = labels.union(column.index)
    return np.column_stack([_filled(column, labels) for column in columns])


def _of_labels(effect: GroupTimeATT, average: str) -> pd.Series:
    combination = OVERALL[average](effect.cells)
    if combination is None:
        return pd.Series(np.nan, index=pd.Index([]), dtype=float)
    (side,) = sides_of(effect, combination)
    return pd.Series(side.moves, index=side.labels)


def _filled(column: pd.Series, labels: pd.Index) -> np.ndarray:
    return column.reindex(labels, fill_value=0.0 if len(column) else np.nan).to_numpy()


def _draw(moves: np.ndarray, rows: Sequence[int], multiplier: str, draws: int, seed: int) -> Draws:
    return draw([moves[:, list(rows)]], multiplier, draws, seed)
