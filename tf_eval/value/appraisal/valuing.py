"""What effects come to in money. All of it is linear in the effects, so that what is drawn of them is drawn of it."""

from collections.abc import Mapping
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
        inputs, paths: what they were made of.
        weights: what a rise of 1 of the outcome in one followed month alone comes to, with all that follows from it;
            shape (worths, months followed).
        marked: what optimism bias takes from each worth; shape (worths,).
        cost_by_month: of giving support, discounted and after optimism bias; shape (months,).
    """

    inputs: Inputs
    paths: EffectPaths
    weights: np.ndarray
    marked: np.ndarray
    cost_by_month: np.ndarray

    @cached_property
    def cost(self) -> float:
        return float(self.cost_by_month.sum())

    @cached_property
    def savings(self) -> np.ndarray:
        """What each worth comes to as estimated, after optimism bias; shape (worths,)."""
        return np.einsum("im,im->i", self.weights, self.paths.effects[self._places]) - self.marked

    @cached_property
    def drawn(self) -> np.ndarray:
        """The same of each draw; shape (draws, worths)."""
        return self.savings + np.einsum("im,dim->di", self.weights, self.paths.deviations[:, self._places])

    @cached_property
    def shares(self) -> Mapping[str, np.ndarray]:
        """The share of each worth that each payer saves, by payer; they add up to 1 for every worth."""
        payers = dict.fromkeys(payer for one in self.inputs.priced for payer in one.shares)
        return {payer: np.array([one.shares.get(payer, 0.0) for one in self.inputs.priced]) for payer in payers}

    def of_kind(self, *kinds: str) -> np.ndarray:
        """Return which worths are of some kinds; shape (worths,)."""
        return np.array([one.cost.kind in kinds for one in self.inputs.priced], dtype=bool)

    def of_outcome(self, name: str) -> np.ndarray:
        """Return which worths are of an outcome; shape (worths,)."""
        return np.array([one.outcome == name for one in self.inputs.priced], dtype=bool)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that have a worth, in its order."""
        return tuple(dict.fromkeys(one.outcome for one in self.inputs.priced))

    def by_month(self, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the discounted savings of some worths by month: as estimated (months,), and drawn (draws, months).

        What optimism bias takes is spread over the months as the savings are.
        """
        inputs, paths = self.inputs, self.paths
        estimated, moved = np.zeros(inputs.months), np.zeros((len(paths.deviations), inputs.months))
        for worth in np.flatnonzero(among):
            place, rate = self._places[worth], _by_month(inputs, worth)
            total = self.savings[worth] + self.marked[worth]
            left = self.savings[worth] / total if total else 1.0
            prolonged = [
                inputs.persistence.prolong(course, paths.last[place], inputs.months)
                for course in (paths.effects[place], paths.deviations[:, place])
            ]
            estimated += left * rate * prolonged[0]
            moved += rate * prolonged[1]
        return estimated, estimated + moved

    @property
    def _places(self) -> list[int]:
        return [self.paths.outcomes.index(one.outcome) for one in self.inputs.priced]


def value(paths: EffectPaths, inputs: Inputs) -> Valued:
    """Return what effects come to.

    The saving of a worth in a month is the fall of its outcome times its price, prolonged beyond the follow-up by the
    scenario and discounted. Optimism bias takes a share of what was estimated from every draw alike, of a loss it adds
    one: it moves what is told and never makes it look more certain.
    """
    unit = np.eye(paths.effects.shape[1])
    places = [paths.outcomes.index(one.outcome) for one in inputs.priced]
    weights = np.array(
        [
            inputs.persistence.prolong(unit, paths.last[place], inputs.months) @ _by_month(inputs, worth)
            for worth, place in enumerate(places)
        ]
    )
    marked = inputs.optimism * np.abs(np.einsum("im,im->i", weights, paths.effects[places]))
    return Valued(inputs, paths, weights, marked, _cost_by_month(inputs))


def _by_month(inputs: Inputs, worth: int) -> np.ndarray:
    """Return what a rise of 1 of a worth's outcome in each month is to whoever saves by its fall; shape (months,)."""
    one = inputs.priced[worth]
    return one.turn * inputs.prices[worth] * inputs.discounting.factors(inputs.months, one.worth.discounted_as)


def _cost_by_month(inputs: Inputs) -> np.ndarray:
    """Return discounted cost by month; what is spent beyond the horizon is counted in its last month."""
    spent = inputs.delivery.by_month * inputs.cost_factor * (1 + inputs.delivery.optimism)
    cost = np.zeros(inputs.months)
    np.add.at(cost, np.minimum(np.arange(len(spent)), inputs.months - 1), spent)
    return cost * inputs.discounting.factors(inputs.months)
