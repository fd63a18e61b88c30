"""The rows of several arms with their generalised propensity scores, and those whose scores all arms have."""

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from tf_eval.errors import EstimationError
from tf_eval.matching.arms.design import WHERE
from tf_eval.matching.arms.sample import FEWEST, ArmsSample
from tf_eval.matching.display import counted
from tf_eval.matching.score.generalised import GeneralisedPropensity, fit_generalised, log_odds_of
from tf_eval.matching.score.support import outside_all


@dataclass(frozen=True, eq=False)
class Scored:
    """The rows that can take part.

    sample      the rows, as arrays
    predictor   the log odds of each arm against the reference, rows by arms
    """

    sample: ArmsSample
    predictor: np.ndarray

    @property
    def probability(self) -> np.ndarray:
        """The generalised propensity score: the probability of each arm, rows by arms."""
        return softmax(self.predictor, axis=1)


def score_arms(sample: ArmsSample) -> tuple[Scored, np.ndarray, tuple[str, ...]]:
    """Return the rows that can take part with their scores, which rows of the sample these are, and notes.

    Where common support is asked for, the score is fitted to all rows, those outside of it are left out, and the score
    is fitted once more to the others, as Lopez and Gutman (2017) advise.
    """
    inside, notes = np.ones(len(sample.arm), dtype=bool), ()
    if sample.design.common_support:
        predictor = _fit(sample).predictor(_values(sample))
        each = np.column_stack([log_odds_of(predictor, arm) for arm in range(len(sample.arms))])
        inside = ~outside_all(each, sample.arm)
        notes = _said(sample, inside)
    kept = sample if inside.all() else sample.only(np.flatnonzero(inside))
    score = _fit(kept)
    return Scored(kept, score.predictor(_values(kept))), inside, (*notes, *score.notes)


def _values(sample: ArmsSample) -> np.ndarray:
    return sample.covariates.regressors()[0]


def _fit(sample: ArmsSample) -> GeneralisedPropensity:
    return fit_generalised(*sample.covariates.regressors(), sample.arm)


def _said(sample: ArmsSample, inside: np.ndarray) -> tuple[str, ...]:
    """Say how many rows of each arm were left out; raise ``EstimationError`` where too few are left of one."""
    arms = range(len(sample.arms))
    left = [int((inside & (sample.arm == arm)).sum()) for arm in arms]
    lost = [f"'{sample.arms[arm]}'" for arm in arms if left[arm] < FEWEST]
    if lost:
        raise EstimationError(
            f"{WHERE}: hardly any row of {', '.join(lost)} has scores that all arms have, so that the arms cannot be "
            "compared. Compare fewer arms, or ask for fewer covariates."
        )
    if inside.all():
        return ()
    listed = ", ".join(_left_out(sample, inside, arm) for arm in arms)
    return (f"Rows outside of the scores that all arms have were left out: {listed}.",)


def _left_out(sample: ArmsSample, inside: np.ndarray, arm: int) -> str:
    own = sample.arm == arm
    out, every = (counted(rows.sum(), len(np.unique(sample.unit[rows]))) for rows in (own & ~inside, own))
    return f"{out} of {every} '{sample.arms[arm]}' rows"
