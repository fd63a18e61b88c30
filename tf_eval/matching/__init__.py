"""Comparison groups: who is set beside whom, and how alike they are. Pure statistics on a data frame."""

from tf_eval.matching.arms import ArmsBalance, HeadToHead, MatchedArms, check_arms, compare_arms, match_arms
from tf_eval.matching.comparison import match
from tf_eval.matching.design import Design
from tf_eval.matching.effects import (
    Effect,
    EffectDesign,
    Links,
    ReplacedEffect,
    abadie_imbens,
    estimate_effect,
    neighbour_variance,
)
from tf_eval.matching.matched import Matched
from tf_eval.matching.reading.sample import Arms
from tf_eval.matching.restriction import restrict
from tf_eval.matching.review.balance import Balance, check_balance
from tf_eval.matching.review.distribution_plot import plot_distribution
from tf_eval.matching.review.population import Population, describe_population
from tf_eval.matching.review.prognostic import PrognosticBalance, prognostic_balance
from tf_eval.matching.review.statistics import effective_sample_size, smd
from tf_eval.matching.review.ties import TieSensitivity, tie_sensitivity
from tf_eval.matching.review.within import BalanceWithin, check_balance_within
from tf_eval.matching.sensitivity import (
    EValue,
    RosenbaumBounds,
    TippingPoint,
    e_value,
    e_value_of_counts,
    rosenbaum_bounds,
    tipping_point,
)

__all__ = [
    "Arms",
    "ArmsBalance",
    "Balance",
    "BalanceWithin",
    "Design",
    "EValue",
    "Effect",
    "EffectDesign",
    "HeadToHead",
    "Links",
    "Matched",
    "MatchedArms",
    "Population",
    "PrognosticBalance",
    "ReplacedEffect",
    "RosenbaumBounds",
    "TieSensitivity",
    "TippingPoint",
    "abadie_imbens",
    "check_arms",
    "check_balance",
    "check_balance_within",
    "compare_arms",
    "describe_population",
    "e_value",
    "e_value_of_counts",
    "effective_sample_size",
    "estimate_effect",
    "match",
    "match_arms",
    "neighbour_variance",
    "plot_distribution",
    "prognostic_balance",
    "restrict",
    "rosenbaum_bounds",
    "smd",
    "tie_sensitivity",
    "tipping_point",
]
