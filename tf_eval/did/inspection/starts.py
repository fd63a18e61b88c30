"""Start cohorts and their periods by name, for figures and sentences."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tf_eval.did.group_time.cells import Cells
from tf_eval.did.times import time_name, to_date

LONGEST_LINE = 26  # characters
LINE_HEIGHT = 0.14  # inches


def start_names(cells: Cells, time_unit: str) -> list[str]:
    """Return a name for each group: its adoption, or its set, with the adoption where a set has several."""
    groups = Counter(cells.group_set)
    return [
        _name(label, time_name(adopted, time_unit), groups[label])
        for label, adopted in zip(cells.group_set, cells.group_adopted, strict=True)
    ]


def places_of(cells: Cells, groups: Iterable[int], time_unit: str) -> list[dict[str, Any]]:
    """Return the set and the start of each group, for the rows of a table."""
    return [
        {"set": cells.group_set[group], "adopted": to_date(int(cells.group_adopted[group]), time_unit)}
        for group in groups
    ]


def _name(label: Any, adopted: str, groups: int) -> str:
    if label is None:
        return adopted
    return str(label) if groups == 1 else f"{label}, {adopted}"


def time_axis(cells: Cells, time_unit: str, time: str = "period") -> str:
    """Return what an axis of periods or event times is called; rows stacked in event time know no other time."""
    since = time == "event_time" or bool((cells.group_adopted == 0).all())
    return f"{time_unit.capitalize()}s since the start" if since else time_unit.capitalize()


def wrapped(name: str) -> str:
    """Return a name broken into lines that leave room for what it names."""
    return textwrap.fill(name, LONGEST_LINE)


def height_of(names: Sequence[str]) -> float:
    """Return how many inches the tallest of some names takes in lines."""
    return LINE_HEIGHT * max((wrapped(name).count("\n") + 1 for name in names), default=1)


def named_rows(names: Sequence[str], height: float) -> tuple[list[int], list[str]]:
    """Return which rows are named, and how, where each has ``height`` inches.

    Names are broken into lines where all rows have room for them, else on a line each; of rows closer than a line only
    every second, third, or so forth is named.
    """
    step = max(int(np.ceil(0.8 * LINE_HEIGHT / height)), 1)
    told = names if height_of(names) > height else [wrapped(name) for name in names]
    return list(range(0, len(names), step)), list(told[::step])
