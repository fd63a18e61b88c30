"""The part of a plan that says what money is asked of it: which prices, and which rules of payment."""

from typing import Annotated

from pydantic import Field

from tf_eval.data.strict_model import StrictModel
from tf_eval.runs.matching_plan import Name


class Worth(StrictModel):
    """What the effects are worth, and what payment by results would have paid anyway. Neither changes the verdict.

    Attributes:
        appraisal: file of what outcomes are worth and what support costs, see ``tf_eval.load_appraisal``.
        intensity: how intensely support is given, where the file has several; default: the one that it names first.
        payment: file of rules of payment by results, see ``tf_eval.load_payment_rules``.
        months: the first and the last month after the start at which a claim is looked for.
    """

    appraisal: str
    intensity: Name | None = None
    payment: str
    months: list[Annotated[int, Field(ge=1, le=24)]] = Field(default=[6, 12], min_length=2, max_length=2)
