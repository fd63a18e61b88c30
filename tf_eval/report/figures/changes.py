"""Effects as one release told them and as the next one does, each in multiples of the smallest worthwhile effect."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.figures.worth import (
    BELOW,
    MARGIN,
    SIZE,
    Sense,
    can_be_drawn,
    draw_dot,
    draw_scale,
    draw_worth,
    sense_of,
    turned,
)
from tf_eval.report.moved import Moved
from tf_eval.report.style import WIDTH, Drawing, bare, inches, render
from tf_eval.report.words import short_effect

KEY, BAND, APART = 0.34, 0.44, 0.1  # inches


def draw_changes(moved: Sequence[Moved]) -> Drawing | None:
    """Return each effect that moved, before and now; ``None`` where none of them can be drawn."""
    rows = [row for row in moved if can_be_drawn(row.before) and can_be_drawn(row.now)]
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
        draw_worth(axes, replace(row, facts=row.facts["before"], top=row.top - APART), filled=False)
        draw_worth(axes, replace(row, facts=row.facts["now"], top=row.top + APART))
    draw_scale(axes, sense, rows[-1].bottom)
    _key(figure)


def _key(figure: Figure) -> None:
    """Say in a line above what is hollow and what is filled."""
    key = figure.add_axes([0, 1 - KEY / figure.get_figheight(), 1, KEY / figure.get_figheight()])
    key.set_axis_off()
    key.set_xlim(0, WIDTH)
    key.set_ylim(0, 1)
    for place, words, filled in ((MARGIN, "before", False), (MARGIN + 1, "now", True)):
        draw_dot(key, place + 0.08, 0.4, filled=filled)
        key.text(place + 0.22, 0.4, words, fontsize=SIZE, va="center_baseline")
