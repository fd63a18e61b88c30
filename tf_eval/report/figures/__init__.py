"""Figures made from released payloads: each function takes one and returns a ``Drawing``."""

from tf_eval.report.figures.allocation import draw_allocation
from tf_eval.report.figures.balance import draw_balance
from tf_eval.report.figures.bands import draw_bands
from tf_eval.report.figures.before_after import draw_before_after
from tf_eval.report.figures.changes import draw_changes
from tf_eval.report.figures.claims import draw_claims
from tf_eval.report.figures.criteria import draw_criteria
from tf_eval.report.figures.detectable import draw_detectable
from tf_eval.report.figures.event_study import draw_event_study
from tf_eval.report.figures.forest import draw_forest
from tf_eval.report.figures.hidden import draw_hidden
from tf_eval.report.figures.league import draw_league
from tf_eval.report.figures.outcome import draw_outcome
from tf_eval.report.figures.payment import draw_payment
from tf_eval.report.figures.placebos import draw_placebos
from tf_eval.report.figures.population import draw_population
from tf_eval.report.figures.quarters import draw_quarters
from tf_eval.report.figures.received import draw_received
from tf_eval.report.figures.specifications import draw_specifications
from tf_eval.report.figures.subgroups import draw_subgroups
from tf_eval.report.figures.tornado import draw_tornado
from tf_eval.report.figures.unseen import draw_unseen
from tf_eval.report.figures.versus import draw_either, draw_versus
from tf_eval.report.figures.waterfall import draw_waterfall
from tf_eval.report.figures.ways import draw_ways
from tf_eval.report.figures.with_without import draw_with_without

__all__ = [
    "draw_allocation",
    "draw_balance",
    "draw_bands",
    "draw_before_after",
    "draw_changes",
    "draw_claims",
    "draw_criteria",
    "draw_detectable",
    "draw_either",
    "draw_event_study",
    "draw_forest",
    "draw_hidden",
    "draw_league",
    "draw_outcome",
    "draw_payment",
    "draw_placebos",
    "draw_population",
    "draw_quarters",
    "draw_received",
    "draw_specifications",
    "draw_subgroups",
    "draw_tornado",
    "draw_unseen",
    "draw_versus",
    "draw_waterfall",
    "draw_ways",
    "draw_with_without",
]
