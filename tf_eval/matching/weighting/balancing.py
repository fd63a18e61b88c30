"""Balancing weights of the comparison rows, or a refusal that names what cannot be balanced."""

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.weighting.dual import Law, Solution, solve_dual
from tf_eval.matching.weighting.moments import Moments

MET = 1e-6  # standard deviations: what a moment may be off, beyond the tolerance asked for
PLAIN = 1e-3  # standard deviations, or of the largest multiplier: what is left below it follows from others


def balance(moments: Moments, law: Law, slack: float = 0.0) -> Solution:
    """Return the weights that meet the moments to within ``slack``.

    Without slack the columns that follow from others are left out of the search: meeting the others meets them. With
    slack each is held, since differences within the slack can add up. Raises ``EstimationError`` that names the
    moments which no weights meet.
    """
    values = moments.of_rows(moments.compared)
    held = list(range(len(moments.names))) if slack else moments.independent(values)
    solution = solve_dual(values, moments.blocks, law, slack, held)
    off = np.abs(solution.imbalance) - slack
    if not (off <= MET).all():
        raise EstimationError(_refusal(_culprits(moments, values, off, solution.point, slack)))
    return solution


def _culprits(moments: Moments, values: np.ndarray, off: np.ndarray, pull: np.ndarray, slack: float) -> list[str]:
    """Return the moments that are out of reach by themselves; where none is, those that are together.

    Where several are, their multipliers grow without end towards a sum of them that is higher in the treated mean than
    in any comparison row, so that the largest multipliers tell which they are.
    """
    blocks = moments.blocks
    highest, lowest = (blocks.total @ end.reduceat(values, blocks.start, axis=0) for end in (np.maximum, np.minimum))
    out_of_reach = (highest < -slack - MET) | (lowest > slack + MET)
    together = (np.abs(pull) > PLAIN * np.abs(pull).max(initial=0.0)) | ~(off <= PLAIN)
    chosen = out_of_reach if out_of_reach.any() else together
    return [name for name, is_chosen in zip(moments.names, chosen, strict=True) if is_chosen]


def _refusal(culprits: list[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in culprits)
    return (
        f"match: no weights of the comparison rows can balance {listed}: no mixture of these rows looks like the "
        "treated. Leave some covariates out, ask for fewer moments or fewer exact cells, or use stable_balancing with "
        "a wider tolerance."
    )
