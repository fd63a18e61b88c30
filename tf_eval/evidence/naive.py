"""What before and after alone would have claimed, beside what like families did."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tf_eval.errors import NotEstimated
from tf_eval.evidence.outcome_effect import OutcomeEffect


@dataclass(frozen=True, eq=False, repr=False)
class NaiveComparison:
    """Every outcome before and after among families with the intervention, and what is left of the change.

    Attributes:
        measured: the effect on each outcome.
    """

    measured: tuple[OutcomeEffect, ...]

    def table(self) -> pd.DataFrame:
        """Return one row per outcome that could be estimated, in reporting units.

        ``comparison_change`` is the change of like families that the estimate implies: before and after less effect.
        """
        return pd.DataFrame([_row(effect) for effect in self.measured if _is_known(effect)])

    def summary(self) -> str:
        if not any(_is_known(effect) for effect in self.measured):
            return NotEstimated("no outcome could be compared before and after").summary()
        return (
            "Before and after alone counts as success what like families did without the intervention. "
            "What is left after taking that away is the effect."
        )

    def __repr__(self) -> str:
        return f"<NaiveComparison: {len(self.measured)} outcomes>"


def naive_story(measured: Sequence[OutcomeEffect]) -> NaiveComparison:
    """Set the naive change beside the effect, outcome by outcome."""
    return NaiveComparison(tuple(measured))


def _is_known(effect: OutcomeEffect) -> bool:
    return not isinstance(effect.naive, NotEstimated) and not isinstance(effect.headline, NotEstimated)


def _row(effect: OutcomeEffect) -> dict[str, object]:
    scale = effect.outcome.scale
    naive = effect.naive
    return {
        "outcome": effect.outcome.name,
        "label": effect.outcome.label,
        "unit": effect.outcome.unit,
        "before": naive.baseline_mean * scale,
        "after": naive.follow_up_mean * scale,
        "naive_change": naive.change * scale,
        "comparison_change": naive.change * scale - effect.headline.value,
        "effect": effect.headline.value,
        "n_treated": naive.n_treated,
        "n_comparison": effect.headline.n_comparison,
    }
