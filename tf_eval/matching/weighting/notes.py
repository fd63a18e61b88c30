"""What a reader has to know of weights: that a few rows carry much, or units several, and who takes no part."""

from collections.abc import Mapping

import numpy as np

from tf_eval.matching.cells import in_both_arms
from tf_eval.matching.display import rounded
from tf_eval.matching.problem import Problem

LARGE_SHARE = 0.05
OUTLYING = 2.0  # times an even share: twenty rows of equal weight have 5 % each, and none of them is extreme


def weight_notes(problem: Problem, weight: np.ndarray) -> list[str]:
    """Return sentences on the weights of each arm; ``weight`` has an entry for each row of the problem."""
    arms = {"treated": weight[problem.treated], "comparison": weight[~problem.treated]}
    notes = extreme_notes(arms)
    if problem.estimand != "att" and not in_both_arms(problem.treated, problem.cell).all():
        notes.append("Rows of cells and risk sets that lack one of the groups take no part.")
    return [*notes, *repeated_note("Comparison", problem.unit[~problem.treated & (weight > 0)])]


def repeated_note(arm: str, unit: np.ndarray) -> list[str]:
    """Say of how many units the rows of an arm are, where some have several."""
    units = np.count_nonzero(np.bincount(unit))
    if units == len(unit):
        return []
    return [f"{arm} rows are of {rounded(units)} units, some of which have several rows."]


def extreme_notes(arms: Mapping[str, np.ndarray]) -> list[str]:
    """Return a sentence for each arm (its weights by its name) in which one row carries much."""
    return [_extreme(name, own[own > 0]) for name, own in arms.items() if _is_extreme(own[own > 0])]


def _is_extreme(weight: np.ndarray) -> bool:
    return weight.max() > weight.sum() * max(LARGE_SHARE, OUTLYING / len(weight))


def _extreme(name: str, weight: np.ndarray) -> str:
    return f"A single {name} row carries {weight.max() / weight.sum():.0%} of the weight of its group."
