"""From a caller's frame to the problem that a method solves, and the score that was fitted for it."""

import numpy as np
import pandas as pd

from tf_eval.matching.design import Design
from tf_eval.matching.matched import Matched
from tf_eval.matching.methods.covariate_balancing import fit_balancing_score
from tf_eval.matching.options import LEAST, NARROW, STARS, chooses, keeps_ratio, promised_difference, uses_score
from tf_eval.matching.pairs import Pairs, find_pairs
from tf_eval.matching.problem import Problem, joint_stratum
from tf_eval.matching.reading.sample import Sample, read_sample
from tf_eval.matching.score.models import choose_learner, learn_propensity
from tf_eval.matching.score.propensity import Propensity, fit_propensity
from tf_eval.matching.score.support import outside_support


def pose(frame: pd.DataFrame, design: Design, keep: Matched | None = None) -> tuple[Problem, Propensity | None]:
    """Return the problem that a design makes of a frame, and the score that was fitted for it, if any was."""
    sample = read_sample(frame, design)
    propensity = _propensity(sample, design) if design.score is None and uses_score(design.method) else None
    earlier = () if keep is None else find_pairs(keep, frame.iloc[sample.input_row], design)
    return _problem(sample, design, propensity, earlier), propensity


def _propensity(sample: Sample, design: Design) -> Propensity:
    if design.method == "covariate_balancing":
        stratum = joint_stratum(sample.risk_set, sample.exact_cell)
        return fit_balancing_score(sample.treated, sample.covariates, stratum)
    values, regressor_names = sample.covariates.regressors()
    if (design.score_model, design.folds) == ("logistic", None):
        return fit_propensity(values, regressor_names, sample.treated, design.penalty)
    learn = choose_learner(design.score_model, regressor_names, design.penalty)
    return learn_propensity(learn, design.score_model, values, sample.treated, sample.unit, design.folds)


def _score(sample: Sample, design: Design, propensity: Propensity | None) -> np.ndarray:
    if propensity is not None:
        return getattr(propensity, design.caliper_scale)
    return np.zeros(len(sample.treated)) if sample.score is None else sample.score


def _problem(sample: Sample, design: Design, propensity: Propensity | None, earlier: Pairs) -> Problem:
    score = _score(sample, design, propensity)
    outside = outside_support(score, sample.treated, design.common_support)
    cell_of_its_own = sample.exact_cell.max() + 1 + sample.treated
    return Problem(
        treated=sample.treated,
        covariates=sample.covariates,
        score=score,
        caliper=np.inf if design.caliper is None else design.caliper * float(score.std(ddof=1)),
        ratio=design.wanted,
        order=design.order,
        exact_cell=np.where(outside, cell_of_its_own, sample.exact_cell),
        outside=outside,
        risk_set=sample.risk_set,
        unit=sample.unit,
        input_row=sample.input_row,
        near=sample.near,
        apart=sample.apart,
        alike=sample.alike,
        min_ratio=design.min_ratio,
        max_ratio=design.max_ratio,
        reuse=design.reuse,
        seed=design.seed,
        position=sample.position,
        earlier=earlier,
        estimand=design.estimand,
        moments=design.moments,
        subclasses=design.subclasses,
        least=design.method in LEAST,
        stars=design.method in STARS,
        narrow=design.method in NARROW,
        tolerance=promised_difference(design.method, design.tolerance),
        whole=chooses(design.method),
        in_ratio=keeps_ratio(design.method),
        twin=sample.twin,
    )
