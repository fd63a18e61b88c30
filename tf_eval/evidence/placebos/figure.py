"""The figure of placebos: what was found where there is nothing, beside what was found."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.errors import NotEstimated
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.placebos.rates import DATE, LOT
from tf_eval.matching.figure import axes_of, in_lines, row_height

MARKS = {LOT: ("o", "a start by lot"), DATE: ("D", "a start too early")}
ABOVE, BELOW = -0.22, 0.2  # where in its row the calibrated interval and the controls stand


def draw_placebos(
    measured: Sequence[OutcomeEffect],
    unmovable: Sequence[OutcomeEffect],
    controls: pd.DataFrame,
    calibrated: pd.DataFrame,
    ax: Axes | None = None,
) -> Axes:
    """Draw, for each outcome, its interval, the calibrated one below it, and the controls; a row of few says so.

    Below stand the intervals of what cannot move.
    """
    names = [in_lines(effect.outcome.label) for effect in (*measured, *unmovable)]
    ax = axes_of(ax, 8.5, 1.4 + max(row_height(names), 0.75) * len(names))
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    for row, effect in enumerate((*measured, *unmovable)):
        if not _is_shown(effect):
            ax.text(0, row, f" {effect.estimate.design.not_shown}", va="center", color=TEXT)
        elif row < len(measured):
            own = controls[(controls["outcome"] == effect.outcome.name) & controls["value"].notna()]
            _draw_effect(ax, row, effect, own, calibrated.to_dict("records")[row])
        else:
            size = effect.headline
            _draw_interval(ax, row, effect, (size.value, size.low, size.high), color=TEXT, label="cannot change")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlabel("In multiples of the smallest change worth having", wrap=True)
    return ax


def _draw_effect(
    ax: Axes, row: int, effect: OutcomeEffect, own: pd.DataFrame, ends: Mapping[str, float | None]
) -> None:
    for kind, (mark, label) in MARKS.items():
        values = own.loc[own["kind"] == kind, "value"] / effect.smallest_worthwhile
        ax.plot(values, np.full(len(values), row + BELOW), mark, color=BACKGROUND, label=label, markersize=5)
    for prefix, place, width, label in (("", ABOVE, 2.4, "as planned"), ("calibrated_", 0, 1, "put right")):
        found = tuple(ends[f"{prefix}{name}"] for name in ("value", "low", "high"))
        if found[0] is not None:
            _draw_interval(ax, row + place, effect, found, color=FOCUS, label=label, linewidth=width)


def _draw_interval(
    ax: Axes,
    place: float,
    effect: OutcomeEffect,
    found: Sequence[float],
    *,
    color: str,
    label: str,
    linewidth: float = 2.4,
) -> None:
    value, *reach = np.array(found) / effect.smallest_worthwhile
    ax.plot(reach, [place] * 2, color=color, linewidth=linewidth)
    ax.plot(value, place, "o", color=color, label=label, markersize=5)


def _is_shown(effect: OutcomeEffect) -> bool:
    size = effect.headline
    return not isinstance(size, NotEstimated) and effect.estimate.design.shows(size.n_treated, size.n_comparison)
