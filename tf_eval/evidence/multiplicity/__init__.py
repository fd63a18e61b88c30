"""More than one outcome, more than one chance to be fooled: p-values that allow for it.

``holm`` holds whatever the dependence between tests and asks for nothing but their p-values; ``step_down`` finds more,
because it knows the dependence from joint draws. Both keep the chance of even one false claim. ``yekutieli`` keeps the
share of claims that are false, for long lists from which a few are looked at further.
"""

from tf_eval.evidence.multiplicity.holm import holm
from tf_eval.evidence.multiplicity.step_down import step_down
from tf_eval.evidence.multiplicity.yekutieli import yekutieli

__all__ = ["holm", "step_down", "yekutieli"]
