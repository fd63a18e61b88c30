"""Which assumption moves the result most, each between its own low and high with all others as they are."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tf_eval.cohort.words import in_sentence
from tf_eval.value.appraisal.spread import ends_of
from tf_eval.value.appraisal.terms import AppraisalTerms
from tf_eval.value.appraisal.valuing import Inputs, Valued, value
from tf_eval.value.prices import UnitCost

# What a price may be where its source has no range, as a share of it to either side, by the database's rating.
MARGINS = {"G": 0.1, "A": 0.25, "R": 0.5, "": 0.5}


@dataclass(frozen=True)
class Swing:
    """What one assumption moves.

    Attributes:
        name: the assumption, in words.
        low, high: what it is at either end, in words.
        at_low, at_high: by how many pounds per family the net value for the purse changes there.
    """

    name: str
    low: str
    high: str
    at_low: float
    at_high: float

    @property
    def size(self) -> float:
        return abs(self.at_high - self.at_low)

    def to_dict(self) -> dict[str, Any]:
        return {**vars(self), "swing": self.size}


def swings(valued: Valued, terms: AppraisalTerms) -> tuple[Swing, ...]:
    """Return the swing of every assumption, the largest first."""
    found = [*_effects(valued), *_prices(valued), *_others(valued, terms)]
    return tuple(sorted(found, key=lambda one: -one.size))


def net_fiscal(valued: Valued) -> float:
    """Return the net value for the purse at the effects as estimated."""
    return float(valued.savings @ valued.of_kind("fiscal")) - valued.cost


def _effects(valued: Valued) -> Iterator[Swing]:
    """Each outcome's effect at the ends of its own interval."""
    fiscal = valued.of_kind("fiscal")
    for name in valued.outcomes:
        own = valued.of_outcome(name) & fiscal
        low, high = (end - float(valued.savings @ own) for end in ends_of(valued.drawn @ own))
        label = in_sentence(valued.paths.told[name].label)
        yield Swing(f"Effect on {label}", "least", "most that it may save", low, high)


def _prices(valued: Valued) -> Iterator[Swing]:
    """Each fiscal price at its ends, and how much of it one unit of the outcome is."""
    inputs = valued.inputs
    for place, one in enumerate(inputs.priced):
        if one.cost.kind != "fiscal":
            continue
        label = in_sentence(valued.paths.told[one.outcome].label)
        low, high = price_ends(one.cost)
        told = [f"£{end:,.0f} per {one.cost.unit}" for end in (low, high)]
        yield _of_price(valued, place, f"Price of {label}", told, [one.priced(None, end) for end in (low, high)])
        ends = [one.worth.low, one.worth.high]
        if ends != [None, None]:
            told = [_times(one.worth.amount if end is None else end) for end in ends]
            name = f"How often the price is counted for {label}"
            yield _of_price(valued, place, name, told, [one.priced(end, None) for end in ends])


def _times(amount: float) -> str:
    return "once" if amount == 1 else f"{amount:g} times"


def price_ends(cost: UnitCost) -> tuple[float, float]:
    """Return between what a price may lie: by its source, or by how it is rated."""
    margin = MARGINS[cost.rag]
    low = cost.value * (1 - margin) if cost.low is None else cost.low
    high = cost.value * (1 + margin) if cost.high is None else cost.high
    return low, high


def _of_price(valued: Valued, place: int, name: str, told: list[str], prices: list[float]) -> Swing:
    moved = []
    for price in prices:
        changed = valued.inputs.prices.copy()
        changed[place] = price
        moved.append(_moved(valued, replace(valued.inputs, prices=changed)))
    return Swing(name, *told, *moved)


def _others(valued: Valued, terms: AppraisalTerms) -> Iterator[Swing]:
    inputs = valued.inputs

    def swing(name: str, low: tuple[str, Inputs], high: tuple[str, Inputs]) -> Swing:
        ends = [_moved(valued, one) for _, one in (low, high)]
        return Swing(name, low[0], high[0], *ends)

    def per_cent(rate: float) -> str:
        return f"{100 * rate:g}% a year"

    delivery, horizon, rates = inputs.delivery, terms.horizon, inputs.discounting
    yield swing(
        "Cost of support",
        (f"{delivery.low:g} times", replace(inputs, cost_factor=delivery.low)),
        (f"{delivery.high:g} times", replace(inputs, cost_factor=delivery.high)),
    )
    yield swing(
        "What becomes of effects after follow-up",
        ("stops", replace(inputs, persistence=inputs.persistence.as_scenario("stops"))),
        ("lasts", replace(inputs, persistence=inputs.persistence.as_scenario("lasts"))),
    )
    yield swing(
        "Horizon",
        (f"{horizon.low} months", replace(inputs, months=horizon.low)),
        (f"{horizon.high} months", replace(inputs, months=horizon.high)),
    )
    yield swing(
        "Discount rate",
        (per_cent(rates.low), replace(inputs, discounting=rates.at(rates.low))),
        (per_cent(rates.high), replace(inputs, discounting=rates.at(rates.high))),
    )
    yield swing(
        "Allowance for estimates that are too hopeful",
        ("none", _graded(inputs, terms, better=True)),
        ("one grade larger", _graded(inputs, terms, better=False)),
    )


def _graded(inputs: Inputs, terms: AppraisalTerms, *, better: bool) -> Inputs:
    """Return inputs without optimism bias, or with that of the next worse grade."""
    cost = terms.delivery[inputs.delivery.intervention].confidence

    def optimism(grade: int) -> float:
        return 0.0 if better else terms.optimism_bias.of(grade + 1)

    delivery = replace(inputs.delivery, optimism=optimism(cost))
    graded = np.array([optimism(one.worth.confidence) for one in inputs.priced])
    return replace(inputs, optimism=graded, delivery=delivery)


def _moved(valued: Valued, inputs: Inputs) -> float:
    return net_fiscal(value(valued.paths, inputs)) - net_fiscal(valued)
