"""How often each effect comes of deciding ties at random."""

from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from tf_eval.matching.display import number
from tf_eval.matching.figure import COMPARISON, INK, TREATED, axes_of, headline

BINS = 24


class Varied(Protocol):
    """What the figure shows."""

    outcome: str
    stated: float
    estimates: np.ndarray
    ends: tuple[float, float]
    matters: bool


def plot_ties(varied: Varied, ax: Axes | None) -> Axes:
    """Draw the effects of the random orders as bars, and that of the stated rule as a line."""
    ax = axes_of(ax, 7.5, 3.4)
    low, high = varied.ends if varied.matters else (varied.stated - 0.5, varied.stated + 0.5)
    ax.hist(varied.estimates, bins=np.linspace(low, high, BINS + 1), color=TREATED)
    ax.axvline(varied.stated, color=COMPARISON, linewidth=2.2)
    side = -1 if varied.stated > (low + high) / 2 else 1
    place = {
        "xytext": (6 * side, -4),
        "textcoords": "offset points",
        "ha": "right" if side < 0 else "left",
        "va": "top",
    }
    ax.margins(y=0.25)
    top = (varied.stated, ax.get_ylim()[1])
    ax.annotate(f"stated rule: {number(varied.stated)}", top, fontsize=10, color=INK, **place)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    ax.set_ylabel("Random orders", color=INK, fontsize=10)
    headline(ax, _message(varied), f"Effect on {varied.outcome}")
    return ax


def _message(varied: Varied) -> str:
    if not varied.matters:
        return "However ties are decided, the effect is the same"
    low, high = (number(end) for end in varied.ends)
    return f"Depending on how ties are decided, the effect is {low} to {high}"
