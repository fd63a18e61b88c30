"""Into which bin each row falls, so that a figure shows shares of bins and never single rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.reading.codes import count_units

BINS = 20
TAIL = 1  # per cent of an arm beyond each end of the axis; those rows count in the last bin, so no extreme is shown
HALF_BAR = 0.4


@dataclass(frozen=True, eq=False)
class Bins:
    """Bins along an axis.

    place   for each row the number of its bin
    edges   where bins begin and end on the axis, one more than there are bins; a gap between bars is an empty bin
    words   what stands below single bins, by the middle of the bin
    """

    place: np.ndarray
    edges: np.ndarray
    words: dict[float, str] = field(default_factory=dict)

    @classmethod
    def of_numbers(cls, values: np.ndarray, treated: np.ndarray) -> Self:
        """Put numbers into 20 bins of equal width, or fewer where they are whole: then each has as many numbers."""
        arms = [arm for arm in (values[treated], values[~treated]) if len(arm)]
        ends = [np.percentile(arm, (TAIL, 100 - TAIL)) for arm in arms]
        edges = _edges(float(np.min(ends)), float(np.max(ends)), bool((values == np.round(values)).all()))
        inside = np.clip(values, edges[0], np.nextafter(edges[-1], -np.inf))
        return cls(np.searchsorted(edges, inside, side="right") - 1, edges)

    @classmethod
    def of_levels(cls, code: np.ndarray, words: Sequence[str]) -> Self:
        """Give each level a bar of its own, with its word below."""
        middles = np.arange(len(words), dtype=float)
        edges = np.stack([middles - HALF_BAR, middles + HALF_BAR], axis=1).ravel()
        return cls(2 * code, edges, dict(zip(middles.tolist(), words, strict=True)))

    def beside(self, apart: np.ndarray, word: str) -> Self:
        """Return the bins with one more at the right, into which the rows go that are set ``apart``."""
        width = self.edges[1] - self.edges[0]
        edges = np.append(self.edges, self.edges[-1] + width * np.array([1.5, 3.0]))
        place = np.full(len(apart), len(edges) - 2)
        place[~apart] = self.place
        return type(self)(place, edges, {**self.words, float(edges[-2:].mean()): word})

    def shares(self, rows: np.ndarray, weight: np.ndarray, unit: np.ndarray) -> np.ndarray:
        """Return the weighted share of each bin among some rows, to the nearest per cent.

        ``weight`` and ``unit`` have an entry for every row. A bin of rows of fewer than 10 units is left empty.
        """
        count = len(self.edges) - 1
        counts = rows[weight[rows] > 0]
        number = count_units(self.place[counts], unit[counts], count)
        total = np.bincount(self.place[rows], weight[rows], count)
        return np.where(number >= SMALLEST_SHOWN, np.round(total / weight[rows].sum(), 2), 0.0)


def _edges(low: float, high: float, whole: bool) -> np.ndarray:
    if not whole:
        return np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    first, last = np.floor(low), np.ceil(high)
    width = np.ceil((last - first + 1) / BINS)
    return first - 0.5 + width * np.arange(np.ceil((last - first + 1) / width) + 1)
