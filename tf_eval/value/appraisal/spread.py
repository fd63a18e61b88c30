"""A number with its doubt, as draws have it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tf_eval.did.plain import plain

CONFIDENCE = 0.95
ENDS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)


@dataclass(frozen=True)
class Spread:
    """A measure of an appraisal.

    Attributes:
        mean: what it comes to at the effects as estimated, which is the mean over draws of whatever is linear in them;
            missing where the verdict allows a range alone.
        low, high: ends of the 95 % interval.
    """

    mean: float
    low: float
    high: float

    def as_range(self) -> "Spread":
        """Return the ends alone; what has no doubt in it, such as a cost, stays a point."""
        return self if self.low == self.high else replace(self, mean=math.nan)

    def to_dict(self) -> dict[str, Any]:
        return plain(vars(self))


def spread(mean: float, drawn: np.ndarray) -> Spread:
    return Spread(float(mean), *ends_of(drawn))


def ends_of(drawn: np.ndarray) -> tuple[float, float]:
    """Return the ends between which a further draw would lie in 95 of 100 (order statistics at (n + 1) p)."""
    low, high = np.quantile(drawn, ENDS, method="weibull")
    return float(low), float(high)


def fixed(amount: float) -> Spread:
    """Return what has no doubt of effects in it, such as a cost."""
    return Spread(amount, amount, amount)


def as_ranges(spreads: Mapping[str, Any]) -> dict[str, Any]:
    """Return spreads by name, at whatever depth, as ranges."""
    return {name: one.as_range() if isinstance(one, Spread) else as_ranges(one) for name, one in spreads.items()}
