"""One set of units, its two fits, and what they say of its groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tf_eval.did.group_time.groups import Block
from tf_eval.did.imputing.effects import Effects, effects_on
from tf_eval.did.imputing.least_squares import Fitted
from tf_eval.did.imputing.plan import Plan
from tf_eval.did.imputing.regression import Lead, LeadFit, equations_of, fit_effects, fit_leads
from tf_eval.did.imputing.sample import Sample
from tf_eval.did.imputing.trace import Moved, Pull

NOWHERE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Setting:
    """The blocks of a set; of those that are groups (by the block's number) the plans, cells and effects; the leads.

    ``places`` and ``lead_places`` are places among all cells. ``seen`` counts each block's fitted observations, blocks
    by periods.
    """

    blocks: Sequence[Block]
    plans: Mapping[int, Plan]
    places: Mapping[int, np.ndarray]
    seen: np.ndarray
    fit: Fitted
    effects: Mapping[int, Effects]
    leads: LeadFit
    lead_places: np.ndarray

    def n_comparison(self, number: int) -> np.ndarray:
        """Return how many untreated observations of other blocks there are in each period."""
        return self.seen.sum(axis=0) - self.seen[number]

    def moved(self, deviations: Callable[[Effects], np.ndarray]) -> list[Moved]:
        """Return how each block moves the cells of the set; ``deviations`` are those of a group's observations."""
        all_moved, known = [], self.leads.known
        for number, block in enumerate(self.blocks):
            leads = Pull(
                self.leads.coefficients[number], self.leads.directions[number][:, known], self.lead_places[known]
            )
            own, own_places = np.zeros((block.rows.stop - block.rows.start, 0)), NOWHERE
            if number in self.effects:
                own, own_places = deviations(self.effects[number]), self.effects[number].places
            all_moved.append(Moved(block, (self._imputed, leads), own, own_places))
        return all_moved

    @cached_property
    def _imputed(self) -> Pull:
        needs = np.hstack([effects.needs for effects in self.effects.values()])
        places = np.concatenate([effects.places for effects in self.effects.values()])
        return Pull(self.fit.coefficients, -self.fit.inverse @ needs, places)


def fit_setting(
    sample: Sample, blocks: Sequence[Block], plans: Mapping[int, Plan], places: Mapping[int, np.ndarray]
) -> Setting:
    """Return the fits of a set; ``plans`` and ``places`` are those of the blocks that are groups."""
    equations = [equations_of(sample, block) for block in blocks]
    seen = np.array([sample.fitted[block.rows].sum(axis=0) for block in blocks])
    fit, effects = fit_effects(sample, equations), {}
    for number, plan in plans.items():
        compared = seen.sum(axis=0) > seen[number]
        imputed = places[number][np.isin(plan.after, plan.imputed)]
        effects[number] = effects_on(sample, plan.block, imputed, plan.imputed, fit, compared)
    leads = [Lead(number, int(position)) for number, plan in plans.items() for position in plan.leads]
    lead_places = [places[number][np.isin(plan.after, plan.leads)] for number, plan in plans.items()]
    lead_fit = fit_leads(sample, equations, leads)
    return Setting(blocks, plans, places, seen, fit, effects, lead_fit, np.concatenate(lead_places))
