"""Difference-in-differences: pure statistics on a panel. Knows nothing of families, files or reports."""

from tf_eval.did.att import estimate_att
from tf_eval.did.design import Design, Stackable
from tf_eval.did.estimate import Estimate, Estimates
from tf_eval.did.few_clusters.judge import ClusterJudgement
from tf_eval.did.naive import NaiveChange, naive_change
from tf_eval.did.pre_trends import PreTrends
from tf_eval.did.result import GroupTimeATT

__all__ = [
    "ClusterJudgement",
    "Design",
    "Estimate",
    "Estimates",
    "GroupTimeATT",
    "NaiveChange",
    "PreTrends",
    "Stackable",
    "estimate_att",
    "naive_change",
]
