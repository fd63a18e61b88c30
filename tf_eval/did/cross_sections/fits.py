"""Estimators for one cell of repeated cross-sections, with the influence function of every row.

Sant'Anna and Zhao (2020, Journal of Econometrics 219): outcome regression, inverse probability weighting (normalised)
and the locally efficient doubly robust estimator (their equation 3.4), which fits the outcome in each arm and period.
Who is seen may change from period to period, but not so that one period's rows are of another kind (their assumption of
stationarity). Influence functions are scaled so that a variance is the plain sum of squares over independent rows.
"""

from dataclasses import dataclass, field

import numpy as np

from tf_eval.did.cross_sections.contrasts import ARMS, Arm, SectionContrast
from tf_eval.did.design import Design
from tf_eval.did.group_time.fits import COLLINEAR, FORETOLD, odds
from tf_eval.did.group_time.logit import Arms, Logit, chances, fit_logit, same_chance
from tf_eval.did.group_time.rows import Rows, Some
from tf_eval.did.group_time.sums import Ledger, Sums, add, nothing
from tf_eval.did.reading.covariates import independent_columns
from tf_eval.errors import NotEstimated

OUTCOME = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Mean:
    """The weighted mean of y - x'slopes over an arm, and its part in the effect: ``sign`` +1 or -1."""

    sign: float
    slopes: np.ndarray
    value: float
    total: float
    by_odds: bool = False


@dataclass(frozen=True, eq=False)
class SectionFit:
    """What an effect and its influence function are made of.

    columns  of the design, those that are no combination of others among these rows
    att      the effect
    means    of each arm, weighted means of outcomes less a model
    slopes   of each arm's outcome model, where it has any
    reach    of each arm, what a row's residual of that model does to the effect (p)
    shift    of each arm, what a row's covariates do to the effect through means of model values (p)
    logit    the chance of treatment
    pull     what a row's score does to the effect through the chance's coefficients (p)
    """

    columns: np.ndarray
    att: float
    means: dict[Arm, Mean]
    slopes: dict[Arm, np.ndarray] = field(default_factory=dict)
    reach: dict[Arm, np.ndarray] = field(default_factory=dict)
    shift: dict[Arm, np.ndarray] = field(default_factory=dict)
    logit: Logit | None = None
    pull: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class _Question:
    ledger: Ledger
    contrast: SectionContrast
    columns: np.ndarray
    sums: dict[Arm, Sums]

    def of_treated(self) -> Sums:
        return self.sums[True, True] + self.sums[True, False]

    def zero(self) -> np.ndarray:
        return np.zeros(len(self.columns))


def fit_sections(ledger: Ledger, contrast: SectionContrast, design: Design) -> SectionFit | NotEstimated:
    """Return the fit of a cell, or why it cannot be had; every arm has rows."""
    sums = {arm: ledger.sums(rows, 0, OUTCOME) for arm, rows in contrast.rows.items()}
    columns = np.array(independent_columns(sum(each.gram for each in sums.values())))
    question = _Question(ledger, contrast, columns, {arm: each.of_columns(columns) for arm, each in sums.items()})
    if len(columns) == 1:
        means = {arm: _mean(question.sums[arm], question.zero(), arm) for arm in ARMS}
        return SectionFit(columns, _total(means), means)
    return ESTIMATORS[design.method](question)


def _mean(sums: Sums, slopes: np.ndarray, arm: Arm, *, by_odds: bool = False) -> Mean:
    sign = 1.0 if arm[0] == arm[1] else -1.0
    return Mean(sign, slopes, float(sums.mean_outcome[0] - sums.mean_design @ slopes), sums.total, by_odds)


def _total(means: dict[Arm, Mean]) -> float:
    return sum(mean.sign * mean.value for mean in means.values())


def _regression(question: _Question) -> SectionFit | NotEstimated:
    models = _models(question, [(False, True), (False, False)])
    if models is None:
        return NotEstimated(COLLINEAR)
    slopes, inverses = models
    means = {arm: _mean(question.sums[arm], question.zero(), arm) for arm in ARMS if arm[0]}
    everybody = question.of_treated()
    foreseen = slopes[False, True] - slopes[False, False]
    centred = foreseen - _at_intercept(foreseen, everybody.mean_design @ foreseen)
    shift = {arm: -centred / everybody.total for arm in means}
    pulled = {(False, True): -1.0, (False, False): 1.0}
    reach = {arm: sign * inverses[arm] @ everybody.mean_design for arm, sign in pulled.items()}
    att = _total(means) - float(everybody.mean_design @ foreseen)
    return SectionFit(question.columns, att, means, slopes, reach, shift)


def _weighting(question: _Question) -> SectionFit | NotEstimated:
    logit = _logit(question)
    weighted = None if logit is None else _weigh(question, logit)
    if weighted is None:
        return NotEstimated(FORETOLD)
    means = _means(question, weighted, {})
    return SectionFit(question.columns, _total(means), means, logit=logit, pull=_pull(logit, weighted, means))


def _doubly_robust(question: _Question) -> SectionFit | NotEstimated:
    models = _models(question, ARMS)
    if models is None:
        return NotEstimated(COLLINEAR)
    logit = _logit(question)
    weighted = None if logit is None else _weigh(question, logit)
    if weighted is None:
        return NotEstimated(FORETOLD)
    slopes, inverses = models
    means = _means(question, weighted, slopes)
    att, shift, moved = _efficiency(question, slopes)
    reach = {}
    for treated, after in ARMS:
        sign = 1.0 if after else -1.0
        own = sign * moved[after]
        if not treated:
            gap = weighted[False, after].mean_design - question.sums[True, after].mean_design
            own = sign * gap - own
        reach[treated, after] = inverses[treated, after] @ own
    pull = _pull(logit, weighted, means)
    return SectionFit(question.columns, _total(means) + att, means, slopes, reach, shift, logit, pull)


ESTIMATORS = {
    "doubly_robust": _doubly_robust,
    "outcome_regression": _regression,
    "inverse_probability": _weighting,
}


def _efficiency(
    question: _Question, slopes: dict[Arm, np.ndarray]
) -> tuple[float, dict[Arm, np.ndarray], dict[bool, np.ndarray]]:
    """Return what the treated rows of the other period add, the shifts that it means, and how far means are moved.

    In each period the difference of the two arms' models, averaged over all treated rows instead of that period's.
    """
    everybody, att = question.of_treated(), 0.0
    shift, moved = {arm: question.zero() for arm in ARMS if arm[0]}, {}
    for after in (True, False):
        sign, own = 1.0 if after else -1.0, question.sums[True, after]
        apart = slopes[True, after] - slopes[False, after]
        moved[after] = everybody.mean_design - own.mean_design
        att += sign * float(moved[after] @ apart)
        for arm in shift:
            shift[arm] = shift[arm] + sign * (apart - _at_intercept(apart, everybody.mean_design @ apart)) / (
                everybody.total
            )
        own_shift = sign * (apart - _at_intercept(apart, own.mean_design @ apart)) / own.total
        shift[True, after] = shift[True, after] - own_shift
    return att, shift, moved


def _at_intercept(like: np.ndarray, value: float) -> np.ndarray:
    """Return coefficients of nothing but the intercept."""
    alone = np.zeros_like(like)
    alone[0] = value
    return alone


def _models(question: _Question, arms: list[Arm] | tuple[Arm, ...]) -> tuple[dict, dict] | None:
    """Return slopes and inverse Gram matrices of the arms; None where the covariates of one are collinear."""
    slopes, inverses = {}, {}
    for arm in arms:
        sums = question.sums[arm]
        if len(independent_columns(sums.gram)) < len(sums.gram):
            return None
        inverses[arm] = np.linalg.inv(sums.gram)
        slopes[arm] = inverses[arm] @ sums.cross[:, 0]
    return slopes, inverses


def _means(question: _Question, weighted: dict[Arm, Sums], slopes: dict[Arm, np.ndarray]) -> dict[Arm, Mean]:
    """Return the treated means, and those of the comparison rows by odds, less the comparison model of the period."""
    means = {}
    for arm in ARMS:
        model = slopes.get((False, arm[1]), question.zero())
        sums = question.sums[arm] if arm[0] else weighted[arm]
        means[arm] = _mean(sums, model, arm, by_odds=not arm[0])
    return means


def _logit(question: _Question) -> Logit | None:
    treated, compared = (question.contrast.of_treated(one) for one in (True, False))
    arms = Arms(question.ledger.panel, treated, compared, 0, question.columns)
    n_compared = question.sums[False, True].total + question.sums[False, False].total
    return fit_logit(arms, same_chance(question.of_treated().total, n_compared, len(question.columns)))


def _weigh(question: _Question, logit: Logit) -> dict[Arm, Sums] | None:
    """Return the comparison arms' sums by their odds of treatment; None where nobody compares."""
    weighted = {arm: _odds_sums(question, rows, logit) for arm, rows in question.contrast.rows.items() if not arm[0]}
    return weighted if all(sums.total > 0 for sums in weighted.values()) else None


def _odds_sums(question: _Question, rows: Rows, logit: Logit) -> Sums:
    total, panel = nothing(len(question.columns), 1), question.ledger.panel
    for some in rows.stretches():
        design = panel.covariates.at(some, 0, question.columns)
        add(total, design, odds(design @ logit.coefficients, panel.weight[some]), panel.outcome[some], OUTCOME)
    return total


def _pull(logit: Logit, weighted: dict[Arm, Sums], means: dict[Arm, Mean]) -> np.ndarray:
    total = np.zeros(len(logit.coefficients))
    for arm, sums in weighted.items():
        residual = sums.cross[:, 0] - sums.gram @ means[arm].slopes
        total = total + means[arm].sign * (residual / sums.total - sums.mean_design * means[arm].value)
    return logit.inverse_hessian @ total


def section_influence(ledger: Ledger, fit: SectionFit, arm: Arm, some: Some) -> np.ndarray:
    """Return the influence of some rows of an arm on the effect."""
    panel = ledger.panel
    design, outcome, weight = panel.covariates.at(some, 0, fit.columns), panel.outcome[some, 0], panel.weight[some]
    influence = np.zeros(len(weight))
    if arm in fit.means:
        mean = fit.means[arm]
        share = odds(design @ fit.logit.coefficients, weight) if mean.by_odds else weight
        influence += mean.sign * share / mean.total * (outcome - design @ mean.slopes - mean.value)
    if arm in fit.shift:
        influence += weight * (design @ fit.shift[arm])
    if arm in fit.reach:
        influence += weight * (outcome - design @ fit.slopes[arm]) * (design @ fit.reach[arm])
    if fit.pull is not None:
        chance = chances(design @ fit.logit.coefficients)
        influence += weight * (arm[0] - chance) * (design @ fit.pull)
    return influence
