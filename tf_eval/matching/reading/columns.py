"""Which columns can be counted with."""

import numpy as np
import pandas as pd

LARGEST = 1e150  # the square of a larger number is infinite, and that of 1 over it is 0


def number_problems(column: pd.Series, called: str, wanted: str) -> list[str]:
    """Say what is wrong with a column of numbers that may be missing.

    Args:
        column: the column.
        called: what a sentence calls it.
        wanted: what it has to be, such as ``"must be a number"``.
    """
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
        return [f"{called} {wanted}"]
    largest = np.fmax.reduce(np.abs(column.to_numpy(dtype=float, na_value=np.nan)), initial=0.0)
    if np.isinf(largest):
        return [f"{called} holds infinite values"]
    too_far = f"{called} holds numbers too large, or none large enough, to be squared; give it in other units"
    return [too_far] if largest > LARGEST or 0 < largest < 1 / LARGEST else []
