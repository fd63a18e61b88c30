"""Extended two-way fixed effects for counts, rates and chances: what would have happened moves by ratios.

Wooldridge (2023, Econometrics Journal 26, "Simple approaches to nonlinear difference-in-differences with panel data").
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.cells import Cells
from tf_eval.did.reading.panel import Panel
from tf_eval.did.regression.columns import beside, indicators, interactions, scaled
from tf_eval.did.regression.least_squares import small_sample
from tf_eval.did.regression.mean_model import FAMILIES, Family, MeanModel, fit_means, varied
from tf_eval.did.regression.observations import Observations, observe
from tf_eval.did.regression.saturation import MIXED, Saturation, conclude
from tf_eval.errors import InputError

UNSETTLED = "the model does not settle, since something foretells the outcome without fail"
# Of a group or a period in which outcomes are as low, or as high, as they can be: any multiple of 0 is 0.
CONSTANT = "{whose} outcome is {value} throughout: {trend} cannot be known from it"
OF_PERIOD = "in this period the comparison units'"
TRENDS = {"poisson": "a proportional trend", "logit": "a trend in log odds"}
# Outcomes are kept less their unit's mean: an outcome of 0 comes back as rounding of the mean.
ROUNDING = 16 * np.finfo(float).eps


@dataclass(frozen=True, eq=False)
class Arm:
    """Rows with their outcome in its own units, and their columns in the model of the untreated."""

    rows: Observations
    outcome: np.ndarray
    columns: csr_array


def estimate_by_ratio(saturation: Saturation, design: Design) -> Estimation:
    """Return the effects on each cell: the mean outcome less what the model of the untreated says it would have been.

    The index (log of the mean, or log odds) has a constant for each cohort and period and, of each covariate, a slope
    for each cohort and period. The pooled regression in which every cell has a constant and slopes of its own gives the
    same effects: with a canonical link its treated rows tell nothing of the untreated (Wooldridge 2023, section 5).

    Raises ``InputError`` for outcomes that the family cannot have.
    """
    family = FAMILIES[design.family]
    _refuse_impossible(saturation, family)
    fitted = _model_rows(saturation, family)
    untreated = _arm(saturation, family, fitted)
    treated = _arm(saturation, family, saturation.used & (saturation.cell >= 0))
    fit = fit_means(family, untreated.columns, untreated.outcome, untreated.rows.weight) if fitted.any() else None
    if fit is None:
        found = _nothing(saturation, UNSETTLED if fitted.any() else MIXED)
    else:
        scale = _small_sample(saturation, fit) if design.small_sample else 1.0
        found = _compare(saturation, fit, untreated, treated, scale)
    _explain_constant(found.cells, saturation, family, fitted)
    return found


def _nothing(saturation: Saturation, reason: str) -> Estimation:
    none = np.zeros((len(saturation.panel), saturation.n_cells))
    found = conclude(saturation, np.full(saturation.n_cells, np.nan), none, (), none)
    found.cells.reason[found.cells.reason == MIXED] = reason
    return found


def _explain_constant(cells: Cells, saturation: Saturation, family: Family, fitted: np.ndarray) -> None:
    """Give the cells their reason whose group, or period, the model had to leave out; ``fitted`` are its rows."""
    unit, period = np.nonzero(saturation.used & (saturation.column < 0))
    outcome, kept = _in_own_units(saturation.panel, family, unit, period), fitted[unit, period]
    trend = TRENDS[saturation.design.family]
    for cell in np.flatnonzero(~cells.estimated & (np.minimum(cells.n_treated, cells.n_comparison) > 0)):
        rows = saturation.groups[cells.group[cell]].treated.rows
        own, then = (unit >= rows.start) & (unit < rows.stop), saturation.panel.periods[period] == cells.period[cell]
        for whose, members in ((_of_group(saturation.design), own), (OF_PERIOD, then)):
            if members.any() and not kept[members].any():
                value = " or ".join(f"{one:g}" for one in np.unique(outcome[members]))
                cells.reason[cell] = CONSTANT.format(whose=whose, value=value, trend=trend)
                break


def _of_group(design: Design) -> str:
    return f"{'in the base period' if design.comparison == 'never_treated' else 'before treatment'} the group's"


def _compare(saturation: Saturation, fit: MeanModel, untreated: Arm, treated: Arm, scale: float) -> Estimation:
    """Return the cells: each one's mean outcome against its rows' means by the model."""
    cell = saturation.cell[treated.rows.unit, treated.rows.period]
    share = _shares(treated.rows.weight, cell, saturation.n_cells)
    expected = fit.means(treated.columns)
    average = csr_array((share, (cell, np.arange(len(cell)))), (saturation.n_cells, len(cell)))
    undetermined = np.bincount(cell, ~fit.solution.determines(treated.columns), saturation.n_cells) > 0
    observed, counterfactual = average @ treated.outcome, average @ expected
    att = np.where(undetermined, np.nan, observed - counterfactual)
    slopes = average @ scaled(treated.columns, fit.family.slope(expected))
    scores = csr_array(untreated.rows.by_unit @ scaled(untreated.columns, fit.residual))
    of_expected = scores @ (fit.solution.inverse @ slopes.toarray().T)
    of_observed = np.zeros_like(of_expected)
    of_expected[treated.rows.unit, cell] += share * (expected - counterfactual[cell])
    of_observed[treated.rows.unit, cell] = share * (treated.outcome - observed[cell])
    # In a reference period the model has the cohort's mean by construction.
    att = np.where(saturation.reference & ~undetermined, 0.0, att)
    return conclude(saturation, att, scale * _off(of_observed - of_expected, saturation), (), scale * of_expected)


def _off(influence: np.ndarray, saturation: Saturation) -> np.ndarray:
    return np.where(saturation.reference, 0.0, influence)


def _shares(weight: np.ndarray, cell: np.ndarray, n_cells: int) -> np.ndarray:
    """Return each row's share of the weight of its cell."""
    return weight / np.bincount(cell, weight, n_cells)[cell]


def _model_rows(saturation: Saturation, family: Family) -> np.ndarray:
    """Return the rows to which the model is fitted: untreated ones of cohorts and periods whose outcomes vary."""
    fitted = saturation.used & (saturation.column < 0)
    unit, period = np.nonzero(fitted)
    outcome = _in_own_units(saturation.panel, family, unit, period)
    fitted[fitted] = varied(family, outcome, (_cohorts(saturation.panel)[unit], period))
    return fitted


def _arm(saturation: Saturation, family: Family, used: np.ndarray) -> Arm:
    panel = saturation.panel
    rows = observe(panel, used)
    values = panel.covariates.at(rows.unit, 0)[:, 1:]
    cohort, later, n_later = _cohorts(panel), rows.period - 1, len(panel.periods) - 1
    n_cohorts = int(cohort.max()) + 1
    columns = [
        indicators(cohort[rows.unit], n_cohorts),
        indicators(later, n_later),
        interactions(cohort[rows.unit], n_cohorts, values),
        interactions(later, n_later, values),
    ]
    outcome = _in_own_units(panel, family, rows.unit, rows.period)
    return Arm(rows, outcome, beside(columns, len(rows)))


def _cohorts(panel: Panel) -> np.ndarray:
    """Return codes of the units' adoption; all who adopt after the last period are one cohort, as the never treated."""
    adopted = np.where(panel.adopted > panel.periods[-1], np.inf, panel.adopted)
    return np.unique(adopted, return_inverse=True)[1]


def _in_own_units(panel: Panel, family: Family, unit: np.ndarray, period: np.ndarray) -> np.ndarray:
    level = panel.level[unit]
    outcome = panel.outcome[unit, period] + level
    for extreme in (0.0, family.highest):
        outcome = np.where(np.abs(outcome - extreme) <= ROUNDING * np.abs(level), extreme, outcome)
    return outcome


def _refuse_impossible(saturation: Saturation, family: Family) -> None:
    unit, period = np.nonzero(saturation.used)
    outcome = _in_own_units(saturation.panel, family, unit, period)
    wrong = int(((outcome < 0) | (outcome > family.highest)).sum())
    if wrong:
        raise InputError(f"estimate_att: {family.needs}; {wrong:,} rows are outside.")


def _small_sample(saturation: Saturation, fit: MeanModel) -> float:
    """Return the factor of the errors; every cell has a constant and slopes of its own in the pooled regression."""
    own = saturation.panel.covariates.matrix.shape[1] * int((~saturation.reference).sum())
    return small_sample(int(saturation.used.sum()), fit.solution.rank + own, saturation.n_clusters)
