"""The figure of a site's effects: each in multiples of its own smallest worthwhile one."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from tf_eval.errors import NotEstimated
from tf_eval.evidence.together.claim import Claim
from tf_eval.matching.figure import INK, QUIET, TREATED, axes_of, headline, in_lines, row_height


def draw_claims(claims: Sequence[Claim], level: float, ax: Axes | None = None) -> Axes:
    """Draw a row for each effect from the top down; better is to the left. What could not be estimated has a row."""
    names = [in_lines(f"{claim.title}: {claim.judged.outcome.label}") for claim in claims]
    ax = axes_of(ax, 8.0, 1.6 + row_height(names) * len(names))
    ax.axvspan(-1, 1, color=QUIET, alpha=0.15, linewidth=0)
    ax.axvline(0, color=INK, linewidth=1, zorder=1)
    for row, claim in enumerate(claims):
        if isinstance(claim.size, NotEstimated):
            ax.text(0, row, " not estimated", va="center", color=QUIET)
            continue
        worth = _turn(claim) / claim.judged.measured.smallest_worthwhile
        ax.plot([claim.size.low * worth, claim.size.high * worth], [row, row], color=TREATED, linewidth=2)
        filled = TREATED if claim.holds(level) else "white"
        ax.plot(claim.size.value * worth, row, "o", color=TREATED, markerfacecolor=filled, markersize=6)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    measure = (
        "Effects with 95% intervals, in multiples of the smallest one worth having; better is to the left. Filled: "
        "clear of none even among all that was looked at."
    )
    headline(ax, "All effects that decide, side by side", measure)
    return ax


def _turn(claim: Claim) -> float:
    return 1.0 if claim.judged.outcome.good_direction == "fall" else -1.0
