"""Estimators: each makes cells, with their influence functions, of a panel and a design."""

from collections.abc import Callable

from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.group_time.engine import estimate_cells
from tf_eval.did.group_time.fits import ESTIMATORS
from tf_eval.did.methods.extended_twfe import estimate_extended
from tf_eval.did.methods.imputation import estimate_by_imputation, estimate_in_two_stages
from tf_eval.did.methods.stacked import estimate_stacked
from tf_eval.did.methods.sun_abraham import estimate_interaction_weighted
from tf_eval.did.methods.synthetic import estimate_synthetic
from tf_eval.did.reading.panel import Panel
from tf_eval.did.triple.estimator import estimate_triple


def estimate_group_time(panel: Panel, design: Design) -> Estimation:
    """Return differences-in-differences, or triple differences where not all units are eligible."""
    return estimate_cells(panel, design) if design.eligible is None else estimate_triple(panel, design)


METHODS: dict[str, Callable[[Panel, Design], Estimation]] = {
    **dict.fromkeys(ESTIMATORS, estimate_group_time),
    "sun_abraham": estimate_interaction_weighted,
    "extended_twfe": estimate_extended,
    "stacked": estimate_stacked,
    "imputation": estimate_by_imputation,
    "two_stage": estimate_in_two_stages,
    "synthetic": estimate_synthetic,
}
