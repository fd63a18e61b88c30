"""Payment by results as data: rules, how families stand by them, what may be claimed, and what it comes to."""

from tf_eval.value.claims.assessment import Assessment, assess_claims
from tf_eval.value.claims.caseload import attachments, claim_days
from tf_eval.value.claims.cash_flow import CashFlow, cash_flow
from tf_eval.value.claims.claims import Claims, make_claims
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.claims.rules_file import load_payment_rules

__all__ = [
    "Assessment",
    "CashFlow",
    "Claims",
    "PaymentRules",
    "assess_claims",
    "attachments",
    "cash_flow",
    "claim_days",
    "load_payment_rules",
    "make_claims",
]
