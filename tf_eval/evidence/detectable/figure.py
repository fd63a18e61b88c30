"""The figure of what a study could find: outcomes side by side, in multiples of the smallest change worth having."""

from collections.abc import Mapping
from typing import Protocol

from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.figure import FOCUS, TEXT
from tf_eval.errors import NotEstimated
from tf_eval.evidence.detectable.design import DetectableDesign
from tf_eval.matching.display import FEW, percent
from tf_eval.matching.figure import GRID, axes_of, in_lines, row_height


class Studied(Protocol):
    """What a study could find."""

    outcomes: tuple[Outcome, ...]
    smallest_worthwhile: Mapping[str, float]
    design: DetectableDesign

    def headline(self, outcome: str): ...


def draw_detectable(studied: Studied, ax: Axes | None = None) -> Axes:
    """Draw the outcomes from the top down; in the shaded part the study is large enough."""
    names = [in_lines(outcome.label) for outcome in studied.outcomes]
    ax = axes_of(ax, 8.0, 1.0 + 1.4 * row_height(names) * len(names))
    ax.axvspan(0, 1, color=GRID, alpha=0.6, linewidth=0, zorder=0)
    ax.axvline(1, color=TEXT, linewidth=1, zorder=1)
    for row, outcome in enumerate(studied.outcomes):
        found, worth = studied.headline(outcome.name), studied.smallest_worthwhile[outcome.name]
        if isinstance(found, NotEstimated) or not found.is_shown:
            said = "not known" if isinstance(found, NotEstimated) else f"not shown: {FEW}"
            ax.text(0, row, f" {said}", va="center", color=TEXT)
            continue
        size = found.minimum_detectable / worth
        ax.plot([0, size], [row, row], color=FOCUS, linewidth=1.6, zorder=2)
        ax.plot(size, row, "o", color=FOCUS, markersize=6, zorder=2)
        ax.annotate(
            f"{found.minimum_detectable:.3g} (worth having: {worth:g})",
            (size, row),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=TEXT,
            annotation_clip=False,
        )
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlim(left=0)
    share = percent(studied.design.power)
    ax.set_xlabel(f"Effect found in {share} of studies, in multiples of the smallest worth having", wrap=True)
    return ax
