"""A distribution of studentised effects under a null, and the interval of all nulls that it does not refuse."""

import math
from dataclasses import dataclass

import numpy as np

# Values that are the same but for rounding are ties, and a tie counts as no less far out.
TIE = 1e-9
# The ends are sought this many errors away at most; farther out the interval is open.
FARTHEST = 1e4
STEPS = 60


def level(confidence: float) -> float:
    """Return the p-value up to which a null is refused, which shares such as 12 of 120 reach exactly."""
    return 1 - confidence + TIE


@dataclass(frozen=True, eq=False)
class Reference:
    """Effects that would be seen had chance fallen otherwise, with their variances; the first is what was seen.

    An effect of d imposed on the treated is taken out of the data first: the effects are ``effect - d * effect_of_one``
    and the variances ``own - 2 * d * cross + d ** 2 * square``. ``is_complete`` says that all ways in which chance
    could have fallen are there, but for ``n_lacking`` in which there is no effect; of drawn ones the one that was seen
    counts in addition.
    """

    effect: np.ndarray
    effect_of_one: np.ndarray
    own: np.ndarray
    cross: np.ndarray
    square: np.ndarray
    is_complete: bool
    n_lacking: int = 0

    @property
    def n_drawn(self) -> int:
        """In how many ways chance was let fall, with those in which there is no effect."""
        return len(self.effect) + self.n_lacking - (not self.is_complete)

    def p_value(self, null: float = 0.0) -> float:
        """Return the share of effects that lie as far from the null as the one that was seen, in their errors."""
        distance = (self.effect - null * self.effect_of_one) ** 2
        variance = np.maximum(self.own - 2 * null * self.cross + null**2 * self.square, 0.0)
        seen = distance[0] / variance[0] if variance[0] > 0 else math.inf
        # Where the errors vanish any effect other than none is as far out as can be.
        as_far = distance * (1 + TIE) >= seen * variance if math.isfinite(seen) else variance <= 0
        return float(as_far.mean())

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the ends of the nulls, about the effect that was seen, that are not refused; infinite where open."""
        centre, error = self.effect[0], math.sqrt(self.own[0])
        refused = level(confidence)
        return self._end(centre, -error, refused), self._end(centre, error, refused)

    def _end(self, centre: float, step: float, refused: float) -> float:
        inside, outside = centre, centre + step
        while self.p_value(outside) > refused:
            if abs(outside - centre) > FARTHEST * abs(step) or step == 0:
                return math.copysign(math.inf, step)
            inside, outside = outside, centre + 1.5 * (outside - centre)
        for _ in range(STEPS):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if self.p_value(middle) > refused else (inside, middle)
        return outside


def reference_of(
    effects: np.ndarray,
    influence: np.ndarray,
    influence_of_one: np.ndarray,
    *,
    is_complete: bool,
    n_lacking: int = 0,
) -> Reference:
    """Return the distribution of draws: ``effects`` (draws by 2: of the outcome, of an effect of one) and influences.

    The influences are draws by clusters; the first draw is what was seen.
    """
    return Reference(
        effects[:, 0],
        effects[:, 1],
        np.einsum("ij,ij->i", influence, influence),
        np.einsum("ij,ij->i", influence, influence_of_one),
        np.einsum("ij,ij->i", influence_of_one, influence_of_one),
        is_complete,
        n_lacking,
    )
