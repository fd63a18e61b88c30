"""Verdicts that are asked for again every month: intervals that hold over all looks together."""

from tf_eval.evidence.looks.design import LooksDesign
from tf_eval.evidence.looks.intervals import RepeatedIntervals
from tf_eval.evidence.looks.repeated import repeated_intervals

__all__ = ["LooksDesign", "RepeatedIntervals", "repeated_intervals"]
