"""Inference from who could have been treated within each set, and from nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod

import numpy as np

MOST_ENUMERATED = 20_000
DRAWS = 9_999
AT_ONCE = 500  # draws worked on together, so that memory stays small
ROUNDING = 1e-9  # must not part draws that are equal
FURTHEST = 1e6  # standard errors beyond which no end of an interval is looked for
HALVINGS = 60


@dataclass(frozen=True, eq=False, repr=False)
class Randomised:
    """The weighted difference and what re-drawing who was treated says of it.

    estimate    mean of the treated less the weighted mean of their comparisons
    std_error   its standard error, from how far the differences of the sets are apart
    draws       the same of each draw
    exact       whether every possible draw was made; else the observed one counts as one more
    """

    estimate: float
    std_error: float
    draws: "Draws"
    exact: bool

    @property
    def p_value(self) -> float:
        """Two-sided, of no effect: twice the smaller of the shares of draws at least as far out, at most 1."""
        return self._p_value(self.estimate)

    def interval(self, level: float) -> tuple[float, float] | None:
        """Return the constant effects that a two-sided test at ``1 - level`` does not reject; None if all are kept."""
        reach = [self._reach(side, 1 - level + ROUNDING) for side in (1.0, -1.0)]
        return None if None in reach else (self.estimate - reach[0], self.estimate + reach[1])

    def _reach(self, side: float, share: float) -> float | None:
        """Return how far below (side 1) or above (-1) the estimate effects are kept, by halving."""
        inside, outside = 0.0, self.std_error
        while self._p_value(side * outside) > share:
            inside, outside = outside, 2 * outside
            if outside > FURTHEST * self.std_error:
                return None
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if self._p_value(side * middle) > share else (inside, middle)
        return inside

    def _p_value(self, excess: float) -> float:
        """Return the p-value of an effect that is smaller than the estimate by ``excess``."""
        seen, drawn = excess / self.std_error, self.draws.studentised(excess, self.std_error)
        slack = ROUNDING * max(1.0, abs(seen))
        extreme = min((drawn >= seen - slack).sum(), (drawn <= seen + slack).sum())
        unseen = 0 if self.exact else 1
        return min(1.0, 2 * float(extreme + unseen) / (len(drawn) + unseen))


@dataclass(frozen=True, eq=False, repr=False)
class Draws:
    """Differences over draws of what is left of the outcome once the treated have the estimate taken off.

    difference   of each draw
    share        what a constant effect of 1 would add to it
    squares      three numbers for each draw: its squared error is the first and, for each unit of a constant effect,
                 twice the second and the unit times the third more
    """

    difference: np.ndarray
    share: np.ndarray
    squares: np.ndarray

    def studentised(self, excess: float, std_error: float) -> np.ndarray:
        """Return each draw's difference over its own error, had the treated ``excess`` more."""
        alone, both, of_share = self.squares
        square = alone + 2 * excess * both + excess**2 * of_share
        return (self.difference + excess * self.share) / np.sqrt(np.maximum(square, (ROUNDING * std_error) ** 2))


def number_of_draws(treated: np.ndarray, set_code: np.ndarray) -> int:
    """Return in how many ways the treated of all sets could have been chosen."""
    return prod(comb(int(size), int(few)) for size, few in zip(*_sizes(treated, set_code), strict=True))


def randomise(
    outcome: np.ndarray, treated: np.ndarray, set_code: np.ndarray, *, seed: int | None, draws: int = DRAWS
) -> Randomised | None:
    """Test the difference by drawing anew, within each set, which of its members were treated.

    outcome    one number for each row
    treated    true for treated rows
    set_code   a whole number from 0 on for each row; two sets or more, each with both arms
    seed       of the random draws; not used where all draws (at most 20,000) can be made

    Every choice within a set is as likely as every other, as if the set had been a block of a randomised trial
    (Fisher 1935; Rosenbaum 2002, section 2). A test of a constant effect takes it off the treated first; the interval
    has all that are not rejected (Hodges and Lehmann 1963). Each draw is judged by its difference over its own standard
    error. So the test is exact for an effect that is the same for all, and right in larger samples for the mean of
    effects that differ (Chung and Romano 2013; Wu and Ding 2021), where treated outcomes vary more than others, too.
    Of random draws, the observed one counts as one more (Phipson and Smyth 2010). None where all sets show the same
    difference, which leaves no error.
    """
    # In an order of its own, so that the same seed gives the same draws whatever the order of the rows.
    order = np.lexsort((outcome, treated, set_code))
    outcome, treated, set_code = outcome[order], treated[order], set_code[order]
    exact = number_of_draws(treated, set_code) <= MOST_ENUMERATED
    chosen = _every(treated, set_code) if exact else _some(treated, set_code, np.random.default_rng(seed), draws)
    sets = _Sets(treated, set_code)
    observed = sets.differences(outcome, treated[None, :])
    estimate = float(sets.mean(observed)[0])
    error = float(np.sqrt(sets.square(observed, observed)[0]))
    if not error > ROUNDING * np.abs(outcome).max(initial=0.0):
        return None
    parts = [sets.summarise(outcome - estimate * treated, drawn) for drawn in chosen]
    every = Draws(*(np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)))
    return Randomised(estimate, error, every, exact)


@dataclass(frozen=True, eq=False)
class _Sets:
    """Sets whose rows stand together; the mean over them has each count by its treated rows."""

    treated: np.ndarray
    set_code: np.ndarray

    def differences(self, values: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        """Return, draws by sets, the mean of those drawn less that of the others."""
        size, few = _sizes(self.treated, self.set_code)
        start = np.cumsum(size) - size
        of_drawn = np.add.reduceat(drawn * values, start, axis=1)
        return of_drawn / few - (np.add.reduceat(values, start) - of_drawn) / (size - few)

    def mean(self, differences: np.ndarray) -> np.ndarray:
        return differences @ self._weight

    def square(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return, for each draw, the squared error of the mean, or what two such means have in common."""
        weight, sets = self._weight, len(self._weight)
        apart, other_apart = (each - self.mean(each)[:, None] for each in (one, other))
        return sets / (sets - 1) * (apart * other_apart) @ weight**2

    def summarise(self, left: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what ``Draws`` holds, of what is ``left`` of the outcome."""
        alone, share = (self.differences(values, drawn) for values in (left, self.treated.astype(float)))
        squares = [self.square(*pair) for pair in ((alone, alone), (alone, share), (share, share))]
        return self.mean(alone), self.mean(share), np.array(squares)

    @property
    def _weight(self) -> np.ndarray:
        few = _sizes(self.treated, self.set_code)[1]
        return few / few.sum()


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
