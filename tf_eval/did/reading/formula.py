"""Covariates given as a formula, such as ``~ age + I(age ** 2) + C(tenure)``, in the language of formulaic."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from formulaic import Formula, model_matrix
from formulaic.errors import FormulaicError

from tf_eval.errors import ConfigError

SIGN = "~"
UNREADABLE = (FormulaicError, SyntaxError)


def is_formula(covariates: Sequence[str]) -> bool:
    """Say whether covariates are a formula and not the names of columns."""
    return len(covariates) == 1 and covariates[0].lstrip().startswith(SIGN)


def columns_of(covariates: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that covariates need; raise ``ConfigError`` for a formula that cannot be read."""
    if not is_formula(covariates):
        return tuple(covariates)
    try:
        return tuple(sorted(str(name) for name in Formula(covariates[0]).required_variables))
    except UNREADABLE as error:
        raise ConfigError(_complaint(covariates[0], error)) from None


def expand(frame: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Return the columns that a formula makes of a frame of those it needs, row by row, without its intercept.

    A row that lacks any of them lacks all that is made of them. Functions of NumPy are at hand as ``np``.
    """
    if not is_formula(covariates):
        return frame
    # By position, for rows may share a label: a frame put together from waves has each label several times.
    frame = frame.reset_index(drop=True)
    try:
        made = model_matrix(covariates[0], frame.dropna(), na_action="ignore", context={"np": np})
    except UNREADABLE as error:
        raise ConfigError(_complaint(covariates[0], error)) from None
    if not isinstance(made, pd.DataFrame):
        raise ConfigError(
            f"estimate_att: the covariates' formula '{covariates[0]}' has several parts; write one, as ~ x + z."
        )
    made = pd.DataFrame(made).drop(columns="Intercept", errors="ignore")
    return made.astype(float).reindex(frame.index)


def _complaint(formula: str, error: Exception) -> str:
    first = str(error).splitlines()[0]
    return f"estimate_att: the covariates' formula '{formula}' cannot be read: {first}"
