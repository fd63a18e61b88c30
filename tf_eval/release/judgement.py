"""A verdict as it may be shown."""

from dataclasses import asdict
from typing import Any

from tf_eval.errors import ConfigError, raise_all, unknown
from tf_eval.release.counts import release_count
from tf_eval.release.estimates import (
    Basis,
    beside,
    quotient,
    release_base_rate,
    release_effects,
    release_levels,
    release_ratios,
    total,
    why_hidden,
)
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED
from tf_eval.release.units import unit_named
from tf_eval.release.views import (
    DIRECTIONS,
    VERDICTS,
    OutcomeRow,
    RulesView,
    SentenceFacts,
    StandardsView,
    VerdictView,
)

HIDDEN_VERDICT = "cannot tell"
# An estimator's own reason tells how few families there were.
NOT_ESTIMATED = "Too few {} to estimate this."


def release_verdict(view: VerdictView, rules: Rules) -> Released:
    """Release the verdict on one intervention; where too few families stand behind it, only that it cannot be told."""
    _check_words(view)
    whom = unit_named(view.sentence_facts.unit).whom
    basis = Basis(view.n_treated, view.n_comparison, view.degrees_of_freedom, whom)
    refusal = basis.refusal(rules)
    facts = release_sentence(view.sentence_facts, refusal, basis, rules)
    rows = [_outcome(row, view, rules) for row in view.rows]
    payload = {
        "intervention": view.intervention,
        "label": view.label,
        "question": view.question,
        "description": view.description,
        **_answer(view, refusal),
        "facts": facts,
        "months": list(view.months) if view.months else None,
        "n_treated": release_count(view.n_treated, rules),
        "n_comparison": release_count(view.n_comparison, rules),
        "rows": rows,
    }
    refusals = [refusal, *(row["suppressed"] for row in rows)]
    rates = [part["base_rate"] for part, why in zip((facts, *rows), refusals, strict=True) if not why]
    return Released("verdict", view.label, payload, why_hidden(refusals, rates, rules))


def release_rules(view: RulesView, rules: Rules) -> Released:
    """Release the rules of verdicts: written before any record was looked at, they tell nothing of anybody."""
    rows = [asdict(row) for row in view.rows]
    return Released("rules", "The rules of verdicts", {"rows": rows, "sentence": view.sentence})


def release_standards(view: StandardsView, rules: Rules) -> Released:
    """Release how strong the evidence is, where the verdict that it stands behind may be shown."""
    refusal = Basis(view.n_treated, view.n_comparison, view.degrees_of_freedom).refusal(rules)
    rows = [] if refusal else [asdict(row) for row in view.rows]
    return Released("standards", "How strong this evidence is", {"rows": rows, "suppressed": refusal}, view.notes)


def _check_words(view: VerdictView) -> None:
    verdicts = [("verdict", verdict, VERDICTS) for verdict in (view.verdict, *(row.verdict for row in view.rows))]
    directions = [("good direction", row.good_direction, DIRECTIONS) for row in view.rows]
    problems = [unknown(*asked) for asked in (*verdicts, *directions) if asked[1] not in asked[2]]
    raise_all(ConfigError, "release", problems)


def _answer(view: VerdictView, refusal: str) -> dict[str, Any]:
    """Reasons and checks are written from the numbers, so they go where the numbers go."""
    if refusal:
        kept = f"The result rests on {refusal}, so it is kept confidential."
        facts = view.sentence_facts
        reasons = [{"outcome": "", "text": _not_estimated(facts.unit) if facts.effect is None else kept}]
        hidden = {"verdict": HIDDEN_VERDICT, "suppressed": refusal}
        return {**hidden, "reasons": reasons, "checks": [], "would_change": []}
    checks = [{"name": check.name, "passed": check.passed, "detail": check.detail} for check in view.checks]
    lost = {row.label: row.unit for row in view.rows if row.effect is None}
    reasons = [
        {
            "outcome": reason.outcome,
            "text": _not_estimated(lost[reason.outcome]) if reason.outcome in lost else reason.text,
        }
        for reason in view.reasons
    ]
    told = {"verdict": view.verdict, "suppressed": "", "would_change": list(view.would_change)}
    return {**told, "reasons": reasons, "checks": checks}


def release_sentence(facts: SentenceFacts, refusal: str, basis: Basis, rules: Rules) -> dict[str, Any]:
    """Return one effect with its interval and the rates without and with the support, as a sentence needs them."""
    effects = {"effect": facts.effect, "ci_low": facts.ci_low, "ci_high": facts.ci_high}
    levels = {"base_rate": facts.base_rate, "with_rate": total(facts.base_rate, facts.effect)}
    shown = release_levels(levels, facts.unit, refusal, basis.smaller_arm, rules)
    ends = {
        name: _in_range(total(facts.base_rate, end), facts.unit)
        for name, end in (("with_low", facts.ci_low), ("with_high", facts.ci_high))
    }
    return {
        "outcome_label": facts.outcome_label,
        "unit": facts.unit,
        **release_effects(effects, facts.unit, refusal),
        **shown,
        **beside(shown["with_rate"], release_ratios(ends, unit_named(facts.unit).level_decimals, refusal)),
    }


def _in_range(level: float | None, unit: str) -> float | None:
    """Return the end of an interval of levels, cut off where there can be no further level."""
    return None if level is None else min(max(level, 0.0), unit_named(unit).highest)


def _outcome(row: OutcomeRow, view: VerdictView, rules: Rules) -> dict[str, Any]:
    treated = view.n_treated if row.n_treated is None else row.n_treated
    comparison = view.n_comparison if row.n_comparison is None else row.n_comparison
    basis = Basis(treated, comparison, view.degrees_of_freedom, unit_named(row.unit).whom)
    refusal = basis.refusal(rules, of=row.effect)
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        "verdict": HIDDEN_VERDICT if refusal else row.verdict,
        "rule": SUPPRESSED if refusal else row.rule,
        "detection_sensitive": row.detection_sensitive,
        "primary": row.primary,
        "good_direction": row.good_direction,
        "reason": _reason(row, refusal),
        "suppressed": refusal,
        "smallest_worthwhile": release_effects({"value": row.smallest_worthwhile}, row.unit, "")["value"],
        **_outcome_numbers(row, basis, rules),
    }


def _reason(row: OutcomeRow, refusal: str) -> str:
    if refusal:
        return f"It rests on {refusal}."
    return _not_estimated(row.unit) if row.effect is None else row.reason


def _not_estimated(unit: str) -> str:
    return NOT_ESTIMATED.format(unit_named(unit).whom.all)


def _outcome_numbers(row: OutcomeRow, basis: Basis, rules: Rules) -> dict[str, Any]:
    """``worth_*`` are the effect and its bounds in multiples of the smallest worthwhile one, to compare outcomes by."""
    refusal = basis.refusal(rules)
    base_rate = release_base_rate(row.base_rate, row.effect, row.unit, refusal, basis, rules)
    effects = {
        "effect": row.effect,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "smallest_detectable": row.smallest_detectable,
    }
    worth = {
        "worth_effect": quotient(row.effect, row.smallest_worthwhile),
        "worth_low": quotient(row.ci_low, row.smallest_worthwhile),
        "worth_high": quotient(row.ci_high, row.smallest_worthwhile),
    }
    return {
        **release_effects(effects, row.unit, refusal),
        "base_rate": base_rate,
        **beside(base_rate, release_ratios({"relative_change": row.relative_change}, 2, refusal)),
        **release_ratios(worth, 2, refusal),
    }
