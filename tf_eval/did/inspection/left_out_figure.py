"""The figure of an average without each start cohort in turn: a row each, and that of all as a band behind them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.estimate import Estimate
from tf_eval.did.figure import BACKGROUND, FOCUS, MANY, TEXT
from tf_eval.did.inspection.starts import height_of, named_rows
from tf_eval.matching.figure import given_axes

AXIS_HEIGHT = 1.0  # inches that the axis takes below the rows


def draw_left_out(
    table: pd.DataFrame, *, names: Sequence[str], effect: Estimate, is_shown: np.ndarray, ax: Axes | None = None
) -> Axes:
    """Draw the averages from the top down; a row that may not be shown (a mask) stays empty."""
    told = [name if can_see else f"{name} (not shown)" for name, can_see in zip(names, is_shown, strict=True)]
    ax = given_axes(ax, *_size(told))
    places = np.arange(len(table))
    drawn = table[is_shown]
    reach = np.nan_to_num(np.array([drawn["att"] - drawn["ci_low"], drawn["ci_high"] - drawn["att"]], dtype=float))
    if effect.is_shown:
        if not effect.is_alone:
            ax.axvspan(effect.ci_low, effect.ci_high, color=BACKGROUND, alpha=0.25, linewidth=0, zorder=0)
        ax.axvline(effect.att, color=TEXT, linewidth=1, linestyle="--", zorder=1)
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    ax.errorbar(
        drawn["att"], places[is_shown], xerr=reach, fmt="o", color=FOCUS, markersize=4.5, linewidth=1.4, zorder=2
    )
    ax.set_ylim(len(table) - 0.4, -0.6)
    _name_rows(ax, told)
    ax.set_xlabel(f"Estimated effect on {effect.design.outcome} (dashes and shade: all cohorts)", wrap=True)
    ax.set_ylabel("Start cohort left out")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _size(names: Sequence[str]) -> tuple[float, float]:
    """Return width and height, in inches, of a figure with a row for each name."""
    height = AXIS_HEIGHT + max(0.24, 0.06 + height_of(names)) * len(names)
    return 7.5, float(np.clip(height, 2.4, 11))


def _name_rows(ax: Axes, names: Sequence[str]) -> None:
    given = ax.figure.get_size_inches()[1] * ax.get_position().height / 0.77 - AXIS_HEIGHT
    places, told = named_rows(names, max(given, 0.5) / len(names))
    ax.set_yticks(places, told, fontsize=8 if len(names) > MANY else 9)
