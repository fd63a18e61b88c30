"""Rows of a panel: whole blocks of neighbours, or some of them, a stretch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

STRETCH = 8192  # rows: so many times ten columns stay in the processor's cache

Some = slice | np.ndarray


@dataclass(frozen=True, eq=False)
class Rows:
    """Units of a panel: ``parts`` are whole blocks (slices), or positions (arrays), each in increasing order."""

    parts: tuple[Some, ...]

    def __len__(self) -> int:
        return sum(length(part) for part in self.parts)

    def stretches(self, every: int = 1) -> Iterator[Some]:
        """Yield the rows in stretches, or ``every`` so manyeth of them."""
        for part in self.parts:
            for start in range(0, length(part), STRETCH * every):
                yield _cut(part, start, start + STRETCH * every, every)

    def within(self, start: int, stop: int) -> Some | None:
        """Return the rows from ``start`` up to ``stop``, a stretch of one block; None if there are none."""
        for part in self.parts:
            if isinstance(part, slice):
                if part.start <= start < part.stop:
                    return slice(start, stop)
                continue
            first, last = np.searchsorted(part, (start, stop))
            if first < last:
                return part[first:last]
        return None

    def reaches(self, start: int, stop: int) -> bool:
        """Say whether any of the rows is from ``start`` up to ``stop``, a block or a stretch of one."""
        return self.within(start, stop) is not None

    def positions(self) -> np.ndarray:
        """Return the rows as positions in the panel."""
        each = [np.arange(part.start, part.stop) if isinstance(part, slice) else part for part in self.parts]
        return np.concatenate(each) if each else np.empty(0, dtype=np.int64)


def length(part: Some) -> int:
    return part.stop - part.start if isinstance(part, slice) else len(part)


def _cut(part: Some, start: int, stop: int, every: int) -> Some:
    if isinstance(part, slice):
        return slice(part.start + start, min(part.start + stop, part.stop), every)
    return part[start:stop:every]
