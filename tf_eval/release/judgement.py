"""A verdict as it may be shown."""

from typing import Any

from tf_eval.errors import ConfigError, unknown
from tf_eval.release.counts import release_count
from tf_eval.release.estimates import Basis, quotient, release_effects, release_levels, release_ratios, total
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.sentences import check_text
from tf_eval.release.views import VERDICTS, OutcomeRow, SentenceFacts, VerdictView

HIDDEN_VERDICT = "cannot tell"


def release_verdict(view: VerdictView, rules: Rules) -> Released:
    """Release the verdict on one intervention; where too few families stand behind it, only that it cannot be told."""
    for verdict in (view.verdict, *(row.verdict for row in view.rows)):
        if verdict not in VERDICTS:
            raise ConfigError(f"release: {unknown('verdict', verdict, VERDICTS)}")
    refusal = Basis(view.n_treated, view.n_comparison, view.degrees_of_freedom).refusal(rules)
    rows = [_outcome(row, view, rules) for row in view.rows]
    payload = {
        "intervention": view.intervention,
        "label": view.label,
        "question": view.question,
        "description": view.description,
        **_answer(view, refusal, rules),
        "facts": _facts(view.sentence_facts, refusal),
        "n_treated": release_count(view.n_treated, rules),
        "n_comparison": release_count(view.n_comparison, rules),
        "rows": rows,
    }
    hidden = sorted({refusal, *(row["suppressed"] for row in rows)} - {""})
    return Released("verdict", view.label, payload, tuple(f"[c] where the result rests on {why}." for why in hidden))


def _answer(view: VerdictView, refusal: str, rules: Rules) -> dict[str, Any]:
    """Reasons and checks are written from the numbers, so they go where the numbers go."""
    if refusal:
        reasons = [{"outcome": "", "text": f"The result rests on {refusal}, so it is kept confidential."}]
        return {"verdict": HIDDEN_VERDICT, "suppressed": refusal, "reasons": reasons, "checks": []}
    checks = [
        {"name": check.name, "passed": check.passed, "detail": check_text(check.detail, "a check", rules)}
        for check in view.checks
    ]
    reasons = [
        {"outcome": reason.outcome, "text": check_text(reason.text, "a reason", rules)} for reason in view.reasons
    ]
    return {"verdict": view.verdict, "suppressed": "", "reasons": reasons, "checks": checks}


def _facts(facts: SentenceFacts, refusal: str) -> dict[str, Any]:
    effects = {"effect": facts.effect, "ci_low": facts.ci_low, "ci_high": facts.ci_high}
    levels = {
        "base_rate": facts.base_rate,
        "with_rate": total(facts.base_rate, facts.effect),
        "with_low": total(facts.base_rate, facts.ci_low),
        "with_high": total(facts.base_rate, facts.ci_high),
    }
    return {
        "outcome_label": facts.outcome_label,
        "unit": facts.unit,
        **release_effects(effects, facts.unit, refusal),
        **release_levels(levels, facts.unit, refusal),
    }


def _outcome(row: OutcomeRow, view: VerdictView, rules: Rules) -> dict[str, Any]:
    treated = view.n_treated if row.n_treated is None else row.n_treated
    comparison = view.n_comparison if row.n_comparison is None else row.n_comparison
    refusal = Basis(treated, comparison, view.degrees_of_freedom).refusal(rules, of=row.effect)
    return {
        "outcome": row.outcome,
        "label": row.label,
        "unit": row.unit,
        "verdict": HIDDEN_VERDICT if refusal else row.verdict,
        "detection_sensitive": row.detection_sensitive,
        "reason": f"It rests on {refusal}." if refusal else check_text(row.reason, "a reason", rules),
        "suppressed": refusal,
        "smallest_worthwhile": release_effects({"value": row.smallest_worthwhile}, row.unit, "")["value"],
        **_outcome_numbers(row, refusal),
    }


def _outcome_numbers(row: OutcomeRow, refusal: str) -> dict[str, Any]:
    """``worth_*`` are the effect and its bounds in multiples of the smallest worthwhile one, to compare outcomes by."""
    effects = {
        "effect": row.effect,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "smallest_detectable": row.smallest_detectable,
        "naive_change": row.naive_change,
    }
    worth = {
        "worth_effect": quotient(row.effect, row.smallest_worthwhile),
        "worth_low": quotient(row.ci_low, row.smallest_worthwhile),
        "worth_high": quotient(row.ci_high, row.smallest_worthwhile),
    }
    return {
        **release_effects(effects, row.unit, refusal),
        **release_levels({"base_rate": row.base_rate}, row.unit, refusal),
        **release_ratios({"relative_change": row.relative_change}, 2, refusal),
        **release_ratios(worth, 2, refusal),
    }
