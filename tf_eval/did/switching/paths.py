"""The path of every unit's treatment: what it began with, when it first changed, and by how much since."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tf_eval.did.reading.layout import Layout


@dataclass(frozen=True, eq=False)
class Paths:
    """Treatment by units and periods (``dose``), carried on over gaps; NaN before a unit is first seen.

    ``row`` is the row of the frame, or -1 where there is none.
    """

    dose: np.ndarray
    row: np.ndarray

    @classmethod
    def of(cls, layout: Layout, treatment: np.ndarray) -> "Paths":
        """Return the paths of all units; ``treatment`` has a value for each row of the frame, none missing."""
        row = layout.row_of
        latest = np.maximum.accumulate(np.where(row >= 0, np.arange(row.shape[1]), -1), axis=1)
        carried = np.take_along_axis(row, np.maximum(latest, 0), axis=1)
        return cls(np.where(latest >= 0, treatment[carried], np.nan), row)

    @cached_property
    def start(self) -> np.ndarray:
        """The treatment that each unit is first seen with."""
        first = np.isfinite(self.dose).argmax(axis=1)
        return self.dose[np.arange(len(self.dose)), first]

    @cached_property
    def change(self) -> np.ndarray:
        """How far treatment is from its start, units by periods; 0 before a unit is first seen."""
        return np.nan_to_num(self.dose - self.start[:, None])

    @cached_property
    def first(self) -> np.ndarray:
        """The position of the first period with another treatment; the number of periods where there is none."""
        changed = self.change != 0
        return np.where(changed.any(axis=1), changed.argmax(axis=1), self.change.shape[1])

    @cached_property
    def direction(self) -> np.ndarray:
        """1 where the first change is a rise, -1 where it is a fall, 0 where there is none."""
        before_end = np.minimum(self.first, self.change.shape[1] - 1)
        return np.sign(self.change[np.arange(len(self.change)), before_end]).astype(np.int8)

    @property
    def is_dated(self) -> np.ndarray:
        """Whether the period of the first change is known: the unit is seen in the one before it."""
        before = np.maximum(self.first - 1, 0)
        seen = self.row[np.arange(len(self.row)), before] >= 0
        return seen | (self.direction == 0)

    @property
    def has_crossed(self) -> np.ndarray:
        """Units by periods: whether treatment has by then been on the other side of its start from its first change."""
        return np.logical_or.accumulate(self.change * self.direction[:, None] < 0, axis=1)

    @property
    def first_row(self) -> np.ndarray:
        """The row of the first change, or -1."""
        before_end = np.minimum(self.first, self.row.shape[1] - 1)
        return np.where(self.direction == 0, -1, self.row[np.arange(len(self.row)), before_end])
