"""Is it true? Effects with their checks, and verdicts by written rules."""

from tf_eval.evidence.calibration import Calibrated, Calibration, calibrate
from tf_eval.evidence.check import Check, design_checks
from tf_eval.evidence.course import course_check
from tf_eval.evidence.detectable import Detectable, DetectableDesign, DetectableEffects, detectable_effects
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.hidden import HiddenBias, OutcomeBias, hidden_bias
from tf_eval.evidence.league import League, Prior, Standing, rank_interventions
from tf_eval.evidence.linkage import LinkageSensitivity, linkage_sensitivity
from tf_eval.evidence.looks import LookSchedule, LooksDesign, RepeatedIntervals, repeated_intervals
from tf_eval.evidence.matched_effect import MatchedEffect
from tf_eval.evidence.multiplicity import holm, step_down, yekutieli
from tf_eval.evidence.naive import NaiveComparison, naive_story
from tf_eval.evidence.negative_control import negative_control_check
from tf_eval.evidence.outcome_effect import OutcomeEffect, Series, measure
from tf_eval.evidence.placebos import Placebos, run_placebos
from tf_eval.evidence.plain_effect import outcome_effect
from tf_eval.evidence.plain_outcome import PlainOutcome
from tf_eval.evidence.pooling import PooledEffect, PooledEffects, pool_effects
from tf_eval.evidence.rules import Rule, VerdictRules, Word
from tf_eval.evidence.rules_file import load_verdict_rules
from tf_eval.evidence.specifications import OutcomeCurve, Specification, SpecificationCurve, specification_curve
from tf_eval.evidence.standards import Score, Standards, score_standards
from tf_eval.evidence.subgroups import Subgroup, SubgroupEffects, effects_by_subgroup
from tf_eval.evidence.together import Claim, OutcomeLeague, WhatWorks, shared_check, what_works
from tf_eval.evidence.triangulation import Triangulation, triangulate
from tf_eval.evidence.verdict import OutcomeVerdict, Reason, Subject, Verdict, judge
from tf_eval.evidence.versus import (
    ForWhom,
    Versus,
    better_for_whom,
    measure_either,
    weigh_either,
    which_is_better,
)

__all__ = [
    "Calibrated",
    "Calibration",
    "Check",
    "Claim",
    "Detectable",
    "DetectableDesign",
    "DetectableEffects",
    "EffectSize",
    "ForWhom",
    "HiddenBias",
    "League",
    "LinkageSensitivity",
    "LookSchedule",
    "LooksDesign",
    "MatchedEffect",
    "NaiveComparison",
    "OutcomeBias",
    "OutcomeCurve",
    "OutcomeEffect",
    "OutcomeLeague",
    "OutcomeVerdict",
    "Placebos",
    "PlainOutcome",
    "PooledEffect",
    "PooledEffects",
    "Prior",
    "Reason",
    "RepeatedIntervals",
    "Rule",
    "Score",
    "Series",
    "Specification",
    "SpecificationCurve",
    "Standards",
    "Standing",
    "Subgroup",
    "SubgroupEffects",
    "Subject",
    "Triangulation",
    "Verdict",
    "VerdictRules",
    "Versus",
    "WhatWorks",
    "Word",
    "better_for_whom",
    "calibrate",
    "course_check",
    "design_checks",
    "detectable_effects",
    "effects_by_subgroup",
    "hidden_bias",
    "holm",
    "judge",
    "linkage_sensitivity",
    "load_verdict_rules",
    "measure",
    "measure_either",
    "naive_story",
    "negative_control_check",
    "outcome_effect",
    "pool_effects",
    "rank_interventions",
    "repeated_intervals",
    "run_placebos",
    "score_standards",
    "shared_check",
    "specification_curve",
    "step_down",
    "triangulate",
    "weigh_either",
    "what_works",
    "which_is_better",
    "yekutieli",
]
