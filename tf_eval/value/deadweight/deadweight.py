"""How many results would have been paid anyway, how many support brought about, and what each of those cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval import did
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.value.claims.rules import PaymentRules
from tf_eval.value.deadweight.claimed import ANY, POUNDS
from tf_eval.value.deadweight.figure import draw_deadweight
from tf_eval.value.deadweight.price import Price
from tf_eval.value.deadweight.words import tell


@dataclass(frozen=True, eq=False, repr=False)
class Deadweight:
    """What payment by results pays for families with support, beside what it would pay for like families without.

    rules     the rules of payment
    months    the first and the last month after the start at which a claim was looked for
    found     by the last month: for ``any_result`` and each route the effect on the share that could be claimed, for
              ``pounds`` that on what all claims of a family come to (£, times the funded share)
    course    the effect on the share with any result by month since the start; None where nobody could be claimed
    fee       what is paid for taking a family on (£, times the funded share), the mean over those with support
    left_out  families with support whose last month of claims lies beyond the records
    """

    rules: PaymentRules
    months: tuple[int, int]
    found: Mapping[str, did.Estimate | NotEstimated]
    course: did.Estimates | None
    fee: float
    left_out: int
    design: Mapping[str, Any]

    @property
    def any_result(self) -> did.Estimate | NotEstimated:
        return self.found[ANY]

    @property
    def is_shown(self) -> bool:
        """Whether both groups are large enough for words and figures."""
        return not isinstance(self.any_result, NotEstimated) and self.any_result.is_shown

    @property
    def price(self) -> Price | NotEstimated:
        """What is paid for a family, and for each result that support brought about."""
        pounds = self.found[POUNDS]
        if isinstance(pounds, NotEstimated) or isinstance(self.any_result, NotEstimated):
            return NotEstimated(getattr(pounds, "reason", "") or self.any_result.reason)
        return Price.of(self.fee, pounds, self.any_result)

    def table(self) -> pd.DataFrame:
        """Return one row per route, and for any of them: shares of families, and the share of results paid anyway.

        Columns: result, title, with_support, without_support (of like families), brought_about (their difference),
        ci_low, ci_high, paid_anyway (without as a share of with support), n_treated, n_comparison, reason.
        """
        titles = {ANY: "Any result", **{name: route.title for name, route in self.rules.routes.items()}}
        return pd.DataFrame(
            [{"result": name, "title": title, **_row(self.found[name])} for name, title in titles.items()]
        )

    def summary(self) -> str:
        """Return what would have been paid anyway and what support brought about, in plain sentences."""
        return tell(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the share with a result by month, with support and without it."""
        return draw_deadweight(self, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return shares, prices and design as plain values; no single family is in it."""
        price = {} if isinstance(self.price, NotEstimated) else self.price.to_dict()
        rows = [plain(row) for row in self.table().to_dict("records")]
        return {"results": rows, "price": price, "left_out": self.left_out, "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Deadweight {self.rules.name}: {self.summary()}>"


def _row(found: did.Estimate | NotEstimated) -> dict[str, Any]:
    if isinstance(found, NotEstimated):
        return {"reason": found.reason}
    return {
        "with_support": found.treated_mean,
        "without_support": found.counterfactual_mean,
        "brought_about": found.att,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "paid_anyway": found.counterfactual_mean / found.treated_mean if found.treated_mean else None,
        "n_treated": found.n_treated,
        "n_comparison": found.n_comparison,
        "reason": "",
    }
