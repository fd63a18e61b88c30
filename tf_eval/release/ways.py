"""The same effect by several ways of estimating it, as it may be shown."""

from dataclasses import dataclass

from tf_eval.release.estimates import Basis, release_effects, why_hidden
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.units import unit_named


@dataclass(frozen=True, eq=False)
class WayRow:
    """The effect by one way of estimating it, what that assumes, and its distance from the planned estimate.

    The distance is this effect less the planned one.
    """

    way: str
    assumes: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    apart: float | None
    apart_low: float | None
    apart_high: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class WaysView:
    """The effect on one outcome in several ways, the planned one first, and whether they agree.

    They do where the intervals of all distances hold zero; ``level`` is how sure these intervals are, as a share.
    """

    outcome: str
    label: str
    unit: str
    rows: tuple[WayRow, ...]
    level: float
    agree: bool
    sentence: str


def release_ways(view: WaysView, rules: Rules) -> Released:
    """Release an effect in several ways; the sentence tells of all of them, so it goes where all of them go."""
    rows = [_row(row, view.unit, rules) for row in view.rows]
    refusals = [row["suppressed"] for row in rows]
    named = {"outcome": view.outcome, "label": view.label, "unit": view.unit, "level": view.level}
    said = {"agree": view.agree, "sentence": view.sentence} if not any(refusals) else {"agree": None, "sentence": ""}
    return Released("ways", view.label, {**named, "rows": rows, **said}, why_hidden(refusals, (), rules))


def _row(row: WayRow, unit: str, rules: Rules) -> dict[str, object]:
    refusal = Basis(row.n_treated, row.n_comparison, whom=unit_named(unit).whom).refusal(rules, of=row.effect)
    names = ("effect", "ci_low", "ci_high", "apart", "apart_low", "apart_high")
    numbers = release_effects({name: getattr(row, name) for name in names}, unit, refusal)
    return {"way": row.way, "assumes": row.assumes, **numbers, "suppressed": refusal}
