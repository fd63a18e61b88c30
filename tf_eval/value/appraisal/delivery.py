"""What it costs to give support to a family, month by month."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import unknown
from tf_eval.value.appraisal.clause import Clause, Grade, Months, Pounds, Sentence, Share
from tf_eval.value.prices import UnitCost
from tf_eval.value.prices.unit_cost import WEEKS_A_YEAR

WEEKS_A_MONTH = WEEKS_A_YEAR / 12
Priced = Callable[[str, str | None], UnitCost]  # the unit cost of a code and edition, at the prices asked for


class Part(StrictModel):
    """One part of a cost: what it is, and over how many months from the start it is spent."""

    what: Sentence
    months: Months = 1

    def by_month(self, unit_cost: Priced, factor: float) -> np.ndarray:
        """Return pounds per family by month; what is entered is brought to the appraisal's prices by ``factor``."""
        raise NotImplementedError


class Evenly(Part):
    """A cost per family that is spent evenly over the months."""

    @property
    def per_family(self) -> float:
        raise NotImplementedError

    def by_month(self, unit_cost: Priced, factor: float) -> np.ndarray:
        return np.full(self.months, factor * self.per_family / self.months)


class Staff(Evenly):
    """Somebody who is paid: salary a year, what the employer pays on it, and overheads on both, as shares."""

    salary: Pounds
    on_costs: float = Field(ge=0)
    overheads: float = Field(ge=0)

    @property
    def a_year(self) -> float:
        return self.salary * (1 + self.on_costs) * (1 + self.overheads)


class Caseload(Staff):
    """A worker with so many families at a time."""

    type: Literal["caseload"]
    caseload: float = Field(gt=0)

    @property
    def per_family(self) -> float:
        return self.a_year * self.months / 12 / self.caseload


class Team(Staff):
    """So many workers for each of so many areas, who see so many families a year between them."""

    type: Literal["team"]
    workers_per_area: float = Field(gt=0)
    areas: int = Field(ge=1)
    families_a_year: float = Field(gt=0)

    @property
    def per_family(self) -> float:
        return self.workers_per_area * self.areas * self.a_year / self.families_a_year


class Phase(StrictModel):
    """Hours a week over some months."""

    months: Months
    hours_a_week: float = Field(gt=0)


class AtUnitCost(Part):
    """Something that has a unit cost."""

    unit_cost: Sentence
    edition: str | None = None

    def problems(self, cost: UnitCost) -> list[str]:
        """Say that a unit cost is none of giving support, or not of what is bought."""
        return [] if cost.kind == "cost" else [f"{cost.called} is a saving, and not what support costs to give."]


class Hours(AtUnitCost):
    """Hours of a worker, by phase, at the unit cost of one hour; ``months`` follows from the phases."""

    type: Literal["hours"]
    phases: tuple[Phase, ...] = Field(min_length=1)

    def problems(self, cost: UnitCost) -> list[str]:
        hourly = [] if cost.unit == "hour" else [f"{cost.called} is per {cost.unit}, and not per hour."]
        return [*super().problems(cost), *hourly]

    def by_month(self, unit_cost: Priced, factor: float) -> np.ndarray:
        hour = unit_cost(self.unit_cost, self.edition).value
        weekly = np.repeat([one.hours_a_week for one in self.phases], [one.months for one in self.phases])
        return weekly * WEEKS_A_MONTH * hour


class Bought(AtUnitCost):
    """So many units of a unit cost, such as a place in a group, or sessions."""

    type: Literal["bought"]
    number: float = Field(gt=0)

    def by_month(self, unit_cost: Priced, factor: float) -> np.ndarray:
        price = unit_cost(self.unit_cost, self.edition).value
        return np.full(self.months, self.number * price / self.months)


class Expenses(Part):
    """Money paid out: once at the start, and every month."""

    type: Literal["expenses"]
    once: float = Field(default=0.0, ge=0)
    a_month: float = Field(gt=0)

    def by_month(self, unit_cost: Priced, factor: float) -> np.ndarray:
        spent = np.full(self.months, factor * self.a_month)
        spent[0] += factor * self.once
        return spent


class Entered(Evenly):
    """A cost per family as somebody else states it."""

    type: Literal["entered"]
    cost_per_family: Pounds

    @property
    def per_family(self) -> float:
        return self.cost_per_family


AnyPart = Annotated[Caseload | Team | Hours | Bought | Expenses | Entered, Field(discriminator="type")]


class Delivery(Clause):
    """What an intervention costs, by how intensely it is given.

    Attributes:
        intensities: the parts of the cost, by the name of the intensity.
        price_year: the year of the pounds that stand here; unit costs have their own.
        paid_by: who pays, as shares adding up to 1.
        confidence: grade of the cost, 1 (best) to 6, which sets the optimism bias.
        low, high: what the cost may be instead, as multiples of it.
    """

    price_year: Sentence
    paid_by: Mapping[str, Share] = Field(min_length=1)
    confidence: Grade
    low: float = Field(gt=0, le=1)
    high: float = Field(ge=1)
    intensities: Mapping[str, tuple[AnyPart, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_all_paid(self) -> "Delivery":
        if abs(sum(self.paid_by.values()) - 1) > 1e-9:
            raise ValueError("the shares of paid_by must add up to 1.")
        empty = [name for name, parts in self.intensities.items() if not parts]
        if empty:
            raise ValueError(f"the intensity '{empty[0]}' has no parts; leave it out.")
        return self

    def bought(self) -> Iterator[AtUnitCost]:
        """Yield the parts that have a unit cost."""
        for parts in self.intensities.values():
            yield from (part for part in parts if isinstance(part, AtUnitCost))

    def by_month(self, intensity: str, unit_cost: Priced, factor: float) -> np.ndarray:
        """Return pounds per family by month from the start, before optimism bias."""
        streams = [part.by_month(unit_cost, factor) for part in self.intensities[intensity]]
        total = np.zeros(max(map(len, streams)))
        for stream in streams:
            total[: len(stream)] += stream
        return total

    def intensity_problems(self, intensity: str) -> list[str]:
        known = self.intensities
        return [] if intensity in known else [unknown("intensity", intensity, known)]


@dataclass(frozen=True, eq=False)
class PricedDelivery:
    """What an intervention costs per family at the prices of the appraisal.

    Attributes:
        intervention, intensity: what is given, and how intensely.
        by_month: pounds per family by month, before optimism bias; shape (months,).
        paid_by: who pays, as shares adding up to 1.
        optimism: by how much of itself the cost is marked up.
        low, high: what the cost may be instead, as multiples of it.
    """

    intervention: str
    intensity: str
    by_month: np.ndarray
    paid_by: Mapping[str, float]
    optimism: float
    low: float
    high: float
