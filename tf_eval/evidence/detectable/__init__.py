"""What a study could find, said before any outcome after the start is looked at."""

from tf_eval.evidence.detectable.asking import detectable_effects
from tf_eval.evidence.detectable.design import DetectableDesign
from tf_eval.evidence.detectable.effects import Detectable, DetectableEffects

__all__ = ["Detectable", "DetectableDesign", "DetectableEffects", "detectable_effects"]
