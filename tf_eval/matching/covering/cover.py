"""Which pairs cover the rows within limits, who is left without, and the prices that prove it."""

from typing import NamedTuple, Self

import numpy as np


class Cover(NamedTuple):
    """A cover of some rows of the problem.

    treated, compared   the pairs
    short               for each row of the problem, how many partners it has fewer than it must
    price               for each, what the total would fall by if it needed one partner fewer (or rise, where this is
                        below nothing, if it might have one fewer); 0 for rows that are not covered here
    part                for each, a whole number: rows that could be covered by the same others have the same
    """

    treated: np.ndarray
    compared: np.ndarray
    short: np.ndarray
    price: np.ndarray
    part: np.ndarray

    @classmethod
    def of_nobody(cls, rows: int) -> Self:
        """Return the cover of none of so many rows."""
        none = np.empty(0, dtype=np.int64)
        return cls(none, none, np.zeros(rows), np.zeros(rows), np.full(rows, -1))

    def having(
        self, treated: np.ndarray, compared: np.ndarray, rows: np.ndarray, found: tuple[np.ndarray, ...]
    ) -> "Cover":
        """Return a cover with these pairs instead, in which some rows are short, pay and have a part as was found."""
        said = [was.copy() for was in self[2:]]
        for was, now in zip(said, found, strict=True):
            was[rows] = now
        return Cover(treated, compared, *said)

    def beside(self, other: "Cover") -> "Cover":
        """Return the cover of these rows and of others together."""
        treated, compared = np.concatenate([self[:2], other[:2]], axis=1)
        part = np.where(other.part >= 0, other.part + self.part.max() + 1, self.part)
        return Cover(treated, compared, self.short + other.short, self.price + other.price, part)
