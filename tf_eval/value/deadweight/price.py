"""What was paid, for what would have happened anyway, and for each result that support brought about."""

import math
from dataclasses import dataclass
from typing import Any

from tf_eval import did
from tf_eval.did.plain import plain


@dataclass(frozen=True)
class Price:
    """Pounds of the years in which they were paid, for a family with support, after the funded share.

    What is paid for these families is known; only what would have been paid anyway is not. So the price of a result
    that support brought about has the ends of what is paid over those of the share that support brought about: without
    an upper end (infinite) where that may be nothing, and none at all where it is nothing or less at its best.

    fee          for taking it on
    results      for its results
    anyway, anyway_low, anyway_high   of that, what would have been paid without support, with its interval
    per_result, per_result_low, per_result_high   fee and results for each result that support brought about
    """

    fee: float
    results: float
    anyway: float
    anyway_low: float
    anyway_high: float
    per_result: float
    per_result_low: float
    per_result_high: float

    @classmethod
    def of(cls, fee: float, pounds: did.Estimate, share: did.Estimate) -> "Price":
        paid, results = fee + pounds.treated_mean, pounds.treated_mean
        return cls(
            fee=fee,
            results=results,
            anyway=pounds.counterfactual_mean,
            anyway_low=max(results - pounds.ci_high, 0.0),
            anyway_high=results - pounds.ci_low,
            per_result=_each(paid, share.att),
            per_result_low=_each(paid, share.ci_high),
            per_result_high=_each(paid, share.ci_low),
        )

    @property
    def paid(self) -> float:
        return self.fee + self.results

    def to_dict(self) -> dict[str, Any]:
        return {"paid": self.paid, **plain(vars(self))}


def _each(paid: float, share: float) -> float:
    return paid / share if share > 0 else math.inf
