"""Covariates cut into bins, within which rows count as alike (Iacus, King and Porro 2012)."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, log2
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import unknown
from tf_eval.matching.arguments import is_number, is_whole
from tf_eval.matching.reading.covariates import level_codes
from tf_eval.matching.reading.reordered import Reordered

USUAL = "sturges"
FEW = 20  # cuts up to so many are quicker compared with every value than searched for it
Cutting = int | str | Sequence[float]


def coarsen(rows: Reordered, on: Sequence[str], cutpoints: Mapping[str, Cutting]) -> np.ndarray:
    """Return whole numbers, rows by ``on``: the bin of a number, from the lowest on, or the level of a category.

    ``cutpoints`` says by name, in plain Python, how a number is cut: into so many bins, at the values of a list, or by
    a rule. One that it does not name is cut by Sturges' rule, which leaves 0/1 as it is.
    """
    codes = np.empty((len(on), len(rows)), dtype=np.int32)
    for place, name in enumerate(on):
        codes[place] = _codes(rows[name], cutpoints.get(name, USUAL))
    return codes.T


def bins_note(frame: pd.DataFrame, codes: np.ndarray, on: Sequence[str], cutpoints: Mapping[str, Cutting]) -> str:
    """Say how each number was cut; ``codes`` are those of ``coarsen``. What has two values by itself is not cut."""
    said: dict[str, list[str]] = {}
    for name, code in zip(on, codes.T, strict=True):
        cut = pd.api.types.is_numeric_dtype(frame[name]) and (
            name in cutpoints or np.count_nonzero(np.bincount(code)) > 2
        )
        if cut:
            said.setdefault(_told(cutpoints.get(name, USUAL), int(code.max()) + 1), []).append(f"'{name}'")
    listed = [f"{', '.join(names)} {how}" for how, names in said.items()]
    return f"How numbers were cut: {'; '.join(listed)}." if listed else ""


def _told(how: Cutting, bins: int) -> str:
    if isinstance(how, list):
        return f"at {' and '.join(f'{cut:,.10g}' for cut in sorted(how))}"
    rule = f" (rule '{how}')" if isinstance(how, str) else ""
    return "not at all" if bins == 1 else f"into {bins} bins of equal width{rule}"


def plain_cutpoints(cutpoints: Any) -> Any:
    """Return cut points as plain Python, whatever kind of array they came in; what is no mapping as it is."""
    if not isinstance(cutpoints, Mapping):
        return cutpoints
    return {name: np.asarray(how).tolist() for name, how in cutpoints.items()}


def cutpoint_problems(cutpoints: Mapping[str, Cutting], on: Sequence[str]) -> list[str]:
    """Say what is wrong with the cut points, and what to do; ``on`` names the covariates."""
    problems = [f"cutpoints: {unknown('covariate', name, on)}" for name in cutpoints if name not in on]
    return problems + [
        f"cutpoints of '{name}' must be a number of bins, the values between bins in a list, or one of "
        + ", ".join(f"'{rule}'" for rule in RULES)
        for name, how in cutpoints.items()
        if not _is_cutting(how)
    ]


def uncut_problems(frame: pd.DataFrame, cutpoints: Mapping[str, Cutting]) -> list[str]:
    """Say which columns are to be cut that are no numbers."""
    return [
        f"cutpoints: '{name}' is no number and is not cut; leave it out, or group its levels before the match"
        for name in cutpoints
        if not pd.api.types.is_numeric_dtype(frame[name])
    ]


def _is_cutting(how: object) -> bool:
    if isinstance(how, str):
        return how in RULES
    if isinstance(how, list):
        return bool(how) and all(is_number(cut) for cut in how)
    return is_whole(how, least=1)


def _codes(column: pd.Series, how: Cutting) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(column):
        return level_codes(column)[0]
    values = column.to_numpy(dtype=float)
    return _bins(values, _between(values, how))


def _bins(values: np.ndarray, between: np.ndarray) -> np.ndarray:
    """Return the bin of each value, from 0 on; a value on a cut is of the higher bin."""
    if len(between) > FEW:
        return np.searchsorted(between, values, side="right")
    return np.add.reduce([values >= cut for cut in between], axis=0, dtype=np.int32, initial=0)


def _between(values: np.ndarray, how: Cutting) -> np.ndarray:
    """Return the sorted values between bins: those given, or those of so many bins of equal width.

    A rule makes no more bins than there are rows: one value far out would have it make more than can be held.
    """
    if isinstance(how, list):
        return np.sort(how)
    bins = how if isinstance(how, int) else min(max(RULES[how](values), 1), len(values))
    return np.linspace(values.min(), values.max(), bins + 1)[1:-1]


def _sturges(values: np.ndarray) -> int:
    """Sturges 1926."""
    return ceil(log2(len(values)) + 1)


def _freedman_diaconis(values: np.ndarray) -> int:
    """Freedman and Diaconis 1981; where the quartiles are equal, by Scott's rule."""
    width = 2 * np.subtract(*np.quantile(values, (0.75, 0.25))) / np.cbrt(len(values))
    return ceil(np.ptp(values) / width) if width > 0 else _scott(values)


def _scott(values: np.ndarray) -> int:
    """Scott 1979, with his constant rounded to 3.5 as in R."""
    width = 3.5 * values.std(ddof=1) / np.cbrt(len(values))
    return ceil(np.ptp(values) / width) if width > 0 else 1


RULES: dict[str, Callable[[np.ndarray], int]] = {"sturges": _sturges, "fd": _freedman_diaconis, "scott": _scott}
