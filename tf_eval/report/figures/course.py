"""The rows of one kind over time, a small panel for each district: gaps and shifts are seen at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, GREY, INK, ORANGE, PALE, QUIET, WIDTH, Drawing, bare, render

PANELS = 2  # beside one another
MARGIN, GUTTER = 0.05, 0.2  # inches
ABOVE, BAND, BELOW = 0.3, 0.5, 0.22  # inches: a panel's words, its area, and the years below the last ones
NEARLY_NONE, MANY = 0.2, 15  # of the usual rows; fewer than so many may be missing by chance
FEWEST = 10  # rows in the fullest period, below which nothing can be seen in a panel


def draw_course(payload: Mapping[str, Any]) -> Drawing:
    """Return the panels of one kind.

    Arguments: ``payload`` with label, unit ("month" or "term"), periods (their names), years, covered, panels (label
    and rows by period, each), findings (in words) and unseen (where one missing period could not be seen, or "").
    """
    lines = -(-len(payload["panels"]) // PANELS)
    return Drawing(
        svg=render(_draw, payload, height=lines * (ABOVE + BAND) + BELOW),
        headline=_headline(payload),
        measure=_measure(payload),
        alt=_alt(payload),
    )


def empty_periods(rows: np.ndarray, covered: np.ndarray, season: np.ndarray) -> np.ndarray:
    """Return the covered periods with less than a fifth of their season's usual rows, where those are many."""
    usual = np.array(
        [np.mean(rows[covered & (season == one)] if (covered & (season == one)).any() else 0) for one in season]
    )
    return covered & (rows < NEARLY_NONE * usual) & (usual >= MANY)


def _marked(payload: Mapping[str, Any], rows: np.ndarray) -> np.ndarray:
    """Return the periods to mark as empty: none where nothing was found, for then Easter or chance explains them."""
    return empty_periods(rows, payload["covered"], payload["season"]) & bool(payload["findings"])


def _headline(payload: Mapping[str, Any]) -> str:
    findings = payload["findings"]
    if not findings and payload["unseen"]:
        return f"{payload['label']}: nothing found, but too few rows to tell in {payload['unseen']}"
    if not findings:
        return f"{payload['label']}: no gap and no shift found"
    return f"{payload['label']}: {len(findings)} finding{'s' * (len(findings) > 1)}"


def _measure(payload: Mapping[str, Any]) -> str:
    unit = payload["unit"]
    said = f" Found: {'; '.join(payload['findings'])}." if payload["findings"] else ""
    return f"Rows a {unit}, {payload['periods'][0]} to {payload['periods'][-1]}.{said}"


def _alt(payload: Mapping[str, Any]) -> str:
    parts = [_panel_words(payload, panel) for panel in payload["panels"]]
    return f"Small line charts of rows a {payload['unit']} by district. {'; '.join(parts)}."


def _panel_words(payload: Mapping[str, Any], panel: Mapping[str, Any]) -> str:
    rows = panel["rows"]
    if rows.max(initial=0) < FEWEST:
        return f"{panel['label']}: fewer than {FEWEST} in every {payload['unit']}"
    empty = _marked(payload, rows)
    names = [name for name, is_empty in zip(payload["periods"], empty, strict=True) if is_empty]
    said = f", next to none in {', '.join(names[:6])}{' and others' * (len(names) > 6)}" if names else ""
    return f"{panel['label']}: about {number(round(rows[payload['covered']].mean()))} on average{said}"


def _draw(figure: Figure, payload: Mapping[str, Any]) -> None:
    panels = payload["panels"]
    width, height = figure.get_size_inches()
    breadth = (WIDTH - 2 * MARGIN - (PANELS - 1) * GUTTER) / PANELS
    for place, panel in enumerate(panels):
        line, column = divmod(place, PANELS)
        top = line * (ABOVE + BAND) + ABOVE
        left = MARGIN + column * (breadth + GUTTER)
        axes = figure.add_axes((left / width, 1 - (top + BAND) / height, breadth / width, BAND / height))
        _panel(axes, payload, panel)
        if place + PANELS >= len(panels):
            _years(axes, payload["years"])


def _panel(axes: Axes, payload: Mapping[str, Any], panel: Mapping[str, Any]) -> None:
    rows, covered = panel["rows"], payload["covered"]
    bare(axes)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(-0.5, len(rows) - 0.5)
    axes.annotate(panel["label"], (0, 1), **_words("left", INK))
    if rows.max(initial=0) < FEWEST:
        axes.text(0, 0.4, f"fewer than {FEWEST} in every {payload['unit']}", color=QUIET, fontsize=9.5, va="center")
        axes.set_ylim(0, 1)
        return
    axes.annotate(f"most {number(int(rows.max()))}", (1, 1), **_words("right", QUIET))
    axes.set_ylim(0, rows.max() * 1.02)
    _bars(axes, ~covered, GREY)
    _bars(axes, _marked(payload, rows), ORANGE)
    axes.fill_between(range(len(rows)), np.where(covered, rows, np.nan), color=PALE, linewidth=0)
    axes.plot(range(len(rows)), np.where(covered, rows, np.nan), color=BLUE, linewidth=1.2)


def _words(side: str, colour: str) -> dict[str, Any]:
    return {
        "xycoords": "axes fraction",
        "xytext": (0, 3),
        "textcoords": "offset points",
        "ha": side,
        "color": colour,
        "fontsize": 9.5,
        "annotation_clip": False,
    }


def _bars(axes: Axes, where: np.ndarray, colour: str) -> None:
    """Draw full-height bars, one for each run of periods."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        axes.axvspan(first - 0.5, end - 0.5, color=colour, linewidth=0, zorder=0)


def _years(axes: Axes, years: Sequence[tuple[int, str]]) -> None:
    axes.set_xticks([place for place, _ in years], [year for _, year in years])
    axes.tick_params(axis="x", length=3, labelsize=9, pad=2)
