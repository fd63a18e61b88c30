"""One intervention against another, as it may be shown."""

from dataclasses import dataclass
from typing import Any

from tf_eval.release.counts import release_count
from tf_eval.release.estimates import (
    Basis,
    quotient,
    release_base_rate,
    release_effects,
    release_ratios,
    why_hidden,
)
from tf_eval.release.money import release_pounds
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED, Shown
from tf_eval.release.views import BalanceView

SIZES = ("first", "second", "own", "direct")
WORTH = {"effect": "worth_effect", "ci_low": "worth_low", "ci_high": "worth_high"}
SMD_DECIMALS = 2


@dataclass(frozen=True, eq=False)
class SizeCell:
    """An effect, or a difference between two, with how many families stand behind it."""

    effect: float | None
    ci_low: float | None
    ci_high: float | None
    base_rate: float | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class ApartRow:
    """Both effects over some months, and how far they are apart.

    ``first`` and ``second`` are each against like families, and ``own`` is the one less the other; ``direct`` is the
    first less the second among families that might have had either. ``band`` is "headline" or months; ``clear`` says
    whether ``direct`` is beyond chance, allowing for all of its kind.
    """

    band: str
    first: SizeCell
    second: SizeCell
    own: SizeCell
    direct: SizeCell
    clear: bool


@dataclass(frozen=True, eq=False)
class VersusRow:
    """Two interventions on one outcome.

    ``standing`` is "better", "about the same" or "cannot tell"; ``better`` is 0 for the first, 1 for the second.
    """

    outcome: str
    label: str
    unit: str
    good_direction: str
    smallest_worthwhile: float
    standing: str
    better: int | None
    reason: str
    headline: ApartRow
    bands: tuple[ApartRow, ...]


@dataclass(frozen=True, eq=False)
class CostRow:
    """What an intervention costs a family in pounds, with what it may be instead, at the prices of a year."""

    intervention: str
    cost: float
    low: float
    high: float
    prices_of: str


@dataclass(frozen=True, eq=False)
class VersusView:
    """Which of two interventions is better, and what each costs; ``months`` are the first and last of the headline."""

    label: str
    question: str
    titles: tuple[str, str]
    months: tuple[int, int]
    rows: tuple[VersusRow, ...]
    costs: tuple[CostRow, ...] = ()


@dataclass(frozen=True, eq=False)
class EitherView:
    """How unlike families with the one and with the other were; without a balance, why nobody might have had either.

    Differences are positive where the first had more.
    """

    titles: tuple[str, str]
    balance: BalanceView | None
    reason: str = ""


def release_versus(view: VersusView, rules: Rules) -> Released:
    """Release what can be said of two interventions; of a row with few families behind any of its numbers, nothing."""
    rows = [_row(row, rules) for row in view.rows]
    shown = [part for row in rows for part in (row["headline"], *row["bands"])]
    rates = [part[name]["base_rate"] for part in shown for name in SIZES if not part["suppressed"]]
    costs = [
        {
            "intervention": row.intervention,
            **release_pounds({"cost": row.cost, "low": row.low, "high": row.high}, ""),
            "prices_of": row.prices_of,
        }
        for row in view.costs
    ]
    named = {"label": view.label, "question": view.question, "titles": list(view.titles), "months": list(view.months)}
    notes = why_hidden([part["suppressed"] for part in shown], rates, rules)
    return Released("versus", view.label, {**named, "rows": rows, "costs": costs}, notes)


def _row(row: VersusRow, rules: Rules) -> dict[str, Any]:
    headline = _apart(row.headline, row, rules)
    refusal = headline["suppressed"]
    told = {"standing": SUPPRESSED, "better": None, "reason": f"It rests on {refusal}."}
    if not refusal:
        told = {"standing": row.standing, "better": row.better, "reason": row.reason}
    return {
        **{name: getattr(row, name) for name in ("outcome", "label", "unit", "good_direction")},
        "smallest_worthwhile": release_effects({"value": row.smallest_worthwhile}, row.unit, "")["value"],
        **told,
        "headline": headline,
        "bands": [_apart(band, row, rules) for band in row.bands],
    }


def _apart(apart: ApartRow, row: VersusRow, rules: Rules) -> dict[str, Any]:
    """Who has two of the effects and their difference has the third, so that they stand or fall together."""
    cells = {name: getattr(apart, name) for name in SIZES}
    refusals = [_basis(cell).refusal(rules, of=cell.effect) for cell in cells.values()]
    refusal = next(filter(None, refusals), "")
    return {
        "band": apart.band,
        **{name: _cell(cell, row, refusal, rules) for name, cell in cells.items()},
        "clear": None if refusal or apart.direct.effect is None else apart.clear,
        "suppressed": refusal,
    }


def _basis(cell: SizeCell) -> Basis:
    return Basis(cell.n_treated, cell.n_comparison)


def _cell(cell: SizeCell, row: VersusRow, refusal: str, rules: Rules) -> dict[str, Shown]:
    """``worth_*`` are in multiples of the smallest worthwhile difference, to set outcomes side by side."""
    numbers = {name: getattr(cell, name) for name in WORTH}
    worth = {told: quotient(numbers[name], row.smallest_worthwhile) for name, told in WORTH.items()}
    base_rate = release_base_rate(cell.base_rate, cell.effect, row.unit, refusal, _basis(cell), rules)
    return {
        **release_effects(numbers, row.unit, refusal),
        "base_rate": base_rate,
        **release_ratios(worth, 2, refusal),
    }


def release_either(view: EitherView, rules: Rules) -> Released:
    """Release how unlike the two kinds of families were, and how alike they are as weighed."""
    told: dict[str, Any] = {"titles": list(view.titles), "reason": view.reason, "rows": [], "suppressed": ""}
    if view.balance is None:
        return Released("either", "Families that might have had either", told)
    balance = view.balance
    refusal = Basis(balance.n_treated, balance.n_comparison).refusal(rules)
    rows = [
        {
            "label": row.label,
            **release_ratios({"before": row.smd_before, "after": row.smd_after}, SMD_DECIMALS, refusal),
        }
        for row in balance.rows
    ]
    counts = {"n_first": balance.n_treated, "n_second": balance.n_comparison}
    shown = {name: release_count(count, rules) for name, count in counts.items()}
    told |= {"rows": rows, "threshold": balance.threshold, **shown, "suppressed": refusal}
    return Released("either", "Families that might have had either", told, why_hidden([refusal], (), rules))
