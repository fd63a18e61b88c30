"""How far those who were studied differ from those the question was about."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.matching.figure import GRID, INK, QUIET, TREATED, axes_of, headline, in_lines, row_height

MEASURE = "Studied less asked about, in standard deviations (dashes: hardly any shift)"


def plot_population(differences: pd.DataFrame, notable: float, ax: Axes | None) -> Axes:
    """Draw a mark for each line of ``differences``, the largest shift on top."""
    rows = differences.sort_values("shift", key=np.abs, kind="stable", ignore_index=True)
    labels = rows["label"].map(in_lines)
    ax = axes_of(ax, 8.0, 1.7 + row_height(labels) * len(rows))
    ax.hlines(rows.index, 0, rows["shift"], color=GRID, linewidth=1.5)
    ax.plot(rows["shift"], rows.index, "D", color=TREATED, markersize=7, zorder=3, clip_on=False)
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)
    for side in (-notable, notable):
        ax.axvline(side, color=QUIET, linestyle="--", linewidth=1.2, zorder=1)
    ax.set_yticks(rows.index, labels)
    ax.set_ylim(-0.7, len(rows) - 0.3)
    furthest = 1.1 * max(float(rows["shift"].abs().max()), 2 * notable)
    ax.set_xlim(-furthest, furthest)
    few = int((rows["shift"].abs() > notable).sum())
    headline(ax, f"Those studied differ from all on {few} of {len(rows)} characteristics", MEASURE)
    return ax
