"""What is paid for a family in which financial year, and for how many of them."""

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from tf_eval.cohort.months import financial_year, month_of
from tf_eval.cohort.words import FEWEST_SHOWN
from tf_eval.data.strict_model import StrictModel
from tf_eval.matching.display import nearest
from tf_eval.value.claims.worded import Worded

Pounds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Year = Annotated[str, Field(pattern=r"^[0-9]{4}/[0-9]{2}$")]


class YearOfMoney(Worded):
    """What is paid for one family of a financial year, in pounds of that year.

    Attributes:
        year: the financial year, such as ``2012/13``.
        attachment: the fee for a family that is taken on.
        results: what each route pays.
    """

    year: Year
    attachment: Pounds
    results: dict[str, Pounds]


class FundedShare(Worded):
    """For how many of the families that are worked with anything is paid."""

    families: int = Field(ge=1)
    of: int = Field(ge=1)

    @model_validator(mode="after")
    def _is_a_share(self) -> "FundedShare":
        if self.families > self.of:
            raise ValueError("families cannot be more than of")
        return self

    @property
    def share(self) -> float:
        return self.families / self.of


class Days(StrictModel):
    """The days [from, until)."""

    start: date = Field(alias="from")
    until: date

    @model_validator(mode="after")
    def _in_order(self) -> "Days":
        if self.start >= self.until:
            raise ValueError("'from' must be before 'until'")
        return self

    def holds(self, days: np.ndarray) -> np.ndarray:
        """Return which days (datetime64) are among them."""
        return (days >= np.datetime64(self.start)) & (days < np.datetime64(self.until))


def years_of(days: np.ndarray) -> np.ndarray:
    """Return the financial year of each day (datetime64), such as ``2012/13``."""
    months, place = np.unique(month_of(days), return_inverse=True)
    return np.array([financial_year(int(month)) for month in months], dtype=object)[place]


def about_pounds(pounds: float, families: int) -> str:
    """Return a sum for a sentence, no closer than the number of families that it is for may be told: to the nearest 5.

    A sum for few is not told.
    """
    if families < FEWEST_SHOWN:
        return f"a sum not told, for it rests on fewer than {FEWEST_SHOWN} families"
    told = float(f"{pounds * nearest(families) / families:.2g}")
    return f"about £{told:,.0f}"
