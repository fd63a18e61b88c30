"""Difference-in-differences: pure statistics on a panel. Knows nothing of families, files or reports."""

from tf_eval.did.att import estimate_att
from tf_eval.did.credibility.pre_trends import PreTrends
from tf_eval.did.design import Design, Stackable
from tf_eval.did.estimate import Estimate, Estimates
from tf_eval.did.few_clusters.judge import ClusterJudgement
from tf_eval.did.naive import NaiveChange, naive_change
from tf_eval.did.ratio import Ratio, Ratios
from tf_eval.did.result import GroupTimeATT
from tf_eval.did.switching.effect import Measured, SwitchingEffect
from tf_eval.did.switching.estimator import estimate_switching
from tf_eval.did.switching.result import SwitchingEffects
from tf_eval.did.two_way.decomposition import TwfeDecomposition, decompose_twfe
from tf_eval.did.two_way.regressions import TwoWayFixedEffects, two_way_fixed_effects
from tf_eval.did.two_way.weights import TwfeWeights

__all__ = [
    "ClusterJudgement",
    "Design",
    "Estimate",
    "Estimates",
    "GroupTimeATT",
    "Measured",
    "NaiveChange",
    "PreTrends",
    "Ratio",
    "Ratios",
    "Stackable",
    "SwitchingEffect",
    "SwitchingEffects",
    "TwfeDecomposition",
    "TwfeWeights",
    "TwoWayFixedEffects",
    "decompose_twfe",
    "estimate_att",
    "estimate_switching",
    "naive_change",
    "two_way_fixed_effects",
]
