"""The picture of a flow of families: boxes and arrows, every line of text in room of its own."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, QUIET = "#3D3D3D", "#484949"
BOX = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": "#12436D"}
WIDTH = 11.0  # inches
LINE = 0.145  # inches from line to line
SIZE = 8  # points of what stands beside the boxes
BOX_LINE = 0.17  # inches from line to line in a box
LETTERS = {"box": 40, "beside": 56, "reason": 36}  # of a line


def draw_flow(flow: Any, ax: Axes | None = None) -> Axes:
    """Draw a ``Flow``: the steps that arms share in the middle, then the arms side by side.

    Every row is as high as its longest text, so nothing runs into the next row.
    """
    trunk, branches = flow.of_arm("all"), [flow.of_arm(arm) for arm in flow.arms if arm != "all"]
    rows = [[step] for step in trunk]
    rows += [[steps[place] for steps in branches if place < len(steps)] for place in range(_depth(branches))]
    heights = [max(_height(flow, step) for step in row) for row in rows]
    ax = ax or Figure(figsize=(WIDTH, sum(heights) + 0.2), layout="constrained").subplots()
    ax.set(xlim=(0, 1), ylim=(-sum(heights), 0))
    ax.set_axis_off()
    middles = {step.arm: (number + 0.5) / len(branches) for number, (step, *_) in enumerate(branches)}
    top = 0.0
    for row, height in zip(rows, heights, strict=True):
        for step in row:
            _draw_step(ax, flow, step, (middles.get(step.arm, 0.5), top), height)
        top -= height
    return ax


def _depth(branches: Sequence[Sequence[Any]]) -> int:
    return max(map(len, branches), default=0)


def _draw_step(ax: Axes, flow: Any, step: Any, place: tuple[float, float], height: float) -> None:
    """The arrow with its exclusions stands over the box, in the upper part of the row."""
    middle, top = place
    below = 0 if step.arm == "all" else LINE * len(_beside(flow, step))
    half = BOX_LINE * (len(_label(step)) + 1.1) / 2
    box = top - height + below + half
    if top:
        ax.annotate("", (middle, box + half), (middle, top + 0.02), arrowprops={"arrowstyle": "->", "color": INK})
        told = {"ha": "left", "va": "center", "fontsize": SIZE, "color": INK}
        ax.text(middle + 0.015, (top + box + half) / 2, "\n".join(_reason(step)), **told)
    ax.text(middle, box, "\n".join(_label(step)), ha="center", va="center", bbox=BOX, fontsize=9)
    _draw_beside(ax, step, "\n".join(_beside(flow, step)), (middle, box - half))


def _draw_beside(ax: Axes, step: Any, text: str, place: tuple[float, float]) -> None:
    """Left of a box in the middle of the page; under a box of an arm, whose left is the other arm's."""
    middle, bottom = place
    if step.arm == "all":
        ax.text(middle - 0.15, bottom, text, ha="right", va="bottom", fontsize=SIZE, color=QUIET)
    else:
        ax.text(middle, bottom, text, ha="center", va="top", fontsize=SIZE, color=QUIET)


def _height(flow: Any, step: Any) -> float:
    arrow, box = max(LINE * len(_reason(step)) + 0.12, 0.3), BOX_LINE * (len(_label(step)) + 1.1)
    beside = LINE * len(_beside(flow, step))
    return max(arrow + box, beside) if step.arm == "all" else arrow + box + beside


def _label(step: Any) -> list[str]:
    return [*wrap(f"{step.step[0].upper()}{step.step[1:]}", LETTERS["box"]), f"{step.families:,}"]


def _reason(step: Any) -> list[str]:
    return wrap(f"{step.excluded:,}: {step.reason}", LETTERS["reason"]) if step.excluded else []


def _beside(flow: Any, step: Any) -> list[str]:
    """One paragraph for each group: its name, and the count of each state."""
    parts = [part for part in flow.of_which if (part.step, part.arm) == (step.step, step.arm)]
    lines: list[str] = []
    for group in dict.fromkeys(part.group for part in parts):
        told = ", ".join(f"{part.count:,} {part.state}" for part in parts if part.group == group)
        lines += wrap(f"{group}: {told}", LETTERS["beside"])
    return lines
