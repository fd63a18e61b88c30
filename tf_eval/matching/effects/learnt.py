"""Weights that were learnt from the rows themselves, and what that does to the error of an effect."""

from dataclasses import dataclass

import numpy as np

from tf_eval.matching.everyone import Everyone
from tf_eval.matching.matched import Matched
from tf_eval.matching.options import MEANS_MET
from tf_eval.matching.scatter import scatter
from tf_eval.matching.score.regressors import Regressors

BY_CHANCE = ("inverse_probability", "overlap")  # weights by a logistic score at the top of its likelihood
AT_TOP = 1e-6  # of the sizes of what sums to zero there
FEWEST = 5  # rows of either arm in a set, below which their own spread says too little of their mean


@dataclass(frozen=True, eq=False)
class Learnt:
    """Weights that follow from an index of covariates, which a fit on these rows has chosen. One entry for each row.

    columns     the index's columns, rows by coefficients
    growth      by how much of itself the weight grows with the index
    error       what, times the columns, sums to zero over the rows: the equations that the fit has solved
    steepness   how fast the error falls as the index grows
    """

    columns: np.ndarray
    growth: np.ndarray
    error: np.ndarray
    steepness: np.ndarray

    @property
    def at_top(self) -> bool:
        """Whether the fit has solved these equations, and not some with a penalty or of other rows."""
        sums, sizes = self.error @ self.columns, np.abs(self.error) @ np.abs(self.columns)
        return bool((np.abs(sums) <= AT_TOP * sizes).all())

    def indirect(self, influence: np.ndarray) -> np.ndarray:
        """Return how far each row moves an estimate by moving the weights of all rows.

        influence   how far each row moves it by its own outcome, the weights being what they are

        Stacked estimating equations (Stefanski and Boos 2002; of weights by a score: Lunceford and Davidian 2004).
        """
        moved = self.columns.T @ (self.growth * influence)
        return self.error * (self.columns @ np.linalg.solve(scatter(self.columns, self.steepness), moved))


@dataclass(frozen=True, eq=False)
class LearntInSets:
    """Weights that follow from the share of each set's rows who are treated. One entry for each row, as ``Learnt``."""

    set_code: np.ndarray
    growth: np.ndarray
    error: np.ndarray
    steepness: np.ndarray

    def indirect(self, influence: np.ndarray) -> np.ndarray:
        """Return what ``Learnt.indirect`` does, for an index with a column for each set."""
        moved = np.bincount(self.set_code, self.growth * influence) / np.bincount(self.set_code, self.steepness)
        return self.error * moved[self.set_code]


def learnt_weights(matched: Matched, set_code: np.ndarray | None) -> Learnt | LearntInSets | None:
    """Return how the weights of a match were learnt, in the order of its frame.

    None where they do not follow smoothly from one fit without penalty on these very rows: they have then to be taken
    as known, as have those of rows that weigh the same within exact cells or risk sets. Of sets, only those of
    subclassification have as a rule rows enough of both arms to learn from.
    """
    if matched.design.method == "subclassification" and set_code is not None:
        return _in_sets(matched, set_code)
    return _by_fit(matched)


def _in_sets(matched: Matched, set_code: np.ndarray) -> LearntInSets | None:
    treated = matched.frame[matched.treated].to_numpy(dtype=bool)
    size, few = np.bincount(set_code), np.bincount(set_code, treated)
    if np.minimum(few, size - few).min() < FEWEST:
        return None
    share = few / size
    return LearntInSets(set_code, *_by_chance(treated, share[set_code], matched.design.estimand))


def _by_fit(matched: Matched) -> Learnt | None:
    design, everyone = matched.design, matched.everyone
    elsewhere = design.score or design.exact or design.risk_set or design.moments > 1
    if elsewhere or design.method not in (*BY_CHANCE, *MEANS_MET) or not everyone.weight.all():
        return None
    rows = everyone.matched_rows()
    columns = Regressors.of(*everyone.covariates.regressors()).columns[rows]
    if design.method in BY_CHANCE:
        law = _by_chance(everyone.treated, everyone.score, design.estimand)
    else:
        law = _by_balance(everyone)
    learnt = Learnt(columns, *(part[rows] for part in law))
    return learnt if learnt.at_top else None


def _by_chance(treated: np.ndarray, chance: np.ndarray, estimand: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    growth = {
        "att": np.where(treated, 0.0, 1.0),
        "atc": np.where(treated, -1.0, 0.0),
        "ate": np.where(treated, chance - 1, chance),
        "ato": np.where(treated, -chance, 1 - chance),
    }[estimand]
    return growth, treated - chance, chance * (1 - chance)


def _by_balance(everyone: Everyone) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The odds by which comparison rows weigh as the treated do, in sum and in each mean."""
    compared = ~everyone.treated
    odds = np.where(compared, everyone.weight * everyone.treated.sum() / compared.sum(), 0.0)
    return compared.astype(float), everyone.treated - odds, odds
