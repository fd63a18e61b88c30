"""Several arms beside each other: which of them did more, for families that could have been in any."""

from tf_eval.matching.arms.balance import ArmsBalance, check_arms
from tf_eval.matching.arms.comparing import compare_arms
from tf_eval.matching.arms.head_to_head import HeadToHead
from tf_eval.matching.arms.matched_arms import MatchedArms
from tf_eval.matching.arms.matching import match_arms

__all__ = ["ArmsBalance", "HeadToHead", "MatchedArms", "check_arms", "compare_arms", "match_arms"]
