"""What stands for the missing values of a covariate."""

import numpy as np
import pandas as pd

REFUSE, INDICATOR = "refuse", "indicator"
POLICIES = (REFUSE, INDICATOR, "mean", "median")
MISSING = "(missing)"  # the level under which a covariate says where it was filled in


def filled_in(column: pd.Series, policy: str) -> pd.Series:
    """Return a column with its missing values filled in.

    Numbers get the mean, or by the policy ``"median"`` the median; yes/no and categories the most frequent value, of
    several the first in sorted order.
    """
    if not pd.api.types.is_numeric_dtype(column):
        return column.fillna(_most_frequent(column))
    values = column.to_numpy(dtype=float, na_value=np.nan)
    observed = values[~np.isnan(values)]
    middle = np.median(observed) if policy == "median" else observed.mean()
    is_yes_no = bool(np.isin(observed, (0.0, 1.0)).all())
    return pd.Series(np.where(np.isnan(values), float(middle > 0.5) if is_yes_no else middle, values), column.index)


def missing_note(columns: list[str], policy: str) -> str:
    """Say in a sentence what was filled in, and how."""
    listed = ", ".join(f"'{name}'" for name in columns)
    middle = "median" if policy == "median" else "mean"
    note = (
        f"Missing values of {listed} were filled in by the {middle} (yes/no and categories by the most frequent value)"
    )
    return f"{note}; where they were missing is a covariate too." if policy == INDICATOR else f"{note}."


def _most_frequent(column: pd.Series) -> object:
    """Values are sorted as text, for those of different kinds cannot be compared."""
    counts = column.value_counts()
    return min(counts[counts == counts.max()].index, key=str)
