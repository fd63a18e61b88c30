"""Who was seen before the start and no longer after it, in both groups, and whether that can be borne."""

from tf_eval.evidence.attrition.attrition import Attrition, attrition_check
from tf_eval.evidence.attrition.measuring import measure_attrition

__all__ = ["Attrition", "attrition_check", "measure_attrition"]
