"""The outcome columns between which changes are taken: the periods, and the means over windows before treatment."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.groups import Group
from tf_eval.did.reading.panel import Panel, mean_of_half


def lay_levels(panel: Panel, design: Design, groups: Sequence[Group]) -> tuple[np.ndarray, list[Group]]:
    """Return the columns (units by columns), and the groups with the columns of their bases.

    Without a baseline window these are the panel's periods. With one there is a column more for each start: the mean
    over the window, missing where fewer than half of its periods are seen.
    """
    if not design.window:
        return panel.outcome, list(groups)
    starts = sorted({group.adopted - design.anticipation for group in groups})
    windows = [_window_mean(panel, start - design.window, start) for start in starts]
    column = {start: panel.outcome.shape[1] + number for number, start in enumerate(starts)}
    based = [
        replace(group, base=np.full_like(group.base, column[group.adopted - design.anticipation])) for group in groups
    ]
    return np.column_stack([panel.outcome, *windows]), based


def _window_mean(panel: Panel, start: float, stop: float) -> np.ndarray:
    first, end = np.searchsorted(panel.periods, (start, stop))
    window = panel.outcome[:, first:end]
    return mean_of_half(window, np.isfinite(window), stop - start)
