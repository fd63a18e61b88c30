"""What an argument may be, asked of it before anything is done with it.

What is wrong is told in words for ``raise_all``. A message never repeats what could hold rows: of a column or a frame
handed in for a word only its kind is told.
"""

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from sys import float_info
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import ConfigError, InputError, raise_all, unknown
from tf_eval.matching.elsewhere import option_called, value_called

NO_NAMES = (bytes, Mapping, set, frozenset, pd.Series, pd.DataFrame)  # in no order, or the rows themselves
LARGEST = 2**63 - 1  # whole number that an array holds


def is_number(value: object) -> bool:
    """Say whether a value is one finite number, and no yes/no."""
    return isinstance(value, Real) and not isinstance(value, bool) and -float_info.max <= value <= float_info.max


def is_positive(value: object) -> bool:
    """Say whether a value is one finite number above 0."""
    return is_number(value) and value > 0


def is_whole(value: object, least: int = -LARGEST) -> bool:
    """Say whether a value is one whole number, no smaller than ``least`` and one that an array can hold."""
    return isinstance(value, Integral) and not isinstance(value, bool) and least <= value <= LARGEST


def is_between(value: object, low: float, high: float) -> bool:
    """Say whether a value is one number above ``low`` and below ``high``."""
    return is_number(value) and low < value < high


def names(value: str | Iterable[str] | None, option: str = "columns") -> tuple[str, ...]:
    """Return column names as a tuple; a bare string is one name, not a row of letters, and None is no name.

    Raises ``ConfigError`` for what names no columns in an order: a set has none, and a column holds rows.
    """
    if value is None or isinstance(value, str):
        return () if value is None else (value,)
    if isinstance(value, NO_NAMES) or not isinstance(value, Iterable):
        raise ConfigError(f"{option}: columns are named by text, or a list of it, not by {_kind(value)}")
    found = tuple(value)
    raise_all(ConfigError, option, name_problems(*found))
    return found


def word_problems(option: str, value: object, known: Iterable[str], what: str | None = None) -> list[str]:
    """Say that a value is none of the known words, and what it is called here or which word is near.

    Args:
        option: its name.
        value: what was handed in.
        known: the words.
        what: the name of the option in a sentence, if not its own.
    """
    words = tuple(known)
    if isinstance(value, str) and value in words:
        return []
    called = value_called(option, value, words) if isinstance(value, str) else None
    return [f"no {what or option} '{value}'; {called}" if called else unknown(what or option, value, words)]


def unknown_options(strange: Iterable[str], known: Iterable[str]) -> list[str]:
    """Say of options that there are none such, and what they are called here or which option is near."""
    words = tuple(known)
    called = {name: option_called(name, words) for name in strange}
    return [f"no option '{name}'; {told}" if told else unknown("option", name, words) for name, told in called.items()]


def flag_problems(**flags: object) -> list[str]:
    """Say which options are not True or False."""
    return [f"{name} must be True or False" for name, value in flags.items() if not isinstance(value, bool | np.bool_)]


def name_problems(*listed: object, **columns: object) -> list[str]:
    """Say which of those listed, and which options, do not name a column; an option that is None names none."""
    found = [("a column", name) for name in listed]
    found += [(f"the column of {option}", name) for option, name in columns.items() if name is not None]
    return [f"{what} is named by text, not by {_kind(name)}" for what, name in found if not isinstance(name, str)]


def mapping_problems(example: str, **mappings: object) -> list[str]:
    """Say which options are no mappings by name of a column; ``example`` is one."""
    return [
        f"{option} must be given by name of a column, such as {example}"
        for option, value in mappings.items()
        if not isinstance(value, Mapping)
    ]


def label_problems(labels: object) -> list[str]:
    """Say that labels are no words by name of a covariate; None are none."""
    fine = labels is None or (isinstance(labels, Mapping) and all(isinstance(word, str) for word in labels.values()))
    return [] if fine else ["labels must be words by name of a covariate, such as {'age': 'Age of the eldest'}"]


def text_problems(**words: object) -> list[str]:
    """Say which options are no text; None is none given."""
    return [f"{name} must be text" for name, word in words.items() if not (word is None or isinstance(word, str))]


def level_problems(level: object, least: float = 0.0) -> list[str]:
    """Say that the level of an interval is none."""
    return [] if is_between(level, least, 1) else [f"level must be between {least:g} and 1, such as 0.95"]


def limit_problems(threshold: object, limit: object) -> list[str]:
    """Say that the standardised differences up to which groups are alike, and which none may pass, are none."""
    fine = is_positive(threshold) and is_positive(limit) and threshold <= limit
    return [] if fine else ["threshold must be above 0 and no larger than limit"]


def numbers(values: Any, where: str, what: str) -> np.ndarray:
    """Return values as an array of floats with an entry, or a row of several columns, for each row.

    Raises ``InputError`` where they are no finite numbers.
    """
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        found = np.empty(())
    if not (found.ndim and np.isfinite(found).all()):
        raise InputError(f"{where}: {what} must be finite numbers, one for each row")
    return found


def require_frame(data: Any, where: str) -> None:
    """Raise ``InputError`` unless a frame of pandas was handed in whose columns have a name each."""
    if not isinstance(data, pd.DataFrame):
        raise InputError(f"{where}: data must be a DataFrame of pandas, not {_kind(data)}{_way_to_frame(data)}")
    if not data.columns.is_unique:
        raise InputError(f"{where}: the frame has two columns of the same name")


def _way_to_frame(data: Any) -> str:
    if hasattr(data, "to_pandas"):
        return "; data.to_pandas() makes one"
    if isinstance(data, str):
        return "; a formula is written as on=[...] for the covariates and treated='...'"
    return "; pd.DataFrame(data) makes one" if isinstance(data, Mapping | list | np.ndarray) else ""


def _kind(value: object) -> str:
    kind = type(value).__name__
    return "None" if value is None else f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"
