"""What stands beside a verdict as it may be shown: effects, flow, balance, before and after, linkage, methods."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from tf_eval.errors import ConfigError, unknown
from tf_eval.release.counts import release_count
from tf_eval.release.estimates import (
    Basis,
    beside,
    release_base_rate,
    release_effects,
    release_levels,
    release_ratios,
    why_hidden,
)
from tf_eval.release.flows import Arm, release_flow
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED
from tf_eval.release.units import unit_named
from tf_eval.release.views import (
    REGISTRATIONS,
    BalanceView,
    BandsView,
    EventStudyView,
    FlowRow,
    FlowView,
    LinkageView,
    MethodsView,
    NaiveRow,
    NaiveView,
    PopulationView,
    ProvenanceView,
    RegistrationView,
)

BALANCE_DECIMALS = 2


def release_bands(view: BandsView, rules: Rules) -> Released:
    """Release the effect on one outcome by follow-up band."""
    rows = []
    for row in view.rows:
        basis = Basis(row.n_treated, row.n_comparison, view.degrees_of_freedom, unit_named(view.unit).whom)
        refusal = basis.refusal(rules)
        rows.append(
            {
                "band": row.band,
                **_interval(row, view.unit, refusal),
                "base_rate": release_base_rate(row.base_rate, row.effect, view.unit, refusal, basis, rules),
                "n_treated": release_count(row.n_treated, rules),
                "n_comparison": release_count(row.n_comparison, rules),
                "suppressed": basis.refusal(rules, of=row.effect),
            }
        )
    notes = why_hidden(_refusals(rows), [row["base_rate"] for row in rows if not row["suppressed"]], rules)
    return _outcome_release("effects", view, rows, notes)


def release_event_study(view: EventStudyView, rules: Rules) -> Released:
    """Release the effect on one outcome by month from the start."""
    rows = []
    for row in sorted(view.rows, key=lambda row: row.event_time):
        basis = Basis(row.n_treated, row.n_comparison, view.degrees_of_freedom, unit_named(view.unit).whom)
        refusal = basis.refusal(rules, of=row.effect)
        rows.append(
            {
                "event_time": int(row.event_time),
                **_interval(row, view.unit, refusal),
                "n_treated": release_count(row.n_treated, rules),
                "suppressed": refusal,
            }
        )
    notes = why_hidden(_refusals(rows), (), rules)
    return _outcome_release("event_study", view, rows, notes, baseline=list(view.baseline), period=view.period)


def release_flow_view(view: FlowView, rules: Rules) -> Released:
    """Release who was studied, arm by arm."""
    steps = [[row for row in view.rows if row.arm == arm] for arm in dict.fromkeys(row.arm for row in view.rows)]
    rows = _flow_rows(steps, rules)
    hidden = any(SUPPRESSED in (row["families"], row["excluded"]) for row in rows)
    note = f"[c] where fewer than {rules.threshold} families are counted, or a sum would show them."
    return Released("flow", "Who was studied", {"rows": rows}, (note,) if hidden else ())


def _flow_rows(arms: Sequence[Sequence[FlowRow]], rules: Rules) -> list[dict[str, Any]]:
    counts = [
        Arm([row.families for row in steps], [row.excluded for row in steps], _begin(steps[0], arms[:number]))
        for number, steps in enumerate(arms)
    ]
    return [
        {"step": row.step, "arm": row.arm, "families": families, "excluded": excluded, "reason": row.reason}
        for steps, flow in zip(arms, release_flow(counts, rules), strict=True)
        for row, families, excluded in zip(steps, flow.families, flow.excluded, strict=True)
    ]


def _begin(first: FlowRow, earlier: Sequence[Sequence[FlowRow]]) -> tuple[int, int] | None:
    """Return where in the earlier arms the same families stand under the same name."""
    places = (
        (number, place)
        for number, steps in enumerate(earlier)
        for place, row in enumerate(steps)
        if (row.step, row.families) == (first.step, first.families)
    )
    return next(places, None)


def release_balance(view: BalanceView, rules: Rules) -> Released:
    """Release how alike the groups were, before they were adjusted and after."""
    refusal = Basis(view.n_treated, view.n_comparison).refusal(rules)
    rows = [
        {
            "label": row.label,
            **release_ratios({"before": row.smd_before, "after": row.smd_after}, BALANCE_DECIMALS, refusal),
        }
        for row in view.rows
    ]
    payload = {
        "rows": rows,
        "threshold": view.threshold,
        "limit": view.limit,
        "adjusted_by": view.adjusted_by,
        "n_treated": release_count(view.n_treated, rules),
        "n_comparison": release_count(view.n_comparison, rules),
        "sentence": "" if refusal else view.sentence,
        "suppressed": refusal,
    }
    return Released("balance", "How alike the groups were", payload, why_hidden([refusal], (), rules))


def release_population(view: PopulationView, rules: Rules) -> Released:
    """Release how families studied and left out differ from all with this support.

    The number of families and either group's mean make the other's. So both stand or fall together, and that nobody was
    left out is not told apart from a few.
    """
    few = rules.hides(view.n_left_out)
    refusal = f"fewer than {rules.threshold} families left out" if few else _few_studied(view, rules)
    rows = [
        {
            "label": row.label,
            **release_ratios({"studied": row.studied, "left_out": row.left_out}, BALANCE_DECIMALS, refusal),
        }
        for row in view.rows
    ]
    facts = {"notable": view.notable, "few_left_out": few, "fewest": rules.threshold, "suppressed": refusal}
    return Released("population", "Whom the answer is about", {"rows": [] if refusal else rows, **facts})


def _few_studied(view: PopulationView, rules: Rules) -> str:
    return Basis(view.n_studied, None).refusal(rules)


def release_naive(view: NaiveView, rules: Rules) -> Released:
    """Release what before-and-after would have claimed, beside the estimate."""
    rows = [_naive(row, view, rules) for row in view.rows]
    refusals = _refusals(rows)
    suppressed = refusals[0] if rows and all(refusals) else ""
    payload = {"rows": rows, "sentence": "" if suppressed else view.sentence, "suppressed": suppressed}
    rates = [row["before"] for row in rows if not row["suppressed"]]
    notes = why_hidden(refusals, rates, rules)
    return Released("naive", "What before and after would have claimed", payload, notes)


def _naive(row: NaiveRow, view: NaiveView, rules: Rules) -> dict[str, Any]:
    """Before and after rests on supported families alone; what is beside it, on all behind the estimate as well."""
    treated, comparison, naive = (
        default if own is None else own
        for own, default in (
            (row.n_treated, view.n_treated),
            (row.n_comparison, view.n_comparison),
            (row.naive_n_treated, view.n_treated),
        )
    )
    whom = unit_named(row.unit).whom
    alone = Basis(naive, None, whom=whom).refusal(rules)
    compared = Basis(min(treated, naive), comparison, whom=whom).refusal(rules)
    levels = release_levels({"before": row.before, "after": row.after}, row.unit, alone, naive, rules)
    # A level that is hidden could be worked out from the change beside the level that the verdict shows, and the change
    # from what is left of it.
    changes = {
        **release_effects({"naive_change": row.naive_change}, row.unit, alone),
        **release_effects({"comparison_change": row.comparison_change}, row.unit, compared),
    }
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        **levels,
        **beside(levels["before"], changes),
        **release_effects({name: getattr(row, name) for name in ("effect", "ci_low", "ci_high")}, row.unit, compared),
        "suppressed": alone or compared,
    }


def release_linkage(view: LinkageView, rules: Rules) -> Released:
    """Release how the answers move with how surely records are linked."""
    rows = []
    for row in view.rows:
        refusal = Basis(row.n_treated, row.n_comparison).refusal(rules, of=row.effect)
        named = {"outcome": row.outcome, "label": row.label, "unit": row.unit}
        way = {"linkage": row.linkage, "families": row.families}
        rows.append({**named, **way, **_interval(row, row.unit, refusal), "suppressed": refusal})
    notes = why_hidden(_refusals(rows), (), rules)
    payload = {"rows": rows, "sentence": "" if any(_refusals(rows)) else view.sentence}
    return Released("linkage", "How surely records are linked", payload, notes)


def release_methods(view: MethodsView, rules: Rules) -> Released:
    """Release how it was done: what was asked before any record was looked at tells nothing of anybody."""
    looks = None if view.looks is None else dict(view.looks)
    asked = {"matching": dict(view.matching), "estimation": dict(view.estimation), "looks": looks}
    payload = {**asked, "subgroups": list(view.subgroups), "negative_controls": list(view.negative_controls)}
    return Released("methods", "How it was done", payload)


def release_registration(view: RegistrationView, rules: Rules) -> Released:
    """Release whether the plan was fixed beforehand: like the plan itself, it tells nothing of anybody."""
    if view.status not in REGISTRATIONS:
        raise ConfigError(f"release: {unknown('registration', view.status, REGISTRATIONS)}")
    return Released("registration", "Whether the plan was fixed beforehand", asdict(view))


def release_provenance(view: ProvenanceView, rules: Rules) -> Released:
    """Release where the numbers come from."""
    facts = [[str(name), str(value)] for name, value in view.facts.items()]
    told = {"facts": facts, "county": view.county, "synthetic": view.synthetic}
    return Released("provenance", "Where these numbers come from", told)


def _interval(row: Any, unit: str, refusal: str) -> dict[str, Any]:
    return release_effects({"effect": row.effect, "ci_low": row.ci_low, "ci_high": row.ci_high}, unit, refusal)


def _outcome_release(
    kind: str, view: BandsView | EventStudyView, rows: list[dict[str, Any]], notes: tuple[str, ...], **more: Any
) -> Released:
    payload = {"outcome": view.outcome, "label": view.label, "unit": view.unit, "rows": rows, **more}
    return Released(kind, view.label, payload, notes)


def _refusals(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [row["suppressed"] for row in rows]
