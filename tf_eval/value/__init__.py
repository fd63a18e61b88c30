"""What money says: what payment by results paid for, and whether support was worth what it cost."""

from tf_eval.value.appraisal import (
    Appraisal,
    AppraisalRules,
    EffectPaths,
    Spread,
    Told,
    appraise,
    effect_paths,
    load_appraisal,
    paths_from,
)
from tf_eval.value.claims import (
    Assessment,
    CashFlow,
    Claims,
    PaymentRules,
    assess_claims,
    attachments,
    cash_flow,
    claim_days,
    load_payment_rules,
    make_claims,
)
from tf_eval.value.deadweight import Deadweight, deadweight
from tf_eval.value.prices import Deflators, UnitCost, UnitCosts, load_deflators, load_unit_costs
from tf_eval.value.staying import Staying, weigh_stayers

__all__ = [
    "Appraisal",
    "AppraisalRules",
    "Assessment",
    "CashFlow",
    "Claims",
    "Deadweight",
    "Deflators",
    "EffectPaths",
    "PaymentRules",
    "Spread",
    "Staying",
    "Told",
    "UnitCost",
    "UnitCosts",
    "appraise",
    "assess_claims",
    "attachments",
    "cash_flow",
    "claim_days",
    "deadweight",
    "effect_paths",
    "load_appraisal",
    "load_deflators",
    "load_payment_rules",
    "load_unit_costs",
    "make_claims",
    "paths_from",
    "weigh_stayers",
]
