"""A league table of interventions that says what can be said of it: shrunk effects, and the ranks each may have."""

from tf_eval.evidence.league.league import League
from tf_eval.evidence.league.ranking import rank_interventions
from tf_eval.evidence.league.shrinkage import Prior, Shrunk, shrink
from tf_eval.evidence.league.standing import Standing

__all__ = ["League", "Prior", "Shrunk", "Standing", "rank_interventions", "shrink"]
