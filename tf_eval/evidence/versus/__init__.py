"""One intervention against another: which is better, and for whom."""

from tf_eval.evidence.versus.comparing import which_is_better
from tf_eval.evidence.versus.either import Either, Starters, measure_either, weigh_either
from tf_eval.evidence.versus.for_whom import ForWhom, better_for_whom
from tf_eval.evidence.versus.result import Versus
from tf_eval.evidence.versus.ruling import Ruling, Standing
from tf_eval.evidence.versus.side_by_side import Apart, SideBySideOutcome

__all__ = [
    "Apart",
    "Either",
    "ForWhom",
    "Ruling",
    "SideBySideOutcome",
    "Standing",
    "Starters",
    "Versus",
    "better_for_whom",
    "measure_either",
    "weigh_either",
    "which_is_better",
]
