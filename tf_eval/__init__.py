"""Which local interventions really work? Cohorts, matched comparison and difference-in-differences.

    import tf_eval as tf

Names are loaded when they are first used, so that the command line answers at once.
"""

import sys
from importlib import import_module
from typing import Any

_ROOMS = {
    "data": ("County", "build_county", "open_county"),
    "cohort": (
        "Cohort",
        "Outcome",
        "Panel",
        "Programme",
        "SideBySide",
        "build_cohort",
        "build_panel",
        "compare_programmes",
        "load_programme",
        "observed_lag",
    ),
    "matching": (
        "Balance",
        "Effect",
        "Matched",
        "MatchedArms",
        "check_arms",
        "check_balance",
        "check_balance_within",
        "compare_arms",
        "describe_population",
        "e_value",
        "estimate_effect",
        "match",
        "plot_distribution",
        "prognostic_balance",
        "match_arms",
        "restrict",
        "rosenbaum_bounds",
        "tie_sensitivity",
        "tipping_point",
    ),
    "did": (
        "GroupTimeATT",
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
    ),
    "evidence": (
        "Calibration",
        "HiddenBias",
        "DetectableEffects",
        "League",
        "LookSchedule",
        "PlainOutcome",
        "Placebos",
        "PooledEffects",
        "RepeatedIntervals",
        "Subgroup",
        "SubgroupEffects",
        "SpecificationCurve",
        "Subject",
        "Triangulation",
        "Verdict",
        "WhatWorks",
        "calibrate",
        "course_check",
        "design_checks",
        "effects_by_subgroup",
        "hidden_bias",
        "detectable_effects",
        "judge",
        "linkage_sensitivity",
        "load_verdict_rules",
        "measure",
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
        "what_works",
    ),
    "value": (
        "Appraisal",
        "Assessment",
        "CashFlow",
        "Claims",
        "Deadweight",
        "PaymentRules",
        "UnitCosts",
        "appraise",
        "assess_claims",
        "attachments",
        "cash_flow",
        "claim_days",
        "deadweight",
        "effect_paths",
        "load_appraisal",
        "load_payment_rules",
        "load_unit_costs",
        "make_claims",
    ),
    "release": ("Released", "publish"),
    "runs": (
        "Changes",
        "DataQuality",
        "Evaluation",
        "Identification",
        "Payment",
        "Plan",
        "Synthesis",
        "appraisals",
        "checked",
        "deadweights",
        "evaluate",
        "evaluate_all",
        "identified",
        "keep_register",
        "load_changes",
        "load_data_quality",
        "load_identification",
        "load_payment",
        "load_plan",
        "load_synthesis",
        "methods",
        "other_places",
        "paid",
        "pool_places",
        "provenance",
        "read_changes",
        "read_data_quality",
        "read_estimates",
        "read_identification",
        "read_payment",
        "read_plan",
        "read_synthesis",
        "registration",
        "two_releases",
        "what_changed",
        "why_changed",
        "with_panels",
    ),
    "errors": ("NotEstimated", "TfEvalError"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'tf_eval' has no attribute '{name}'")
    return getattr(import_module(f"tf_eval.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__


if "IPython" in sys.modules:
    import_module("tf_eval.report.display").register_display()
