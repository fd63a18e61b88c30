"""Figures of a synthetic comparison: both courses with the weights of periods below, and an effect among placebos."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.did.times import DateUnit
from tf_eval.matching.figure import given_axes

SIZE = 7.5, 4.4  # inches
# The share of the height that the largest of the periods' weights takes.
TALLEST = 0.18


def draw_paths(paths: pd.DataFrame, adopted: int, time_unit: str, design: Design, ax: Axes | None = None) -> Axes:
    """Draw the paths of one start cohort on ``ax``, or on a figure of its own that belongs to no window.

    Dates are counted from the start, as the numbers of their periods are nobody's; other periods stand as they are.
    """
    is_date = isinstance(time_unit, DateUnit)
    if is_date:
        paths, adopted = paths.assign(period=paths["period"] - adopted), 0
    ax = given_axes(ax, *SIZE)
    period, treated, synthetic = paths["period"], paths["treated"], paths["synthetic"]
    ax.plot(period, synthetic, color=TEXT, linewidth=1.6, linestyle="--", label="Synthetic comparison", zorder=3)
    ax.plot(period, treated, color=FOCUS, linewidth=2, label="Treated", zorder=4)
    after = period >= adopted
    ax.fill_between(period, treated, synthetic, where=after, color=FOCUS, alpha=0.12, linewidth=0, label="Effect")
    _draw_weights(ax, paths)
    ax.axvline(adopted - design.anticipation - 0.5, color=TEXT, linewidth=0.8, linestyle=":", zorder=1)
    ax.set_ylabel(f"Mean {design.outcome}{', less what covariates say' if design.covariates else ''}")
    since = f"{time_unit.capitalize()}s since the start"
    ax.set_xlabel(since if is_date else f"Period (treated from {adopted} on)")
    return _finished(ax)


def draw_placebos(placebos: np.ndarray, effect: float, name: str, ax: Axes | None = None) -> Axes:
    """Draw how placebos spread around nothing, and where the effect lies, on ``ax`` or on a figure of its own."""
    ax = given_axes(ax, *SIZE)
    ax.hist(placebos, bins="auto", color=BACKGROUND, label="Placebos")
    ax.axvline(effect, color=FOCUS, linewidth=2, label="Effect on the treated")
    ax.axvline(0, color=TEXT, linewidth=0.8)
    ax.set_xlabel(f"Estimated effect on {name}")
    ax.set_ylabel("Placebos")
    return _finished(ax)


def _finished(ax: Axes) -> Axes:
    """Name what is drawn above the figure, and leave out what says nothing."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=4, frameon=False, fontsize=9, borderaxespad=0.2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _draw_weights(ax: Axes, paths: pd.DataFrame) -> None:
    """Draw the weights along the foot of the figure, in room made below the paths."""
    before = paths.dropna(subset="time_weight")
    low, high = ax.get_ylim()
    ax.set_ylim(low - (high - low) * TALLEST / (1 - TALLEST), high)
    height = TALLEST * before["time_weight"] / before["time_weight"].max()
    ax.bar(
        before["period"],
        height,
        width=0.8,
        color=BACKGROUND,
        transform=ax.get_xaxis_transform(),
        label="Weights of periods in the base",
        zorder=0,
    )
