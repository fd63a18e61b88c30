"""The first screen of a page, and what its answer says further down.

That of an evaluation is the verdict in one sentence, how sure it is, what it cost, and one figure.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import listed
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures import draw_with_without
from tf_eval.report.frequencies import difference_sentence, verdict_frequencies
from tf_eval.report.markup import fill, joined
from tf_eval.report.money import pounds
from tf_eval.report.verdicts import HIDDEN_MEANING, badge, figure, verdict_key, verdict_parts, whom_of
from tf_eval.report.words import power_sentence, verdict_meaning, verdict_words

NONE: Mapping[str, Released] = MappingProxyType({})
# More names of checks than these are too many for a first screen; the section of checks has them all.
NAMED = 2
CANNOT_TELL = "cannot tell"
HEADINGS = {
    "tried": "What was tried",
    "outcomes": "What changed, outcome by outcome",
    "reasons": "Why we say so",
    "would_change": "What would change our mind",
}


def verdict_html(released: Released) -> Markup:
    """Return all that a verdict says, as it stands where nothing else does."""
    return joined(first_screen_html(released), parts_html(verdict_parts(released)))


def parts_html(parts: Mapping[str, Markup]) -> Markup:
    """Return parts of an answer, each under its own heading; one that has nothing to say is left out."""
    said = {HEADINGS[name]: part for name, part in parts.items() if part.strip()}
    return fill("verdict_parts.html.j2", parts=said)


def first_screen_html(answer: Released, beside: Mapping[str, Released] = NONE) -> Markup:
    """Return the first screen under the question, which is the page's heading.

    Arguments: ``answer`` is a released verdict; ``beside`` are other releases of the page by their kinds: of these an
    appraisal says what the support costs, and standards say how strong the evidence is.
    """
    facts = answer.payload
    meaning = HIDDEN_MEANING.format(whom_of(facts).all)
    return fill(
        "verdict.html.j2",
        key=verdict_key(facts["verdict"]),
        badge=badge(facts["verdict"]),
        sentence=verdict_frequencies(facts["verdict"], facts["facts"]),
        meaning=meaning if facts["suppressed"] else verdict_meaning(facts["verdict"], whom_of(facts), _reason(facts)),
        sure=sure_words(facts, beside.get("standards")),
        cost=cost_words(beside["appraisal"].payload) if "appraisal" in beside else "",
        figure=figure(draw_with_without(facts["facts"])),
        notes=answer.notes,
    )


def sure_words(facts: Mapping[str, Any], standards: Released | None = None) -> str:
    """Return how sure the verdict is: its range, its checks, the standards it meets; nothing where it is hidden."""
    if facts["suppressed"]:
        return ""
    said = (
        verdict_words(facts["verdict"]).sure,
        difference_sentence(facts["facts"]),
        months_words(facts["months"]),
        _power(facts),
        _checks(facts["checks"]),
        _standards(standards.payload) if standards else "",
    )
    return " ".join(sentence for sentence in said if sentence)


def cost_words(facts: Mapping[str, Any]) -> str:
    """Return what the support costs a family, with the range that it may lie in."""
    low, high = pounds(facts["cost_low"]), pounds(facts["cost_high"])
    doubt = f", or somewhere between {low} and {high}" if low != high else ""
    return f"About {pounds(facts['cost'])} for each family{doubt}, at {facts['prices_of']} prices."


def months_words(months: Sequence[int] | None, what: str = "That") -> str:
    """Return which months since the start an effect is of; nothing where it is all that were followed."""
    return f"{what} is the mean over months {months[0]} to {months[1]} after the start." if months else ""


def _reason(facts: Mapping[str, Any]) -> str:
    """Why the verdict is what it is, on the outcome of its sentence."""
    told = (reason["text"] for reason in facts["reasons"] if reason["outcome"] == facts["facts"]["outcome_label"])
    return next(told, "")


def _power(facts: Mapping[str, Any]) -> str:
    """What the study could have found on the outcome of the verdict's sentence, where it found nothing clear."""
    told = next((row for row in facts["rows"] if row["label"] == facts["facts"]["outcome_label"]), None)
    if facts["verdict"] != CANNOT_TELL or told is None or not _spans_zero(told):
        return ""
    return power_sentence(told)


def _spans_zero(row: Mapping[str, Any]) -> bool:
    return is_number(row["ci_low"]) and row["ci_low"] <= 0 <= row["ci_high"]


def _checks(checks: list[Mapping[str, Any]]) -> str:
    failed = [check["name"] for check in checks if not check["passed"]]
    if not checks:
        return ""
    if not failed:
        return "It passed every check."
    passed = f"It passed {len(checks) - len(failed)} of {len(checks)} checks"
    if len(failed) > NAMED:
        return f"{passed}."
    return f"{passed}. Not passed: {listed([f'“{name}”' for name in failed])}."


def _standards(facts: Mapping[str, Any]) -> str:
    """How many standards it meets as far as a study of this kind can."""
    rows = facts["rows"]
    if facts["suppressed"] or not rows:
        return ""
    most = sum(row["score"] == row["most"] for row in rows)
    how_many = f"all {most}" if most == len(rows) else f"{most or 'none'} of {len(rows)}"
    return f"On {how_many} standards of evidence it scores as high as a study of this kind can."
