"""What came of it: the effect on the treated who were matched. Pure statistics on the rows of a match."""

from tf_eval.matching.effects.design import EffectDesign
from tf_eval.matching.effects.effect import Effect
from tf_eval.matching.effects.estimating import estimate_effect
from tf_eval.matching.effects.links import Links
from tf_eval.matching.effects.replacement import ReplacedEffect, abadie_imbens, neighbour_variance

__all__ = [
    "Effect",
    "EffectDesign",
    "Links",
    "ReplacedEffect",
    "abadie_imbens",
    "estimate_effect",
    "neighbour_variance",
]
