"""The figure of one effect in several ways: each with its interval, beside what it assumes."""

from collections.abc import Sequence
from typing import Protocol

from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.design import Design
from tf_eval.did.figure import FOCUS, TEXT
from tf_eval.errors import NotEstimated
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.matching.figure import axes_of, in_lines, row_height


class Ways(Protocol):
    """One effect in several ways."""

    sizes: tuple[EffectSize | NotEstimated, ...]

    @property
    def outcome(self) -> Outcome: ...

    @property
    def design(self) -> Design: ...


def draw_ways(found: Ways, ways: Sequence, ax: Axes | None = None) -> Axes:
    """Draw the ways from the top down; one that could not be estimated, or is of few families, says so."""
    names = [f"{in_lines(way.name)}\n{in_lines(f'assumes that {way.assumes}')}" for way in ways]
    ax = axes_of(ax, 8.5, 1.0 + row_height(names) * len(names))
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    for row, size in enumerate(found.sizes):
        if isinstance(size, NotEstimated) or not found.design.shows(size.n_treated, size.n_comparison):
            said = "not estimated" if isinstance(size, NotEstimated) else f"not shown: {found.design.few}"
            ax.text(0, row, f" {said}", va="center", color=TEXT)
            continue
        ax.plot([size.low, size.high], [row, row], color=FOCUS, linewidth=1.6, zorder=2)
        ax.plot(size.value, row, "o", color=FOCUS, markersize=5, zorder=2)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlabel(f"{found.outcome.label}: {found.outcome.unit}", wrap=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax
