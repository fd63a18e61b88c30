"""Blocks of numbers: every area of a country issues its own, so that no number is issued twice."""

from dataclasses import dataclass

import numpy as np

from tf_eval.errors import ConfigError


@dataclass(frozen=True)
class Block:
    """The part of every range of numbers that one area issues: that of ``size`` families of ``of``, after ``first``."""

    first: int = 0
    size: int = 1
    of: int = 1

    @property
    def is_whole(self) -> bool:
        return self.size == self.of

    def start(self, numbers: int) -> int:
        """Return the first number below ``numbers`` that the block holds."""
        return numbers * self.first // self.of

    def draw(self, rng: np.random.Generator, numbers: int, count: int) -> np.ndarray:
        """Return ``count`` different numbers below ``numbers``, all of this block.

        Raises:
            ConfigError: the block holds fewer.
        """
        start = self.start(numbers)
        held = numbers * (self.first + self.size) // self.of - start
        if count > held:
            raise ConfigError(f"preset: {count:,} numbers are wanted of a block of {held:,}. Lower 'families'.")
        return start + rng.choice(held, size=count, replace=False)


WHOLE = Block()
