"""Money that may be shown: no finer than the counts behind it."""

import math
from collections.abc import Mapping

from tf_eval.release.shorthand import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, Shown

FIGURES = 2  # a mean over a few hundred families to more figures would tell how many of them were paid for


def release_pounds(amounts: Mapping[str, float | None], refusal: str) -> dict[str, Shown]:
    """Return pounds to two figures, or all hidden where there is a refusal.

    What is infinite, such as the price of nothing, is not applicable; that it is tells as much as a number would, so
    that it is hidden as one.
    """
    return {name: _released(amount, refusal) for name, amount in amounts.items()}


def _released(amount: float | None, refusal: str) -> Shown:
    if amount is None or math.isnan(amount):
        return NOT_AVAILABLE
    if refusal:
        return SUPPRESSED
    if math.isinf(amount):
        return NOT_APPLICABLE
    step = 10 ** max(0, math.floor(math.log10(max(abs(amount), 1))) + 1 - FIGURES)
    return step * round(amount / step)
