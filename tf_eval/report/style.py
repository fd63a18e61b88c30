"""One house style for every figure, and one way to draw it: the same bytes on every machine.

Text stays text in the SVG, so that figures are small and sharp. It is laid out with matplotlib's own DejaVu Sans, which
is on every machine and wider than the fonts that pages use: what fits in the layout fits in the page.
"""

import base64
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

BLUE, ORANGE, GREY, PALE = "#12436D", "#F46A25", "#949494", "#DFE8EF"
INK, QUIET, RULE = "#0B0C0C", "#484949", "#B1B4B6"
LAYOUT_FONT = "DejaVu Sans"
PAGE_FONTS = "Arial, Helvetica, 'Liberation Sans', sans-serif"
POINTS = 72  # in an inch
LEADING = 1.2  # from line to line, in sizes of the letters
WIDTH = 4.2  # inches: on a phone the text is then still about 12 pixels high

_SETTINGS = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "svg.hashsalt": "tf_eval",
    "font.family": [LAYOUT_FONT],
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 10.5,
    "ytick.labelsize": 10.5,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "butt",
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "path.simplify": False,
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True)
class Drawing:
    """A finished figure: its SVG, the headline that states the finding, what is measured, and its alternative text."""

    svg: str
    headline: str
    measure: str
    alt: str

    @property
    def data_uri(self) -> str:
        """The figure as a source for ``<img>``: nothing in it can reach the page around it."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode("utf-8")).decode("ascii")


def render(draw: Callable[[Figure, Any], None], payload: Any, *, height: float) -> str:
    """Return the SVG that ``draw(figure, payload)`` makes on an empty figure of this height in inches."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(WIDTH, height))
        draw(figure, payload)
        sheet = io.StringIO()
        figure.savefig(sheet, format="svg", metadata=_NO_METADATA)
    return _lean(sheet.getvalue().replace(f"'{LAYOUT_FONT}'", PAGE_FONTS))


def _lean(svg: str) -> str:
    """Return the same picture in a seventh fewer bytes: no space between tags, and places to a hundredth of a point."""
    tags = re.sub(r">\s+<", "><", svg)
    return re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", " ".join(tag[0].split())), tags)


def inches(figure: Figure, *, left: float, right: float, top: float, bottom: float) -> Axes:
    """Return axes with margins in inches, so that text has the same room whatever the figure's height."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    return figure.add_axes(box)


def wrapped(text: str, *, width: float, size: float) -> list[str]:
    """Return ``text`` in lines that are at most ``width`` inches wide in letters of ``size`` points.

    Widths are measured in the layout font. A single word that is wider gets a line of its own.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def text_width(text: str, size: float, *, weight: str = "normal") -> float:
    """Return how wide a line of text is in the layout font, in inches."""
    font = FontProperties(family=[LAYOUT_FONT], size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / POINTS


def stacked(axes: Axes, lines: Sequence[str], anchor: Mapping[str, Any], *, size: float, top: float = 0.0) -> None:
    """Write lines below one another, each by itself, so that each stays aligned in whatever font the page has.

    ``anchor`` holds ``xy``, ``xycoords``, ``ha`` and ``color``; ``top`` is the first line's height above it in points.
    """
    for line, words in enumerate(lines):
        drop = (0, top - LEADING * size * line)
        axes.annotate(
            words, xytext=drop, textcoords="offset points", va="center", fontsize=size, annotation_clip=False, **anchor
        )


def zero_line(axes: Axes, *, vertical: bool) -> None:
    """Draw the line of no difference."""
    draw = axes.axvline if vertical else axes.axhline
    draw(0, color=INK, linewidth=1, zorder=1)


def bare(axes: Axes) -> None:
    """Take away the frame and the ticks of the y axis: rows are named by their labels."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def interval_on_bar(axes: Axes, low: float, high: float, place: float) -> None:
    """Draw an interval over a lying bar, set off from its colour."""
    ends, places = (low, high), (place, place)
    axes.plot(ends, places, color="white", linewidth=5, zorder=3, clip_on=False)
    axes.plot(ends, places, color=INK, linewidth=2, zorder=4, marker="|", markersize=10, clip_on=False)
