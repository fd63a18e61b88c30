"""How far the scores of the two arms overlap: shares in bins, never single rows."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, PercentFormatter

from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.figure import COMPARISON, INK, TREATED, axes_of, headline

BINS = 20
TAIL = 1  # per cent of an arm beyond each end of the axis; those rows count in the last bin, so no extreme is shown
MEASURES = {
    "propensity_score": "Propensity score: probability of being treated, given the covariates",
    "score": "Score handed in",
}


def plot_overlap(everyone: Everyone, ax: Axes | None) -> Axes:
    """Draw the treated upwards and the comparison rows downwards: bars for those matched, an outline for all."""
    ax = axes_of(ax, 8.0, 4.6)
    edges = edges_of([everyone.score[everyone.treated == arm] for arm in (True, False)])
    for arm, side, colour, name in ((True, 1, TREATED, "Treated"), (False, -1, COMPARISON, "Comparison")):
        member = everyone.treated == arm
        matched = shares(everyone.score[member], everyone.weight[member], edges)
        everybody = shares(everyone.score[member], np.ones(member.sum()), edges)
        ax.stairs(side * matched, edges, fill=True, color=colour)
        ax.stairs(side * everybody, edges, color=INK, linewidth=1.3, linestyle="--")
        _name_arm(ax, name, 0.97 if arm else 0.03)
    ax.axhline(0, color=INK, linewidth=0.8)
    _frame(ax)
    measure = f"{MEASURES[everyone.score_name]}\n(bins of fewer than {SMALLEST_SHOWN} rows are left empty)"
    headline(ax, "How far the scores of the two groups overlap", measure)
    return ax


def edges_of(scores: Sequence[np.ndarray]) -> np.ndarray:
    """Return the edges of the bins, which leave no more than a per cent of any arm beyond either end."""
    ends = [np.percentile(own, (TAIL, 100 - TAIL)) for own in scores]
    low, high = np.min(ends), np.max(ends)
    return np.linspace(low, high if high > low else low + 1.0, BINS + 1)


def shares(score: np.ndarray, weight: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the weighted share of each bin, to the nearest per cent; a bin of fewer than 10 rows stays empty."""
    score = np.clip(score, edges[0], edges[-1])
    rows, _ = np.histogram(score[weight > 0], edges)
    weights, _ = np.histogram(score, edges, weights=weight)
    return np.where(rows >= SMALLEST_SHOWN, np.round(weights / weight.sum(), 2), 0.0)


def _name_arm(ax: Axes, name: str, height: float) -> None:
    ax.text(
        0.98,
        height,
        f"{name}\nbars: matched; dashes: all",
        transform=ax.transAxes,
        ha="right",
        va="top" if height > 0.5 else "bottom",
        fontsize=10,
        color=INK,
    )


def _frame(ax: Axes) -> None:
    tallest = max(abs(end) for end in ax.get_ylim())
    ax.set_ylim(-1.15 * tallest, 1.15 * tallest)
    percent = PercentFormatter(1.0, decimals=0)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent.format_pct(abs(share), 1.0)))
    ax.set_ylabel("Share of the group", color=INK, fontsize=10)
