"""Each place once: its estimates of several periods as one."""

import numpy as np
import pandas as pd


def by_place(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each place that has an estimate, in order of appearance.

    Several periods of a place are no several places: they share what is particular to it. So they count as one, by
    their mean with weights inverse to variance, its error by the same weights and Satterthwaite's degrees of freedom.
    ``base_rate`` is the mean by the same weights, missing where that of one is.
    """
    known = rows[rows["effect"].notna()]
    found = [{"place": place, **_mean(own)} for place, own in known.groupby("place", sort=False, observed=True)]
    columns = ["place", "n_periods", "effect", "std_error", "degrees_of_freedom", "base_rate"]
    return pd.DataFrame(found, columns=columns)


def _mean(own: pd.DataFrame) -> dict[str, float]:
    variances = own["std_error"].to_numpy() ** 2
    precision = 1 / variances
    shares = precision / precision.sum()
    scatter = float((shares**4 * variances**2 / own["degrees_of_freedom"].to_numpy()).sum())
    return {
        "n_periods": len(own),
        "effect": float(shares @ own["effect"].to_numpy()),
        "std_error": float(1 / np.sqrt(precision.sum())),
        "degrees_of_freedom": float(1 / precision.sum() ** 2 / scatter) if scatter else np.inf,
        "base_rate": float(shares @ own["base_rate"].to_numpy()),
    }
