"""What one unit of an outcome is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from tf_eval.data.strict_model import StrictModel
from tf_eval.value.appraisal.clause import Clause, Grade, Sentence, Share
from tf_eval.value.prices import UnitCost
from tf_eval.value.prices.unit_cost import WEEKS_A_YEAR

AMOUNTS = ("events", "person_months", "weeks")
MONTHS_A_WEEK = 12.0 / WEEKS_A_YEAR


class Reduction(StrictModel):
    """A value is taken to a part of itself, and why: what is left is counted elsewhere."""

    to: float = Field(gt=0, lt=1)
    because: Sentence


class Worth(Clause):
    """A unit cost, and how much of it there is in one unit of an outcome of a family in a month.

    Attributes:
        unit_cost, edition: which one.
        events, person_months, weeks: how many of it; one of the three, events of what is priced by event.
        low, high: between what that number may lie.
        when: whether money is saved when the outcome ``falls`` or ``rises``.
        confidence: grade of the whole valuation, 1 (best) to 6, which sets the optimism bias.
        without: whose shares of the unit cost are left out, because they are counted elsewhere.
        reduce: or to what part the value is taken.
        cashable: the share that could be taken out of a budget, where it is not that of the unit cost.
        discounted_as: ``standard``, or ``health`` for what is valued as health.
    """

    unit_cost: Sentence
    edition: str | None = None
    events: float | None = Field(default=None, gt=0)
    person_months: float | None = Field(default=None, gt=0)
    weeks: float | None = Field(default=None, gt=0)
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, gt=0)
    when: Literal["falls", "rises"] = "falls"
    confidence: Grade
    without: tuple[str, ...] = ()
    reduce: Reduction | None = None
    cashable: Share | None = None
    discounted_as: Literal["standard", "health"] = "standard"

    @model_validator(mode="after")
    def _has_one_amount(self) -> "Worth":
        given = [name for name in AMOUNTS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give one of events, person_months or weeks, and not two of them.")
        low, high = (self.amount if end is None else end for end in (self.low, self.high))
        if not low <= self.amount <= high:
            raise ValueError(f"low and high lie on either side of {given[0]}.")
        return self

    @property
    def amount(self) -> float:
        return next(amount for name in AMOUNTS if (amount := getattr(self, name)) is not None)

    def problems(self, cost: UnitCost) -> list[str]:
        """Say what of this cannot be asked of the unit cost that it names."""
        found = [
            f"{cost.called} has no share of '{payer}' to leave out; it has: {', '.join(cost.shares)}."
            for payer in self.without
            if payer not in cost.shares
        ]
        if cost.kind == "cost":
            found.append(f"{cost.called} is what support costs to give, and no saving.")
        if cost.basis.is_event != (self.events is not None):
            fits = "events" if cost.basis.is_event else "person_months or weeks"
            found.append(f"{cost.called} is per {cost.unit}, so say how many {fits}.")
        if cost.shares and not set(cost.shares) - set(self.without):
            found.append(f"nothing of {cost.called} is left without {', '.join(self.without)}.")
        return found


@dataclass(frozen=True)
class Priced:
    """A worth with its price.

    Attributes:
        outcome: the outcome's name.
        worth: the clause.
        cost: the unit cost, at the prices of the appraisal.
        optimism: by how much of itself a saving is marked down.
    """

    outcome: str
    worth: Worth
    cost: UnitCost
    optimism: float

    @property
    def name(self) -> str:
        return f"{self.outcome}: {self.cost.called}"

    @property
    def turn(self) -> float:
        """What a rise of the outcome is to the purse: a loss where money is saved when it falls."""
        return -1.0 if self.worth.when == "falls" else 1.0

    @property
    def kept(self) -> float:
        """The share of the unit cost that is counted."""
        left = 1.0 - sum(self.cost.shares[payer] for payer in self.worth.without)
        return left * (1.0 if self.worth.reduce is None else self.worth.reduce.to)

    @property
    def shares(self) -> Mapping[str, float]:
        """Who saves it, adding up to 1."""
        left = {payer: share for payer, share in self.cost.shares.items() if payer not in self.worth.without}
        return {payer: share / sum(left.values()) for payer, share in left.items()}

    @property
    def cashable(self) -> float | None:
        return self.cost.cashable if self.worth.cashable is None else self.worth.cashable

    @property
    def price(self) -> float:
        """Pounds for one unit of the outcome in one month."""
        return self.priced(self.worth.amount, self.cost.value)

    def priced(self, amount: float | None, value: float | None) -> float:
        """Return the price with another amount or another unit cost; None is the one that it has."""
        worth, cost = self.worth, self.cost
        amount = worth.amount if amount is None else amount
        months = amount * (MONTHS_A_WEEK if worth.weeks is not None else 1.0)
        units = months / cost.basis.months if cost.basis.months else amount
        return units * (cost.value if value is None else value) * self.kept
