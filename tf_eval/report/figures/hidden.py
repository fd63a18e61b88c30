"""What is left of an effect if the two groups drifted apart after the start, further and further."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.bands import draw_intervals, label_ends
from tf_eval.report.numerals import number
from tf_eval.report.style import Drawing, bare, inches, render, zero_line
from tf_eval.report.words import interval_words, unit_words

ROW = 0.46  # inches
TIMES = {0.5: "Half as far", 1.0: "As far", 2.0: "Twice as far"}


def draw_hidden(row: Mapping[str, Any]) -> Drawing | None:
    """Return the effect with its interval over those that are left; ``None`` where there is nothing to explain away."""
    bounds = [bound for bound in row["bounds"] if is_number(bound["ci_low"])]
    if not row["is_found"] or not bounds:
        return None
    lines = [{**row, "name": "Not at all"}]
    lines += [{**bound, "effect": "", "name": TIMES[bound["times"]]} for bound in bounds]
    return Drawing(
        svg=render(_draw, (lines, row["unit"]), height=0.57 + ROW * len(lines)),
        headline=_headline(row),
        measure="95% interval if the two groups had drifted apart after the start not at all, half as far, as far or "
        f"twice as far as they ever did from one half-year to the next before it; {unit_words(row['unit']).axis}.",
        alt=_alt(row, bounds),
    )


def _headline(row: Mapping[str, Any]) -> str:
    if not is_number(row["times_drift"]):
        return f"{row['label']}: what is left if the groups drifted apart"
    return f"{row['label']}: drift of {number(row['times_drift'])} times that before the start could explain it"


def _alt(row: Mapping[str, Any], bounds: list[Mapping[str, Any]]) -> str:
    parts = [
        f"{TIMES[bound['times']].lower()}: {interval_words(row['unit'], bound['ci_low'], bound['ci_high'])}"
        for bound in bounds
    ]
    planned = interval_words(row["unit"], row["ci_low"], row["ci_high"])
    return f"What is left of the effect on {in_sentence(row['label'])}. Not at all: {planned}; {'; '.join(parts)}."


def _draw(figure: Figure, shown: tuple[list[Mapping[str, Any]], str]) -> None:
    lines, unit = shown
    axes = inches(figure, left=1.25, right=0.6, top=0.05, bottom=0.52)
    bare(axes)
    zero_line(axes, vertical=True)
    draw_intervals(axes, lines)
    axes.set_yticks(range(len(lines)), [line["name"] for line in lines])
    axes.set_ylim(len(lines) - 0.5, -0.5)
    words = unit_words(unit)
    label_ends(axes, words.less, words.more)
