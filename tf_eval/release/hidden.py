"""What would have to be hidden for effects to be explained away, as it may be shown."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.estimates import Basis, release_effects, release_ratios, why_hidden
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_APPLICABLE

YARDSTICKS = ("times_drift", "e_value", "e_value_ci", "odds")
SHARE_DECIMALS = 2


@dataclass(frozen=True, eq=False)
class HiddenRow:
    """One effect, and what would explain it away.

    ``is_found`` where its range leaves out no change. ``times_drift``, ``e_value``, ``e_value_ci`` and ``odds`` are
    factors, ``share`` a fraction. Each of ``bounds`` is how many times the largest drift before the start the groups
    may have drifted apart after it, and the ends of the interval that is left.
    """

    outcome: str
    label: str
    unit: str
    is_found: bool
    detection_sensitive: bool
    sentences: tuple[str, ...]
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    times_drift: float | None
    e_value: float | None
    e_value_ci: float | None
    odds: float | None
    share: float | None
    bounds: tuple[tuple[float, float, float], ...]
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class HiddenView:
    """What would have to be hidden, outcome by outcome."""

    rows: tuple[HiddenRow, ...]


def release_hidden(view: HiddenView, rules: Rules) -> Released:
    """Release what would have to be hidden, where the effect that it would explain away may be shown."""
    rows = [_row(row, rules) for row in view.rows]
    notes = why_hidden((row["suppressed"] for row in rows), (), rules)
    return Released("hidden", "What would have to be hidden", {"rows": rows}, notes)


def _row(row: HiddenRow, rules: Rules) -> dict[str, Any]:
    refusal = Basis(row.n_treated, row.n_comparison).refusal(rules, of=row.effect)
    effects = {"effect": row.effect, "ci_low": row.ci_low, "ci_high": row.ci_high}
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        "is_found": row.is_found and not refusal,
        "detection_sensitive": row.detection_sensitive,
        "sentences": [] if refusal else list(row.sentences),
        **release_effects(effects, row.unit, refusal),
        **_yardsticks(row, refusal),
        "bounds": [_bound(bound, row.unit, refusal) for bound in row.bounds] if row.is_found else [],
        "suppressed": refusal,
    }


def _yardsticks(row: HiddenRow, refusal: str) -> dict[str, Any]:
    """Where no change is within the range there is nothing to explain away, and no yardstick has a meaning."""
    if not row.is_found and not refusal:
        return dict.fromkeys((*YARDSTICKS, "share"), NOT_APPLICABLE)
    factors = {name: getattr(row, name) for name in YARDSTICKS}
    return release_ratios(factors, 1, refusal) | release_ratios({"share": row.share}, SHARE_DECIMALS, refusal)


def _bound(bound: tuple[float, float, float], unit: str, refusal: str) -> dict[str, Any]:
    times, low, high = bound
    return {"times": times, **release_effects({"ci_low": low, "ci_high": high}, unit, refusal)}
