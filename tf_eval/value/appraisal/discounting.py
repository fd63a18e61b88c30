"""Discount rates by year, as the Green Book has them."""

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from tf_eval.data.strict_model import StrictModel
from tf_eval.value.appraisal.clause import Clause

MONTHS = 12
Rate = Annotated[float, Field(ge=0, lt=1)]


class Band(StrictModel):
    """A rate a year that holds up to the year ``until_year`` (included) after the start."""

    until_year: int = Field(ge=0)
    rate: Rate


class Discounting(Clause):
    """What a pound of a later year is worth in the first: ``standard``, and ``health`` for what is valued as health.

    ``low`` and ``high`` are the flat rates between which a tornado moves the standard one.
    """

    standard: tuple[Band, ...] = Field(min_length=1)
    health: tuple[Band, ...] = Field(min_length=1)
    low: Rate
    high: Rate

    @model_validator(mode="after")
    def _bands_follow_each_other(self) -> "Discounting":
        for name in ("standard", "health"):
            years = [band.until_year for band in getattr(self, name)]
            if years != sorted(set(years)):
                raise ValueError(f"the bands of {name} must follow each other: until_year rises from one to the next.")
        return self

    @property
    def last_year(self) -> int:
        """The last year, from 0, for which every rate is known."""
        return min(self.standard[-1].until_year, self.health[-1].until_year)

    def factors(self, months: int, kind: str = "standard") -> np.ndarray:
        """Return what a pound of each month from the start is worth; shape (months,).

        The first twelve months are year 0, which is not discounted; each later year by the rate of its own band.
        """
        bands = getattr(self, kind)
        year = np.arange(months) // MONTHS
        ends = np.array([band.until_year for band in bands])
        rates = np.array([band.rate for band in bands])
        a_year = 1 / (1 + rates[np.searchsorted(ends, np.arange(1, year[-1] + 1))])
        return np.cumprod(np.r_[1.0, a_year])[year]

    def at(self, rate: float) -> "Discounting":
        """Return the same with one standard rate for all years."""
        return self.model_copy(update={"standard": (Band(until_year=self.standard[-1].until_year, rate=rate),)})
