"""For whom, where and by whom: effects in the parts of families that a plan declared beforehand."""

from tf_eval.evidence.subgroups.effects import SubgroupEffects
from tf_eval.evidence.subgroups.estimating import effects_by_subgroup
from tf_eval.evidence.subgroups.interaction import Interaction
from tf_eval.evidence.subgroups.part import Part, SubgroupEffect
from tf_eval.evidence.subgroups.subgroup import MOST_SUBGROUPS, Subgroup

__all__ = [
    "MOST_SUBGROUPS",
    "Interaction",
    "Part",
    "Subgroup",
    "SubgroupEffect",
    "SubgroupEffects",
    "effects_by_subgroup",
]
