"""What an evaluation found where there is nothing to find: the shape that the gate accepts, and what may be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tf_eval.release.estimates import Basis, quotient, release_base_rate, release_effects, release_ratios, why_hidden
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules

P_DECIMALS = 2


@dataclass(frozen=True, eq=False)
class Found:
    """An estimate where there is nothing to find; whether its interval leaves no effect out."""

    value: float | None
    is_claim: bool
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class Interval:
    """An effect with its interval and p-value."""

    effect: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None

    @property
    def is_claim(self) -> bool:
        """Whether it leaves no effect out."""
        return None not in (self.ci_low, self.ci_high) and not self.ci_low <= 0 <= self.ci_high


@dataclass(frozen=True, eq=False)
class PlaceboRow:
    """One outcome: the effect as planned and put right, and what was found in ``by_lot`` and ``too_early`` starts.

    ``recovered`` is the share found of an effect that was planted.
    """

    outcome: str
    label: str
    unit: str
    smallest_worthwhile: float
    planned: Interval
    put_right: Interval
    by_lot: tuple[Found, ...]
    too_early: tuple[Found, ...]
    recovered: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class ControlRow:
    """One outcome that the intervention cannot move, as it was measured."""

    outcome: str
    label: str
    unit: str
    smallest_worthwhile: float
    found: Interval
    base_rate: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class PlacebosView:
    """What was found where there is nothing, outcome by outcome; ``passed`` where chance explains it."""

    rows: tuple[PlaceboRow, ...]
    passed: bool
    sentence: str
    controls: tuple[ControlRow, ...] = ()


def release_placebos(view: PlacebosView, rules: Rules) -> Released:
    """Release how an evaluation fared where the answer is known; the sentence only where all of it may be seen."""
    rows, controls = [_row(row, rules) for row in view.rows], [_control(row, rules) for row in view.controls]
    refusals = [row["suppressed"] for row in (*rows, *controls)]
    sentence = "" if any(refusals) else view.sentence
    payload = {"rows": rows, "controls": controls, "passed": view.passed, "sentence": sentence}
    notes = why_hidden(refusals, [row["base_rate"] for row in controls], rules)
    return Released("placebos", "What was found where there is nothing", payload, notes)


def _row(row: PlaceboRow, rules: Rules) -> dict[str, Any]:
    kinds = {"by_lot": row.by_lot, "too_early": row.too_early}
    bases = [(row, row.planned.effect), *((found, found.value) for kind in kinds.values() for found in kind)]
    refusal = _first(Basis(one.n_treated, one.n_comparison).refusal(rules, of=value) for one, value in bases)
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        "planned": _interval(row.planned, row, refusal),
        "put_right": _interval(row.put_right, row, refusal),
        **{name: _tests(found, row.smallest_worthwhile, refusal) for name, found in kinds.items()},
        **release_ratios({"recovered": row.recovered}, 2, refusal),
        "suppressed": refusal,
    }


def _control(row: ControlRow, rules: Rules) -> dict[str, Any]:
    basis = Basis(row.n_treated, row.n_comparison)
    refusal = basis.refusal(rules, of=row.found.effect)
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        "found": _interval(row.found, row, refusal),
        "base_rate": release_base_rate(row.base_rate, row.found.effect, row.unit, refusal, basis, rules),
        "is_found": not refusal and row.found.is_claim,
        "suppressed": refusal,
    }


def _first(refusals: Iterable[str]) -> str:
    """A row stands or falls as one: how many tests are left of all would tell which of them rest on few."""
    return next(filter(None, refusals), "")


def _interval(found: Interval, row: PlaceboRow | ControlRow, refusal: str) -> dict[str, Any]:
    """``worth_*`` are in multiples of the smallest worthwhile change, to draw outcomes side by side."""
    ends = {"effect": found.effect, "ci_low": found.ci_low, "ci_high": found.ci_high}
    worth = {f"worth_{name}": quotient(value, row.smallest_worthwhile) for name, value in ends.items()}
    return {
        **release_effects(ends, row.unit, refusal),
        **release_ratios(worth, 2, refusal),
        **release_ratios({"p_value": found.p_value}, P_DECIMALS, refusal),
    }


def _tests(found: tuple[Found, ...], worthwhile: float, refusal: str) -> dict[str, Any]:
    """Return how many tests found something, and what each found in multiples of the smallest worthwhile change."""
    known = [one for one in found if one.value is not None]
    if refusal:
        return {"tried": 0, "found": 0, "worth": []}
    worth = [release_ratios({"worth": quotient(one.value, worthwhile)}, 2, "")["worth"] for one in known]
    return {"tried": len(known), "found": sum(one.is_claim for one in known), "worth": worth}
