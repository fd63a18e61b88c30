"""The specification curve: one outcome in every way of doing the study, and below each way what was chosen in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.specifications import curve_words, found_words
from tf_eval.report.style import BLUE, INK, ORANGE, PALE, QUIET, Drawing, inches, render
from tf_eval.report.words import unit_words

LEFT, RIGHT, TOP = 1.72, 0.08, 0.08  # inches
CURVE, GAP, LINE = 1.8, 0.12, 0.165  # inches
SIZE = 8.5  # points

Lines = list[tuple[str, str]]


def draw_specifications(curve: Mapping[str, Any], choices: Sequence[Mapping[str, str]]) -> Drawing | None:
    """Return the effects in order of size over the marks of what was chosen; ``None`` where not even two have one."""
    order = [number for number, row in enumerate(curve["rows"]) if is_number(row["ci_low"])]
    if len(order) < 2:
        return None
    order.sort(key=lambda number: curve["rows"][number]["effect"])
    lines = _lines(choices)
    axis = unit_words(curve["unit"]).axis
    return Drawing(
        svg=render(_draw, (curve, choices, order, lines), height=TOP + CURVE + GAP + LINE * len(lines) + 0.05),
        headline=f"{curve['label']}: {found_words(curve)}",
        measure=f"Effect {'in' if axis == 'percentage points' else 'counted'} {axis}, with 95% intervals, in order of "
        "size: one column for each way, as planned in orange. The squares say what was chosen.",
        alt=f"Specification curve of the effect on {in_sentence(curve['label'])}. {curve_words(curve)}",
    )


def _lines(choices: Sequence[Mapping[str, str]]) -> Lines:
    """Return a line for what each choice is about (without words), and one for everything that was chosen."""
    lines: Lines = []
    for name in dict.fromkeys(name for made in choices for name in made):
        lines.append((name, ""))
        lines += [(name, words) for words in dict.fromkeys(made[name] for made in choices if name in made)]
    return lines


def _draw(figure: Figure, shown: tuple[Mapping[str, Any], Sequence[Mapping[str, str]], list[int], Lines]) -> None:
    curve, choices, order, lines = shown
    below = LINE * len(lines) + 0.05
    effects = inches(figure, left=LEFT, right=RIGHT, top=TOP, bottom=below + GAP)
    marks = inches(figure, left=LEFT, right=RIGHT, top=TOP + CURVE + GAP, bottom=0.05)
    for axes in (effects, marks):
        axes.set_xlim(-0.8, len(order) - 0.2)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    _draw_effects(effects, curve, order)
    _draw_marks(marks, choices, order, lines)


def _draw_effects(axes: Axes, curve: Mapping[str, Any], order: Sequence[int]) -> None:
    axes.axhline(0, color=INK, linewidth=1, zorder=1)
    for place, number in enumerate(order):
        row, colour = curve["rows"][number], _colour(number)
        axes.plot([place, place], [row["ci_low"], row["ci_high"]], color=colour, linewidth=1.6, zorder=2)
        inside = colour if row["alike"] else "white"
        axes.plot(place, row["effect"], "o", color=colour, markerfacecolor=inside, markersize=4.2, zorder=3)
    axes.locator_params(axis="y", nbins=5)
    axes.tick_params(axis="y", labelsize=9.5)
    axes.spines["left"].set_visible(False)
    words = unit_words(curve["unit"])
    _name_ends(axes, words.less, words.more)


def _name_ends(axes: Axes, less: str, more: str) -> None:
    """Name the two sides of no difference at the left, each side long enough to hold its name."""
    low, high = axes.get_ylim()
    reach = max(abs(low), abs(high))
    axes.set_ylim(min(low, -0.16 * reach), max(high, 0.16 * reach))
    for words, side, va in ((f"{more} \u2191", 1, "bottom"), (f"{less} \u2193", -1, "top")):
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "color": QUIET, "fontsize": 9.5}
        axes.annotate(words, (0, 0), xytext=(-44, 3 * side), ha="right", va=va, annotation_clip=False, **place)


def _draw_marks(axes: Axes, choices: Sequence[Mapping[str, str]], order: Sequence[int], lines: Lines) -> None:
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for height, (name, words) in enumerate(lines):
        weight = "normal" if words else "bold"
        place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "annotation_clip": False}
        axes.annotate(
            words or name, (0, height), xytext=(-6, 0), ha="right", va="center", fontsize=SIZE, weight=weight, **place
        )
        if words:
            axes.axhline(height, color=PALE, linewidth=5, zorder=0)
        chosen = [column for column, number in enumerate(order) if words and choices[number].get(name) == words]
        colours = [_colour(order[column]) for column in chosen]
        axes.scatter(chosen, [height] * len(chosen), marker="s", s=9, c=colours, linewidths=0, zorder=2)


def _colour(number: int) -> str:
    """The planned way is the first."""
    return BLUE if number else ORANGE
