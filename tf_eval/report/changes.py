"""What changed since the last release, and why, in words and tables made from released facts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, in_words, listed
from tf_eval.release.released import Released
from tf_eval.report.edition import NOT_MADE
from tf_eval.report.figures import draw_changes
from tf_eval.report.markup import fill
from tf_eval.report.moved import Moved, effects_of
from tf_eval.report.numerals import number, with_range
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure
from tf_eval.report.words import outcome_name, unit_words, verdict_words

FIRST = "This is the first release, so there is nothing to compare it with."
AS_MANY = "about as many"
MANY = 3  # effects, more of which are counted and not named
NOT_TOLD = "was not told"

_ANSWERS = tuple(
    Column(name, header, numeric=False)
    for name, header in (("label", "Intervention"), ("before", "Before"), ("now", "Now"))
)
_FAMILIES = tuple(
    Column(name, header, numeric=False)
    for name, header in (
        ("label", "Intervention"),
        ("n_treated", "Families with it"),
        ("n_comparison", "Like families"),
    )
)
_EFFECTS = tuple(
    Column(name, header, numeric=False)
    for name, header in (
        ("intervention", "Intervention"),
        ("outcome", "Outcome and unit"),
        ("verdict_before", "Verdict before"),
        ("verdict_now", "Verdict now"),
        ("before", "Effect before (95% interval)"),
        ("now", "Effect now (95% interval)"),
    )
)
_INPUTS = tuple(
    Column(name, header, numeric=False) for name, header in (("name", "What goes in"), ("changed", "Changed"))
)
_CLAUSES = tuple(
    Column(name, header, numeric=False)
    for name, header in (("clause", "Clause"), ("registered", "Before"), ("present", "Now"))
)


def changes_html(released: Released) -> Markup:
    """Return what moved: the words, a picture of the effects that decide, and every answer and effect in tables."""
    facts = released.payload
    moved = [each for each in effects_of(facts) if each.is_moved or each.is_judged_anew]
    deciding = [each for each in moved if each.outcome["primary"] and each.is_moved]
    return fill(
        "fragment.html.j2",
        kind="changes",
        lead=changes_words(facts),
        fold="",
        figure=figure(draw_changes(deciding)) or None,
        missing="",
        tables=_tables(facts, moved) if facts["since"] else {},
        notes=released.notes,
    )


def changes_words(facts: Mapping[str, Any]) -> str:
    """Return which answers changed since the last release, and how many effects moved, and whether far."""
    return f"{brief_words(facts)} {_moved_words(list(effects_of(facts)))}".rstrip()


def brief_words(facts: Mapping[str, Any]) -> str:
    """Return which answers changed since the last release: what the first page and the feed say of it."""
    if not facts["since"]:
        return FIRST
    both = [row for row in facts["rows"] if row["before"] and row["after"]]
    changed = [row for row in both if row["before"] != row["after"]]
    since = in_words(date.fromisoformat(facts["since"][:10]))
    said = f"Since the release of {since}, no answer on an intervention changed."
    if changed:
        turns = listed([f"{row['label']} (from {row['before']} to {row['after']})" for row in changed])
        said = (
            f"Since the release of {since}, the answer changed on {len(changed)} of {len(both)} interventions: {turns}."
        )
    return " ".join([said, *_come_and_gone(facts)])


def _come_and_gone(facts: Mapping[str, Any]) -> list[str]:
    rows = facts["rows"]
    parts = {
        "New": [row["label"] for row in rows if row["was_made"] and not row["before"]],
        "Back again": [row["label"] for row in rows if row["after"] and not row["was_made"]],
        "No longer looked at": [row["label"] for row in rows if row["is_made"] and not row["after"]],
        "Could not be made this time": [*(row["label"] for row in rows if not row["is_made"]), *facts["lost"]],
    }
    return [f"{said}: {listed(labels)}." for said, labels in parts.items() if labels]


def _moved_words(effects: Sequence[Moved]) -> str:
    if not effects:
        return ""
    moved = [each for each in effects if each.is_moved]
    if not moved:
        return f"None of the {len(effects)} effects that both releases tell moved."
    far = [f"{each.intervention} ({in_sentence(each.outcome['label'])})" for each in moved if each.is_far]
    start = f"Of {len(effects)} effects that both releases tell, {len(moved)} moved"
    if not far:
        return f"{start}, none of them out of the range that was told before."
    if len(far) > MANY:
        return f"{start}, {len(far)} of them out of the range that was told before."
    return f"{start}. Out of the range that was told before: {listed(far)}."


def _tables(facts: Mapping[str, Any], moved: Sequence[Moved]) -> dict[str, Markup]:
    effects = {"Every effect that is not as it was": moved, "Every effect, moved or not": list(effects_of(facts))}
    rows = facts["rows"]
    return {
        "Answer by answer": html_table("The answer on each intervention", _ANSWERS, list(map(_answer, rows))),
        **{title: html_table(title, _EFFECTS, list(map(_effect, each))) for title, each in effects.items() if each},
        "How many families": html_table("Families that each answer rests on", _FAMILIES, list(map(_families, rows))),
    }


def _answer(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "label": row["label"],
        "before": _verdict(row["before"], is_made=row["was_made"]),
        "now": _verdict(row["after"], is_made=row["is_made"]),
    }


def _verdict(verdict: str | None, *, is_made: bool) -> str:
    return verdict_words(verdict).name if verdict else NOT_TOLD if is_made else NOT_MADE


def _families(row: Mapping[str, Any]) -> dict[str, str]:
    return {"label": row["label"], **{name: _count(row, name) for name in ("n_treated", "n_comparison")}}


def _count(row: Mapping[str, Any], name: str) -> str:
    """A count before is not repeated where it moved by a few only; where one release tells none, neither is there."""
    before, after = row[name]["before"], row[name]["after"]
    if row["after"] is None:
        return "" if before is None else f"{number(before)} before"
    if row["before"] is None:
        return number(after)
    return f"{number(after)}, before {AS_MANY if before is None else number(before)}"


def _effect(each: Moved) -> dict[str, Any]:
    return {
        "intervention": each.intervention,
        "outcome": f"{outcome_name(each.outcome)}, {unit_words(each.outcome['unit']).axis}",
        "verdict_before": verdict_words(each.before["verdict"]).name,
        "verdict_now": verdict_words(each.now["verdict"]).name,
        "before": with_range(each.before),
        "now": with_range(each.now),
    }


def causes_html(released: Released) -> Markup:
    """Return what went in that is not as it was, and each clause of a plan that changed."""
    facts = released.payload
    inputs = html_table(
        "What goes into every page, and whether it changed", _INPUTS, list(map(_input, facts["inputs"]))
    )
    plans = {
        f"What changed in the plan: {plan['label']}": html_table(
            f"Clauses of the plan of {in_sentence(plan['label'])} that are not as they were", _CLAUSES, plan["clauses"]
        )
        for plan in facts["plans"]
    }
    return fill(
        "fragment.html.j2",
        kind="causes",
        lead=causes_words(facts),
        fold="",
        figure=None,
        missing="",
        tables={"What went in": inputs, **plans} if facts["inputs"] else {},
        notes=released.notes,
    )


def causes_words(facts: Mapping[str, Any]) -> str:
    """Return what went in that is not as it was, and whether it alone can be why anything moved."""
    if not facts["inputs"]:
        return FIRST
    changed = [row for row in facts["inputs"] if row["changed"]]
    if not changed:
        return "Nothing that goes into the pages changed."
    said = f"Not as they were: {listed([_named(row) for row in changed])}."
    if len(changed) == 1:
        return f"{said} Nothing else changed, so whatever moved, moved because of that."
    return f"{said} More than one thing changed, so these two releases cannot say how much each of them did."


def _named(row: Mapping[str, Any]) -> str:
    where = f" ({listed(row['where'])})" if row["where"] else ""
    return f"{in_sentence(row['name'])}{where}"


def _input(row: Mapping[str, Any]) -> dict[str, str]:
    if not row["changed"]:
        return {"name": row["name"], "changed": "no"}
    return {"name": row["name"], "changed": f"yes: {', '.join(row['where'])}" if row["where"] else "yes"}
