"""Runs: a validated plan, papermill, a record of what went in, and a published site."""

from tf_eval.runs.changes import two_releases, what_changed, why_changed
from tf_eval.runs.changes_plan import Changes, load_changes, read_changes
from tf_eval.runs.checked import checked
from tf_eval.runs.estimates import other_places, pool_places, read_estimates
from tf_eval.runs.evaluation import Evaluation, evaluate, evaluate_all, with_panels
from tf_eval.runs.head_to_head import HeadToHead, load_head_to_head, read_head_to_head
from tf_eval.runs.identification import Identification, load_identification, read_identification
from tf_eval.runs.identified import identified
from tf_eval.runs.methods import methods
from tf_eval.runs.paid import keep_register, paid
from tf_eval.runs.payment import Payment, load_payment, read_payment
from tf_eval.runs.plan import Plan, load_plan, read_plan
from tf_eval.runs.provenance import provenance
from tf_eval.runs.quality import DataQuality, load_data_quality, read_data_quality
from tf_eval.runs.registration import registration
from tf_eval.runs.sides import (
    Side,
    beside_cost,
    between,
    both_sides,
    how_unlike,
    set_against,
    set_against_by_part,
)
from tf_eval.runs.synthesis import Synthesis, load_synthesis, read_synthesis
from tf_eval.runs.worth import appraisals, deadweights

__all__ = [
    "Changes",
    "DataQuality",
    "Evaluation",
    "HeadToHead",
    "Identification",
    "Payment",
    "Plan",
    "Side",
    "Synthesis",
    "appraisals",
    "beside_cost",
    "between",
    "both_sides",
    "checked",
    "deadweights",
    "evaluate",
    "evaluate_all",
    "how_unlike",
    "identified",
    "keep_register",
    "load_changes",
    "load_data_quality",
    "load_head_to_head",
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
    "read_head_to_head",
    "read_identification",
    "read_payment",
    "read_plan",
    "read_synthesis",
    "registration",
    "set_against",
    "set_against_by_part",
    "two_releases",
    "what_changed",
    "why_changed",
    "with_panels",
]
