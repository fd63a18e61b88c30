"""The same study done in every other way in which it could reasonably have been done."""

from tf_eval.evidence.specifications.carrying_out import specification_curve
from tf_eval.evidence.specifications.curve import OutcomeCurve, SpecificationCurve
from tf_eval.evidence.specifications.specification import Specification

__all__ = ["OutcomeCurve", "Specification", "SpecificationCurve", "specification_curve"]
