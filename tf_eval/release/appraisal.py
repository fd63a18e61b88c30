"""What support costs and saves: the shape that the gate accepts, and what may be shown of it."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.estimates import Basis, release_ratios, why_hidden
from tf_eval.release.money import FIGURES, release_pounds
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_APPLICABLE, SUPPRESSED, Shown


@dataclass(frozen=True, eq=False)
class Amount:
    """A number with its interval; the mean is missing where the verdict allows a range alone."""

    mean: float | None
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class MeasureRow:
    """A measure of an appraisal; its ``kind`` is pounds a family, pounds for one that was spent, or months.

    That of which the rules have no price at all is of the kind ``not_priced``.
    """

    name: str
    label: str
    kind: str
    amount: Amount


@dataclass(frozen=True, eq=False)
class AgencyRow:
    """What one agency pays (nought: nothing), and what it saves; whether it is of the public purse."""

    agency: str
    pays: float
    saves: Amount
    is_public: bool


@dataclass(frozen=True, eq=False)
class SwingRow:
    """By how many pounds the purse's net value moves when one assumption is at either of its ends."""

    name: str
    low: str
    high: str
    at_low: float
    at_high: float


@dataclass(frozen=True, eq=False)
class ValuedRow:
    """What one outcome comes to, ``last`` month followed, how its prices are rated, and what the rules say of it."""

    label: str
    amount: Amount
    last: int
    rated: str
    note: str


@dataclass(frozen=True, eq=False)
class BreakEvenRow:
    """The lasting change of one outcome that would pay for the support by itself, in ``unit``.

    ``is_more_than_all``: more would have to fall away than there is without the support.
    """

    label: str
    needed: float
    unit: str
    is_more_than_all: bool


@dataclass(frozen=True, eq=False)
class AppraisalView:
    """Costs and benefits of one intervention per family, at present value.

    ``given`` says what support is costed; ``cost_low`` and ``cost_high`` are the least and the most that it may cost.
    ``fewest`` are the families behind any of the effects. ``scenarios`` has the purse's net value by what becomes of
    effects after follow-up, in words; ``chance`` is that it pays for the purse, and ``multiple`` how many times as
    large all effects would have to be for that; both are missing where the verdict cannot tell.
    """

    intervention: str
    given: str
    months: int
    prices_of: str
    scenario: str
    is_range: bool
    cost: float
    cost_low: float
    cost_high: float
    measures: tuple[MeasureRow, ...]
    agencies: tuple[AgencyRow, ...]
    left: Amount
    scenarios: tuple[tuple[str, Amount], ...]
    swings: tuple[SwingRow, ...]
    outcomes: tuple[ValuedRow, ...]
    break_even: tuple[BreakEvenRow, ...]
    not_valued: tuple[str, ...]
    chance: float | None
    multiple: float | None
    fewest: int
    notes: tuple[str, ...] = ()


def release_appraisal(view: AppraisalView, rules: Rules) -> Released:
    """Release an appraisal: cost is the rules' own and is always shown, what rests on effects where they may be."""
    refusal = Basis(view.fewest, None).refusal(rules)
    payload = {
        "intervention": view.intervention,
        "given": view.given,
        "months": view.months,
        "prices_of": view.prices_of,
        "scenario": view.scenario,
        "is_range": view.is_range,
        **release_pounds({"cost": view.cost, "cost_low": view.cost_low, "cost_high": view.cost_high}, ""),
        "measures": [_measure(row, refusal) for row in view.measures],
        "agencies": [_agency(row, refusal) for row in view.agencies],
        "left": _pounds(view.left, refusal),
        "scenarios": [{"scenario": name, **_pounds(amount, refusal)} for name, amount in view.scenarios],
        "swings": [_swing(row, refusal) for row in view.swings],
        "outcomes": [_valued(row, refusal) for row in view.outcomes],
        "not_valued": list(view.not_valued),
        "break_even": [_break_even(row) for row in view.break_even],
        **release_ratios({"chance": view.chance, "multiple": view.multiple}, 2, refusal),
        "suppressed": refusal,
    }
    notes = (*why_hidden([refusal], (), rules), *(() if refusal else view.notes))
    return Released("appraisal", "What it costs and saves", payload, notes)


def _measure(row: MeasureRow, refusal: str) -> dict[str, Any]:
    shown = _pounds(row.amount, refusal) if row.kind == "pounds" else _numbers(row.amount, row.kind, refusal)
    return {"name": row.name, "label": row.label, "kind": row.kind, **shown}


def _numbers(amount: Amount, kind: str, refusal: str) -> dict[str, Shown]:
    """What is infinite, as months until money is back that never is, does not apply."""
    ends = {name: getattr(amount, name) for name in ("mean", "low", "high")}
    shown = release_ratios(ends, 2 if kind == "for_one" else 0, refusal)
    endless = SUPPRESSED if refusal else NOT_APPLICABLE
    return {name: endless if ends[name] == float("inf") else value for name, value in shown.items()}


def _pounds(amount: Amount, refusal: str) -> dict[str, Shown]:
    return release_pounds({name: getattr(amount, name) for name in ("mean", "low", "high")}, refusal)


def _agency(row: AgencyRow, refusal: str) -> dict[str, Any]:
    pays = release_pounds({"pays": row.pays}, "")
    return {"agency": row.agency, "is_public": row.is_public, **pays, **_pounds(row.saves, refusal)}


def _break_even(row: BreakEvenRow) -> dict[str, Any]:
    """It follows from cost and price, and from no family; it has two figures, as pounds have."""
    needed = {"needed": float(f"{row.needed:.{FIGURES}g}")}
    shown = release_ratios(needed, 0 if abs(row.needed) >= 10 else 1, "")
    return {"label": row.label, **shown, "unit": row.unit, "is_more_than_all": row.is_more_than_all}


def _swing(row: SwingRow, refusal: str) -> dict[str, Any]:
    moved = release_pounds({"at_low": row.at_low, "at_high": row.at_high}, refusal)
    return {"name": row.name, "low": row.low, "high": row.high, **moved}


def _valued(row: ValuedRow, refusal: str) -> dict[str, Any]:
    told = {"label": row.label, "last": row.last, "rated": row.rated, "note": row.note}
    return {**told, **_pounds(row.amount, refusal)}
