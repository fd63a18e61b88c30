"""Who belongs to which family, and who lives in which home, day by day."""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.homes import Homes
from synthetic.spans import Spans, open_ended


@dataclass(frozen=True, eq=False)
class Households:
    """``members``: people in families. ``stays``: people in homes, in order of person and time.

    An adult who lives alone belongs to no family; a looked-after child belongs to its own, wherever it lives. Homes
    are numbered: the first home of each family bears the family's number.
    """

    homes: Homes
    members: Spans
    stays: Spans

    def last_homes(self, first: np.ndarray) -> np.ndarray:
        """Return the home that each person moved to last; ``first`` is everybody's home where no stay is known."""
        last = first.copy()
        last[self.stays.who] = self.stays.what
        return last

    def earlier_homes(self, last: np.ndarray) -> np.ndarray:
        """Return the home that each person had before the last one, -1 where there was none."""
        earlier = np.full(len(last), -1)
        left = self.stays.taken(self.stays.what != last[self.stays.who])
        earlier[left.who] = left.what
        return earlier


def settled(county: County, homes: Homes) -> Households:
    """Return households in which nobody moves: from moving in, or birth, to leaving the county."""
    members = first_members(county)
    return Households(homes, members, members)


def first_members(county: County) -> Spans:
    """Return everybody who ever lived in the county in the family of birth or of first home, in order of person."""
    population = county.population
    family = population.family
    start = np.maximum(population.arrived[family], population.birth)
    return Spans(np.arange(population.people), family, start, open_ended(population.left)[family]).real()
