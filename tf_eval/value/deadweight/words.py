"""Deadweight in sentences."""

import math
from typing import Any

from tf_eval import did
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import not_shown, rounded, step_of_share, told_share
from tf_eval.value.appraisal.words import pounds
from tf_eval.value.deadweight.price import Price

CAVEAT = "It holds only if like families tell what would have become of these without support."


def tell(found: Any) -> str:
    """Return what a ``Deadweight`` says: shares with interval, what each result cost, and on what it rests."""
    share = found.any_result
    if isinstance(share, NotEstimated):
        return f"{found.rules.title}: what would have been paid anyway cannot be told: {share.reason}."
    if not found.is_shown:
        return f"{found.rules.title}: what would have been paid anyway is {not_shown(share.design.smallest_shown)}"
    return " ".join([tell_shares(found, share), tell_price(found.price), *_left_out(found), CAVEAT])


def tell_shares(found: Any, share: did.Estimate) -> str:
    with_support, without = (
        told_share(mean, step_of_share(count))
        for mean, count in (
            (share.treated_mean, share.n_treated),
            (share.counterfactual_mean, share.n_comparison),
        )
    )
    return (
        f"Within {found.months[1]} months of the start a result could be claimed for {with_support} of the families "
        f"with support; without it, like families tell, for {without}. {tell_difference(share)}"
    )


def tell_difference(share: did.Estimate) -> str:
    """Return how many results of 100 families support brought about, or that this cannot be told."""
    low, high = (f"{100 * end:.0f}" for end in (share.ci_low, share.ci_high))
    told = f"{100 * share.att:.0f} of 100 families (95% interval {low} to {high})"
    if share.ci_low > 0:
        return f"Support brought about a result for {told}; all others would have been paid for anyway."
    if share.ci_high < 0:
        return f"With support there are fewer results than without it, by {told.replace('-', '')}."
    return f"That is a difference of {told}: whether payment bought any result at all cannot be told."


def tell_price(price: Price | NotEstimated) -> str:
    if isinstance(price, NotEstimated):
        return f"What that cost cannot be told: {price.reason}."
    paid = f"For each family {pounds(price.paid)} was paid, {pounds(price.results)} of it for results"
    anyway = f"of which {pounds(price.anyway)} would have been paid anyway"
    return f"{paid}, {anyway}. {_tell_each(price)}"


def _tell_each(price: Price) -> str:
    if math.isinf(price.per_result_low):
        return "No result can be named that the money bought."
    if math.isinf(price.per_result_high):
        return f"A result that support brought about cost at least {pounds(price.per_result_low)}, fee and result."
    ends = f"95% interval {pounds(price.per_result_low)} to {pounds(price.per_result_high)}"
    return f"A result that support brought about cost {pounds(price.per_result)} ({ends}), fee and result."


def _left_out(found: Any) -> list[str]:
    if not found.left_out:
        return []
    return [f"Left out: {rounded(found.left_out)} families with support who started too late to be followed so long."]
