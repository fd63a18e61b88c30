"""Averages of several results, drawn together: whoever serves in several of them moves all of these alike."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tf_eval.did.aggregate import Average, average_problems
from tf_eval.did.arguments import kind_problems
from tf_eval.did.estimate import Estimate
from tf_eval.did.inference.errors import side_by_side
from tf_eval.did.inference.influence import STRETCH
from tf_eval.did.inference.multipliers import draw, draw_problems
from tf_eval.did.inspection.shared import Averaged, average_of, kinds_of, not_recognised
from tf_eval.did.plain import plain, plain_value
from tf_eval.did.result import GroupTimeATT
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.display import rounded, so_many

WHERE = "draw_jointly"


@dataclass(frozen=True, eq=False, repr=False)
class JointDraws:
    """Averages of several results (``rows``, called by ``names``), their joint ``covariance`` and draws of all at once.

    ``deviations`` (draws by rows) are how far the estimates would have come out from themselves; ``n_shared`` counts
    the clusters that serve in more than one result. A row that is not estimated, or is 0 by construction, has NaN in
    both. Normal errors are taken: few clusters make none of them wider.
    """

    names: tuple[str, ...]
    rows: tuple[Estimate | NotEstimated, ...]
    covariance: np.ndarray
    deviations: np.ndarray
    n_shared: int

    def table(self) -> pd.DataFrame:
        """Return one row per average: name, label, att, std_error and, where it is not estimated, the reason."""
        return pd.DataFrame([_row(name, row) for name, row in zip(self.names, self.rows, strict=True)])

    def summary(self) -> str:
        """Return what was drawn, and how many tie the results together."""
        averages, results = so_many(len(self.rows), "average"), so_many(len(set(self.names)), "result")
        return (
            f"{averages} of {results}, drawn together {len(self.deviations):,} times. Units or clusters that serve in "
            f"several results: {rounded(self.n_shared)}."
        )

    def to_dict(self) -> dict[str, Any]:
        rows = [plain(_row(name, row)) for name, row in zip(self.names, self.rows, strict=True)]
        covariance = [[plain_value(value) for value in line] for line in self.covariance]
        return {"rows": rows, "covariance": covariance, "draws": len(self.deviations), "n_shared": self.n_shared}

    def __repr__(self) -> str:
        return f"<JointDraws: {so_many(len(self.rows), 'average')}, {so_many(len(self.deviations), 'draw')}>"


def draw_jointly(
    effects: Mapping[str, GroupTimeATT],
    averages: Sequence[str | tuple[int, int] | Average] = ("simple",),
    *,
    seed: int,
    draws: int = 999,
    multiplier: str = "rademacher",
) -> JointDraws:
    """Draw averages of several results together, such as of interventions by outcomes that share families.

    Clusters (units, where no cluster was named) of the same label are the same ones: in each draw they have the same
    multiplier in every result, so that the dependence between the results is kept, whether it comes of comparison
    units that serve in several or of several outcomes of the same people.

    Arguments:
        effects: results by name, each with errors clustered by the same one column.
        averages: what is averaged of each result, as ``difference`` has it; the rows are results by averages.
        seed, draws, multiplier: as ``Estimates.simultaneous`` has them.

    Raises ``ConfigError`` where nobody could be recognised in several results, or an option cannot be honoured.
    """
    raise_all(ConfigError, WHERE, _problems(effects, averages, draw_problems(seed, draws, multiplier)))
    averaged = [[average_of(effect, average) for average in averages] for effect in effects.values()]
    rows = tuple(found.estimate for each in averaged for found in each)
    had = np.flatnonzero([_has_error(row) for row in rows])
    covariance, deviations, n_shared = np.full((len(rows),) * 2, np.nan), np.full((draws, len(rows)), np.nan), 0
    if had.size:
        moves, n_shared = _together([_moves(*each) for each in zip(effects.values(), averaged, strict=True)])
        covariance[np.ix_(had, had)] = (moves.T @ moves).toarray()
        deviations[:, had] = draw(_stretches(moves), multiplier, draws, seed).deviations
    names = tuple(name for name in effects for _ in averages)
    return JointDraws(names, rows, covariance, deviations, n_shared)


def _problems(effects: Any, averages: Any, problems: list[str]) -> list[str]:
    if not isinstance(effects, Mapping) or not effects:
        return [*problems, "effects are given by name, such as {'mentors': effect}."]
    wrong = kind_problems(GroupTimeATT, "estimate_att makes one", **{str(name): one for name, one in effects.items()})
    if not isinstance(averages, list | tuple) or not averages:
        wrong.append("averages must be a list, such as ['simple', (0, 5)].")
    else:
        wrong += [problem for average in averages for problem in average_problems(average)]
    return [*problems, *wrong] if wrong else [*problems, *_not_together(list(effects.values()))]


def _not_together(effects: list[GroupTimeATT]) -> list[str]:
    first, *others = effects
    problems = [problem for other in others for problem in not_recognised(first, other, ".")]
    if any(len(effect.design.clusters) > 1 for effect in effects):
        problems.append("what is drawn by cluster needs one kind of cluster; name one cluster column.")
    if any(effect.design.errors == "unequal" for effect in effects):
        problems.append("with errors='unequal' no multipliers are drawn; estimate with clustered errors.")
    return list(dict.fromkeys(problems))


def _has_error(row: Estimate | NotEstimated) -> bool:
    return isinstance(row, Estimate) and row.std_error > 0


def _moves(effect: GroupTimeATT, averaged: Sequence[Averaged]) -> tuple[pd.Index, np.ndarray]:
    """Return what the clusters of a result are called, and how each moves those averages that have an error."""
    ((influence, labels),) = kinds_of(effect)
    had = [found.combination for found in averaged if _has_error(found.estimate)]
    return labels, influence.combine(*side_by_side(had)) if had else np.empty((len(labels), 0))


def _together(results: Sequence[tuple[pd.Index, np.ndarray]]) -> tuple[csr_array, int]:
    """Return how each cluster moves each average (clusters of all results by averages), and how many serve in several.

    Most clusters serve in few of many results, so only what is not 0 is kept.
    """
    labels = [index for index, _ in results]
    codes = pd.factorize(labels[0].append(labels[1:]))[0]
    values, rows, columns, serving, first = [], [], [], [], 0
    for place, (_, moves) in zip(
        np.split(codes, np.cumsum([len(index) for index in labels])[:-1]), results, strict=True
    ):
        cluster, average = np.nonzero(moves)
        values.append(moves[cluster, average])
        rows.append(place[cluster])
        columns.append(first + average)
        serving.append(np.unique(rows[-1]))
        first += moves.shape[1]
    where = np.concatenate(rows), np.concatenate(columns)
    together = csr_array((np.concatenate(values), where), shape=(codes.max() + 1, first))
    return together, int((np.bincount(np.concatenate(serving)) > 1).sum())


def _stretches(moves: csr_array) -> Iterator[np.ndarray]:
    for start in range(0, moves.shape[0], STRETCH):
        yield moves[start : start + STRETCH].toarray()


def _row(name: str, row: Estimate | NotEstimated) -> dict[str, Any]:
    numbers = {key: getattr(row, key, math.nan) for key in ("att", "std_error")}
    return {"name": name, "label": getattr(row, "label", None), **numbers, "reason": getattr(row, "reason", None)}
