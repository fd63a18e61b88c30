"""Prices of comparison units at which everybody already has the cheapest: the proof that a match is the least."""

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.line import Line
from tf_eval.matching.optimum.market import Market
from tf_eval.matching.optimum.pairs import Pairs
from tf_eval.matching.problem import Problem

PASSES = 500  # a few dozen are what is seen; there could be as many as rows that have any


def find_prices(problem: Problem, line: Line, pairs: Pairs) -> np.ndarray:
    """Return a price for each unit: a solution of the dual programme (Kuhn 1955), by relaxation (Bellman 1958).

    A unit that serves nobody costs nothing. Another costs what its treated row would lose if it had to take the next
    best at its price, or none at the penalty. Prices fall until they stand still; along a line one pass up and one down
    are enough. Raises ``EstimationError`` where they do not stand still, one is below nothing, or a row has a place
    beyond a free one, since less distance would then do.
    """
    price = np.zeros(problem.unit.max() + 1)
    price[problem.unit[line.rows[pairs.place]]] = np.inf
    market = Market(problem, line, np.isin(np.arange(len(line.rows)), pairs.place, invert=True))
    held = _held(problem, pairs)
    for _ in range(min(len(held), PASSES) + 1):
        moved = [_lower(market, row, places, price) for row, places in held]
        if price.min() < -market.tolerance or np.isinf(price).any():
            break
        if not any(moved):
            return np.maximum(price, 0.0)
        held.reverse()
    raise EstimationError("match: the pairs found are not those of least total distance")


def _held(problem: Problem, pairs: Pairs) -> list[tuple[int, np.ndarray]]:
    """Return the treated rows that have any comparison, in line order, each with the places that it has."""
    treated, place = pairs
    order = np.lexsort((treated, problem.score[treated], problem.stratum[treated]))
    treated, place = treated[order], place[order]
    starts = np.flatnonzero(np.diff(treated, prepend=-1))
    return list(zip(treated[starts].tolist(), np.split(place, starts)[1:], strict=True))


def _lower(market: Market, row: int, held: np.ndarray, price: np.ndarray) -> bool:
    """Lower the prices of the units that a row has to what it would lose without them, and say whether any fell.

    What falls by rounding alone stays: it could go on falling for ever.
    """
    places, unit, far = market.look(row)
    own = np.isin(places, held)
    otherwise = np.min(far[~own] + price[unit[~own]], initial=market.penalty(len(held)))
    falls = otherwise - far[own] < price[unit[own]] - market.tolerance
    price[unit[own][falls]] = otherwise - far[own][falls]
    return bool(falls.any())
