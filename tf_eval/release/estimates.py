"""Estimates that may be shown: rounded as their unit deserves, hidden where too few families stand behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED, Shown
from tf_eval.release.units import rounded, unit_named


@dataclass(frozen=True)
class Basis:
    """How much an estimate rests on: families in each arm, and residual degrees of freedom.

    Where the degrees of freedom are not stated, those of a difference of two means are taken.
    """

    n_treated: int
    n_comparison: int
    degrees_of_freedom: int | None = None

    def refusal(self, rules: Rules, *, of: float | None = 0.0) -> str:
        """Return why nothing that rests on this may be shown, or an empty string.

        ``of`` is the estimate in question: one that could not be had (``None``) tells nothing of anybody.
        """
        if of is None:
            return ""
        if self.n_treated < rules.threshold:
            return f"fewer than {rules.threshold} families with this support"
        if self.n_comparison < rules.threshold:
            return f"fewer than {rules.threshold} like families"
        spare = self.n_treated + self.n_comparison - 2 if self.degrees_of_freedom is None else self.degrees_of_freedom
        if spare < rules.residual_degrees_of_freedom:
            return f"fewer than {rules.residual_degrees_of_freedom} degrees of freedom"
        return ""


def release_effects(numbers: Mapping[str, float | None], unit: str, refusal: str) -> dict[str, Shown]:
    """Return effects and their bounds (name to number in ``unit``), rounded, or all hidden where there is a refusal."""
    return _released(numbers, unit_named(unit).effect_decimals, refusal)


def release_levels(numbers: Mapping[str, float | None], unit: str, refusal: str) -> dict[str, Shown]:
    """Return levels such as base rates, rounded, or all hidden where there is a refusal."""
    return _released(numbers, unit_named(unit).level_decimals, refusal)


def release_ratios(numbers: Mapping[str, float | None], decimals: int, refusal: str) -> dict[str, Shown]:
    """Return numbers without a unit (fractions, standardised differences), rounded, or all hidden."""
    return _released(numbers, decimals, refusal)


def _released(numbers: Mapping[str, float | None], decimals: int, refusal: str) -> dict[str, Shown]:
    return {name: SUPPRESSED if refusal else rounded(value, decimals) for name, value in numbers.items()}


def total(*parts: float | None) -> float | None:
    """Return the sum, or ``None`` where a part could not be estimated."""
    return None if any(part is None for part in parts) else sum(parts)


def quotient(number: float | None, by: float | None) -> float | None:
    """Return ``number / by``, or ``None`` where either is missing or ``by`` is zero."""
    return None if number is None or not by else number / abs(by)
