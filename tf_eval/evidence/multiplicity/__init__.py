"""More than one outcome, more than one chance to be fooled: p-values that allow for it.

``holm`` holds whatever the dependence between tests and asks for nothing but their p-values; ``step_down`` finds more,
because it knows the dependence from joint draws. Both keep the chance of even one false claim. ``hochberg`` and
``yekutieli`` keep the share of claims that are false, for long lists; the second whatever the dependence.
"""

from tf_eval.evidence.multiplicity.hochberg import hochberg
from tf_eval.evidence.multiplicity.holm import holm
from tf_eval.evidence.multiplicity.step_down import step_down
from tf_eval.evidence.multiplicity.yekutieli import yekutieli

__all__ = ["hochberg", "holm", "step_down", "yekutieli"]
