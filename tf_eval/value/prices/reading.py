"""One way to read the small tables of prices: every cell as the text that it is."""

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tf_eval import project
from tf_eval.errors import ConfigError, require_columns


def read_rows(path: str | Path, what: str, columns: Sequence[str]) -> tuple[str, list[dict[str, str]]]:
    """Return a file's name and its rows as text by column, without spaces around it.

    Raises:
        ConfigError: it cannot be read as comma-separated UTF-8 text, or has no rows.
        InputError: there is no such file, or a column is missing.
    """
    found = project.locate(path, what)
    try:
        frame = pd.read_csv(found, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError):
        raise ConfigError(f"{found.name}: cannot be read; save it as comma-separated text in UTF-8.") from None
    require_columns(frame.columns, columns, found.name)
    if frame.empty:
        raise ConfigError(f"{found.name}: has no rows.")
    return found.name, [{key: value.strip() for key, value in row.items()} for row in frame.to_dict("records")]


def number_of(text: str) -> float | None:
    """Return text as a finite number, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
