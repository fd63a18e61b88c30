"""An effect with its doubt and its base rate, in the units in which it is reported."""

import math
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from scipy import stats

from tf_eval.did.planning.detectable import errors_needed
from tf_eval.errors import NotEstimated

CONFIDENCE, POWER = 0.95, 0.8  # an effect is found by its interval, four times in five (DOMAIN: minimum detectable)


class Bounded(Protocol):
    """An estimate with its interval."""

    value: float

    @property
    def excludes_zero(self) -> bool: ...


@dataclass(frozen=True, repr=False)
class EffectSize:
    """A change caused, with its interval, in reporting units.

    Attributes:
        value: the estimate; negative where the outcome fell.
        low, high: the ends of its interval.
        std_error: its standard error.
        p_value: two-sided, against no effect at all; not adjusted for the number of outcomes.
        base_rate: what like families had without the intervention over the same months; missing where no level is told.
        n_treated, n_comparison: families behind it.
        degrees_of_freedom: of the t distribution that the interval takes; infinite for the normal.
        reach: how many errors the interval reaches to either side where that is more than usual, because it holds over
            several looks.
    """

    value: float
    low: float
    high: float
    std_error: float
    p_value: float
    base_rate: float
    n_treated: int
    n_comparison: int
    degrees_of_freedom: float = math.inf
    reach: float | None = None

    @property
    def relative(self) -> float | None:
        """The change as a share of the base rate, or None where the base rate is not positive."""
        return self.value / self.base_rate if self.base_rate > 0 else None

    @property
    def minimum_detectable(self) -> float:
        """The smallest true change that a study of this size finds four times in five."""
        if self.reach is not None:
            return (self.reach + float(stats.norm.ppf(POWER))) * self.std_error
        return errors_needed(CONFIDENCE, POWER, self.degrees_of_freedom) * self.std_error

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def scaled(self, scale: float) -> "EffectSize":
        """Return it in a unit of which there are ``scale`` to the present one."""
        names = ("value", "low", "high", "std_error", "base_rate")
        return replace(self, **{name: getattr(self, name) * scale for name in names})

    def in_percent(self) -> "EffectSize":
        """Return a difference of logarithms as a change in percent; a mean of logarithms is no base rate.

        The ends stay those of the same interval, and the error is that of the delta method.
        """
        percent = {name: 100 * math.expm1(getattr(self, name)) for name in ("value", "low", "high")}
        return replace(self, **percent, std_error=100 * math.exp(self.value) * self.std_error, base_rate=math.nan)

    def within(self, bound: float) -> bool:
        """Whether the whole interval lies closer to zero than ``bound``."""
        return -bound < self.low and self.high < bound

    def __repr__(self) -> str:
        return f"<EffectSize: {self.value:.3g} ({self.low:.3g} to {self.high:.3g})>"

    def to_dict(self) -> dict[str, float | int | None]:
        own = {name: value for name, value in asdict(self).items() if name not in ("degrees_of_freedom", "reach")}
        return own | {"relative": self.relative, "minimum_detectable": self.minimum_detectable}


def answer_of(size: Bounded | NotEstimated) -> str:
    """Return what an interval says: a fall, a rise, or that there may be no change; or that there is none."""
    if isinstance(size, NotEstimated):
        return "not estimated"
    return "no change possible" if not size.excludes_zero else "fall" if size.value < 0 else "rise"
