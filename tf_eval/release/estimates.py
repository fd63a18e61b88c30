"""Estimates that may be shown: rounded as their unit deserves, hidden where too few families stand behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_AVAILABLE, SUPPRESSED, Shown, is_number
from tf_eval.release.units import FAMILIES, Whom, rounded, unit_named

FEW_IN_STATE = "too few families in a state, or too few that are not"


@dataclass(frozen=True)
class Basis:
    """How much an estimate rests on: families in each arm, and residual degrees of freedom.

    ``n_comparison`` is ``None`` for what looks at families with the support alone. Where the degrees of freedom are not
    stated, those of a mean or of a difference of two means are taken. ``whom`` says what they are called.
    """

    n_treated: int
    n_comparison: int | None
    degrees_of_freedom: int | None = None
    whom: Whom = FAMILIES

    def refusal(self, rules: Rules, *, of: float | None = 0.0) -> str:
        """Return why nothing that rests on this may be shown, or an empty string.

        ``of`` is the estimate in question: one that could not be had (``None``) tells nothing of anybody.
        """
        if of is None:
            return ""
        if self.n_treated < rules.threshold:
            return f"fewer than {rules.threshold} {self.whom.treated}"
        if self.n_comparison is not None and self.n_comparison < rules.threshold:
            return f"fewer than {rules.threshold} {self.whom.comparison}"
        if self._spare < rules.residual_degrees_of_freedom:
            return f"fewer than {rules.residual_degrees_of_freedom} degrees of freedom"
        return ""

    @property
    def smaller_arm(self) -> int:
        return self.n_treated if self.n_comparison is None else min(self.n_treated, self.n_comparison)

    @property
    def _spare(self) -> int:
        if self.degrees_of_freedom is not None:
            return self.degrees_of_freedom
        return self.n_treated - 1 if self.n_comparison is None else self.n_treated + self.n_comparison - 2


def release_effects(numbers: Mapping[str, float | None], unit: str, refusal: str) -> dict[str, Shown]:
    """Return effects and their bounds (name to number in ``unit``), rounded, or all hidden where there is a refusal."""
    return _released(numbers, unit_named(unit).effect_decimals, refusal)


def release_levels(
    numbers: Mapping[str, float | None], unit: str, refusal: str, families: int, rules: Rules
) -> dict[str, Shown]:
    """Return levels that belong together, such as the rates without and with the support.

    Whoever has one of them and the effect has the other, so they stand or fall together: all are hidden where there is
    a refusal, or where one of them says that too few of the ``families`` behind it are in a state (or too few are not);
    and none is available where one of them cannot be, such as a rate below nought that a model arrived at.
    """
    known = [value for value in numbers.values() if value is not None]
    if not refusal and not all(unit_named(unit).possible(value) for value in known):
        return dict.fromkeys(numbers, NOT_AVAILABLE)
    if unit_named(unit).of_families and any(_tells_of_few(value, families, rules) for value in known):
        refusal = FEW_IN_STATE
    return _released(numbers, unit_named(unit).level_decimals, refusal)


def release_base_rate(
    base_rate: float | None, effect: float | None, unit: str, refusal: str, basis: Basis, rules: Rules
) -> Shown:
    """Return the rate without the support, as ``release_levels`` has it beside the rate with it."""
    levels = {"without": base_rate, "with": total(base_rate, effect)}
    return release_levels(levels, unit, refusal, basis.smaller_arm, rules)["without"]


def beside(level: Shown, numbers: Mapping[str, Shown]) -> dict[str, Shown]:
    """Return numbers from which a level could be had, or in their place the shorthand that stands for the level."""
    return dict(numbers) if is_number(level) else dict.fromkeys(numbers, level)


def _tells_of_few(level: float, families: int, rules: Rules) -> bool:
    return any(rules.hides(families * share) for share in (level / 100, 1 - level / 100))


def why_hidden(refusals: Iterable[str], rates: Iterable[Shown], rules: Rules) -> tuple[str, ...]:
    """Return the notes on what is hidden: the refusals, and levels (``rates``) that are hidden for themselves."""
    notes = [f"[c] where the result rests on {refusal}." for refusal in sorted(set(refusals) - {""})]
    if SUPPRESSED in rates:
        notes.append(f"[c] for a rate that fewer than {rules.threshold} have, or all but so few.")
    return tuple(notes)


def release_ratios(numbers: Mapping[str, float | None], decimals: int, refusal: str) -> dict[str, Shown]:
    """Return numbers without a unit (fractions, standardised differences), rounded, or all hidden."""
    return _released(numbers, decimals, refusal)


def _released(numbers: Mapping[str, float | None], decimals: int, refusal: str) -> dict[str, Shown]:
    """What could not be had tells nothing of anybody: it is not available, whether or not the rest is hidden."""
    shown = {name: rounded(value, decimals) for name, value in numbers.items()}
    return {name: SUPPRESSED if refusal and is_number(value) else value for name, value in shown.items()}


def total(*parts: float | None) -> float | None:
    """Return the sum, or ``None`` where a part could not be estimated."""
    return None if any(part is None for part in parts) else sum(parts)


def quotient(number: float | None, by: float | None) -> float | None:
    """Return ``number / by``, or ``None`` where either is missing or ``by`` is zero."""
    return None if number is None or not by else number / abs(by)
