"""What effects come to in money. All of it is linear in the effects, so that what is drawn of them is drawn of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tf_eval.value.appraisal.delivery import PricedDelivery
from tf_eval.value.appraisal.discounting import Discounting
from tf_eval.value.appraisal.paths import EffectPaths
from tf_eval.value.appraisal.persistence import Persistence
from tf_eval.value.appraisal.worth import Priced


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that effects are valued with.

    Attributes:
        priced: the worths of outcomes that have effects.
        prices: pounds for a unit of the outcome in a month, of each worth; shape (worths,).
        optimism: by how much of itself each is marked down; shape (worths,).
        delivery, cost_factor: what support costs, and by what that is multiplied.
        discounting, persistence: of the rules.
        months: the horizon.
    """

    priced: tuple[Priced, ...]
    prices: np.ndarray
    optimism: np.ndarray
    delivery: PricedDelivery
    cost_factor: float
    discounting: Discounting
    persistence: Persistence
    months: int


@dataclass(frozen=True, eq=False)
class Valued:
    """Present values per family, in pounds.

    Attributes:
        inputs: what they were made with.
        savings: of each worth as estimated, after optimism bias; shape (worths,).
        drawn: the same of each draw; shape (draws, worths).
        cost: of giving support, after optimism bias.
        streams: discounted savings of each worth by month as estimated, after optimism bias; shape (worths, months).
        cost_by_month: discounted, after optimism bias; shape (months,).
        drawn_streams: makes discounted fiscal savings by month of each draw; shape (draws, months).
    """

    inputs: Inputs
    savings: np.ndarray
    drawn: np.ndarray
    cost: float
    streams: np.ndarray
    cost_by_month: np.ndarray
    drawn_streams: Callable[[np.ndarray], np.ndarray]

    def of_kind(self, *kinds: str) -> np.ndarray:
        """Return which worths are of some kinds; shape (worths,)."""
        return np.array([one.cost.kind in kinds for one in self.inputs.priced], dtype=bool)

    @cached_property
    def shares(self) -> Mapping[str, np.ndarray]:
        """Return the share of each worth that each payer saves, by payer; they add up to 1 for every worth."""
        payers = dict.fromkeys(payer for one in self.inputs.priced for payer in one.shares)
        return {payer: np.array([one.shares.get(payer, 0.0) for one in self.inputs.priced]) for payer in payers}


def value(paths: EffectPaths, inputs: Inputs) -> Valued:
    """Return what effects come to.

    The saving of a worth in a month is the fall of its outcome times its price, prolonged beyond the follow-up by the
    scenario and discounted. Optimism bias takes a share of what was estimated from every draw alike, of a loss it adds
    one: it moves what is told and never makes it look more certain.
    """
    places = [paths.outcomes.index(one.outcome) for one in inputs.priced]
    turned = np.array([one.turn for one in inputs.priced]) * inputs.prices
    factors = np.array([inputs.discounting.factors(inputs.months, one.worth.discounted_as) for one in inputs.priced])
    weights = _weights(paths, inputs, places, factors) * turned[:, None]
    plain = np.einsum("im,im->i", weights, paths.effects[places])
    marked = inputs.optimism * np.abs(plain)
    moved = np.einsum("im,dim->di", weights, paths.deviations[:, places])
    streams = _prolonged(paths, inputs, places, paths.effects) * factors * turned[:, None]
    streams = streams * (1 - inputs.optimism * np.sign(plain))[:, None]
    cost_by_month = _cost_by_month(inputs)

    def drawn_streams(among: np.ndarray) -> np.ndarray:
        total = np.broadcast_to(streams[among].sum(axis=0), (len(paths.deviations), inputs.months)).copy()
        for worth in np.flatnonzero(among):
            own = paths.deviations[:, places[worth]]
            prolonged = inputs.persistence.prolong(own, paths.last[places[worth]], inputs.months)
            total += prolonged * (factors[worth] * turned[worth])
        return total

    return Valued(
        inputs=inputs,
        savings=plain - marked,
        drawn=plain - marked + moved,
        cost=float(cost_by_month.sum()),
        streams=streams,
        cost_by_month=cost_by_month,
        drawn_streams=drawn_streams,
    )


def _weights(paths: EffectPaths, inputs: Inputs, places: list[int], factors: np.ndarray) -> np.ndarray:
    """Return what an effect of 1 in each followed month alone comes to, discounted; shape (worths, months followed)."""
    unit = np.eye(paths.effects.shape[1])
    return np.array(
        [
            inputs.persistence.prolong(unit, paths.last[place], inputs.months) @ factors[worth]
            for worth, place in enumerate(places)
        ]
    )


def _prolonged(paths: EffectPaths, inputs: Inputs, places: list[int], effects: np.ndarray) -> np.ndarray:
    return np.array([inputs.persistence.prolong(effects[place], paths.last[place], inputs.months) for place in places])


def _cost_by_month(inputs: Inputs) -> np.ndarray:
    """Return discounted cost by month; what is spent beyond the horizon is counted in its last month."""
    spent = inputs.delivery.by_month * inputs.cost_factor * (1 + inputs.delivery.optimism)
    cost = np.zeros(inputs.months)
    np.add.at(cost, np.minimum(np.arange(len(spent)), inputs.months - 1), spent)
    return cost * inputs.discounting.factors(inputs.months)
