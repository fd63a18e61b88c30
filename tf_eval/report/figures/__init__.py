"""Figures made from released payloads: each function takes one and returns a ``Drawing``."""

from tf_eval.report.figures.allocation import draw_allocation
from tf_eval.report.figures.balance import draw_balance
from tf_eval.report.figures.bands import draw_bands
from tf_eval.report.figures.before_after import draw_before_after
from tf_eval.report.figures.detectable import draw_detectable
from tf_eval.report.figures.event_study import draw_event_study
from tf_eval.report.figures.forest import draw_forest
from tf_eval.report.figures.population import draw_population
from tf_eval.report.figures.with_without import draw_with_without

__all__ = [
    "draw_allocation",
    "draw_balance",
    "draw_bands",
    "draw_before_after",
    "draw_detectable",
    "draw_event_study",
    "draw_forest",
    "draw_population",
    "draw_with_without",
]
