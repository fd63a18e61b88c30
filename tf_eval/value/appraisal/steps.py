"""Effects over steps of months since the start, with draws of all of them together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tf_eval import did
from tf_eval.did.design import Design
from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeEffect
from tf_eval.value.staying import Staying

Step = tuple[int, int]
Effect = did.GroupTimeATT | OutcomeEffect


class StepEffect(NamedTuple):
    """The mean effect over a step: the fewest units of each arm in any of its months, the rest as ``did.Estimate``."""

    att: float
    n_treated: int
    n_comparison: int
    treated_share: float
    degrees_of_freedom: float
    design: Design


@dataclass(frozen=True, eq=False)
class DrawnSteps:
    """Effects of k outcomes over m steps.

    rows        k lists of m, in order
    deviations  how far they would have come out from that, drawn together; shape (draws, k, m)
    """

    rows: list[list[StepEffect | NotEstimated]]
    deviations: np.ndarray

    @property
    def degrees_of_freedom(self) -> float:
        """The fewest of any."""
        had = (row.degrees_of_freedom for rows in self.rows for row in rows if isinstance(row, StepEffect))
        return min(had, default=math.inf)


def draw_steps(effects: Mapping[str, did.GroupTimeATT], steps: Sequence[Step], seed: int, draws: int) -> DrawnSteps:
    """Return the effects as they were estimated; see ``did.draw_jointly``."""
    joint = did.draw_jointly(effects, [tuple(step) for step in steps], seed=seed, draws=draws)
    rows, count = [_mean([row]) for row in joint.rows], len(steps)
    return DrawnSteps(
        [rows[first : first + count] for first in range(0, len(rows), count)],
        np.nan_to_num(joint.deviations).reshape(draws, -1, count),
    )


def draw_weighed(
    effects: Mapping[str, Effect], staying: Staying, steps: Sequence[Step], seed: int, draws: int
) -> DrawnSteps:
    """Return the effects with the weights of those who stay: over a step the mean of its months that could be had."""
    months = {(name, month): found for name in effects for month, found in enumerate(staying.by_month(effects[name]))}
    had = {at: found for at, found in months.items() if isinstance(found, did.GroupTimeATT)}
    rows, moves = dict(months), {}
    if had:
        named = {f"{name} {month}": found for (name, month), found in had.items()}
        joint = did.draw_jointly(named, seed=seed, draws=draws)
        rows |= dict(zip(had, joint.rows, strict=True))
        moves = dict(zip(had, np.nan_to_num(joint.deviations).T, strict=True))
    parts = [[[(name, month) for month in range(first, last + 1)] for first, last in steps] for name in effects]
    return DrawnSteps(
        rows=[[_mean([rows[at] for at in part]) for part in each] for each in parts],
        deviations=np.moveaxis([[_moved(rows, moves, part, draws) for part in each] for each in parts], -1, 0),
    )


def _moved(rows: Mapping, moves: Mapping, part: Sequence[tuple[str, int]], draws: int) -> np.ndarray:
    """Return how far the mean over the months of a step is moved in each draw."""
    had = [moves[at] for at in part if isinstance(rows[at], did.Estimate)]
    return np.mean(had, axis=0) if had else np.zeros(draws)


def _mean(rows: Sequence[did.Estimate | NotEstimated]) -> StepEffect | NotEstimated:
    had = [row for row in rows if isinstance(row, did.Estimate)]
    if not had:
        return rows[0]
    return StepEffect(
        att=float(np.mean([row.att for row in had])),
        n_treated=min(row.n_treated for row in had),
        n_comparison=min(row.n_comparison for row in had),
        treated_share=sum(row.treated_share for row in had) / len(rows),
        degrees_of_freedom=min(row.degrees_of_freedom for row in had),
        design=had[0].design,
    )
