"""The first figure of a page: the rate without and with the support."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.style import BLUE, GREY, INK, POINTS, Drawing, bare, inches, interval_on_bar, render, text_width
from tf_eval.report.words import effect_sentence, level_words, unit_words, without

SIZE, GAP = 14, 7  # points: of what is said at the end of a bar, and before it
NARROWEST = 0.75  # inches


def draw_with_without(facts: Mapping[str, Any]) -> Drawing | None:
    """Return two bars, the second with its interval; ``None`` where one of the rates is hidden or not known."""
    if not all(is_number(facts[name]) for name in ("base_rate", "with_rate", "with_low", "with_high")):
        return None
    unit, label = facts["unit"], facts["outcome_label"]
    words = unit_words(unit)
    with_it, without_it = level_words(unit, facts["with_rate"]), level_words(unit, facts["base_rate"])
    return Drawing(
        svg=render(_draw, facts, height=1.55),
        headline=f"{label[:1].upper()}{label[1:]}: about {with_it} with {words.whom.support}, about {without_it} "
        "without it",
        measure=f"{words.measure.format(label=label)}. The line on the lower bar is the 95% interval.",
        alt=f"Bar chart of {in_sentence(label)}. {effect_sentence(facts)} "
        f"The bar with it is {_beside(facts['with_rate'], facts['base_rate'])} the bar without it.",
    )


def _beside(with_it: float, without_it: float) -> str:
    if with_it == without_it:
        return "as long as"
    return "shorter than" if with_it < without_it else "longer than"


def _draw(figure: Figure, facts: Mapping[str, Any]) -> None:
    axes = inches(figure, left=0.05, right=_room(facts), top=0.02, bottom=0.02)
    bare(axes)
    axes.set_axis_off()
    axes.set_xlim(0, max(facts["base_rate"], facts["with_high"]))
    axes.set_ylim(-0.45, 1.75)
    rows = ((1, "base_rate", GREY, without(facts["unit"])), (0, "with_rate", BLUE, "with it"))
    for height, name, colour, words in rows:
        axes.barh(height, facts[name], height=0.5, color=colour)
        axes.text(0, height + 0.36, words.capitalize(), va="bottom", color=INK, fontsize=11)
    _values(axes, facts)


def _room(facts: Mapping[str, Any]) -> float:
    """Return the inches to the right of the longest bar that hold what is said at its end."""
    said = text_width(level_words(facts["unit"], facts["with_rate"]), SIZE, weight="bold")
    return max(NARROWEST, said + GAP / POINTS + 0.1)


def _values(axes: Any, facts: Mapping[str, Any]) -> None:
    low, high, unit = facts["with_low"], facts["with_high"], facts["unit"]
    interval_on_bar(axes, max(low, 0), high, 0)
    ends = ((1, facts["base_rate"], "base_rate"), (0, max(high, facts["with_rate"]), "with_rate"))
    for height, end, name in ends:
        axes.annotate(
            level_words(unit, facts[name]),
            (end, height),
            xytext=(GAP, 0),
            textcoords="offset points",
            va="center",
            fontsize=SIZE,
            fontweight="bold",
            annotation_clip=False,
        )
