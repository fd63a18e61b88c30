"""The tables beside a verdict as they may be shown: bands, event study, flow, balance, before and after, provenance."""

from collections.abc import Iterable
from typing import Any

from tf_eval.release.counts import release_count
from tf_eval.release.estimates import Basis, release_effects, release_levels, release_ratios
from tf_eval.release.flows import release_flow
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.sentences import check_text
from tf_eval.release.shorthand import SUPPRESSED
from tf_eval.release.views import (
    BalanceView,
    BandsView,
    EventStudyView,
    FlowRow,
    FlowView,
    NaiveView,
    ProvenanceView,
)

BALANCE_DECIMALS = 2


def release_bands(view: BandsView, rules: Rules) -> Released:
    """Release the effect on one outcome by follow-up band."""
    rows = []
    for row in view.rows:
        refusal = Basis(row.n_treated, row.n_comparison, view.degrees_of_freedom).refusal(rules, of=row.effect)
        rows.append(
            {
                "band": row.band,
                **_interval(row, view.unit, refusal),
                **release_levels({"base_rate": row.base_rate}, view.unit, refusal),
                "n_treated": release_count(row.n_treated, rules),
                "n_comparison": release_count(row.n_comparison, rules),
                "suppressed": refusal,
            }
        )
    return _outcome_release("effects", view, rows)


def release_event_study(view: EventStudyView, rules: Rules) -> Released:
    """Release the effect on one outcome by month from the start."""
    rows = []
    for row in sorted(view.rows, key=lambda row: row.event_time):
        refusal = Basis(row.n_treated, row.n_comparison, view.degrees_of_freedom).refusal(rules, of=row.effect)
        rows.append(
            {
                "event_time": int(row.event_time),
                **_interval(row, view.unit, refusal),
                "n_treated": release_count(row.n_treated, rules),
                "suppressed": refusal,
            }
        )
    return _outcome_release("event_study", view, rows, baseline=list(view.baseline))


def release_flow_view(view: FlowView, rules: Rules) -> Released:
    """Release who was studied, arm by arm."""
    arms = dict.fromkeys(row.arm for row in view.rows)
    rows = [row for arm in arms for row in _arm([row for row in view.rows if row.arm == arm], rules)]
    hidden = any(SUPPRESSED in (row["families"], row["excluded"]) for row in rows)
    note = f"[c] where fewer than {rules.threshold} families are counted, or a sum would show them."
    return Released("flow", "Who was studied", {"rows": rows}, (note,) if hidden else ())


def _arm(steps: list[FlowRow], rules: Rules) -> list[dict[str, Any]]:
    flow = release_flow([row.families for row in steps], [row.excluded for row in steps], rules)
    counts = zip(steps, flow.families, flow.excluded, strict=True)
    return [
        {"step": row.step, "arm": row.arm, "families": families, "excluded": excluded, "reason": row.reason}
        for row, families, excluded in counts
    ]


def release_balance(view: BalanceView, rules: Rules) -> Released:
    """Release how alike the groups were before and after matching."""
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
        "n_treated": release_count(view.n_treated, rules),
        "n_comparison": release_count(view.n_comparison, rules),
        "sentence": "" if refusal else check_text(view.sentence, "the sentence on balance", rules),
        "suppressed": refusal,
    }
    return Released("balance", "How alike the groups were", payload, _why_hidden([refusal]))


def release_naive(view: NaiveView, rules: Rules) -> Released:
    """Release what before-and-after would have claimed, beside the estimate."""
    refusal = Basis(view.n_treated, view.n_comparison).refusal(rules)
    rows = []
    for row in view.rows:
        levels = {"before": row.before, "after": row.after}
        changes = {
            "naive_change": row.naive_change,
            "comparison_change": row.comparison_change,
            "effect": row.effect,
        }
        numbers = {**release_levels(levels, row.unit, refusal), **release_effects(changes, row.unit, refusal)}
        rows.append({"outcome": row.outcome, "label": row.label, "unit": row.unit, **numbers})
    sentence = "" if refusal else check_text(view.sentence, "the sentence on before and after", rules)
    payload = {"rows": rows, "sentence": sentence, "suppressed": refusal}
    return Released("naive", "What before and after would have claimed", payload, _why_hidden([refusal]))


def release_provenance(view: ProvenanceView, rules: Rules) -> Released:
    """Release where the numbers come from."""
    facts = [[str(name), check_text(str(value), "the provenance", rules)] for name, value in view.facts.items()]
    return Released("provenance", "Where these numbers come from", {"facts": facts})


def _interval(row: Any, unit: str, refusal: str) -> dict[str, Any]:
    return release_effects({"effect": row.effect, "ci_low": row.ci_low, "ci_high": row.ci_high}, unit, refusal)


def _outcome_release(kind: str, view: BandsView | EventStudyView, rows: list[dict[str, Any]], **more: Any) -> Released:
    payload = {"outcome": view.outcome, "label": view.label, "unit": view.unit, "rows": rows, **more}
    return Released(kind, view.label, payload, _why_hidden(row["suppressed"] for row in rows))


def _why_hidden(refusals: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"[c] where the result rests on {refusal}." for refusal in sorted(set(refusals) - {""}))
