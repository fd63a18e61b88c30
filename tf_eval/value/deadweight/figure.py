"""The figure of deadweight: results by month, with support and without it."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from tf_eval.errors import NotEstimated
from tf_eval.matching.display import step_of_share, told_share
from tf_eval.matching.figure import COMPARISON, INK, TREATED, axes_of, headline, leave_empty

SUBJECT = "What would have been paid anyway"
SIZE = (7.5, 4.2)  # inches


def draw_deadweight(found: Any, ax: Axes | None = None) -> Axes:
    """Draw the share of families of whom a result could be claimed by each month; the band is that of the difference.

    The band lies about what like families tell, so that a line of the families with support within it cannot be told
    from them.
    """
    if not found.is_shown:
        return leave_empty(ax, SUBJECT)
    ax = axes_of(ax, *SIZE)
    rows = [row for row in found.course.rows if not isinstance(row, NotEstimated) and row.where["event_time"] >= 0]
    month = np.array([0, *(row.where["event_time"] + 1 for row in rows)])
    with_support = np.array([0.0, *(row.treated_mean for row in rows)])
    without, low, high = (
        with_support - np.array([0.0, *(getattr(row, name) for row in rows)]) for name in ("att", "ci_high", "ci_low")
    )
    until = np.append(month, month[-1] + 1)
    band = {"step": "post", "color": COMPARISON, "alpha": 0.2, "linewidth": 0}
    ax.fill_between(until, _held(np.clip(low, 0, 1)), _held(np.clip(high, 0, 1)), **band)
    top = 1.25 * max(high[-1], with_support[-1])
    apart = 0.03 * top if with_support[-1] >= without[-1] else -0.03 * top
    share = found.any_result
    for values, colour, name, count, shift in (
        (without, COMPARISON, "without it", share.n_comparison, -apart),
        (with_support, TREATED, "with support", share.n_treated, apart),
    ):
        ax.step(until, _held(values), where="post", color=colour, linewidth=2)
        told = f"{name} {told_share(values[-1], step_of_share(count))}"
        ax.text(month[-1] + 1.1, values[-1] + shift, told, color=INK, va="center", fontsize=10)
    ax.set_ylim(0, min(1.0, top))
    ax.set_xlim(0, month[-1] * 1.5)
    ax.set_xticks(np.arange(0, month[-1] + 1, 3))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    measure = "Months since the start. Share of families of whom a result could be claimed; band: 95% interval."
    headline(ax, _title(found), measure)
    return ax


def _held(values: np.ndarray) -> np.ndarray:
    """Return values with the last once more, so that its step is drawn."""
    return np.append(values, values[-1])


def _title(found: Any) -> str:
    share = found.any_result
    if share.ci_low <= 0 <= share.ci_high:
        return "Like families without support would have been paid for as well, as far as can be told"
    if share.ci_low > 0:
        return (
            f"Of 100 families, support brought about a result for {100 * share.att:.0f}; the others come by themselves"
        )
    return "Fewer results with support than without it"
