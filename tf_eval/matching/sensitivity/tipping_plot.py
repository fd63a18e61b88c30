"""The estimate over all strengths of a hidden difference, with the differences that were seen as marks."""

from typing import Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from tf_eval.matching.display import number
from tf_eval.matching.figure import COMPARISON, GRID, INK, QUIET, TREATED, axes_of, headline, in_lines
from tf_eval.matching.sensitivity.omitted import Coefficient, benchmark

LINES = 6
WIDEST, NARROWEST = 0.95, 0.02
ABOVE = 1.2  # how high the axis goes, of how high the lines go: for names
MEASURE = (
    "Share that a hidden difference explains of what is left of treatment\n"
    "(dots: one as strong as each characteristic seen; lines: the effect it would leave)"
)

Mark = tuple[str, float, float]  # words beside it, share of treatment, share of the outcome


class Asked(Protocol):
    """What the figure says of the question."""

    outcome: str


class Tipping(Protocol):
    """What the figure shows."""

    coefficient: Coefficient
    benchmarks: pd.DataFrame
    robustness_value: float
    design: Asked


def plot_tipping(tipping: Tipping, ax: Axes | None) -> Axes:
    """Draw contours of the estimate, the line where it is nothing, and each covariate at its own strength.

    The strongest is named, and a hollow mark stands where a multiple of it meets the line. The others are not: their
    names would run into each other near the corner, and the table has them. What is named stands above all lines, for
    beside the marks it would be written over others.
    """
    ax = axes_of(ax, 7.5, 5.6)
    marks, tip = _marks(tipping.benchmarks), _tip(tipping.benchmarks)
    ends = _ends(tipping.robustness_value, [*marks, *tip])
    _contours(ax, tipping.coefficient, ends)
    ax.set_xlim(0, ends[0])
    ax.set_ylim(0, ABOVE * ends[1])
    ax.tick_params(pad=7)  # so that the two noughts in the corner stay apart
    for mark in [*marks[::-1], *tip]:
        _draw_mark(ax, mark, "white" if mark in tip else INK if mark[0] else COMPARISON)
    if any(mark[0] for mark in marks):
        ax.legend(loc="upper right", fontsize=10, labelcolor=INK, framealpha=0.9, edgecolor="white", handletextpad=0.2)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0 if max(ends) > 0.1 else 1))
    ax.set_ylabel("Share of what is left of the outcome", color=INK, fontsize=10)
    headline(ax, _message(tipping), MEASURE)
    return ax


def _message(tipping: Tipping) -> str:
    strongest = tipping.benchmarks.iloc[0]
    if not np.isfinite(strongest["times_to_zero"]):
        return f"How strong a hidden difference would bring the effect on {tipping.design.outcome} to nothing"
    times = number(strongest["times_to_zero"])
    return f"It takes {times} times the strength of {strongest['covariate']} to bring the effect to nothing"


def _marks(benchmarks: pd.DataFrame) -> list[Mark]:
    """Return where something as strong as each covariate would stand; the first, which is the strongest, in words."""
    places = [benchmark(row.r2_treatment, row.r2_outcome, 1.0) for row in benchmarks.itertuples()]
    words = [f"as strong as {benchmarks['covariate'].iloc[0]}", *[""] * (len(benchmarks) - 1)]
    return [(word, *place) for word, place in zip(words, places, strict=True) if place is not None]


def _tip(benchmarks: pd.DataFrame) -> list[Mark]:
    """Return where the multiple of the strongest that brings the estimate to 0 stands, if there is one."""
    strongest = benchmarks.iloc[0]
    times = strongest["times_to_zero"]
    if not np.isfinite(times):
        return []
    return [(f"{number(times)} times as strong", *benchmark(strongest["r2_treatment"], strongest["r2_outcome"], times))]


def _ends(share: float, marks: list[Mark]) -> tuple[float, float]:
    """Return how far the axes go: past the marks, and past the point at which equal shares suffice."""
    furthest = [max((mark[side] for mark in marks), default=0.0) for side in (1, 2)]
    return tuple(float(np.clip(1.3 * max(share, end), NARROWEST, WIDEST)) for end in furthest)


def _contours(ax: Axes, coefficient: Coefficient, ends: tuple[float, float]) -> None:
    treatment, outcome = (np.linspace(0, end, 200) for end in ends)
    grid = np.array([[coefficient.adjusted(x, y)[0] for x in treatment] for y in outcome])
    levels = [level for level in MaxNLocator(LINES).tick_values(grid.min(), grid.max()) if level]
    lines = ax.contour(treatment, outcome, grid, levels=levels, colors=GRID, linewidths=1.2, linestyles="solid")
    ax.clabel(lines, fmt=number, fontsize=9, colors=QUIET)
    if grid.min() < 0 < grid.max():
        nothing = ax.contour(treatment, outcome, grid, levels=[0.0], colors=TREATED, linewidths=2.2)
        ax.clabel(nothing, fmt=lambda _: "no effect", fontsize=10, colors=TREATED)


def _draw_mark(ax: Axes, mark: Mark, fill: str) -> None:
    words, *place = mark
    named = {"label": in_lines(words)} if words else {}
    style = {"color": fill, "markeredgecolor": COMPARISON, "markersize": 8, "linestyle": "none"}
    ax.plot(*place, "o", zorder=3, clip_on=False, **style, **named)
