"""The two-period estimators, for all cells of a contrast at once, with their influence functions.

Sant'Anna and Zhao (2020, Journal of Econometrics 219): outcome regression, inverse probability weighting (normalised)
and the doubly robust estimator with logit and least squares. An influence function here is scaled so that the variance
of an estimate is the plain sum of its squares over independent units.
"""

from dataclasses import dataclass

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.contrasts import Contrast
from tf_eval.did.group_time.logit import Arms, Logit, chances, fit_logit, same_chance
from tf_eval.did.group_time.rows import Some
from tf_eval.did.group_time.sums import Ledger, Sums, add, nothing
from tf_eval.did.group_time.tilting import tilt
from tf_eval.did.reading.covariates import independent_columns
from tf_eval.errors import NotEstimated

# Comparison units whose fitted chance of treatment is above this are set aside, as the reference implementation does:
# their odds would outweigh everyone else's.
TRIM = 0.995
COLLINEAR = "the covariates are collinear among the comparison units, or one is the same for all of them"
FORETOLD = "no overlap: the covariates foretell who is treated"


@dataclass(frozen=True, eq=False)
class Fit:
    """What a contrast's estimates and influence functions are made of, for m cells and p columns of the design.

    columns       of the design, those that are no combination of others among these rows
    att           of each cell
    treated_mean  change of the treated less the model's (m), and ``compared_mean`` that of the weighted comparison rows
    slopes        of the outcome model (p by m), or None
    logit         the chance of treatment, or None
    plain         whether comparison rows weigh as they are, with no model
    treated_total weight of the treated; ``odds_total`` that of the comparison rows by their odds
    pull          what a unit's score does to the estimates through the chance's coefficients (p by m), or None
    reach         what a comparison unit's residual does to them through the slopes (p), or None
    """

    columns: np.ndarray
    att: np.ndarray
    treated_mean: np.ndarray
    compared_mean: np.ndarray
    slopes: np.ndarray | None
    logit: Logit | None
    plain: bool
    treated_total: float
    odds_total: float
    pull: np.ndarray | None
    reach: np.ndarray | None

    @property
    def chance(self) -> np.ndarray | None:
        """Coefficients of the chance of treatment (p), or None."""
        return None if self.logit is None else self.logit.coefficients

    def odds(self, design: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return what comparison rows weigh."""
        if self.chance is None:
            return weight * self.plain
        return odds(design @ self.chance, weight)

    def counted(self, share: np.ndarray, design: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Return what comparison rows count in the estimates: by their ``share`` of all odds, and through the slopes.

        Over all comparison rows the sum is 1.
        """
        return share if self.reach is None else share + weight * (design @ self.reach)

    def residual(self, change: np.ndarray, design: np.ndarray) -> np.ndarray:
        return change if self.slopes is None else change - design @ self.slopes


def odds(index: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return weight x chance / (1 - chance) for the log odds ``index``; nothing above the trimmed chance."""
    highest = np.log(TRIM / (1 - TRIM))
    return np.where(index < highest, weight * np.exp(np.minimum(index, highest)), 0.0)


@dataclass(frozen=True, eq=False)
class Question:
    """A contrast with the sums of its two arms, for changes of the outcome and independent columns of the design."""

    ledger: Ledger
    contrast: Contrast
    columns: np.ndarray
    treated: Sums
    compared: Sums
    like: Logit | None


def fit_contrast(ledger: Ledger, contrast: Contrast, design: Design, like: Logit | None) -> Fit | NotEstimated:
    """Return the fit of a contrast, or why it cannot be had; ``like`` is the chance of treatment in a like one."""
    question = _pose(ledger, contrast, like)
    covariates = len(question.columns) - 1
    if not covariates:
        # With an intercept alone all estimators are the difference of mean changes.
        return _plain(question)
    if len(contrast.compared) < covariates + 2:
        return NotEstimated(f"too few comparison units for {covariates} covariates")
    if design.small_sample and len(contrast.treated) <= covariates + 1:
        return NotEstimated(f"too few treated units for {covariates} covariates")
    return ESTIMATORS[design.method](question)


def _pose(ledger: Ledger, contrast: Contrast, like: Logit | None) -> Question:
    arms = [
        ledger.sums(rows, contrast.position, contrast.columns).change(contrast.after, contrast.base)
        for rows in (contrast.treated, contrast.compared)
    ]
    columns = np.array(independent_columns(arms[0].gram + arms[1].gram))
    treated, compared = (arm.of_columns(columns) for arm in arms)
    like = like if like is not None and len(like.coefficients) == len(columns) else None
    return Question(ledger, contrast, columns, treated, compared, like)


def _plain(question: Question) -> Fit:
    treated, compared = question.treated, question.compared
    means = treated.mean_outcome, compared.mean_outcome
    return Fit(
        question.columns, means[0] - means[1], *means, None, None, True, treated.total, compared.total, None, None
    )


def _regression(question: Question) -> Fit | NotEstimated:
    treated, inverse = question.treated, _inverse(question.compared)
    if inverse is None:
        return NotEstimated(COLLINEAR)
    slopes = inverse @ question.compared.cross
    att = treated.mean_outcome - treated.mean_design @ slopes
    reach, nobody = inverse @ treated.mean_design, np.zeros_like(att)
    return Fit(question.columns, att, att, nobody, slopes, None, False, treated.total, 1.0, None, reach)


def _weighting(question: Question) -> Fit | NotEstimated:
    weighting = _weigh(question)
    return NotEstimated(FORETOLD) if weighting is None else _with_odds(question, *weighting, None, None)


def _doubly_robust(question: Question) -> Fit | NotEstimated:
    inverse = _inverse(question.compared)
    if inverse is None:
        return NotEstimated(COLLINEAR)
    weighting = _weigh(question)
    if weighting is None:
        return NotEstimated(FORETOLD)
    reach = inverse @ (question.treated.mean_design - weighting[1].mean_design)
    return _with_odds(question, *weighting, inverse @ question.compared.cross, reach)


def _improved(question: Question) -> Fit | NotEstimated:
    """Tilted odds, and least squares weighted by them: fitting either moves the estimate only at second order."""
    chance = tilt(_arms(question), question.treated, _afresh(question).coefficients)
    weighted = None if chance is None else _weighted_sums(question, chance)
    if weighted is None or weighted.total <= 0:
        return NotEstimated(FORETOLD)
    inverse = _inverse(weighted)
    if inverse is None:
        return NotEstimated(COLLINEAR)
    return _with_odds(question, Logit(chance), weighted, inverse @ weighted.cross, None)


def _with_odds(
    question: Question, logit: Logit, weighted: Sums, slopes: np.ndarray | None, reach: np.ndarray | None
) -> Fit:
    """Put together whichever of the two models the method uses; ``weighted`` are the comparison sums by odds."""
    treated = _less(question.treated, slopes)
    compared = _less(weighted, slopes)
    treated_mean, compared_mean = treated.mean_outcome, compared.mean_outcome
    centred = compared.cross / compared.total - np.outer(compared.mean_design, compared_mean)
    return Fit(
        columns=question.columns,
        att=treated_mean - compared_mean,
        treated_mean=treated_mean,
        compared_mean=compared_mean,
        slopes=slopes,
        logit=logit,
        plain=False,
        treated_total=treated.total,
        odds_total=compared.total,
        pull=None if logit.inverse_hessian is None else logit.inverse_hessian @ centred,
        reach=reach,
    )


ESTIMATORS = {
    "doubly_robust": _doubly_robust,
    "outcome_regression": _regression,
    "inverse_probability": _weighting,
    "improved_doubly_robust": _improved,
}


def _less(sums: Sums, slopes: np.ndarray | None) -> Sums:
    """Return the sums for what the outcome model leaves over."""
    return sums if slopes is None else Sums(sums.gram, sums.cross - sums.gram @ slopes)


def _inverse(compared: Sums) -> np.ndarray | None:
    """Return the inverse of the comparison rows' Gram matrix; None where their columns are collinear."""
    if len(independent_columns(compared.gram)) < len(compared.gram):
        return None
    return np.linalg.inv(compared.gram)


def _weigh(question: Question) -> tuple[Logit, Sums] | None:
    """Return the fitted chances, and the comparison rows' sums weighted by their odds; None where nobody compares."""
    logit = _logit(question)
    if logit is None:
        return None
    weighted = _weighted_sums(question, logit.coefficients)
    return (logit, weighted) if weighted.total > 0 else None


def _logit(question: Question) -> Logit | None:
    """Return the fitted chances; Newton's steps from a like contrast may lead astray, and then start afresh."""
    arms = _arms(question)
    from_like = None if question.like is None else fit_logit(arms, question.like)
    return from_like if from_like is not None else fit_logit(arms, _afresh(question))


def _arms(question: Question) -> Arms:
    contrast = question.contrast
    return Arms(question.ledger.panel, contrast.treated, contrast.compared, contrast.position, question.columns)


def _afresh(question: Question) -> Logit:
    """Return what to start from: the intercept alone."""
    return same_chance(question.treated.total, question.compared.total, len(question.columns))


def _weighted_sums(question: Question, chance: np.ndarray) -> Sums:
    """Return the comparison rows' sums, weighted by their odds of treatment."""
    ledger, contrast = question.ledger, question.contrast
    total = nothing(len(question.columns), ledger.levels.shape[1])
    for some in contrast.compared.stretches():
        design = design_of(ledger, contrast, question.columns, some)
        weight = odds(design @ chance, ledger.panel.weight[some])
        add(total, design, weight, ledger.outcomes(some, contrast.columns), contrast.columns)
    return total.change(contrast.after, contrast.base)


def design_of(ledger: Ledger, contrast: Contrast, columns: np.ndarray, some: Some) -> np.ndarray:
    """Return the design rows that a contrast's models are fitted with."""
    return ledger.panel.covariates.at(some, contrast.position, columns)


def influence_of(ledger: Ledger, contrast: Contrast, fit: Fit, some: Some, *, treated: bool) -> np.ndarray:
    """Return the influence of some rows of one arm on the contrast's estimates, rows by cells."""
    weight, design = ledger.panel.weight[some], design_of(ledger, contrast, fit.columns, some)
    levels = ledger.levels[some]
    residual = fit.residual(levels[:, contrast.after] - levels[:, contrast.base], design)
    if treated:
        influence = (residual - fit.treated_mean) * (weight / fit.treated_total)[:, None]
    else:
        share = fit.odds(design, weight) / fit.odds_total
        influence = np.outer(share, fit.compared_mean)
        influence -= residual * fit.counted(share, design, weight)[:, None]
    if fit.pull is not None:
        influence -= _score(fit, design, weight, treated)[:, None] * (design @ fit.pull)
    return influence


def _score(fit: Fit, design: np.ndarray, weight: np.ndarray, treated: bool) -> np.ndarray:
    chance = chances(design @ fit.chance)
    return weight * (1 - chance if treated else -chance)
