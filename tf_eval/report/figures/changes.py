"""Effects as one release told them and as the next one does, each in multiples of the smallest worthwhile effect."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.forest import LIMIT, Sense, draw_interval, draw_scale, sense_of, turned
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.moved import Moved
from tf_eval.report.style import BLUE, ORANGE, WIDTH, Drawing, bare, inches, render
from tf_eval.report.words import short_effect

MARGIN, BELOW, KEY = 0.1, 0.5, 0.34  # inches
SIZE, BAND, APART = 10.5, 0.44, 0.1  # points; inches
WORTH = ("worth_effect", "worth_low", "worth_high")


def draw_changes(moved: Sequence[Moved]) -> Drawing | None:
    """Return each effect that moved, before and now; ``None`` where none of them can be drawn."""
    rows = [row for row in moved if all(is_number(side[name]) for side in (row.before, row.now) for name in WORTH)]
    if not rows:
        return None
    sense = sense_of([row.outcome for row in rows])
    laid = lay_rows([_facts(row, sense) for row in rows], room=lambda _: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, (laid, sense), height=laid[-1].bottom + MARGIN + KEY + BELOW),
        headline=_headline(rows),
        measure="Effects that decide verdicts and are not as they were, with 95% interval: above as they were told "
        "before, below as they are told now. The shaded band is too small to matter.",
        alt=_alt(rows),
    )


def _facts(row: Moved, sense: Sense) -> Mapping[str, Any]:
    before, now = (turned({**row.outcome, **side}, sense) for side in (row.before, row.now))
    return {"label": f"{row.intervention}: {in_sentence(row.outcome['label'])}", "before": before, "now": now}


def _headline(rows: Sequence[Moved]) -> str:
    far = sum(row.is_far for row in rows)
    if not far:
        return "What moved stayed within the range that was told before"
    return f"{far} of {len(rows)} effects left the range that was told before"


def _alt(rows: Sequence[Moved]) -> str:
    parts = []
    for row in rows:
        before, now = (short_effect(row.outcome["unit"], side["effect"]) for side in (row.before, row.now))
        parts.append(f"{row.intervention}, {in_sentence(row.outcome['label'])}: before {before}, now {now}")
    return f"Effects that decide verdicts, before and now. {'; '.join(parts)}."


def _draw(figure: Figure, shown: tuple[Sequence[LabelledRow], Sense]) -> None:
    rows, sense = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN + KEY, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        shade_row(axes, row, 1)
        draw_interval(axes, row.facts["before"], row.middle - APART, color=ORANGE)
        draw_interval(axes, row.facts["now"], row.middle + APART)
    axes.set_xlim(-LIMIT, LIMIT)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1], ["", "", ""])
    draw_scale(axes, sense)
    _key(axes)


def _key(axes: Axes) -> None:
    for place, color, words in ((0, ORANGE, "before"), (0.3, BLUE, "now")):
        above = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center", "fontsize": SIZE}
        axes.annotate("\u25cf", (place, 1), xytext=(2, 14), color=color, **above)
        axes.annotate(words, (place, 1), xytext=(16, 14), annotation_clip=False, **above)
