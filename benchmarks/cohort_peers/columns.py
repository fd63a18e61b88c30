"""Arrays as the columns of the layout: days, numbers and words, with what is missing left empty."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from benchmarks.cohort_peers.people import ALWAYS, NEVER


def days(value: np.ndarray) -> pa.Array:
    """Return days since 1970 as dates; ``ALWAYS`` and ``NEVER`` are missing."""
    missing = (value <= ALWAYS) | (value >= NEVER)
    return pa.array(value.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def numbers(value: np.ndarray, missing: np.ndarray | None = None, of: pa.DataType | None = None) -> pa.Array:
    return pa.array(value, mask=missing).cast(of or pa.int64())


def words(vocabulary: Sequence[str], place: np.ndarray) -> pa.Array:
    """Return the word at each place; a place below 0 is missing."""
    return pa.array(list(vocabulary)).take(pa.array(place, mask=place < 0))


def drawn(rng: np.random.Generator, vocabulary: Sequence[str], number: int) -> pa.Array:
    return words(vocabulary, rng.integers(0, len(vocabulary), number))
