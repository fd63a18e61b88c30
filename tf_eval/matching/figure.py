"""The look that the figures of this room share."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.errors import ConfigError
from tf_eval.matching.display import SMALLEST_SHOWN, few

TREATED = "#12436D"
COMPARISON = "#F46A25"
INK = "#0B0C0C"
QUIET = "#6F777B"
GRID = "#DADCDE"
LETTERS = 44  # in a line of what a row is called: more would leave too little room for the marks
LETTER, BOLD_LETTER = 0.075, 0.097  # width of a letter of 10 points, and of a bold one of 12, in inches
MARGIN = 0.3  # inches that no words take
LINE, ROW_HEIGHT = 0.17, 0.3  # inches


def given_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return ``ax``, or the axes of a new figure (in inches) that belongs to no window.

    Raises ``ConfigError`` for anything else, such as the array of several that ``subplots`` returns.
    """
    if ax is None:
        return Figure(figsize=(width, height), layout="constrained").subplots()
    if not isinstance(ax, Axes):
        raise ConfigError(f"plot: ax must be one Axes of matplotlib, not {type(ax).__name__}")
    return ax


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """Return axes as ``given_axes`` does, in the look of this room."""
    ax = given_axes(ax, width, height)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(QUIET)
    ax.tick_params(length=0, colors=INK, labelsize=10)
    ax.set_axisbelow(True)
    return ax


def headline(ax: Axes, text: str, measure: str) -> None:
    """Set what the figure says over it, and what is measured below, in lines that do not leave it.

    The names of the rows stand left of both, so that they have to be set before.
    """
    room = room_of(ax)
    title = in_lines(" ".join(text.split()), room / BOLD_LETTER)
    ax.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold", pad=14)
    ax.set_xlabel(in_lines(measure, room / LETTER), color=INK, fontsize=10, loc="left")


def in_lines(words: str, letters: float = LETTERS) -> str:
    """Break words into lines of no more letters than that; breaks that they have are kept."""
    return "\n".join(fill(line, max(int(letters), 12), break_on_hyphens=False) for line in words.split("\n"))


def row_height(names: Sequence[str]) -> float:
    """Return how high a row is, in inches, where all are called by some of these names."""
    return max(ROW_HEIGHT, LINE * max((name.count("\n") + 1 for name in names), default=1) + 0.04)


def room_of(ax: Axes) -> float:
    """Return how many inches there are from where the axes begin to the end of their figure.

    Axes that share a figure with others have what they have; what stands left of them is left of all of that.
    """
    figure = ax.get_figure(root=False)
    inches = figure.bbox.width / figure.dpi
    if len(figure.axes) > 1:
        return inches * ax.get_position().width
    names = [line for tick in ax.get_yticklabels() for line in tick.get_text().split("\n")]
    axis = 2 * LINE if ax.get_ylabel() else 0.0
    return inches - axis - MARGIN - LETTER * max(map(len, names), default=0)


def leave_empty(ax: Axes | None, subject: str, smallest: int = SMALLEST_SHOWN) -> Axes:
    """Say, in place of what would be drawn of fewer than ``smallest``, that it is not shown."""
    ax = axes_of(ax, 7.5, 1.4)
    ax.set_xticks([])
    ax.set_yticks([])
    headline(ax, f"{subject} is not shown", few(smallest).capitalize())
    return ax
