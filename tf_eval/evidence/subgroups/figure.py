"""The figure of one outcome by part: what was estimated, and what is left of it once parts are drawn together."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from tf_eval.errors import NotEstimated
from tf_eval.evidence.subgroups.part import Part, SubgroupEffect
from tf_eval.matching.figure import INK, QUIET, TREATED, axes_of, headline, in_lines, row_height

APART = 0.16  # of a row: how far what was estimated stands above what is left of it


def draw_parts(found: Sequence[SubgroupEffect], ax: Axes | None = None) -> Axes:
    """Draw the parts of one outcome's subgroups from the top down; one that is not estimated or small says so."""
    parts = [(each, part) for each in found for part in each.parts]
    names = [in_lines(part.name) for _, part in parts]
    ax = axes_of(ax, 7.5, 1.6 + row_height(names) * len(names))
    for place, (each, part) in enumerate(parts):
        _draw(ax, place, part, each)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    ax.set_ylim(len(parts) - 0.5, -0.5)
    ax.set_yticks(range(len(parts)), names)
    outcome = found[0].outcome
    measure = f"Effect on {outcome.label} ({outcome.unit}) with 95% intervals. Hollow: as estimated; filled: drawn to "
    headline(ax, _said(found), f"{measure}the mean of the parts, where there are enough.")
    return ax


def _said(found: Sequence[SubgroupEffect]) -> str:
    differing = [each.subgroup.parts_named for each in found if each.differs]
    told = f"the effect differs between {'; between '.join(differing)}" if differing else "no difference beyond chance"
    return f"{found[0].outcome.label}: {told}"


def _draw(ax: Axes, place: int, part: Part, each: SubgroupEffect) -> None:
    if isinstance(part.size, NotEstimated) or not each.shows(part):
        few = each.measured.estimate.design.few
        said = "not estimated" if isinstance(part.size, NotEstimated) else f"not shown: {few}"
        ax.text(0, place, f" {said}", va="center", color=INK)
        return
    has_shrunk = not math.isnan(part.shrunk)
    top = place - APART if has_shrunk else place
    ax.plot([part.size.low, part.size.high], [top, top], color=QUIET, linewidth=1)
    ax.plot(part.size.value, top, "o", color=QUIET, markerfacecolor="white", markersize=5)
    if has_shrunk:
        ax.plot([part.shrunk_low, part.shrunk_high], [place + APART] * 2, color=TREATED, linewidth=2)
        ax.plot(part.shrunk, place + APART, "o", color=TREATED, markersize=5)
