"""The interaction-weighted estimator: one regression with an effect for every start cohort and event time.

Sun and Abraham (2021, Journal of Econometrics 225, section 4).
"""

from dataclasses import replace

import numpy as np

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.estimation import Estimation
from tf_eval.did.methods.extended_twfe import fit_linear
from tf_eval.did.reading.panel import Panel
from tf_eval.did.regression.saturation import saturate
from tf_eval.errors import InputError


def estimate_interaction_weighted(panel: Panel, design: Design) -> Estimation:
    """Return the effects on each cohort in each period but the last before its treatment.

    The comparison are the never treated; where there are none, the last to be treated, in the periods before they are.
    Raises ``InputError`` where neither leaves a cohort to be compared.
    """
    notes: list[str] = []
    if not (panel.adopted > panel.periods[-1] + design.anticipation).any():
        panel, notes = _against_the_last(panel, design)
    design = replace(design, comparison="never_treated")
    return fit_linear(saturate(panel, design), design, notes)


def _against_the_last(panel: Panel, design: Design) -> tuple[Panel, list[str]]:
    """Return the panel up to the treatment of the last cohort, who count as never treated in it."""
    last = panel.adopted.max()
    end = int(np.searchsorted(panel.periods, last - design.anticipation))
    if not (panel.adopted <= panel.periods[end - 1]).any():
        raise InputError(
            "estimate_att: nobody is never treated, and no cohort is treated before the last one; there is nothing "
            "to compare."
        )
    noted = f"Nobody is never treated: compared with those treated last, in the {end} periods before they are."
    cut = replace(
        panel,
        outcome=panel.outcome[:, :end],
        periods=panel.periods[:end],
        adopted=np.where(panel.adopted == last, np.inf, panel.adopted),
    )
    return cut, [Caution(noted)]
