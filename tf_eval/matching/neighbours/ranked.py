"""The first few of some candidates, by distance and then by a rule that does not depend on how they were found."""

import numpy as np

# Squared distances of equal rows differ by rounding where they are added up in another order.
TIED = 1e-12


def ranked(squares: np.ndarray, places: np.ndarray, rows: np.ndarray, count: int) -> list[tuple[float, int]]:
    """Return the ``count`` nearest as (distance, place), the first row in canonical order first among the tied.

    Args:
        squares: squared distance of each candidate.
        places: its place.
        rows: its row, by which ties are decided.
        count: how many are wanted.
    """
    found: list[tuple[float, int]] = []
    squares = squares.astype(float, copy=True)
    for _ in range(min(count, len(squares))):
        least = squares.min()
        tied = np.flatnonzero(squares <= least * (1 + TIED))
        best = tied[rows[tied].argmin()]
        found.append((float(np.sqrt(least)), int(places[best])))
        squares[best] = np.inf
    return found
