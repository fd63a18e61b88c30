"""What is saved, at each gap between neighbouring blocks, by setting rows on its two sides beside each other."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tf_eval.matching.covering.blocks import Blocks


@dataclass(frozen=True, eq=False)
class Gaps:
    """The gaps; gap ``g`` lies between blocks ``g`` and ``g + 1``.

    Were everybody set beside the nearest of the other arm, each would pay for itself. A pair across a gap pays once for
    both: it saves the width of the gap, less what either would have paid less on its other side. The rows next to the
    gap save most, so that the savings of a first, second, ... pair fall.

    most      for each gap, how many pairs may be made with a saving that is not negative
    saving    the savings of those pairs, gap after gap; start: where those of each gap begin
    """

    most: np.ndarray
    saving: np.ndarray
    start: np.ndarray

    @classmethod
    def of(cls, blocks: Blocks, caliper: float) -> Self:
        """Measure the gaps; no pair is wider than the caliper."""
        size = blocks.last - blocks.first
        tried = np.minimum(size[:-1], size[1:])
        gap = np.repeat(np.arange(len(tried)), tried)
        number = np.arange(len(gap)) - np.repeat(np.cumsum(tried) - tried, tried)
        lower, upper = blocks.last[gap] - 1 - number, blocks.first[gap + 1] + number
        saving = _saving(blocks, lower, upper)
        most = np.bincount(gap[saving >= 0], minlength=len(tried))
        most = _within(blocks, most, caliper)
        return cls(most, saving[number < most[gap]], np.cumsum(most) - most)


def _saving(blocks: Blocks, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return what pairs of a lower and an upper place save; minus infinity where a stratum ends between them."""
    width = blocks.high[blocks.last[blocks.block[lower]] - 1]
    with np.errstate(invalid="ignore"):
        more = (blocks.high - blocks.near)[lower] + (blocks.low - blocks.near)[upper]
        return np.where(np.isfinite(width), width - more, -np.inf)


def _within(blocks: Blocks, most: np.ndarray, caliper: float) -> np.ndarray:
    """Return of how many pairs, at most so many, none need be wider than the caliper."""
    wide = np.arange(len(most))
    while wide.size:
        made = np.zeros_like(most)
        made[wide] = most[wide]
        lower, upper = pairs_across(blocks, made)
        wide = np.unique(blocks.block[lower[blocks.score[upper] - blocks.score[lower] > caliper]])
        most[wide] -= 1
    return most


def pairs_across(blocks: Blocks, made: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and the upper places of the pairs where ``made`` pairs cross each gap.

    The nearest on one side goes with the farthest on the other: no other way keeps the widest pair as narrow.
    """
    gap = np.repeat(np.arange(len(made)), made)
    number = np.arange(len(gap)) - np.repeat(np.cumsum(made) - made, made)
    return blocks.last[gap] - 1 - number, blocks.first[gap + 1] + made[gap] - 1 - number
