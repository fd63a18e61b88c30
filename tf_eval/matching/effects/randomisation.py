"""Inference from who could have been treated within each set, and from nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod

import numpy as np

MOST_ENUMERATED = 20_000
DRAWS = 9_999
AT_ONCE = 500  # draws worked on together, so that memory stays small


@dataclass(frozen=True, eq=False, repr=False)
class Randomised:
    """The weighted difference and what re-drawing who was treated says of it.

    estimate    mean of the treated less the weighted mean of their comparisons
    std_error   standard deviation of the difference over the draws, were the effect ``estimate`` on everybody
    p_value     two-sided: twice the smaller of the shares of draws at least as far out, at most 1
    ends        for each draw but the one observed, the constant effect from which on it lies at least as high
    certain     how many draws equal the one observed, whatever the effect
    exact       whether every possible draw was made
    """

    estimate: float
    std_error: float
    p_value: float
    ends: np.ndarray
    certain: int
    exact: bool

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return the constant effects that a two-sided test at ``1 - level`` does not reject; None if all are kept."""
        allowed = int(np.floor((1 - level) / 2 * (len(self.ends) + self.certain) + 1e-9)) - self.certain
        if allowed < 0:
            return None
        ordered = np.sort(self.ends)
        return float(ordered[allowed]), float(ordered[-1 - allowed])


def number_of_draws(treated: np.ndarray, set_code: np.ndarray) -> int:
    """Return in how many ways the treated of all sets could have been chosen."""
    return prod(comb(int(size), int(few)) for size, few in zip(*_sizes(treated, set_code), strict=True))


def randomise(
    outcome: np.ndarray, treated: np.ndarray, set_code: np.ndarray, *, seed: int | None, draws: int = DRAWS
) -> Randomised:
    """Test the difference by drawing anew, within each set, which of its members were treated.

    outcome    one number for each row
    treated    true for treated rows
    set_code   a whole number from 0 on for each row; every set has both arms
    seed       of the random draws; not used where all draws (at most 20,000) can be made

    Every choice within a set is as likely as every other, as if the set had been a block of a randomised trial
    (Fisher 1935; Rosenbaum 2002, section 2). A test of a constant effect takes it off the treated first; the interval
    has all that are not rejected (Hodges and Lehmann 1963). The statistic is linear in the effect, so that each draw
    has one effect at which it changes sides, and no search is needed (Garthwaite 1996 searches). Of random draws,
    the observed one counts as one more (Phipson and Smyth 2010).
    """
    # In an order of its own, so that the same seed gives the same draws whatever the order of the rows.
    order = np.lexsort((outcome, treated, set_code))
    outcome, treated, set_code = outcome[order], treated[order], set_code[order]
    exact = number_of_draws(treated, set_code) <= MOST_ENUMERATED
    chosen = _every(treated, set_code) if exact else _some(treated, set_code, np.random.default_rng(seed), draws)
    linear = _Difference(treated, set_code)
    pairs = [(linear.of(outcome, part), linear.of(treated.astype(float), part)) for part in chosen]
    found, share = (np.concatenate(part) for part in zip(*pairs, strict=True))
    observed = float(linear.of(outcome, treated[None, :])[0])
    same = share > 1 - 1e-12
    ends = (observed - found[~same]) / (1 - share[~same])
    certain = int(same.sum()) + (not exact)
    return Randomised(observed, _deviation(found - observed * share), _p_value(ends, certain), ends, certain, exact)


@dataclass(frozen=True, eq=False)
class _Difference:
    """The weighted difference of means as a linear function: a comparison row weighs treated over comparisons."""

    treated: np.ndarray
    set_code: np.ndarray

    def of(self, values: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        size, few = _sizes(self.treated, self.set_code)
        odds = few / (size - few)
        as_if_compared = odds[self.set_code] * values
        return (drawn @ (values + as_if_compared) - as_if_compared.sum()) / few.sum()


def _sizes(treated: np.ndarray, set_code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(set_code), np.bincount(set_code[treated])


def _every(treated: np.ndarray, set_code: np.ndarray) -> Iterator[np.ndarray]:
    """Give every draw there is, one row each."""
    few = np.bincount(set_code[treated])
    members = [np.flatnonzero(set_code == code) for code in range(len(few))]
    choices = product(*(combinations(rows, count) for rows, count in zip(members, few, strict=True)))
    drawn = np.zeros((number_of_draws(treated, set_code), len(treated)), dtype=bool)
    for draw, choice in enumerate(choices):
        drawn[draw, np.concatenate(choice)] = True
    yield drawn


def _some(treated: np.ndarray, set_code: np.ndarray, random: np.random.Generator, draws: int) -> Iterator[np.ndarray]:
    """Give random draws: rows of a set, which stand together, in random order, of which the first are treated."""
    size, few = _sizes(treated, set_code)
    first = np.arange(len(treated)) - np.repeat(np.cumsum(size) - size, size) < np.repeat(few, size)
    for start in range(0, draws, AT_ONCE):
        shape = (min(AT_ONCE, draws - start), len(treated))
        shuffled = np.argsort(set_code + random.random(shape), axis=1)
        drawn = np.zeros(shape, dtype=bool)
        np.put_along_axis(drawn, shuffled, np.broadcast_to(first, shape), axis=1)
        yield drawn


def _deviation(found: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - found.mean()) ** 2)))


def _p_value(ends: np.ndarray, certain: int) -> float:
    """Return the two-sided p-value of no effect; rounding must not part draws that are equal."""
    slack = 1e-9 * np.abs(ends).max(initial=0.0)
    extreme = min((ends <= slack).sum(), (ends >= -slack).sum()) + certain
    return float(min(1.0, 2 * extreme / (len(ends) + certain)))
