"""The two regressions on the untreated observations of a set: of unit and period effects, and of these with leads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.group_time.groups import Block
from tf_eval.did.imputing.least_squares import Equations, Fitted, added, fit
from tf_eval.did.imputing.sample import Sample


@dataclass(frozen=True, eq=False)
class Lead:
    """A dummy for the units of one block in one period before their treatment."""

    block: int
    position: int


def equations_of(sample: Sample, block: Block) -> Equations:
    """Return a block's share of the normal equations."""
    return added([part.normal() for part in sample.parts(block)])


def fit_effects(sample: Sample, equations: Sequence[Equations]) -> Fitted:
    """Return the fit of period effects and slopes; unknown directions are those that anything can depend on."""
    fitted, always_unknown = fit(added(equations)), sample.fixed.shape[1]
    if fitted.unknown.shape[1] > always_unknown:
        return fitted
    # What adds the same to all periods is taken up by the unit effects: nothing can depend on it.
    return replace(fitted, unknown=fitted.unknown[:, :0])


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
    fitted = fit(_with_leads(equations, blocks, columns))
    coefficients = np.tile(fitted.coefficients[:width], (len(equations), 1))
    coefficients[blocks, columns] += fitted.coefficients[width:]
    directions = np.tile(fitted.inverse[:width, width:], (len(equations), 1, 1))
    directions[blocks, columns] += fitted.inverse[width:, width:]
    return LeadFit(fitted.coefficients[width:], fitted.known[width:], coefficients, directions)


def _with_leads(equations: Sequence[Equations], blocks: np.ndarray, columns: np.ndarray) -> Equations:
    every = added(equations)
    across, within = np.zeros((len(every.gram), len(columns))), np.zeros((len(columns), len(columns)))
    moments, whole = np.zeros((2, len(columns)))
    for block in np.unique(blocks):
        mine, its = np.flatnonzero(blocks == block), equations[block]
        across[:, mine] = its.gram[:, columns[mine]]
        within[np.ix_(mine, mine)] = its.gram[np.ix_(columns[mine], columns[mine])]
        moments[mine], whole[mine] = its.moments[columns[mine]], its.whole[columns[mine]]
    return Equations(
        np.block([[every.gram, across], [across.T, within]]),
        np.concatenate([every.moments, moments]),
        np.concatenate([every.whole, whole]),
    )
