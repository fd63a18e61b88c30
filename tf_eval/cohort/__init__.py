"""Criteria as data: who qualifies for a programme, when and why; index dates; family panels. No estimators here."""

from tf_eval.cohort.arms import Arms
from tf_eval.cohort.cohort import Cohort, build_cohort
from tf_eval.cohort.criteria import AllOf, AnyOf, AtLeast, EventCount, InSpell, Member, Nomination, TermShare
from tf_eval.cohort.explanation import Explanation
from tf_eval.cohort.extract_lag import ObservedLag, observed_lag
from tf_eval.cohort.flow import Flow, FlowStep
from tf_eval.cohort.outcomes import Outcome, load_outcomes
from tf_eval.cohort.panel import Panel, build_panel
from tf_eval.cohort.programme import Criterion, Programme, Window, load_programme
from tf_eval.cohort.side_by_side import SideBySide, compare_programmes

__all__ = [
    "AllOf",
    "AnyOf",
    "Arms",
    "AtLeast",
    "Cohort",
    "Criterion",
    "EventCount",
    "Explanation",
    "Flow",
    "FlowStep",
    "InSpell",
    "Member",
    "Nomination",
    "ObservedLag",
    "Outcome",
    "Panel",
    "Programme",
    "SideBySide",
    "TermShare",
    "Window",
    "build_cohort",
    "build_panel",
    "compare_programmes",
    "load_outcomes",
    "load_programme",
    "observed_lag",
]
