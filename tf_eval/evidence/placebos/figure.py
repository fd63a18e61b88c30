"""The figure of placebos: what was found where there is nothing, beside what was found."""

from collections.abc import Sequence

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
    measured: Sequence[OutcomeEffect], controls: pd.DataFrame, calibrated: pd.DataFrame, ax: Axes | None = None
) -> Axes:
    """Draw, for each outcome, its interval, the calibrated one below it, and the controls; a row of few says so."""
    names = [in_lines(effect.outcome.label) for effect in measured]
    ax = axes_of(ax, 8.5, 1.4 + max(row_height(names), 0.75) * len(names))
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    for row, (effect, ends) in enumerate(zip(measured, calibrated.to_dict("records"), strict=True)):
        if not _is_shown(effect):
            ax.text(0, row, f" {effect.estimate.design.not_shown}", va="center", color=TEXT)
            continue
        own = controls[(controls["outcome"] == effect.outcome.name) & controls["value"].notna()]
        for kind, (mark, label) in MARKS.items():
            values = own.loc[own["kind"] == kind, "value"] / effect.smallest_worthwhile
            ax.plot(values, np.full(len(values), row + BELOW), mark, color=BACKGROUND, label=label, markersize=5)
        for prefix, place, width, label in (("", ABOVE, 2.4, "as planned"), ("calibrated_", 0, 1, "put right")):
            value, *reach = (ends[f"{prefix}{name}"] for name in ("value", "low", "high"))
            if value is not None:
                ax.plot(np.array(reach) / effect.smallest_worthwhile, [row + place] * 2, color=FOCUS, linewidth=width)
                ax.plot(value / effect.smallest_worthwhile, row + place, "o", color=FOCUS, label=label, markersize=5)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlabel("In multiples of the smallest change worth having", wrap=True)
    return ax


def _is_shown(effect: OutcomeEffect) -> bool:
    size = effect.headline
    return not isinstance(size, NotEstimated) and effect.estimate.design.shows(size.n_treated, size.n_comparison)
