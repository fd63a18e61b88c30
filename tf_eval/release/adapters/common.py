"""The parts of views that many results share: units, numbers with their interval, counts."""

from typing import Any

from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence import EffectSize, PlainOutcome
from tf_eval.release.units import UNITS, unit_named

# How a kind of outcome is reported; a unit of ``tf_eval.release.units``.
UNIT_OF_KIND = {"count": "per_100_families_a_year", "share": "percentage_points", "state": "of_100_families"}
# What a person who writes an outcome calls these units.
UNIT_WORDS = {"count": "for 100 families a year", "share": "in percentage points", "state": "of 100 families"}


def unit(outcome: Outcome | PlainOutcome) -> str:
    """Return the unit of an outcome.

    Raises:
        ConfigError: its kind has none yet, there is none such, or its scale would make the page wrong by a factor.
    """
    name, why = _named_unit(outcome)
    if outcome.scale != unit_named(name).scale:
        raise ConfigError(
            f"outcomes.{outcome.name}.scale: {outcome.scale:g} does not fit, because {why}. "
            f"Set it to {UNITS[name].scale:g}, and smallest_worthwhile in the same unit."
        )
    return name


def _named_unit(outcome: Outcome | PlainOutcome) -> tuple[str, str]:
    """Return the unit, and why it has the scale that it has."""
    if isinstance(outcome, PlainOutcome):
        return outcome.unit, f"its unit is '{outcome.unit}'"
    if outcome.kind not in UNIT_OF_KIND:
        raise ConfigError(f"outcomes.{outcome.name}.kind: {outcome.kind} has no rules yet by which it may be published")
    return UNIT_OF_KIND[outcome.kind], f"a {outcome.kind} is published {UNIT_WORDS[outcome.kind]}"


def named(outcome: Outcome | PlainOutcome) -> dict[str, str]:
    return {"outcome": outcome.name, "label": outcome.label, "unit": unit(outcome)}


def interval(size: EffectSize | NotEstimated) -> dict[str, float | None]:
    if isinstance(size, NotEstimated):
        return {"effect": None, "ci_low": None, "ci_high": None}
    return {"effect": number(size.value), "ci_low": number(size.low), "ci_high": number(size.high)}


def base(size: EffectSize | NotEstimated) -> dict[str, float | None]:
    return {"base_rate": None if isinstance(size, NotEstimated) else number(size.base_rate)}


def counts(size: EffectSize | NotEstimated) -> dict[str, int]:
    if isinstance(size, NotEstimated):
        return {"n_treated": 0, "n_comparison": 0}
    return {"n_treated": size.n_treated, "n_comparison": size.n_comparison}


def number(value: Any) -> float | None:
    """A missing number is None: the gate shows it as not available."""
    return None if value is None or value != value else float(value)
