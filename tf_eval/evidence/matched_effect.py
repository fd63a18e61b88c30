"""An effect at one point in time, on people who were matched: one number, with no months before it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import in_unit, is_harm, told_size
from tf_eval.evidence.plain_outcome import PlainOutcome
from tf_eval.matching import Effect
from tf_eval.matching.display import NOT_SHOWN


@dataclass(frozen=True, eq=False, repr=False)
class MatchedEffect:
    """The effect of an intervention on one outcome at one point in time, in reporting units.

    Attributes:
        outcome: what is measured, and how it is reported.
        estimate: the effect on those who were matched, in the outcome's own units.
        smallest_worthwhile: the smallest change worth having, in reporting units.
        checks: the checks of this outcome alone.
    """

    outcome: Outcome | PlainOutcome
    estimate: Effect
    smallest_worthwhile: float
    checks: tuple[Check, ...]

    @property
    def headline(self) -> EffectSize:
        found = self.estimate
        size = EffectSize(
            value=found.estimate,
            low=found.ci_low,
            high=found.ci_high,
            std_error=found.std_error,
            p_value=found.p_value,
            base_rate=found.counterfactual_mean,
            n_treated=found.n_treated_units,
            n_comparison=found.n_comparison_units,
            degrees_of_freedom=found.degrees_of_freedom,
        )
        return in_unit(size, self.outcome)

    @property
    def naive(self) -> NotEstimated:
        """Before and after cannot be told apart in one point in time."""
        return NotEstimated("the outcome was seen once")

    def is_harm(self, change: float) -> bool:
        return is_harm(self.outcome, change)

    def table(self) -> pd.DataFrame:
        """Return the effect as a table of one row, in reporting units."""
        return pd.DataFrame([self.headline.to_dict()])

    def plot(self, ax: Any = None) -> Any:
        """Draw what was seen beside what is expected without the intervention, in the outcome's own units."""
        return self.estimate.plot(ax)

    def summary(self) -> str:
        if self.estimate.is_small:
            return f"{self.outcome.label}: {NOT_SHOWN}"
        said = told_size(self.outcome, self.headline, "")
        return f"{said} It holds only if the match has seen all that made both treatment and the outcome more likely."

    def __repr__(self) -> str:
        return f"<MatchedEffect: {self.outcome.label}>"
