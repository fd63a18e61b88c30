"""What several places come to together: made of numbers that have passed their own places' gates."""

from dataclasses import dataclass

from tf_eval.release.estimates import release_effects
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules


@dataclass(frozen=True, eq=False)
class PlacesRow:
    """The mean effect over places of one intervention on one outcome, and what another place may expect."""

    title: str
    label: str
    unit: str
    places: tuple[str, ...]
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    elsewhere_low: float | None
    elsewhere_high: float | None


@dataclass(frozen=True, eq=False)
class PlacesView:
    """Interventions that several places looked at; without rows the ``reason`` says why there are none."""

    rows: tuple[PlacesRow, ...]
    reason: str = ""


def release_places(view: PlacesView, rules: Rules) -> Released:
    """Release what places come to together, rounded as any effect is."""
    rows = [_row(row) for row in view.rows]
    return Released("places", "What other places found", {"rows": rows, "reason": view.reason})


def _row(row: PlacesRow) -> dict[str, object]:
    names = ("effect", "ci_low", "ci_high", "elsewhere_low", "elsewhere_high")
    numbers = release_effects({name: getattr(row, name) for name in names}, row.unit, "")
    named = {"intervention": row.title, "label": row.label, "unit": row.unit, "places": list(row.places)}
    return {**named, **numbers}
