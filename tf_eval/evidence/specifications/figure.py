"""The figure of a specification curve: effects in order of size above, the choices that led to them as marks below."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.specifications.words import lines_of
from tf_eval.matching.figure import COMPARISON, GRID, INK, QUIET, TREATED, axes_of, leave_empty

ROW = 0.055  # of the height of the effects' axes


class Curve(Protocol):
    """One outcome in every specification; ``ordered`` are the places of specifications and effects, lowest first."""

    alike: tuple[bool | None, ...]

    @property
    def ordered(self) -> tuple[tuple[int, EffectSize], ...]: ...

    @property
    def outcome(self) -> Outcome: ...


def draw_curve(curve: Curve, choices: Sequence[Mapping[str, str]], ax: Axes | None = None) -> Axes:
    """Draw one outcome; an effect whose families were not alike enough is hollow, the planned one orange."""
    if not curve.ordered:
        return leave_empty(ax, f"The effect on {curve.outcome.label}")
    ax = axes_of(ax, 8.5, 7.5)
    ax.axhline(0, color=INK, linewidth=1, zorder=1)
    for place, (number, size) in enumerate(curve.ordered):
        colour = _colour(number)
        ax.plot([place, place], [size.low, size.high], color=colour, linewidth=1.6, zorder=2)
        inside = colour if curve.alike[number] else "white"
        ax.plot(place, size.value, "o", color=colour, markerfacecolor=inside, markersize=5, zorder=3)
    ax.set_xlim(-0.7, len(curve.ordered) - 0.3)
    ax.set_xticks([])
    ax.set_ylabel(curve.outcome.unit, wrap=True)
    ax.set_title(f"{curve.outcome.label} in {len(curve.ordered)} ways of doing the study", loc="left", color=INK)
    _mark_choices(ax, choices, [number for number, _ in curve.ordered])
    return ax


def _mark_choices(ax: Axes, choices: Sequence[Mapping[str, str]], order: Sequence[int]) -> None:
    lines = lines_of(choices)
    below = ax.inset_axes((0, -0.06 - ROW * len(lines), 1, ROW * len(lines)), sharex=ax)
    for height, (name, words) in enumerate(lines):
        below.axhline(height, color=GRID, linewidth=0.6, zorder=0)
        for place, number in enumerate(order):
            if choices[number].get(name) == words:
                below.plot(place, height, "s", color=_colour(number), markersize=4)
    below.set_yticks(range(len(lines)), [f"{name.lower()}: {words}" for name, words in lines])
    below.set_ylim(len(lines) - 0.5, -0.5)
    below.tick_params(length=0, labelsize=8, colors=QUIET, labelbottom=False)
    below.spines[:].set_visible(False)


def _colour(number: int) -> str:
    """The planned specification is the first."""
    return TREATED if number else COMPARISON
