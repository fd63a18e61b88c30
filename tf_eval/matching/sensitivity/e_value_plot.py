"""Which pairs of strengths of a hidden thing would explain an estimate away."""

import numpy as np
from matplotlib.axes import Axes

from tf_eval.matching.display import number
from tf_eval.matching.figure import GRID, INK, TREATED, axes_of, headline


def plot_e_value(ratio: float, strength: float, ax: Axes | None) -> Axes:
    """Draw the curve of joint strengths that suffice for a risk ratio, and the E-value where both are equal."""
    ax = axes_of(ax, 6.4, 4.8)
    end = 3 * strength
    _draw_curve(ax, max(ratio, 1 / ratio), end)
    ax.plot(strength, strength, "o", color=TREATED, markersize=8)
    words = {"xytext": (8, 8), "textcoords": "offset points", "color": INK}
    ax.annotate(f"E-value {number(strength)}", (strength, strength), **words)
    ax.set_xlim(1, end)
    ax.set_ylim(1, end)
    ax.set_ylabel("With the outcome (risk ratio)", color=INK, fontsize=10)
    headline(ax, "Strengths that would explain the effect (shaded)", "With treatment (risk ratio)")
    return ax


def _draw_curve(ax: Axes, ratio: float, end: float) -> None:
    """Draw where strengths a and b suffice: ab / (a + b - 1) is the ratio (Ding and VanderWeele 2016)."""
    with_treatment = np.linspace(ratio * 1.001, end, 400)
    with_outcome = ratio * (with_treatment - 1) / (with_treatment - ratio)
    ax.fill_between(with_treatment, with_outcome, end, color=GRID, alpha=0.6, linewidth=0)
    ax.plot(with_treatment, with_outcome, color=TREATED, linewidth=2)
