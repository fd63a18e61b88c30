"""What a study could find, as it may be shown."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.estimates import (
    Basis,
    beside,
    quotient,
    release_effects,
    release_levels,
    release_ratios,
    why_hidden,
)
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules


@dataclass(frozen=True, eq=False)
class DetectableRow:
    """The smallest detectable change in one outcome over a band of months, beside the smallest worth having.

    Both are sizes, up or down; ``large_enough`` says whether the first is no larger than the second.
    """

    outcome: str
    label: str
    unit: str
    band: str
    smallest_detectable: float | None
    smallest_worthwhile: float
    large_enough: bool | None
    base_rate: float | None
    n_treated: int
    n_comparison: int
    good_direction: str = "fall"


@dataclass(frozen=True, eq=False)
class DetectableView:
    """What a study could find; ``follow_up`` is the band of the plan, and ``power`` the share of studies that find."""

    rows: tuple[DetectableRow, ...]
    follow_up: str
    power: float


def release_detectable(view: DetectableView, rules: Rules) -> Released:
    """Release what a study could find; where few families would stand behind an outcome it is hidden."""
    rows = [_row(row, rules) for row in view.rows]
    payload = {"rows": rows, "follow_up": view.follow_up, "power": view.power}
    rates = [row["base_rate"] for row in rows if not row["suppressed"]]
    notes = why_hidden([row["suppressed"] for row in rows], rates, rules)
    return Released("detectable", "What this study could have found", payload, notes)


def _row(row: DetectableRow, rules: Rules) -> dict[str, Any]:
    """``worth`` is the change in multiples of the smallest worthwhile one, to compare outcomes by."""
    basis = Basis(row.n_treated, row.n_comparison)
    refusal = basis.refusal(rules, of=row.smallest_detectable)
    level = release_levels({"base_rate": row.base_rate}, row.unit, refusal, basis.smaller_arm, rules)["base_rate"]
    worth = {"worth": quotient(row.smallest_detectable, row.smallest_worthwhile)}
    relative = {"relative": quotient(row.smallest_detectable, row.base_rate)}
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        "band": row.band,
        "good_direction": row.good_direction,
        **release_effects({"smallest_detectable": row.smallest_detectable}, row.unit, refusal),
        **release_effects({"smallest_worthwhile": row.smallest_worthwhile}, row.unit, ""),
        **release_ratios(worth, 2, refusal),
        "base_rate": level,
        **beside(level, release_ratios(relative, 2, refusal)),
        "large_enough": None if refusal else row.large_enough,
        "suppressed": refusal,
    }
