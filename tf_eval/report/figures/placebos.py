"""What was found where there is nothing to find, beside what was found: each outcome in multiples of its own worth."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.rows import LabelledRow, label_row, lay_rows, shade_row
from tf_eval.report.style import BLUE, INK, QUIET, WIDTH, Drawing, bare, inches, render
from tf_eval.report.words import interval_words, short_effect

LIMIT = 4.0  # multiples: beyond this a mark is drawn at the edge as an arrow
MARGIN, BELOW = 0.1, 0.55  # inches
SIZE = 10.5  # points
LANE, NAMES = 0.22, 1.12  # inches: height of a lane, and room for its name
TIERS = 3  # heights among which marks of a lane take turns, so that they do not hide each other

INTERVALS = (("planned", "as planned", 3.0), ("put_right", "put right", 1.5))
TESTS = (("by_lot", "start by lot", "o"), ("too_early", "start too early", "D"))


def draw_placebos(payload: Mapping[str, Any]) -> Drawing | None:
    """Return four lanes for each outcome: its interval, that put right, and the tests; ``None`` where all is hidden.

    Below stands one lane for each outcome that cannot change.
    """
    rows = [row for row in payload["rows"] if row["by_lot"]["worth"]]
    controls = [row for row in payload["controls"] if is_number(row["found"]["worth_ci_low"])]
    if not rows + controls:
        return None
    laid = _laid(rows, len(INTERVALS) + len(TESTS), 0)
    laid += _laid(controls, 1, laid[-1].bottom if laid else 0)
    return Drawing(
        svg=render(_draw, laid, height=laid[-1].bottom + MARGIN + BELOW),
        headline=_headline(rows, controls),
        measure="Blue: the effect with its 95% interval, as planned and put right by the tests. Grey: what each test "
        "found where there is nothing to find. In the shaded band a change is too small to matter.",
        alt=_alt(rows, controls),
    )


def _laid(rows: Sequence[Mapping[str, Any]], lanes: int, top: float) -> list[LabelledRow]:
    return lay_rows(rows, room=lambda row: WIDTH - 2 * MARGIN, size=SIZE, band=LANE * lanes, top=top)


def _headline(rows: Sequence[Mapping[str, Any]], controls: Sequence[Mapping[str, Any]]) -> str:
    tried, found = (sum(row[kind][what] for row in rows for kind, *_ in TESTS) for what in ("tried", "found"))
    tried, found = tried + len(controls), found + sum(row["is_found"] for row in controls)
    return f"In {tried} tests of nothing the method found something {'once' if found == 1 else f'{found} times'}"


def _alt(rows: Sequence[Mapping[str, Any]], controls: Sequence[Mapping[str, Any]]) -> str:
    parts = [
        f"{in_sentence(row['label'])}: {row['by_lot']['found']} of {row['by_lot']['tried']} starts by lot found "
        f"something, and the effect is {short_effect(row['unit'], row['planned']['effect'])} as planned, "
        f"{short_effect(row['unit'], row['put_right']['effect'])} put right"
        for row in rows
    ]
    parts += [
        f"{in_sentence(row['label'])}, which cannot change: {short_effect(row['unit'], row['found']['effect'])} "
        f"({interval_words(row['unit'], row['found']['ci_low'], row['found']['ci_high'])})"
        for row in controls
    ]
    return f"Dot chart of tests where there is nothing to find. {'; '.join(parts)}."


def _draw(figure: Figure, rows: Sequence[LabelledRow]) -> None:
    axes = inches(figure, left=MARGIN, right=MARGIN, top=MARGIN, bottom=BELOW)
    bare(axes)
    for row in rows:
        label_row(axes, row)
        shade_row(axes, row, 1)
        _lanes(axes, row)
    wide = WIDTH - 2 * MARGIN
    axes.set_xlim(LIMIT - 2 * LIMIT * wide / (wide - NAMES) * 1.02, LIMIT * 1.04)
    axes.set_ylim(rows[-1].bottom, 0)
    axes.set_yticks([])
    axes.set_xticks([-LIMIT, -1, 0, 1, LIMIT])
    axes.spines["bottom"].set_bounds(-LIMIT, LIMIT)
    axes.annotate(
        "multiples of the smallest change worth having",
        (1, 0),
        xycoords="axes fraction",
        xytext=(0, -24),
        textcoords="offset points",
        ha="right",
        va="top",
        color=QUIET,
        fontsize=10,
    )


def _lanes(axes: Axes, row: LabelledRow) -> None:
    place = row.middle - row.band / 2 + LANE / 2
    if "found" in row.facts:
        _name(axes, "cannot change", place)
        _interval(axes, row.facts["found"], place, 3.0, color=QUIET)
        return
    for name, words, width in INTERVALS:
        _name(axes, words, place)
        _interval(axes, row.facts[name], place, width)
        place += LANE
    for name, words, mark in TESTS:
        _name(axes, words, place)
        for number, worth in enumerate(sorted(filter(is_number, row.facts[name]["worth"]))):
            _test(axes, worth, place + (number % TIERS - (TIERS - 1) / 2) * LANE / (TIERS + 1), mark)
        place += LANE


def _name(axes: Axes, words: str, place: float) -> None:
    axes.text(0, place, words, transform=axes.get_yaxis_transform(), va="center", fontsize=9.5, color=QUIET)


def _interval(axes: Axes, found: Mapping[str, Any], place: float, width: float, color: str = BLUE) -> None:
    low, high, effect = (found[f"worth_{name}"] for name in ("ci_low", "ci_high", "effect"))
    if not is_number(effect):
        axes.text(-LIMIT, place, "could not be estimated", va="center", fontsize=9.5, color=INK)
        return
    ends = [_inside(end, side) for end, side in ((low, -LIMIT), (high, LIMIT))]
    axes.plot(ends, [place, place], color=color, linewidth=width)
    for end, side, arrow in ((ends[0], -LIMIT, "<"), (ends[1], LIMIT, ">")):
        if end == side:
            axes.plot(side, place, arrow, color=color, markersize=7, clip_on=False)
    if abs(effect) <= LIMIT:
        axes.plot(effect, place, "o", color=color, markersize=8, markeredgecolor="white")


def _inside(end: object, side: float) -> float:
    """An end that is not known is beyond any number."""
    return max(min(end, LIMIT), -LIMIT) if is_number(end) else side


def _test(axes: Axes, worth: float, place: float, mark: str) -> None:
    beyond = "<" if worth < -LIMIT else ">" if worth > LIMIT else mark
    axes.plot(_inside(worth, 0), place, beyond, color=QUIET, alpha=0.75, markersize=4, markeredgewidth=0, clip_on=False)
