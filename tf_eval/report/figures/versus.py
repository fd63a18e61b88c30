"""Two interventions on each outcome: what each did, and below how far they are apart."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.differences import Mark, differences_svg
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.numerals import number
from tf_eval.report.style import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    WIDTH,
    Drawing,
    bare,
    inches,
    render,
    stacked,
    text_width,
    wrapped,
)
from tf_eval.report.versus_words import headline_words
from tf_eval.report.words import interval_words, short_effect, unit_words

LIMIT = 3.5  # multiples: beyond this an interval is drawn to the edge with an arrow
MARGIN, LINE = 0.1, 0.19  # inches: at the edges, and of a line of the key
SIZE = 10.5  # points
BAND, STEP = 0.44, 0.11  # inches: of two marks, and how far each lies from the middle of a row
PLACES, SMALL = 0.58, 10  # inches below the rows for the names of places, and points of all letters there
WORTH = "worth having"
DARK_ORANGE = "#A04000"  # of letters, which need more contrast than marks

SIZES = ("first", "second", "own", "direct")

Rows = Sequence[Mapping[str, Any]]


class Look(NamedTuple):
    """How one of the two marks of a row looks: what it shows, its words in the key, and its marker."""

    name: str
    words: str
    colour: str
    letters: str
    marker: str
    sign: str
    hollow: bool = False


class Panel(NamedTuple):
    """Rows with two marks each, a heading with the key above them, and below the names of places and of both ends.

    ``turned`` is what is as far from none as the smallest change worth having, the other way; ``room`` is for the
    marks, in inches.
    """

    rows: Sequence[LabelledRow]
    heading: str
    looks: tuple[Look, Look]
    turned: str
    ends: tuple[str, str]
    room: float = WIDTH - 2 * MARGIN

    @property
    def numbers(self) -> float:
        """The width of the numbers at the right, in inches."""
        said = (_short(row.facts, look) for row in self.rows for look in self.looks)
        return max(text_width(words, SIZE, weight="bold") for words in said)

    @property
    def end_lines(self) -> tuple[list[str], list[str]]:
        """Both ends as they are written below the places, each with its arrow."""
        room = self.room / 2 - 0.05 - text_width("\u2192 ", SMALL)
        left, right = (wrapped(words, width=room, size=SMALL) for words in self.ends)
        return [f"\u2190 {left[0]}", *left[1:]], [*right[:-1], f"{right[-1]} \u2192"]

    @property
    def above(self) -> float:
        return LINE * 3 + 0.12

    @property
    def below(self) -> float:
        return PLACES + LINE * max(map(len, self.end_lines))

    @property
    def height(self) -> float:
        return self.above + self.rows[-1].bottom + self.below


def draw_versus(payload: Mapping[str, Any]) -> Drawing | None:
    """Return two panels of a row for each outcome: both effects, and the difference in two ways.

    ``None`` where no outcome has any number.
    """
    rows = [row for row in payload["rows"] if any(is_number(row["headline"][name]["ci_low"]) for name in SIZES)]
    if not rows:
        return None
    both = _effects(rows, payload["titles"]), _differences(rows, payload["titles"])
    numbers = max(panel.numbers for panel in both)
    panels = [panel._replace(room=panel.room - numbers - 0.15) for panel in both]
    first, last = payload["months"]
    return Drawing(
        svg=render(_draw, panels, height=sum(panel.height for panel in panels)),
        headline=headline_words(payload),
        measure=f"Estimates with 95% intervals, months {first} to {last}. What lies in the shaded band is too small to "
        "matter.",
        alt=_alt(rows, payload["titles"]),
    )


def _effects(rows: Rows, titles: Sequence[str]) -> Panel:
    first, second = titles
    looks = (
        Look("first", first, BLUE, BLUE, "o", "\u25cf"),
        Look("second", second, ORANGE, DARK_ORANGE, "s", "\u25a0"),
    )
    labels = [{**row, "label": f"{row['label']}, {unit_words(row['unit']).axis}"} for row in rows]
    return Panel(_laid(labels), "What each did, against like families", looks, "as much worse", ("better", "worse"))


def _differences(rows: Rows, titles: Sequence[str]) -> Panel:
    looks = (
        Look("direct", "among families that might have had either", INK, INK, "D", "\u25c6"),
        Look("own", "each for its own families", QUIET, QUIET, "D", "\u25c7", hollow=True),
    )
    ends = tuple(f"{in_sentence(title)} better" for title in titles)
    return Panel(_laid(rows), "The difference between them", looks, WORTH, ends)


def _laid(rows: Rows) -> list[LabelledRow]:
    return lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=BAND)


def _alt(rows: Rows, titles: Sequence[str]) -> str:
    first, second = map(in_sentence, titles)
    named = {"first": first, "second": second, "direct": "difference for families that might have had either"}
    told = [
        f"{row['label']}: "
        + ", ".join(f"{words} {_said(row['headline'][name], row['unit'])}" for name, words in named.items())
        for row in rows
    ]
    return f"Effects of {first} and of {second} on {len(rows)} outcomes, and the difference. {'; '.join(told)}."


def _said(cell: Mapping[str, Any], unit: str) -> str:
    if not is_number(cell["ci_low"]):
        return str(cell["effect"])
    return f"{short_effect(unit, cell['effect'])} ({interval_words(unit, cell['ci_low'], cell['ci_high'])})"


def _draw(figure: Figure, panels: Sequence[Panel]) -> None:
    height, top = figure.get_size_inches()[1], 0.0
    for panel in panels:
        bottom = height - top - panel.height + panel.below
        right = WIDTH - MARGIN - panel.room
        _draw_panel(inches(figure, left=MARGIN, right=right, top=top + panel.above, bottom=bottom), panel)
        top += panel.height


def _draw_panel(axes: Axes, panel: Panel) -> None:
    right = (WIDTH - 2 * MARGIN) / panel.room
    bare(axes)
    axes.set_xlim(-LIMIT, LIMIT)
    axes.set_ylim(panel.rows[-1].bottom, 0)
    axes.set_yticks([])
    axes.set_xticks([-1, 0, 1], ["", "", ""])
    _key(axes, panel)
    for row in panel.rows:
        label_row(axes, row)
        shade_row(axes, row, 1)
        for look, step in zip(panel.looks, (-STEP, STEP), strict=True):
            _mark(axes, row, look, row.middle + step)
            _number(axes, row, look, (right, row.middle + step))
    _places(axes, panel)
    _ends(axes, panel.end_lines)


def _key(axes: Axes, panel: Panel) -> None:
    anchor = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False, "fontsize": SIZE}
    shapes = [(f"{look.sign} {look.words}", look.letters, "normal") for look in panel.looks]
    lines = [(panel.heading, INK, "bold"), *shapes]
    for place, (words, colour, weight) in enumerate(lines):
        up = (panel.above - 0.12 - LINE * place) * 72
        axes.annotate(words, (0, 1), xytext=(0, up), color=colour, fontweight=weight, va="center", **anchor)


def _mark(axes: Axes, row: LabelledRow, look: Look, height: float) -> None:
    """Draw one estimate, for the better to the left."""
    cell = row.facts["headline"][look.name]
    if not is_number(cell["worth_low"]):
        return
    turn = 1 if row.facts["good_direction"] == "fall" else -1
    low, high = sorted(turn * cell[name] for name in ("worth_low", "worth_high"))
    ends = [min(max(end, -LIMIT), LIMIT) for end in (low, high)]
    axes.plot(ends, [height] * 2, color=look.colour, linewidth=1.5 if look.hollow else 3)
    for end, limit, marker in ((low, -LIMIT, "<"), (high, LIMIT, ">")):
        if end * limit > LIMIT**2:
            axes.plot(limit, height, marker, color=look.colour, markersize=7, clip_on=False)
    face = "white" if look.hollow else look.colour
    place = turn * cell["worth_effect"]
    if abs(place) <= LIMIT:
        edge = {"markeredgecolor": look.colour if look.hollow else "white", "markerfacecolor": face}
        axes.plot(place, height, look.marker, markersize=7 if look.hollow else 8, **edge)


def _number(axes: Axes, row: LabelledRow, look: Look, place: tuple[float, float]) -> None:
    """Write one estimate in words at the right of the row."""
    told = {"xycoords": ("axes fraction", "data"), "ha": "right", "va": "center", "annotation_clip": False}
    weight = "normal" if look.hollow else "bold"
    axes.annotate(_short(row.facts, look), place, color=look.letters, fontsize=SIZE, fontweight=weight, **told)


def _short(facts: Mapping[str, Any], look: Look) -> str:
    return short_effect(facts["unit"], facts["headline"][look.name]["effect"])


def _places(axes: Axes, panel: Panel) -> None:
    for place, words in ((-1, WORTH), (0, "0"), (1, panel.turned)):
        anchor = {"xy": (place, 0), "xycoords": axes.get_xaxis_transform(), "ha": "center", "color": INK}
        stacked(axes, wrapped(words, width=0.6, size=SMALL), anchor, size=SMALL, top=-13)


def _ends(axes: Axes, lines: tuple[list[str], list[str]]) -> None:
    for place, told, align in zip((0, 1), lines, ("left", "right"), strict=True):
        anchor = {"xy": (place, 0), "xycoords": "axes fraction", "ha": align, "color": QUIET}
        stacked(axes, told, anchor, size=SMALL, top=-41)


def draw_either(payload: Mapping[str, Any]) -> Drawing | None:
    """Return how unlike families with the one and with the other were, as they are and as weighed."""
    rows = [row for row in payload["rows"] if is_number(row["after"])]
    if not rows:
        return None
    threshold = payload["threshold"]
    first, second = map(in_sentence, payload["titles"])
    before, after = (max(abs(row[name]) for row in rows if is_number(row[name])) for name in ("before", "after"))
    headline = f"Largest difference: {number(before)} as they are, {number(after)} as weighed"
    return Drawing(
        svg=differences_svg(rows, Mark("after", "as weighed"), Mark("before", "as they are"), reach=threshold),
        headline=headline,
        measure=f"Standardised difference between families with {first} and with {second}, before the start; to the "
        f"right {first} had more. In the shaded band (up to {number(threshold)}) they count as alike.",
        alt=f"Dot chart of {len(rows)} standardised differences as they are and as weighed. {headline}.",
    )
