"""What money says: payment by results, and what it paid for. It knows nothing of pages and runs."""

from tf_eval.value.claims.assessment import Assessment, assess_claims
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.claims.rules_file import load_payment_rules

__all__ = ["Assessment", "PaymentRules", "assess_claims", "load_payment_rules"]
