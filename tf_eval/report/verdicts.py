"""The first screen of a page: the verdict in words, its figure, and every outcome beside it."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures import draw_forest, draw_with_without
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
    power_sentence,
    unit_words,
    verdict_meaning,
    verdict_sentence,
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


def verdict_html(released: Released) -> Markup:
    """Return the verdict of one intervention, without the question (which is the page's heading)."""
    facts = released.payload
    whom = _whom(facts)
    hidden = HIDDEN_MEANING.format(whom.all)
    return fill(
        "verdict.html.j2",
        key=verdict_key(facts["verdict"]),
        badge=badge(facts["verdict"]),
        meaning=hidden if facts["suppressed"] else verdict_meaning(facts["verdict"], whom),
        sentence=verdict_sentence(facts["verdict"], facts["facts"]),
        power=_power(facts),
        figure=figure(draw_with_without(facts["facts"])),
        basis=basis(facts),
        description=facts["description"],
        reasons=reason_sentences(facts),
        would_change=facts["would_change"],
        checks=facts["checks"],
        passed=sum(check["passed"] for check in facts["checks"]),
        rows=[_outcome(row) for row in facts["rows"]],
        forest=figure(draw_forest(facts)),
        table=_table(facts),
        notes=released.notes,
    )


def basis(facts: Mapping[str, Any]) -> str:
    """Return what the answer rests on. The counts are those of the month with the fewest families."""
    treated, comparison, whom = facts["n_treated"], facts["n_comparison"], _whom(facts)
    if not (is_number(treated) and is_number(comparison)):
        return f"Too few {whom.all} to publish their number."
    return whom.basis.format(number(treated), number(comparison))


def _whom(facts: Mapping[str, Any]) -> WhomWords:
    return unit_words(facts["facts"]["unit"]).whom


def _power(facts: Mapping[str, Any]) -> str:
    """What the study could have found on the outcome of the verdict's sentence, where it found nothing clear."""
    told = next((row for row in facts["rows"] if row["label"] == facts["facts"]["outcome_label"]), None)
    if facts["verdict"] != "cannot tell" or told is None or not _spans_zero(told):
        return ""
    return power_sentence(told)


def _spans_zero(row: Mapping[str, Any]) -> bool:
    return is_number(row["ci_low"]) and row["ci_low"] <= 0 <= row["ci_high"]


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
