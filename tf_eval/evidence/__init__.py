"""Is it true? Effects with their checks, and verdicts by written rules."""

from tf_eval.evidence.check import Check, design_checks
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.linkage import LinkageSensitivity, linkage_sensitivity
from tf_eval.evidence.naive import NaiveComparison, naive_story
from tf_eval.evidence.outcome_effect import OutcomeEffect, Series, measure
from tf_eval.evidence.rules import Rule, VerdictRules, Word
from tf_eval.evidence.rules_file import load_verdict_rules
from tf_eval.evidence.standards import Score, Standards, score_standards
from tf_eval.evidence.verdict import OutcomeVerdict, Reason, Subject, Verdict, judge

__all__ = [
    "Check",
    "EffectSize",
    "LinkageSensitivity",
    "NaiveComparison",
    "OutcomeEffect",
    "OutcomeVerdict",
    "Reason",
    "Rule",
    "Score",
    "Series",
    "Standards",
    "Subject",
    "Verdict",
    "VerdictRules",
    "Word",
    "design_checks",
    "judge",
    "linkage_sensitivity",
    "load_verdict_rules",
    "measure",
    "naive_story",
    "score_standards",
]
