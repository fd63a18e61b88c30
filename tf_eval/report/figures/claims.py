"""Every effect that decides at a site, by intervention, in multiples of the smallest one worth having."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
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
    room,
    sense_of,
    turned,
)
from tf_eval.report.style import INK, RULE, Drawing, bare, inches, render
from tf_eval.report.together import HEADLINE, listed_rows, named, of_way
from tf_eval.report.words import capital, short_effect, unit_words

NAMED = 4  # effects that a headline has room for, of either way
HEADING = 0.3  # inches above the rows of an intervention, for its name
Panels = Mapping[str, Sequence[LabelledRow]]


def draw_claims(facts: Mapping[str, Any]) -> Drawing | None:
    """Return a panel for each intervention with a row for each outcome that decides; ``None`` where none can be drawn.

    The dot is filled where the effect is clear of none when all that was looked at is allowed for.
    """
    rows = list(_rows(facts))
    if not rows:
        return None
    sense = sense_of(rows)
    panels = _lay([turned(row, sense) for row in rows])
    bottom = next(reversed(panels.values()))[-1].bottom
    return Drawing(
        svg=render(_draw, (panels, sense, bottom), height=bottom + MARGIN + BELOW),
        headline=_headline(rows),
        measure="Effect with 95% interval on each outcome that decides. Filled: clear of no effect, allowing for how "
        "many were looked at. Hollow: not. The shaded band is too small to matter.",
        alt=_alt(rows),
    )


def _headline(rows: Rows) -> str:
    clear = [row for row in rows if row["holds"]]
    if not clear:
        return f"None of {len(rows)} effects is clear among all"
    parts = [f"{way}: {_found(found)}" for way in ("better", "worse") if (found := of_way(clear, way))]
    left = len(rows) - len(clear)
    return capital("; ".join([*parts, *([f"{left} of {len(rows)} effects not clear"] if left else [])]))


def _found(rows: Rows) -> str:
    return named(rows) if len(rows) <= NAMED else f"{len(rows)} effects"


def _rows(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each claim over the headline's months with what its own verdict tells of it."""
    told = {
        (verdict["payload"]["intervention"], row["outcome"]): row
        for verdict, *_ in facts["judged"]
        for row in verdict["payload"]["rows"]
    }
    for claim in listed_rows(facts):
        row = told.get((claim["name"], claim["outcome"]))
        if claim["band"] == HEADLINE and row and claim["holds"] is not None and can_be_drawn(row):
            yield {**row, **{name: claim[name] for name in ("intervention", "way", "holds")}}


def _lay(rows: Rows) -> dict[str, Sequence[LabelledRow]]:
    panels: dict[str, Sequence[LabelledRow]] = {}
    top = 0.0
    for name in dict.fromkeys(row["intervention"] for row in rows):
        own = [{**row, "label": _label(row)} for row in rows if row["intervention"] == name]
        panels[name] = lay_rows(own, room=room, size=SIZE, band=BAND, top=top + HEADING)
        top = panels[name][-1].bottom
    return panels


def _label(row: Mapping[str, Any]) -> str:
    """The outcome with the unit of the number beside it; percentage points are named by the number itself."""
    words = unit_words(row["unit"])
    return words.measure.format(label=row["label"]) if words.count else row["label"]


def _alt(rows: Rows) -> str:
    parts = [
        f"{row['intervention']}, {in_sentence(_label(row))}: {short_effect(row['unit'], row['effect'])}"
        f"{', clear among all' if row['holds'] else ''}"
        for row in rows
    ]
    return f"{len(rows)} effects by intervention. {'; '.join(parts)}."


def _draw(figure: Figure, shown: tuple[Panels, Sense, float]) -> None:
    panels, sense, bottom = shown
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for name, rows in panels.items():
        _heading(axes, name, rows[0].top - HEADING, first=rows[0].top == HEADING)
        for row in rows:
            label_row(axes, row)
            draw_value(axes, row)
            shade_row(axes, row, 1)
            draw_worth(axes, row, filled=row.facts["holds"])
    draw_scale(axes, sense, bottom)


def _heading(axes: Axes, name: str, top: float, *, first: bool) -> None:
    place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left"}
    axes.text(0, top + HEADING / 2, name, fontsize=SIZE + 1, fontweight="bold", color=INK, **place)
    if not first:
        axes.axhline(top, color=RULE, linewidth=0.8)
