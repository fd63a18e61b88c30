"""The look that the figures of this room share."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.errors import ConfigError

TREATED = "#12436D"
COMPARISON = "#F46A25"
INK = "#0B0C0C"
QUIET = "#6F777B"
GRID = "#DADCDE"


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """Return ``ax``, or the axes of a new figure (in inches) that belongs to no window.

    Raises ``ConfigError`` for anything else, such as the array of several that ``subplots`` returns.
    """
    if ax is None:
        ax = Figure(figsize=(width, height), layout="constrained").subplots()
    if not isinstance(ax, Axes):
        raise ConfigError(f"plot: ax must be one Axes of matplotlib, not {type(ax).__name__}")
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.tick_params(length=0, colors=INK, labelsize=10)
    ax.set_axisbelow(True)
    return ax


def headline(ax: Axes, text: str, measure: str) -> None:
    """Set what the figure says over it, and what is measured below."""
    ax.set_title(text, loc="left", color=INK, fontsize=12, fontweight="bold", pad=14)
    ax.set_xlabel(measure, color=INK, fontsize=10, loc="left")
