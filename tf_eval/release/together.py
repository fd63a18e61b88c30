"""The interventions of a site together, as they may be shown."""

from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.release.estimates import Basis, release_effects, why_hidden
from tf_eval.release.judgement import release_standards, release_verdict
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED
from tf_eval.release.views import Check, StandardsView, VerdictView

RANKS = ("rank_low", "rank_high")
LABEL = "All interventions together"
UNTOLD = {
    True: "Whether most interventions seem to do the same was looked at, and nothing was found.",
    False: "Most interventions seem to do the same; on what is not shown, because some effects are not.",
}
QUESTION = "Which interventions really work here, when we allow for how many were looked at?"


@dataclass(frozen=True, eq=False)
class ClaimRow:
    """One effect at a site, and whether it is clear of none when all of its kind are allowed for (``holds``).

    ``name`` is the intervention's in the records; ``band`` is "headline" or months such as "1 to 6"; ``way`` is
    "better" or "worse".
    """

    name: str
    intervention: str
    outcome: str
    label: str
    unit: str
    band: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    way: str
    holds: bool
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class AloneRow:
    """An effect that is clear within its own evaluation, and does not stand out among all that was looked at."""

    intervention: str
    label: str
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class Judged:
    """The verdict on one intervention once all are looked at together, and how strong its evidence is then."""

    verdict: VerdictView
    standards: StandardsView


@dataclass(frozen=True, eq=False)
class WhatWorksView:
    """All effects that decide, over the headline's months and by band; ``rankable`` labels what can be ranked on.

    ``months`` are the first and the last of the headline. ``shared`` is the check of all interventions together, or why
    there is none. ``alone`` are the outcomes, primary or not, that are clear by themselves alone; ``judged`` is what a
    site says of each intervention in the end.
    """

    interventions: int
    rows: tuple[ClaimRow, ...]
    rankable: tuple[str, ...]
    months: tuple[int, int]
    shared: Check | str
    alone: tuple[AloneRow, ...] = ()
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True, eq=False)
class StandingRow:
    """One intervention in a league table: as estimated, shrunk, and the ranks that it may have."""

    intervention: str
    effect: float | None
    ci_low: float | None
    ci_high: float | None
    shrunk: float | None
    shrunk_low: float | None
    shrunk_high: float | None
    rank_low: int | None
    rank_high: int | None
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class LeagueView:
    """The interventions of a site on one outcome, those that may be best first."""

    outcome: str
    label: str
    unit: str
    rows: tuple[StandingRow, ...]
    tells_apart: bool
    reason: str = ""


def release_what_works(view: WhatWorksView, rules: Rules) -> Released:
    """Release effects side by side; whether one holds goes where the effect goes."""
    rows = [_claim(row, rules) for row in view.rows]
    notes = why_hidden([row["suppressed"] for row in rows], (), rules)
    told = {"interventions": view.interventions, "rankable": list(view.rankable), "months": list(view.months)}
    told["alone"] = [_alone(row) for row in view.alone if not _refused(row, rules)]
    told["judged"] = [_judged(one, rules) for one in view.judged]
    told["shared"] = _shared(view.shared, is_hidden=any(row["suppressed"] for row in rows))
    return Released("what_works", LABEL, {"label": LABEL, "question": QUESTION, **told, "rows": rows}, notes)


def _judged(one: Judged, rules: Rules) -> list[dict[str, Any]]:
    return [release_verdict(one.verdict, rules).to_dict(), release_standards(one.standards, rules).to_dict()]


def _shared(shared: Check | str, *, is_hidden: bool) -> dict[str, Any]:
    """Return the check of all together; where an effect is hidden, not what most did, which would tell of it."""
    if isinstance(shared, str):
        return {"reason": shared}
    return {**asdict(shared), "detail": UNTOLD[shared.passed] if is_hidden else shared.detail}


def _refused(row: AloneRow, rules: Rules) -> str:
    """That an effect is clear is told where the effect may be."""
    return Basis(row.n_treated, row.n_comparison).refusal(rules)


def _alone(row: AloneRow) -> dict[str, str]:
    return {"intervention": row.intervention, "label": row.label}


def _claim(row: ClaimRow, rules: Rules) -> dict[str, Any]:
    refusal = Basis(row.n_treated, row.n_comparison).refusal(rules, of=row.effect)
    numbers = {name: getattr(row, name) for name in ("effect", "ci_low", "ci_high")}
    named = {name: getattr(row, name) for name in ("name", "intervention", "outcome", "label", "unit", "band")}
    told = {"way": SUPPRESSED, "holds": None} if refusal else {"way": row.way, "holds": row.holds}
    return {**named, **release_effects(numbers, row.unit, refusal), **told, "suppressed": refusal}


def release_league(view: LeagueView, rules: Rules) -> Released:
    """Release a league table. Ranks are of all rows together: where one is hidden, so are the ranks of all."""
    refusals = [Basis(row.n_treated, row.n_comparison).refusal(rules, of=row.effect) for row in view.rows]
    rows = [
        _standing(row, view.unit, refusal, ranked=not any(refusals))
        for row, refusal in zip(view.rows, refusals, strict=True)
    ]
    named = {"outcome": view.outcome, "label": view.label, "unit": view.unit, "reason": view.reason}
    told = {"rows": rows, "tells_apart": view.tells_apart and not any(refusals)}
    return Released("league", view.label, {**named, **told}, why_hidden(refusals, (), rules))


def _standing(row: StandingRow, unit: str, refusal: str, *, ranked: bool) -> dict[str, Any]:
    facts = asdict(row)
    names = ("effect", "ci_low", "ci_high", "shrunk", "shrunk_low", "shrunk_high")
    numbers = release_effects({name: facts[name] for name in names}, unit, refusal)
    ranks = {name: facts[name] if ranked else None for name in RANKS}
    return {"intervention": row.intervention, **numbers, **ranks, "suppressed": refusal}
