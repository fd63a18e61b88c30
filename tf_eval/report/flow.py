"""The flow of families through the study: what the arms share first, then the arms side by side.

It is made of HTML, not drawn: steps and reasons are whole sentences, and a page wraps them to any width and size.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.release.shorthand import NOT_APPLICABLE, is_number
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number
from tf_eval.report.words import arm_words, capital

Steps = Sequence[Mapping[str, Any]]


def flow_html(payload: Mapping[str, Any]) -> Markup:
    """Return the flow as a figure of lists; an empty one is nothing. Raise ``ConfigError`` for an unknown arm."""
    arms = steps_of(payload)
    if not arms:
        return Markup("")
    return fill("flow.html.j2", headline=_headline(arms), arms=[_arm(arm, steps) for arm, steps in arms.items()])


def steps_of(payload: Mapping[str, Any]) -> dict[str, Steps]:
    """Return the steps of each arm, in the order in which the arms appear."""
    arms = dict.fromkeys(row["arm"] for row in payload["rows"])
    return {arm: [row for row in payload["rows"] if row["arm"] == arm] for arm in arms}


def _headline(arms: Mapping[str, Steps]) -> str:
    ends = {arm: steps[-1]["families"] for arm, steps in arms.items()}
    if not all(is_number(families) for families in ends.values()):
        return "Who was studied"
    if {"treated", "comparison"} <= set(ends):
        treated, comparison = number(ends["treated"]), number(ends["comparison"])
        return f"About {treated} families with this support are compared with about {comparison} like families"
    return capital(", ".join(f"about {number(ends[arm])} {steps[-1]['step']}" for arm, steps in arms.items()))


def _arm(arm: str, steps: Steps) -> dict[str, Any]:
    return {"heading": arm_words(arm), "shared": arm == "all", "steps": [_step(row) for row in steps]}


def _step(row: Mapping[str, Any]) -> dict[str, str]:
    """The first step of an arm excludes nobody."""
    gone = "" if row["excluded"] == NOT_APPLICABLE else f"{number(row['excluded'])} left out"
    return {"left": number(row["families"]), "words": row["step"], "gone": gone, "reason": row["reason"]}
