"""How far the scores of several arms overlap: shares in bins, never single rows."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from tf_eval.matching.arms.every_arm import EveryArm
from tf_eval.matching.figure import COMPARISON, INK, TREATED, axes_of, headline, in_lines
from tf_eval.matching.review.bins import Bins
from tf_eval.matching.review.mirrored_plot import LEFT_EMPTY

HEIGHT = 0.85  # of the tallest bar, of the room between two arms


def plot_arms(everyone: EveryArm, ax: Axes | None) -> Axes:
    """Draw a row for each arm, the reference on top: bars for those who take part, an outline for all supported."""
    ax = axes_of(ax, 8.0, 1.6 + 0.9 * len(everyone.arms))
    arm, weight, unit = (each[everyone.supported] for each in (everyone.arm, everyone.weight, everyone.unit))
    score, places = everyone.probability[:, 0], range(len(everyone.arms))
    bins = Bins.of_numbers(score, arm == 0)
    drawn = [
        [bins.shares(np.flatnonzero(arm == place), each, unit) for each in (weight, np.ones(len(weight)))]
        for place in places
    ]
    scale = HEIGHT / (np.max(drawn) or 1.0)
    for place, (matched, everybody) in enumerate(drawn):
        foot = -float(place)
        colour = COMPARISON if place else TREATED
        ax.stairs(foot + scale * matched, bins.edges, baseline=foot, fill=True, color=colour)
        ax.stairs(foot + scale * everybody, bins.edges, baseline=foot, color=INK, linewidth=1.3, linestyle="--")
        ax.axhline(foot, color=INK, linewidth=0.8)
    ax.set_yticks([-place for place in places], [in_lines(str(name)) for name in everyone.arms])
    ax.set_ylim(0.85 - len(everyone.arms), 1.0)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    measure = (
        f"Probability of '{everyone.arms[0]}', given the covariates\n(bars: shares of those who take part; dashes: of "
        f"all whose scores all arms have)\n{LEFT_EMPTY}"
    )
    headline(ax, "How far the scores of the arms overlap", measure)
    return ax
