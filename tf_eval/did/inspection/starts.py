"""Start cohorts and their periods by name, for figures and sentences."""

from collections import Counter
from typing import Any

import numpy as np

from tf_eval.did.group_time.cells import Cells

FIRST_DATE = 12 * 1000  # months since year 0: no event time or count of periods comes near it


def start_names(cells: Cells, time_unit: str) -> list[str]:
    """Return a name for each group: its adoption, or its set, with the adoption where a set has several."""
    groups = Counter(cells.group_set)
    return [
        _name(label, time_name(adopted, time_unit), groups[label])
        for label, adopted in zip(cells.group_set, cells.group_adopted, strict=True)
    ]


def _name(label: Any, adopted: str, groups: int) -> str:
    if label is None:
        return adopted
    return str(label) if groups == 1 else f"{label}, {adopted}"


def time_name(period: int, time_unit: str) -> str:
    """Return a period by name; dates are counted in months since year 0 and are told as year and month."""
    if time_unit == "month" and period >= FIRST_DATE:
        return f"{period // 12}-{period % 12 + 1:02d}"
    return str(period)


def is_stacked(cells: Cells) -> bool:
    """Say whether the periods are times since a start that all groups share, as rows stacked in event time have."""
    return bool((cells.group_adopted == 0).all())


def shown(cells: Cells, fewest: int) -> np.ndarray:
    """Say which cells rest on so many units of either arm, and may be seen."""
    return np.minimum(cells.n_treated, cells.n_comparison) >= fewest
