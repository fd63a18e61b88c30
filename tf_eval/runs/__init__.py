"""Runs: a validated plan, papermill, a record of what went in, and a published site."""

from tf_eval.runs.changes import two_releases, what_changed, why_changed
from tf_eval.runs.changes_plan import Changes, load_changes, read_changes
from tf_eval.runs.estimates import other_places, pool_places, read_estimates
from tf_eval.runs.evaluation import Evaluation, evaluate, evaluate_all, with_panels
from tf_eval.runs.methods import methods
from tf_eval.runs.paid import keep_register, paid
from tf_eval.runs.payment import Payment, load_payment, read_payment
from tf_eval.runs.plan import Plan, load_plan, read_plan
from tf_eval.runs.provenance import provenance
from tf_eval.runs.registration import registration
from tf_eval.runs.synthesis import Synthesis, load_synthesis, read_synthesis
from tf_eval.runs.worth import appraisals, deadweights

__all__ = [
    "Changes",
    "Evaluation",
    "Payment",
    "Plan",
    "Synthesis",
    "appraisals",
    "deadweights",
    "evaluate",
    "evaluate_all",
    "keep_register",
    "load_changes",
    "load_payment",
    "load_plan",
    "load_synthesis",
    "methods",
    "other_places",
    "paid",
    "pool_places",
    "provenance",
    "read_changes",
    "read_estimates",
    "read_payment",
    "read_plan",
    "read_synthesis",
    "registration",
    "two_releases",
    "what_changed",
    "why_changed",
    "with_panels",
]
