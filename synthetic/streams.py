"""Named streams of random numbers: a stage's draws do not move when another stage changes."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np


def area_seed(seed: int, area: str) -> int:
    """Return the seed of an area of a country, whatever other areas there are."""
    return int.from_bytes(sha256(f"{seed} {area}".encode()).digest()[:16])


class Streams:
    """A seed that gives one independent generator per name.

    Asking twice for the same name gives the same numbers again. Potential outcomes rest on this: what a family would
    have met without support and what it met with support are drawn from the same uniforms.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, name: str) -> np.random.Generator:
        """Return a fresh generator of the stream called ``name``."""
        key = np.frombuffer(sha256(name.encode()).digest(), dtype=">u4")
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=tuple(int(word) for word in key)))

    def uniforms(self, name: str, shape: Sequence[int]) -> np.ndarray:
        """Return the uniforms (float32, in [0, 1)) of the stream called ``name``."""
        return self.of(name).random(tuple(shape), dtype=np.float32)
