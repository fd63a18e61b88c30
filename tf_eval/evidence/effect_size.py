"""An effect with its doubt and its base rate, in the units in which it is reported."""

from dataclasses import asdict, dataclass

# A true effect of this many standard errors is found four times in five by a two-sided test at 5 %:
# the 97.5 % point of the normal distribution plus its 80 % point (DOMAIN: minimum detectable effect).
POWER_80_FACTOR = 1.959964 + 0.841621


@dataclass(frozen=True, repr=False)
class EffectSize:
    """A change caused, with its interval, in reporting units.

    Attributes:
        value: the estimate; negative where the outcome fell.
        low, high: the ends of its interval.
        std_error: its standard error.
        p_value: two-sided, against no effect at all; not adjusted for the number of outcomes.
        base_rate: what like families had without the intervention over the same months.
        n_treated, n_comparison: families behind it.
    """

    value: float
    low: float
    high: float
    std_error: float
    p_value: float
    base_rate: float
    n_treated: int
    n_comparison: int

    @property
    def relative(self) -> float | None:
        """The change as a share of the base rate, or None where the base rate is not positive."""
        return self.value / self.base_rate if self.base_rate > 0 else None

    @property
    def minimum_detectable(self) -> float:
        """The smallest true change that a study of this size finds four times in five."""
        return POWER_80_FACTOR * self.std_error

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def within(self, bound: float) -> bool:
        """Whether the whole interval lies closer to zero than ``bound``."""
        return -bound < self.low and self.high < bound

    def __repr__(self) -> str:
        return f"<EffectSize: {self.value:.3g} ({self.low:.3g} to {self.high:.3g})>"

    def to_dict(self) -> dict[str, float | int | None]:
        return asdict(self) | {"relative": self.relative, "minimum_detectable": self.minimum_detectable}
