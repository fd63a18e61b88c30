"""The picture of negative controls: estimate against error, as OHDSI's calibration effect plot."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from tf_eval.did.figure import BACKGROUND, FOCUS, TEXT
from tf_eval.evidence.calibration.error_model import ErrorModel
from tf_eval.matching.display import as_given
from tf_eval.matching.figure import given_axes

ERRORS = 60  # at which the boundaries are drawn


def draw_controls(
    negative: pd.DataFrame, model: ErrorModel, *, confidence: float, unit: str, ax: Axes | None = None
) -> Axes:
    """Draw each negative control, what chance alone would tell from no effect (dashed) and what calibration does."""
    ax = given_axes(ax, 7.5, 4.6)
    value, own = (negative[name] / negative["scale"] for name in ("value", "std_error"))
    errors = np.linspace(0, 1.1 * model.std_error.max(), ERRORS)
    variance, freedom = np.transpose([model.predicted(0.0, error) for error in errors])
    reach = stats.t.ppf(0.5 + confidence / 2, freedom) * np.sqrt(variance)
    middle = model.mean_at(0.0)
    ax.fill_betweenx(errors, middle - reach, middle + reach, color=BACKGROUND, alpha=0.5, linewidth=0, zorder=1)
    for side in (-1, 1):
        ax.plot(side * stats.norm.ppf(0.5 + confidence / 2) * errors, errors, "--", color=TEXT, linewidth=1, zorder=2)
    ax.plot(value, own, "o", color=FOCUS, markersize=4.5, zorder=3)
    ax.axvline(0, color=TEXT, linewidth=1, zorder=1)
    ax.set_ylim(0, errors[-1])
    level = as_given(round(1 - confidence, 9))
    ax.set_xlabel(
        f"Estimate where there is no effect{unit}\n"
        f"Outside of the dashed lines p < {level} by chance alone, outside of the grey with calibration.",
        wrap=True,
    )
    ax.set_ylabel("Standard error")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax
