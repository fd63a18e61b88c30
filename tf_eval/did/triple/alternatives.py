"""Which comparison cohorts give an estimate of which cell of a triple difference, and why some cells have none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tf_eval.did.group_time.cells import SINGLE, Cells
from tf_eval.did.group_time.engine import NO_COMPARISON, Traced

NOBODY_BESIDE = "no ineligible unit of the same start can be compared"
NOBODY_ELSEWHERE = "no other cohort has both eligible and ineligible units that can be compared"
UNLIKE = "some eligible treated units are of a category that not all groups compared have"


class Alternative(NamedTuple):
    """One comparison cohort's estimate of a cell: the places, among the cells of all parts, of its three parts."""

    own: int
    eligible: int
    ineligible: int


@dataclass(frozen=True, eq=False)
class Offer:
    """What the parts of one triple offer its cells: ``places`` (parts by cells) among the cells of all parts.

    ``whole`` says which part is an estimate for all of the treated units that can serve in the cell: where a category
    of some of them is lacking, the three parts would be of different units.
    """

    parts: Cells
    places: np.ndarray
    whole: np.ndarray

    @classmethod
    def of(cls, traced: Traced, first: int, places: np.ndarray) -> "Offer":
        """Return the offer of a triple whose parts are the groups from ``first`` on."""
        whole = traced.cells.estimated[places] & (traced.cells.n_treated[places] == _n_complete(traced, first))
        return cls(traced.cells, places, whole)

    def alternatives(self, number: int) -> Iterator[Alternative]:
        """Yield the alternatives of a cell; cohorts whose own error cannot be seen serve only where there is no other.

        That error decides how much a cohort counts.
        """
        served = self._possible(number)
        single = (self._told(number) == SINGLE)[1:].reshape(-1, 2).any(axis=1)
        served = served & ~single if (served & ~single).any() else served
        for pair in np.flatnonzero(served):
            yield Alternative(*(int(self.places[part, number]) for part in (0, 2 * pair + 1, 2 * pair + 2)))

    def n_possible(self, number: int) -> int:
        """Return how many cohorts could serve a cell, those whose error cannot be seen among them."""
        return int(self._possible(number).sum())

    def caveat(self, alternatives: list[Alternative]) -> str | None:
        """Return what is to be said of a cell that is estimated."""
        reasons = [self.parts.reason[place] for one in alternatives for place in one]
        return SINGLE if SINGLE in reasons else reasons[0]

    def obstacle(self, number: int) -> str:
        """Return why a cell has no alternative."""
        places, told = self.places[:, number], self._told(number)
        estimated = self.parts.estimated[places]
        if (estimated & ~self.whole[:, number]).any():
            return UNLIKE
        if not estimated[0]:
            return NOBODY_BESIDE if told[0] == NO_COMPARISON else told[0]
        others = [reason for reason in told[1:][~estimated[1:]] if reason != NO_COMPARISON]
        return others[0] if others else NOBODY_ELSEWHERE

    def _possible(self, number: int) -> np.ndarray:
        """Say which comparison cohorts have all three parts of a cell."""
        return self.whole[0, number] & self.whole[1::2, number] & self.whole[2::2, number]

    def _told(self, number: int) -> np.ndarray:
        return self.parts.reason[self.places[:, number]]


def _n_complete(traced: Traced, first: int) -> np.ndarray:
    """Return how many of a group's treated units can serve in each of its cells."""
    group, ledger = traced.groups[first], traced.trace.ledger
    levels = ledger.levels[group.treated.rows]
    seen = np.isfinite(levels[:, group.after]) & np.isfinite(levels[:, group.base])
    known = ledger.panel.covariates.complete(group.position)[group.treated.rows]
    return (seen & known[:, None]).sum(axis=0)
