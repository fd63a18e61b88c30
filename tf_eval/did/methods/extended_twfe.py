"""Extended two-way fixed effects: an effect for every start cohort and treated period, and covariates with both.

Wooldridge (2025, Empirical Economics 69, "Two-way fixed effects, the two-way Mundlak regression, and
difference-in-differences estimators").
"""

from collections.abc import Sequence

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.methods.nonlinear_twfe import estimate_by_ratio
from tf_eval.did.reading.panel import Panel
from tf_eval.did.regression.columns import beside, indicators, interactions
from tf_eval.did.regression.least_squares import LeastSquares, regress, small_sample
from tf_eval.did.regression.observations import Observations, observe
from tf_eval.did.regression.saturation import Saturation, conclude, saturate
from tf_eval.errors import InputError


def estimate_extended(panel: Panel, design: Design) -> Estimation:
    """Return the effects on each cohort in each treated period, by least squares or a mean model of the family."""
    if panel.covariates.row_of is not None:
        raise InputError(
            "estimate_att: a covariate changes within units; 'extended_twfe' takes what is known before treatment, so "
            "give each unit one value, such as that of the first period."
        )
    saturation = saturate(panel, design)
    return fit_linear(saturation, design) if design.family == "linear" else estimate_by_ratio(saturation, design)


def fit_linear(saturation: Saturation, design: Design, notes: Sequence[str] = ()) -> Estimation:
    """Return the cells' coefficients in a regression with constants for units and periods.

    Covariates enter with each period, and, less the mean of their cohort, with each cell: so a cell's coefficient is
    the effect at its cohort's mean. That this mean is estimated counts in the errors (as it does in those of Callaway
    and Sant'Anna; software for this regression usually takes it as known).
    """
    panel = saturation.panel
    rows = observe(panel, saturation.used)
    values = panel.covariates.at(slice(None), 0)[:, 1:]
    apart, share = _apart(saturation, values)
    fit = regress(rows, _columns(saturation, rows, values, apart))
    cells = len(panel.periods) - 1 + np.arange(saturation.n_cells)
    att = np.where(fit.solution.estimable[cells], fit.coefficients[cells], np.nan)
    influence = fit.influence(cells) + _of_means(saturation, fit, apart, share)
    if design.small_sample:
        influence *= small_sample(len(rows), fit.solution.rank + 1, saturation.n_clusters)
    return conclude(saturation, np.where(saturation.reference, 0.0, att), influence, notes)


def _apart(saturation: Saturation, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the covariates of treated units less their cohort's mean (units by covariates), and their share in it."""
    panel, serves = saturation.panel, saturation.used.any(axis=1)
    apart, share = np.zeros(values.shape), np.zeros(len(panel))
    for group in saturation.groups:
        units = group.treated.rows.start + np.flatnonzero(serves[group.treated.rows])
        if len(units):
            share[units] = panel.weight[units] / panel.weight[units].sum()
            apart[units] = values[units] - share[units] @ values[units]
    return apart, share


def _columns(saturation: Saturation, rows: Observations, values: np.ndarray, apart: np.ndarray):
    """Return the columns: periods (but the first), cells, and the covariates' products with both."""
    later, n_later = rows.period - 1, len(saturation.panel.periods) - 1
    cell, n_cells = saturation.column[rows.unit, rows.period], saturation.n_cells
    return beside(
        [
            indicators(later, n_later),
            indicators(cell, n_cells),
            interactions(later, n_later, values[rows.unit]),
            interactions(cell, n_cells, apart[rows.unit]),
        ],
        len(rows),
    )


def _of_means(saturation: Saturation, fit: LeastSquares, apart: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return how units move the cells through their cohort's mean of the covariates (units by cells)."""
    size = apart.shape[1] * saturation.n_cells
    slopes = fit.coefficients[len(fit.coefficients) - size :].reshape(apart.shape[1], saturation.n_cells)
    moved = np.zeros((len(apart), saturation.n_cells))
    first = 0
    for group in saturation.groups:
        units, cells = group.treated.rows, slice(first, first + len(group.after))
        moved[units, cells] = (share[units, None] * apart[units]) @ slopes[:, cells]
        first = cells.stop
    return moved
