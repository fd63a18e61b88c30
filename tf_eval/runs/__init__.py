"""Runs: a validated plan, papermill, a record of what went in, and a published site."""

from tf_eval.runs.evaluation import Evaluation, evaluate, evaluate_all
from tf_eval.runs.methods import methods
from tf_eval.runs.plan import Plan, load_plan, read_plan
from tf_eval.runs.provenance import provenance
from tf_eval.runs.registration import registration

__all__ = [
    "Evaluation",
    "Plan",
    "evaluate",
    "evaluate_all",
    "load_plan",
    "methods",
    "provenance",
    "read_plan",
    "registration",
]
