"""When families came to qualify: a panel for each district, a bar for each quarter, all on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, INK, QUIET, RULE, WIDTH, Drawing, inches, render

SIDE_BY_SIDE = 2
MARGIN, BETWEEN = 0.05, 0.25  # inches
NAME, BARS, FOOT = 0.42, 0.62, 0.3  # inches of a panel, from its top
SIZE, SMALL = 10.5, 9.5  # points


@dataclass(frozen=True)
class _Panel:
    name: str
    at_once: object
    quarters: Sequence[object]


def draw_quarters(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a panel for each district, or one for all; ``None`` where no quarter may be shown."""
    panels = [_Panel(row["district"], row["families"][0], row["families"][1:]) for row in payload["districts"]]
    panels = [panel for panel in panels if any(map(is_number, panel.quarters))]
    panels = panels or [_Panel("All families", payload["all"][0], payload["all"][1:])]
    shown = [cell for panel in panels for cell in panel.quarters if is_number(cell)]
    if not shown:
        return None
    lines = -(-len(panels) // _across(panels))
    return Drawing(
        svg=render(_draw, (panels, _years(payload), max(shown)), height=lines * (NAME + BARS + FOOT)),
        headline=_headline(payload),
        measure="Families that came to qualify in each quarter, all panels on one scale. Those that met the criteria "
        f"on the first day, {payload['times'][0]}, stand below the name. A quarter without a bar is confidential.",
        alt=f"Bars of families by quarter. {'; '.join(map(_told, panels))}.",
    )


def _across(panels: Sequence[_Panel]) -> int:
    return min(SIDE_BY_SIDE, len(panels))


def _years(payload: Mapping[str, Any]) -> tuple[str, str]:
    """The names of quarters end with their years."""
    return payload["times"][1].rpartition(" ")[2], payload["times"][-1].rpartition(" ")[2]


def _headline(payload: Mapping[str, Any]) -> str:
    told = [cell for cell in payload["all"][1:] if is_number(cell)]
    if len(told) < 2:
        return "When families came to qualify"
    together = ", all districts together" if payload["districts"] else ""
    return (
        f"After the first day, {number(min(told))} to {number(max(told))} more families qualified in each quarter"
        f"{together}"
    )


def _told(panel: _Panel) -> str:
    at_once = f"{number(panel.at_once)} on the first day, then " if is_number(panel.at_once) else ""
    return f"{panel.name}: {at_once}{', '.join(number(cell) for cell in panel.quarters)}"


def _draw(figure: Figure, shown: tuple[Sequence[_Panel], tuple[str, str], float]) -> None:
    panels, years, most = shown
    across = _across(panels)
    _, height = figure.get_size_inches()
    width = (WIDTH - 2 * MARGIN - (across - 1) * BETWEEN) / across
    for place, panel in enumerate(panels):
        line, column = divmod(place, across)
        left = MARGIN + column * (width + BETWEEN)
        top = line * (NAME + BARS + FOOT) + NAME
        axes = inches(figure, left=left, right=WIDTH - left - width, top=top, bottom=height - top - BARS)
        _panel(axes, panel, years, most)


def _panel(axes: Any, panel: _Panel, years: tuple[str, str], most: float) -> None:
    axes.set_xlim(-0.5, len(panel.quarters) - 0.5)
    axes.set_ylim(0, most)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    for place, families in enumerate(panel.quarters):
        if is_number(families):
            axes.bar(place, families, width=0.8, color=BLUE)
    _write(axes, panel.name, (0, 1), (0, 19), ha="left", color=INK, fontsize=SIZE, fontweight="bold")
    if is_number(panel.at_once):
        _write(
            axes, f"{number(panel.at_once)} on the first day", (0, 1), (0, 7), ha="left", color=QUIET, fontsize=SMALL
        )
    if is_number(panel.quarters[-1]):
        last = (1, panel.quarters[-1] / most)
        _write(axes, number(panel.quarters[-1]), last, (0, 3), ha="right", color=INK, fontsize=SMALL)
    for year, side, align in zip(years, (0, 1), ("left", "right"), strict=True):
        _write(axes, year, (side, 0), (0, -11), ha=align, color=QUIET, fontsize=SMALL)


def _write(axes: Any, text: str, place: tuple[float, float], shift: tuple[float, float], **look: Any) -> None:
    axes.annotate(
        text, place, xycoords="axes fraction", xytext=shift, textcoords="offset points", annotation_clip=False, **look
    )
