"""The families and dates that are asked about, as the caller hands them in."""

from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import InputError, raise_all, require_columns

DAYS = ("identified_on", "on")
COLUMNS = ["family_id", *DAYS]


def read_families(families: Any) -> pd.DataFrame:
    """Return a copy with family_id (int64), identified_on and on (datetime64[s]), one row per case, in their order.

    Raises:
        InputError: see ``assess_claims``.
    """
    if not isinstance(families, pd.DataFrame):
        raise InputError(
            f"families: pass a frame with {', '.join(COLUMNS)}; this is of type '{type(families).__name__}'"
        )
    require_columns(families.columns, COLUMNS, "families")
    cases = pd.DataFrame({"family_id": read_numbers(families["family_id"], "families")})
    for name in DAYS:
        cases[name] = read_days(families[name], f"families: {name}")
    problems = _problems(cases)
    raise_all(InputError, "families", problems)
    return cases


def read_numbers(values: pd.Series, where: str) -> np.ndarray:
    """Return the numbers of families as int64, also from text, as a workbook has them; refuse what is none."""
    try:
        numbers = values.astype("int64") if pd.api.types.is_string_dtype(values) else values
    except (TypeError, ValueError):
        numbers = values
    if (len(numbers) and not pd.api.types.is_integer_dtype(numbers)) or numbers.isna().any():
        raise InputError(f"{where}: family_id must hold the county's numbers of families, whole ones and none missing")
    return numbers.to_numpy(dtype=np.int64)


def read_days(values: pd.Series, where: str) -> np.ndarray:
    """Return days as datetime64[s]; a text is read as 2012-06-01 and not otherwise."""
    try:
        days = pd.to_datetime(values, format="ISO8601") if values.dtype in (object, "str") else pd.to_datetime(values)
    except (TypeError, ValueError):
        raise InputError(f"{where}: not all of them are days; write them as 2012-06-01") from None
    if pd.api.types.is_numeric_dtype(values) and len(values):
        raise InputError(f"{where}: pass days, not numbers")
    if days.isna().any():
        raise InputError(f"{where}: a day is missing in {int(days.isna().sum()):,} rows")
    return days.to_numpy().astype("datetime64[D]").astype("datetime64[s]")


def _problems(cases: pd.DataFrame) -> list[str]:
    early = int((cases["on"] < cases["identified_on"]).sum())
    twice = int(cases.duplicated().sum())
    problems = [f"in {early:,} rows the day of the claim is before identified_on"] if early else []
    return problems + ([f"{twice:,} rows stand twice; a family is asked about once a day"] if twice else [])
