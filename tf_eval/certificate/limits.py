"""What the method is held to, and whether it was held."""

from dataclasses import dataclass

import numpy as np

from tf_eval.certificate.measures import Measure

NEAR = 2  # Monte-Carlo errors within which a measure cannot be told from its limit


@dataclass(frozen=True)
class Limit:
    """The bounds of a measure.

    Attributes:
        measure: its name.
        says: what it is, in words for a table.
        low, high: the bounds that it may come to.
        is_share: whether it is told in per cent, and not in standard deviations.
    """

    measure: str
    says: str
    low: float = -np.inf
    high: float = np.inf
    is_share: bool = True

    @property
    def told(self) -> str:
        """The bounds in words; nothing where there are none."""
        if np.isinf(self.low) and np.isinf(self.high):
            return ""
        if np.isinf(self.low):
            return f"at most {self._number(self.high)}"
        if np.isinf(self.high):
            return f"at least {self._number(self.low)}"
        return f"{self._number(self.low)} to {self._number(self.high)}"

    def is_missed(self, found: Measure) -> bool:
        """Whether a measure lies outside the bounds."""
        return not np.isnan(found.value) and not self.low <= found.value <= self.high

    def judge(self, found: Measure) -> str:
        """Say whether the bounds were held, and whether that is more than Monte-Carlo error can tell."""
        if np.isnan(found.value):
            return "nothing to look at" if self.told else ""
        if not self.told:
            return ""
        held = "**not held**" if self.is_missed(found) else "held"
        distance = min(abs(found.value - bound) for bound in (self.low, self.high))
        return held if distance > NEAR * found.error else f"{held}, too near to tell"

    def tell(self, found: Measure) -> str:
        """Return a measure with its Monte-Carlo error."""
        if np.isnan(found.value):
            return "\u2013"
        error = "" if np.isnan(found.error) else f" ({self._number(found.error)})"
        return f"{self._number(found.value)}{error}"

    def _number(self, value: float) -> str:
        return f"{100 * value:.1f} %" if self.is_share else f"{value:.3f} SD"


# Where the assumptions of a matched comparison hold.
HELD_TO = (
    Limit("coverage", "95 % intervals that hold the truth", low=0.93, high=0.97),
    Limit("bias", "Absolute bias, as a share of that of before and after", high=0.10),
    Limit("false_claims", "\u201cWorks\u201d or \u201cmay do harm\u201d where nothing is done", high=0.05),
    Limit("false_discoveries", "False discovery rate among \u201cworks\u201d", high=0.05),
    Limit("sign_errors", "Claims of the other sign, where something is done", high=0.005),
    Limit("overstatement", "Overstatement of the effect that a league table puts first", high=0.02, is_share=False),
)
FALSE_ALARMS = Limit("false_alarms", "Right verdicts with a failed check", high=0.05)
# Where they do not.
WARNED = Limit("warned", "Wrong verdicts with a failed check", low=0.90)
# Told beside them.
WRONG = Limit("wrong", "Wrong verdicts")
WARNED_RIGHT = Limit("false_alarms", "Right verdicts with a failed check")
WARNED_MISSES = Limit("warned_misses", "Intervals that miss the truth, with a failed check")
