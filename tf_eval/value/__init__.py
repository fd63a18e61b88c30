"""What money says: payment by results, and what it paid for. It knows nothing of pages and runs."""

from tf_eval.value.claims import (
    Assessment,
    CashFlow,
    Claims,
    PaymentRules,
    assess_claims,
    cash_flow,
    load_payment_rules,
    make_claims,
)

__all__ = [
    "Assessment",
    "CashFlow",
    "Claims",
    "PaymentRules",
    "assess_claims",
    "cash_flow",
    "load_payment_rules",
    "make_claims",
]
