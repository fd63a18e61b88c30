"""An estimate put right by what controls show."""

from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.did.plain import plain
from tf_eval.matching.display import number, percent


@dataclass(frozen=True, eq=False, repr=False)
class Calibrated:
    """An estimate with its interval and p-value, widened and moved by the systematic error of the controls.

    Attributes:
        value, low, high: the calibrated estimate and the ends of its interval; an end is infinite where controls
            cannot tell large effects from small ones.
        p_value: two-sided, of no effect, against estimates of no effect as the controls show them.
        raw_value, raw_std_error: what was handed in.
        raw_low, raw_high, raw_p_value: the interval and p-value that it would have by chance alone (normal).
        confidence: of both intervals.
    """

    value: float
    low: float
    high: float
    p_value: float
    raw_value: float
    raw_std_error: float
    raw_low: float
    raw_high: float
    raw_p_value: float
    confidence: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def summary(self) -> str:
        """Return both intervals, and what the calibrated one rests on."""
        return (
            f"Put right by the controls the effect is {number(self.value)} ({percent(self.confidence)} interval "
            f"{number(self.low)} to {number(self.high)}), by chance alone {number(self.raw_value)} "
            f"({number(self.raw_low)} to {number(self.raw_high)}). It holds if this analysis is off as those of the "
            "controls are."
        )

    def to_dict(self) -> dict[str, Any]:
        return plain(asdict(self))

    def __repr__(self) -> str:
        return f"<Calibrated: {number(self.value)} ({number(self.low)} to {number(self.high)})>"
