"""What an argument of this room may be: what is wrong is told in words, before anything is done with it."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import InputError, is_among, require_columns, unknown
from tf_eval.matching.arguments import is_whole

COLUMNS = ("outcome", "unit", "period", "adopted", "weights", "sets", "exposure", "eligible")
WORDS = ("sample", "method", "comparison", "errors", "quantile", "family")
NUMBERS = ("baseline", "anticipation", "confidence", "kappa_pre", "kappa_post", "leads", "smallest_shown")


def _kind(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"


def numbers_of_numpy(design: Any) -> dict[str, int | float]:
    """Return the options of a design that are numbers of numpy, as plain ones."""
    given = {name: getattr(design, name) for name in NUMBERS}
    return {name: value.item() for name, value in given.items() if isinstance(value, np.number)}


def option_problems(design: Any) -> list[str]:
    """Say which options of a design name no column, or are no word; lists and columns themselves cannot."""
    problems = [
        f"{role} names one column, and cannot be {_kind(name)}."
        for role in COLUMNS
        if not isinstance(name := getattr(design, role), Hashable) or (name is None and role == "outcome")
    ]
    problems += [
        f"{role} is named by text, and cannot be {_kind(word)}."
        for role in WORDS
        if not isinstance(word := getattr(design, role), str)
    ]
    if isinstance(design.cluster, tuple) and len(set(design.cluster)) < len(design.cluster):
        problems.append("cluster names the same column twice; name it once.")
    if not isinstance(design.small_sample, bool | np.bool_):
        problems.append("small_sample must be True or False.")
    return problems


def unknown_options(options: Iterable[str], known: Iterable[str]) -> list[str]:
    """Say of options that there are none such, and which is near."""
    words = tuple(known)
    return [unknown("option", name, words) for name in options if name not in words]


def require_given(frame: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    """Raise ``InputError`` for columns that are not there, or that stand in the frame's index."""
    index = [name for name in columns if is_among(name, frame.index.names) and name not in frame.columns]
    if index:
        raise InputError(f"{where}: {', '.join(index)} stands in the frame's index; frame.reset_index() makes columns.")
    require_columns(frame.columns, columns, where)


def kind_problems(kind: type, advice: str, **given: object) -> list[str]:
    """Say which of the arguments are not of a kind, and what makes one that is."""
    return [
        f"{name} must be a {kind.__name__}, and cannot be {_kind(value)}; {advice}."
        for name, value in given.items()
        if not isinstance(value, kind)
    ]


def band_problems(bands: Any) -> list[str]:
    """Say what is wrong with bands of event times by name."""
    if not isinstance(bands, Mapping) or not bands:
        return ["bands are given by name, each with its first and last event time, such as {'1 to 6': (1, 6)}."]
    return [problem for name, band in bands.items() for problem in _band_problems(name, band)]


def _band_problems(name: object, band: Any) -> list[str]:
    pair = isinstance(band, tuple | list) and len(band) == 2 and all(map(is_whole, band))
    if not pair:
        return [f"band '{name}' is no pair of whole event times, first and last, such as (1, 6)."]
    return [f"{band[0]} to {band[1]} runs backwards."] if band[1] < band[0] else []


def reach_problems(balanced: Any, reached: np.ndarray) -> list[str]:
    """Say that no start cohort is estimated at an event time; ``reached`` are those at which one is."""
    if not is_whole(balanced):
        return ["balanced must be a whole number, an event time."]
    if balanced in reached:
        return []
    known = f"estimated are {reached.min()} to {reached.max()}" if len(reached) else "none is estimated"
    return [f"balanced={balanced}: no start cohort is estimated at that event time; {known}."]


def as_numbers(values: Any) -> np.ndarray | None:
    """Return values as an array of finite numbers in one row; None where they are none."""
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        return None
    return found if found.ndim == 1 and np.isfinite(found).all() else None
