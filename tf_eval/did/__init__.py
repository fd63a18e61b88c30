"""Difference-in-differences: pure statistics on a panel. Knows nothing of families, files or reports."""

from tf_eval.did.att import estimate_att
from tf_eval.did.credibility.honest import HonestBounds
from tf_eval.did.credibility.power import PreTrendPower
from tf_eval.did.credibility.pre_trends import PreTrends
from tf_eval.did.design import Design, Stackable
from tf_eval.did.distribution.distribution import Distribution
from tf_eval.did.distribution.estimating import estimate_distribution
from tf_eval.did.dose.estimating import estimate_by_dose
from tf_eval.did.dose.response import DoseResponse, Slope
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.did.few_clusters.judge import ClusterJudgement
from tf_eval.did.inspection.difference import Difference, difference
from tf_eval.did.inspection.jointly import JointDraws, draw_jointly
from tf_eval.did.inspection.leave_out import LeaveOneOut
from tf_eval.did.inspection.overlap import Overlap
from tf_eval.did.inspection.paths import Paths
from tf_eval.did.naive import NaiveChange, naive_change
from tf_eval.did.planning.by_hand import detectable_change, units_needed
from tf_eval.did.planning.plan import plan_power
from tf_eval.did.planning.power import Planned, PowerPlan, Simulated
from tf_eval.did.ratio import Ratio, Ratios
from tf_eval.did.result import GroupTimeATT
from tf_eval.did.switching.effect import Measured, SwitchingEffect
from tf_eval.did.switching.estimator import estimate_switching
from tf_eval.did.switching.result import SwitchingEffects
from tf_eval.did.synthetic.comparison import SyntheticComparison
from tf_eval.did.synthetic.placebos import SyntheticPlacebos
from tf_eval.did.two_way.decomposition import TwfeDecomposition, decompose_twfe
from tf_eval.did.two_way.regressions import TwoWayFixedEffects, two_way_fixed_effects
from tf_eval.did.two_way.weights import TwfeWeights

__all__ = [
    "ClusterJudgement",
    "Design",
    "Difference",
    "Distribution",
    "DoseResponse",
    "Estimate",
    "Estimates",
    "GroupTimeATT",
    "HonestBounds",
    "JointDraws",
    "LeaveOneOut",
    "Measured",
    "NaiveChange",
    "Overlap",
    "Paths",
    "Planned",
    "PowerPlan",
    "PreTrendPower",
    "PreTrends",
    "Ratio",
    "Ratios",
    "Simulated",
    "Slope",
    "Stackable",
    "SwitchingEffect",
    "SwitchingEffects",
    "SyntheticComparison",
    "SyntheticPlacebos",
    "TwfeDecomposition",
    "TwfeWeights",
    "TwoWayFixedEffects",
    "decompose_twfe",
    "detectable_change",
    "difference",
    "draw_jointly",
    "estimate_att",
    "estimate_by_dose",
    "estimate_distribution",
    "estimate_switching",
    "naive_change",
    "plan_power",
    "two_way_fixed_effects",
    "units_needed",
]
