"""The effect drawn on the outcome's own scale: what was seen beside what is expected without treatment."""

from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from tf_eval.matching.display import number
from tf_eval.matching.effects.design import EffectDesign
from tf_eval.matching.figure import COMPARISON, INK, QUIET, TREATED, axes_of, headline

NAMES = ("Treated, as seen", "Expected without\ntreatment")


class Measured(Protocol):
    """What the figure shows of an effect."""

    ci_low: float
    ci_high: float
    treated_mean: float
    counterfactual_mean: float
    design: EffectDesign


def plot_effect(effect: Measured, message: str, ax: Axes | None) -> Axes:
    """Draw the two means one below the other; the interval of the effect is that of what is expected."""
    ax = axes_of(ax, 7.5, 2.8)
    seen, expected = effect.treated_mean, effect.counterfactual_mean
    ax.hlines(0, seen - effect.ci_high, seen - effect.ci_low, color=COMPARISON, linewidth=2.5)
    for place, (mean, colour) in enumerate(((expected, COMPARISON), (seen, TREATED))):
        ax.plot(mean, place, "o", color=colour, markersize=9, zorder=3)
        ax.annotate(
            number(mean), (mean, place), xytext=(0, 9), textcoords="offset points", ha="center", color=INK, fontsize=10
        )
    ax.vlines(seen, 0, 1, color=QUIET, linestyle=":", linewidth=1.2, zorder=1)
    ax.set_yticks([1, 0], NAMES)
    ax.set_ylim(-0.5, 1.6)
    ax.margins(x=0.1)
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    headline(ax, message, f"Mean {effect.design.outcome} (line: {effect.design.level:.0%} interval)")
    return ax
