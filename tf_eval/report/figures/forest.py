"""All outcomes of one intervention side by side, each in multiples of its own smallest worthwhile effect."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.figures.worth import (
    BAND,
    BELOW,
    MARGIN,
    SIZE,
    Rows,
    Sense,
    can_be_drawn,
    draw_scale,
    draw_value,
    draw_worth,
    found_words,
    room,
    sense_of,
    turned,
)
from tf_eval.report.style import Drawing, bare, inches, render
from tf_eval.report.words import outcome_name, short_effect, verdict_words


def draw_forest(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a dot with its interval for each outcome; ``None`` where no outcome can be drawn."""
    rows = [{**row, "label": outcome_name(row)} for row in payload["rows"] if can_be_drawn(row)]
    if not rows:
        return None
    sense = sense_of(rows)
    laid = lay_rows([turned(row, sense) for row in rows], room=room, size=SIZE, band=BAND)
    return Drawing(
        svg=render(_draw, (laid, sense), height=laid[-1].bottom + MARGIN + BELOW),
        headline=found_words(rows, "outcomes"),
        measure="Effect with 95% interval on each outcome. The shaded band is too small to matter: its edges are the "
        "smallest effect worth having.",
        alt=_alt(rows),
    )


def _alt(rows: Rows) -> str:
    parts = [
        f"{row['label']}: {short_effect(row['unit'], row['effect'])}, {verdict_words(row['verdict']).name.lower()}"
        for row in rows
    ]
    return f"Effects on {len(rows)} outcomes. {'; '.join(parts)}."


def _draw(figure: Figure, shown: tuple[Sequence[LabelledRow], Sense]) -> None:
    rows, sense = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        draw_value(axes, row)
        shade_row(axes, row, 1)
        draw_worth(axes, row)
    draw_scale(axes, sense, rows[-1].bottom)
