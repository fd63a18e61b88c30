"""Is it true? Effects with their checks, and verdicts by written rules."""

from tf_eval.evidence.calibration import Calibrated, Calibration, calibrate
from tf_eval.evidence.check import Check, design_checks
from tf_eval.evidence.detectable import Detectable, DetectableDesign, DetectableEffects, detectable_effects
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.league import League, Prior, Standing, rank_interventions
from tf_eval.evidence.linkage import LinkageSensitivity, linkage_sensitivity
from tf_eval.evidence.looks import LooksDesign, RepeatedIntervals, repeated_intervals
from tf_eval.evidence.multiplicity import holm, step_down, yekutieli
from tf_eval.evidence.naive import NaiveComparison, naive_story
from tf_eval.evidence.outcome_effect import OutcomeEffect, Series, measure
from tf_eval.evidence.pooling import PooledEffect, PooledEffects, pool_effects
from tf_eval.evidence.rules import Rule, VerdictRules, Word
from tf_eval.evidence.rules_file import load_verdict_rules
from tf_eval.evidence.standards import Score, Standards, score_standards
from tf_eval.evidence.triangulation import Triangulation, triangulate
from tf_eval.evidence.verdict import OutcomeVerdict, Reason, Subject, Verdict, judge

__all__ = [
    "Calibrated",
    "Calibration",
    "Check",
    "Detectable",
    "DetectableDesign",
    "DetectableEffects",
    "EffectSize",
    "League",
    "LinkageSensitivity",
    "LooksDesign",
    "NaiveComparison",
    "OutcomeEffect",
    "OutcomeVerdict",
    "PooledEffect",
    "PooledEffects",
    "Prior",
    "Reason",
    "RepeatedIntervals",
    "Rule",
    "Score",
    "Series",
    "Standards",
    "Standing",
    "Subject",
    "Triangulation",
    "Verdict",
    "VerdictRules",
    "Word",
    "calibrate",
    "design_checks",
    "detectable_effects",
    "holm",
    "judge",
    "linkage_sensitivity",
    "load_verdict_rules",
    "measure",
    "naive_story",
    "pool_effects",
    "rank_interventions",
    "repeated_intervals",
    "score_standards",
    "step_down",
    "triangulate",
    "yekutieli",
]
