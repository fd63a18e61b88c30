"""The look that the figures of this room share."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.matching.display import FEW

TREATED = "#12436D"
COMPARISON = "#F46A25"
INK = "#0B0C0C"
QUIET = "#6F777B"
GRID = "#DADCDE"


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """Return ``ax``, or the axes of a new figure (in inches) that belongs to no window."""
    if ax is None:
        ax = Figure(figsize=(width, height), layout="constrained").subplots()
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.tick_params(length=0, colors=INK, labelsize=10)
    ax.set_axisbelow(True)
    return ax


def headline(ax: Axes, text: str, measure: str) -> None:
    """Set what the figure says over it, and what is measured below."""
    ax.set_title(text, loc="left", color=INK, fontsize=12, fontweight="bold", pad=14)
    ax.set_xlabel(measure, color=INK, fontsize=10, loc="left")


def leave_empty(ax: Axes | None, subject: str) -> Axes:
    """Say, in place of what would be drawn of too few, that it is not shown."""
    ax = axes_of(ax, 7.5, 1.4)
    ax.set_xticks([])
    ax.set_yticks([])
    headline(ax, f"{subject} is not shown", f"{FEW[0].upper()}{FEW[1:]}")
    return ax
