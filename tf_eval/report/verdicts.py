"""What a verdict says in words: its badge, why it is what it is, and every outcome beside it."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures import draw_forest
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number, percent, signed, span
from tf_eval.report.reasons import reason_sentences
from tf_eval.report.style import Drawing
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import (
    WhomWords,
    effect_sentence,
    level_words,
    outcome_name,
    unit_words,
    verdict_words,
)

HIDDEN_MEANING = "Too few {} stand behind a result for it to be published."

_COLUMNS = (
    Column("label", "Outcome", numeric=False),
    Column("unit", "Unit", numeric=False),
    Column("effect", "Effect"),
    Column("interval", "95% interval"),
    Column("base_rate", "Without it"),
    Column("relative", "Relative change"),
    Column("smallest_worthwhile", "Smallest worth having"),
    Column("smallest_detectable", "Smallest it can find"),
    Column("verdict", "Verdict", numeric=False),
    Column("rule", "Rule that decided", numeric=False),
)


def verdict_key(verdict: str) -> str:
    """Return the name of a verdict as the style sheet has it."""
    return verdict.replace(" ", "-")


def badge(verdict: str) -> Markup:
    """Return the verdict as a badge: a mark, its words and a colour, of which the words alone suffice."""
    return fill("badge.html.j2", key=verdict_key(verdict), words=verdict_words(verdict))


def figure(drawing: Drawing | None) -> Markup:
    """Return a figure with headline, measure and alternative text, or nothing where there is no drawing."""
    return fill("figure.html.j2", drawing=drawing) if drawing else Markup("")


def verdict_parts(released: Released) -> dict[str, Markup]:
    """Return what a verdict says below the first screen, by the name of each part; a part with nothing to say is empty.

    These are what was tried, what changed outcome by outcome, why the verdict is what it is, and what would change it.
    """
    facts = released.payload
    return {
        "tried": fill("verdict_tried.html.j2", description=facts["description"], basis=basis(facts)),
        "outcomes": _outcomes(released),
        "reasons": _reasons(facts),
        "would_change": fill("verdict_would_change.html.j2", would_change=facts["would_change"]),
    }


def _outcomes(released: Released) -> Markup:
    facts = released.payload
    return fill(
        "verdict_outcomes.html.j2",
        rows=[_outcome(row) for row in facts["rows"]],
        forest=figure(draw_forest(facts)),
        table=_table(facts),
        notes=released.notes,
    )


def _reasons(facts: Mapping[str, Any]) -> Markup:
    passed = sum(check["passed"] for check in facts["checks"])
    return fill("verdict_reasons.html.j2", reasons=reason_sentences(facts), checks=facts["checks"], passed=passed)


def basis(facts: Mapping[str, Any]) -> str:
    """Return what the answer rests on. The counts are those of its outcome's month with the fewest families."""
    treated, comparison, whom = facts["n_treated"], facts["n_comparison"], whom_of(facts)
    if not (is_number(treated) and is_number(comparison)):
        return f"Too few {whom.all} to publish their number."
    label = in_sentence(facts["facts"]["outcome_label"])
    return whom.basis.format(label=label, treated=number(treated), like=number(comparison))


def whom_of(facts: Mapping[str, Any]) -> WhomWords:
    """Return the words for those of whom a released verdict is told."""
    return unit_words(facts["facts"]["unit"]).whom


def _outcome(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": row["label"],
        "badge": badge(row["verdict"]),
        "sentence": effect_sentence({**row, "outcome_label": row["label"]}),
        "reason": row["reason"],
        "detection_sensitive": row["detection_sensitive"],
        "secondary": not row["primary"],
    }


def _table(facts: Mapping[str, Any]) -> Markup:
    rows = [outcome_cells(row) for row in facts["rows"]]
    return html_table(f"Effects of {facts['label']} on every outcome", _COLUMNS, rows)


def outcome_cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what tables say of the verdict on one outcome."""
    return {
        "label": outcome_name(row),
        "unit": unit_words(row["unit"]).axis,
        "effect": signed(row["effect"]),
        "interval": span(row["ci_low"], row["ci_high"]),
        "base_rate": level_words(row["unit"], row["base_rate"]),
        "relative": percent(row["relative_change"]),
        "smallest_worthwhile": row["smallest_worthwhile"],
        "smallest_detectable": row["smallest_detectable"],
        "verdict": verdict_words(row["verdict"]).name,
        "rule": row["rule"],
    }
