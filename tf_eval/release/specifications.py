"""A study done in every other way in which it could reasonably have been done, as it may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tf_eval.release.estimates import Basis, release_effects, why_hidden
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules


@dataclass(frozen=True, eq=False)
class CurveRow:
    """The effect on one outcome by one way of doing the study; ``alike``: its families passed the balance check."""

    alike: bool
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class OutcomeCurveView:
    """One outcome in every way of doing the study, in the order of the choices."""

    outcome: str
    label: str
    unit: str
    rows: tuple[CurveRow, ...]


@dataclass(frozen=True, eq=False)
class SpecificationsView:
    """What was chosen in each way of doing the study (name to words), the planned one first, and what came of it."""

    choices: tuple[Mapping[str, str], ...]
    curves: tuple[OutcomeCurveView, ...]


def release_specifications(view: SpecificationsView, rules: Rules) -> Released:
    """Release the effects by every way of doing the study; what was chosen tells nothing of anybody.

    Choices are pairs of name and words: a notebook that is saved does not keep the order of names.
    """
    curves = [_curve(curve, rules) for curve in view.curves]
    payload = {"choices": [[list(pair) for pair in made.items()] for made in view.choices], "curves": curves}
    notes = why_hidden((row["suppressed"] for curve in curves for row in curve["rows"]), (), rules)
    return Released("specifications", "If the study had been done otherwise", payload, notes)


def _curve(curve: OutcomeCurveView, rules: Rules) -> dict[str, Any]:
    rows = [_row(row, curve.unit, rules) for row in curve.rows]
    return {"outcome": curve.outcome, "label": curve.label, "unit": curve.unit, "rows": rows}


def _row(row: CurveRow, unit: str, rules: Rules) -> dict[str, Any]:
    refusal = Basis(row.n_treated, row.n_comparison).refusal(rules, of=row.effect)
    numbers = {"effect": row.effect, "ci_low": row.ci_low, "ci_high": row.ci_high}
    return {"alike": row.alike, **release_effects(numbers, unit, refusal), "suppressed": refusal}
