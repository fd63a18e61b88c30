"""The two regressions on the untreated observations of a set: of unit and period effects, and of these with leads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tf_eval.did.group_time.groups import Block
from tf_eval.did.imputing.least_squares import Solution, solve
from tf_eval.did.imputing.sample import Sample

Equations = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Lead:
    """A dummy for the units of one block in one period before their treatment."""

    block: int
    position: int


def equations_of(sample: Sample, block: Block) -> Equations:
    """Return a block's share of the normal equations: Gram matrix and moments."""
    parts = [part.normal() for part in sample.parts(block)]
    return sum(gram for gram, _ in parts), sum(moments for _, moments in parts)


def fit_effects(sample: Sample, equations: Sequence[Equations]) -> Solution:
    """Return the fit of period effects and slopes; unknown directions are those that anything can depend on."""
    solution = solve(sum(gram for gram, _ in equations), sum(moments for _, moments in equations))
    always_unknown = sample.fixed.shape[1]
    if solution.unknown.shape[1] > always_unknown:
        return solution
    # What adds the same to all periods is taken up by the unit effects: nothing can depend on it.
    return Solution(solution.coefficients, solution.inverse, solution.unknown[:, :0], solution.known)


@dataclass(frozen=True, eq=False)
class LeadFit:
    """The fit with leads: ``att`` and ``known`` of each lead, and for each block the coefficients that hold for it.

    ``coefficients`` (blocks by coefficients) and ``directions`` (blocks by coefficients by leads) have the leads of a
    block added to its own period effects, which is what they are to it.
    """

    att: np.ndarray
    known: np.ndarray
    coefficients: np.ndarray
    directions: np.ndarray


def fit_leads(sample: Sample, equations: Sequence[Equations], leads: Sequence[Lead]) -> LeadFit:
    """Return the fit of leads beside the period effects.

    A lead is a period effect of one block, so that its equations are rows and columns of that block's own.
    """
    width = sample.width
    columns = np.array([lead.position * sample.fixed.shape[1] for lead in leads], dtype=np.int64)
    blocks = np.array([lead.block for lead in leads], dtype=np.int64)
    solution = solve(*_with_leads(equations, blocks, columns))
    coefficients = np.tile(solution.coefficients[:width], (len(equations), 1))
    coefficients[blocks, columns] += solution.coefficients[width:]
    directions = np.tile(solution.inverse[:width, width:], (len(equations), 1, 1))
    directions[blocks, columns] += solution.inverse[width:, width:]
    return LeadFit(solution.coefficients[width:], solution.known[width:], coefficients, directions)


def _with_leads(equations: Sequence[Equations], blocks: np.ndarray, columns: np.ndarray) -> Equations:
    gram, moments = sum(gram for gram, _ in equations), sum(moments for _, moments in equations)
    across, own = np.zeros((len(gram), len(columns))), np.zeros(len(columns))
    within = np.zeros((len(columns), len(columns)))
    for block in np.unique(blocks):
        mine, (its_gram, its_moments) = np.flatnonzero(blocks == block), equations[block]
        across[:, mine] = its_gram[:, columns[mine]]
        within[np.ix_(mine, mine)] = its_gram[np.ix_(columns[mine], columns[mine])]
        own[mine] = its_moments[columns[mine]]
    return np.block([[gram, across], [across.T, within]]), np.concatenate([moments, own])
