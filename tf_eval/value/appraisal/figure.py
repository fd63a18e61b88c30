"""The figures of an appraisal: who pays and who saves, and what moves the result."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from tf_eval.matching.figure import COMPARISON, INK, QUIET, TREATED, axes_of, headline, in_lines, row_height
from tf_eval.value.appraisal.spread import Spread
from tf_eval.value.appraisal.tornado import Swing
from tf_eval.value.appraisal.words import pounds, told_range

WIDTH = 7.5
HALF = 0.32  # of a row: how far a bar reaches to either side
PALE = 0.55  # so that an interval is seen on its bar
MOST = 12  # assumptions that a tornado shows


def draw_waterfall(
    agencies: Mapping[str, Mapping[str, Spread]], net: Spread, measure: str, is_range: bool, ax: Axes | None = None
) -> Axes:
    """Draw, from the top down, who pays, who saves, and what is left for all; where only ranges are told, those."""
    rows = [(f"Paid by {payer}", _negative(parts["pays"])) for payer, parts in agencies.items() if parts["pays"].mean]
    rows += [(f"Saved by {payer}", parts["saves"]) for payer, parts in agencies.items() if _moves(parts["saves"])]
    names = [in_lines(name, 30) for name, _ in [*rows, ("Left for everybody", net)]]
    ax = axes_of(ax, WIDTH, 1.7 + row_height(names) * len(names) * 1.3)
    level = 0.0
    for place, (_, one) in enumerate(rows):
        start = 0.0 if is_range else level
        _draw_row(ax, place, start, one, is_range)
        level = start + one.mean
        if not is_range:
            ax.plot([level, level], [place, place + 1], color=QUIET, linewidth=0.8, zorder=1)
    _draw_row(ax, len(rows), 0.0, net, is_range)
    if is_range:
        title = f"The evidence cannot tell: what is left may lie between {told_range(net).replace(' to ', ' and ')}"
    else:
        title = f"What it costs and who saves: {pounds(net.mean)} is left, or anything from {told_range(net)}"
    _finish(ax, names, title, f"{measure}. Lines: 95% intervals, of the effects alone.")
    return ax


def draw_tornado(swings: Sequence[Swing], measure: str, ax: Axes | None = None) -> Axes:
    """Draw by how much each assumption moves the net value for the purse, the largest on top."""
    shown = swings[:MOST]
    names = [in_lines(f"{one.name}: {one.low} to {one.high}", 38) for one in shown]
    ax = axes_of(ax, WIDTH, 1.7 + 1.1 * row_height(names) * len(names))
    for place, one in enumerate(shown):
        for end, colour in ((one.at_low, COMPARISON), (one.at_high, TREATED)):
            ax.barh(place, end, height=2 * HALF, color=colour, linewidth=0)
    left = len(swings) - len(shown)
    rest = f" {left} smaller ones are not drawn." if left else ""
    title = f"What moves the result most: {shown[0].name[:1].lower()}{shown[0].name[1:]}"
    told = f"Change in the purse's net value. {measure}. Orange: at the first end named, blue: at the second.{rest}"
    _finish(ax, names, title, told)
    return ax


def _draw_row(ax: Axes, place: int, start: float, one: Spread, is_range: bool) -> None:
    colour = TREATED if one.mean >= 0 else COMPARISON
    if not is_range or one.low == one.high:
        ax.barh(place, one.mean, left=start, height=2 * HALF, color=colour, alpha=PALE, linewidth=0)
    if one.low < one.high:
        ends = [start + one.low, start + one.high]
        ax.plot(ends, [place, place], color=TREATED if is_range else INK, linewidth=4 if is_range else 1.6, zorder=3)


def _finish(ax: Axes, names: Sequence[str], title: str, measure: str) -> None:
    ax.use_sticky_edges = False  # bars that end at nought would put its line on the edge
    ax.margins(x=0.04)
    ax.axvline(0, color=INK, linewidth=1, zorder=2)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{'-' if value < 0 else ''}£{abs(value):,.0f}"))
    ax.locator_params(axis="x", nbins=6)
    headline(ax, title, measure)


def _negative(one: Spread) -> Spread:
    return Spread(-one.mean, -one.high, -one.low)


def _moves(one: Spread) -> bool:
    return one.low != 0 or one.high != 0
