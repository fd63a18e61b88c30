"""Verdicts that are asked for again every month: intervals that hold over all looks together."""

from tf_eval.evidence.looks.design import LooksDesign
from tf_eval.evidence.looks.intervals import RepeatedIntervals
from tf_eval.evidence.looks.repeated import repeated_intervals
from tf_eval.evidence.looks.schedule import LookSchedule, SeenBy, as_looked_at, look_again

__all__ = [
    "LookSchedule",
    "LooksDesign",
    "RepeatedIntervals",
    "SeenBy",
    "as_looked_at",
    "look_again",
    "repeated_intervals",
]
