"""What is known of a family before its index month: lagged outcomes, with names that a commissioner can read."""

from collections.abc import Iterable

import numpy as np

from tf_eval.cohort.outcomes import Outcome

WINDOWS = (3, 6, 12)
LOOKBACK = max(WINDOWS)
_MEASURED = {"count": "{} a month", "share": "{}", "state": "{} (share of months)"}
_OTHERS = {
    "months_since_qualified": "Months since the family was identified",
    "months_since_qualified_missing": "Not identified",
    "children": "Children in the family",
    "adults": "Adults in the family",
    "criteria_met": "Criteria met at the index date",
    "currently_qualified": "Meets the programme's rule at the index date",
    "district": "District",
}


def lag_name(outcome: str, months: int) -> str:
    return f"{outcome}_{months}m"


def missing_name(covariate: str) -> str:
    return f"{covariate}_missing"


def root_name(covariate: str) -> str:
    return f"{covariate}_root"


def lagged_means(values: np.ndarray) -> dict[int, np.ndarray]:
    """Return, for each window, the mean over the observed ones of the last months (NaN where none was observed).

    Args:
        values: families x the last 12 months before the index month.
    """
    return {months: _mean(values[:, -months:]) for months in WINDOWS}


def fill_missing(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return a covariate without missing values; where there are any, 0 stands for them and a second column says so."""
    missing = np.isnan(values)
    filled = {name: np.where(missing, 0.0, values)}
    return {**filled, missing_name(name): missing.astype(float)} if missing.any() else filled


def with_root(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return a count's monthly rate beside its square root.

    Counts are skewed: a score that is linear in them is led by the few families with very many. The square root evens
    out the spread of a count (Bartlett 1936), and the two together let a score bend.
    """
    return {name: values, root_name(name): np.sqrt(values)}


def covariate_labels(outcomes: Iterable[Outcome], columns: Iterable[str]) -> dict[str, str]:
    """Return the label of each of the columns that is a covariate, in plain words."""
    labels = dict(_OTHERS)
    for outcome in outcomes:
        for months in WINDOWS:
            label = f"{_MEASURED[outcome.kind].format(outcome.label)}, last {months} months"
            labels[lag_name(outcome.name, months)] = label
            labels[root_name(lag_name(outcome.name, months))] = f"{label} (large numbers damped)"
            labels[missing_name(lag_name(outcome.name, months))] = f"{outcome.label}, last {months} months: not seen"
    return {column: labels[column] for column in columns if column in labels}


def _mean(window: np.ndarray) -> np.ndarray:
    seen = np.isfinite(window)
    months = seen.sum(axis=1)
    total = np.where(seen, window, 0.0).sum(axis=1)
    return np.divide(total, months, out=np.full(len(window), np.nan), where=months > 0)
