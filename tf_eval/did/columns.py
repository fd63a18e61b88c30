"""The long frame, read once at the edge: typed arrays out, every fault of the input in one message."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tf_eval.did.design import Design
from tf_eval.errors import InputError, raise_all, require_columns


@dataclass(frozen=True, eq=False)
class Columns:
    """Arrays as long as the frame; labels as codes 0, 1, ... in sorted order; ``adopted`` is inf for never."""

    unit: np.ndarray
    period: np.ndarray
    adopted: np.ndarray
    outcome: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray
    set_code: np.ndarray
    set_labels: tuple
    first_row: np.ndarray
    time_unit: str
    notes: tuple[str, ...]


def read_columns(frame: pd.DataFrame, design: Design) -> Columns:
    """Return the frame's columns as arrays; raise one ``InputError`` that gathers every fault found."""
    require_columns(frame.columns, design.columns, "estimate_att")
    if frame.empty:
        raise InputError("estimate_att: the data has no rows; a row per unit and period is needed.")
    raise_all(InputError, "estimate_att", [*_repeated_names(frame, design), *_type_problems(frame, design)])
    columns = _convert(frame, design)
    raise_all(InputError, "estimate_att", _unit_problems(columns, design))
    return columns


def _repeated_names(frame: pd.DataFrame, design: Design) -> list[str]:
    twice = [name for name in design.columns if list(frame.columns).count(name) > 1]
    return [f"column '{name}' is there more than once; rename or drop one." for name in twice]


def _type_problems(frame: pd.DataFrame, design: Design) -> list[str]:
    if _repeated_names(frame, design):
        return []
    problems = [_missing(frame, name) for name in (design.unit, design.period, design.cluster, design.sets) if name]
    problems += [_not_numeric(frame, design.outcome, "outcome"), _not_time(frame[design.period], "period")]
    problems += [_not_time(frame[design.adopted], "adopted"), _mixed_time(frame, design)]
    problems += [_bad_weights(frame, design.weights)] if design.weights else []
    return [problem for problem in problems if problem]


def _missing(frame: pd.DataFrame, name: str) -> str:
    count = int(frame[name].isna().sum())
    return f"column '{name}' is missing in {count:,} rows; every row needs one." if count else ""


def _not_numeric(frame: pd.DataFrame, name: str, role: str) -> str:
    if pd.api.types.is_numeric_dtype(frame[name]):
        infinite = np.isinf(frame[name].to_numpy(dtype=float, na_value=np.nan)).any()
        return f"{role} '{name}' holds infinite values; make them missing or mend them." if infinite else ""
    return f"{role} '{name}' is not numeric ({frame[name].dtype}); convert it to numbers first."


def _is_calendar(column: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column) or isinstance(column.dtype, pd.PeriodDtype)


def _not_time(column: pd.Series, role: str) -> str:
    if _is_calendar(column):
        return ""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return f"{role} '{column.name}' is neither a whole number nor a date ({column.dtype}); convert it first."
    values = column.to_numpy(dtype=float, na_value=np.nan)
    values = values[np.isfinite(values)]
    whole = bool((values == np.round(values)).all())
    return "" if whole else f"{role} '{column.name}' holds fractions; whole numbers or dates are needed."


def _mixed_time(frame: pd.DataFrame, design: Design) -> str:
    period, adopted = frame[design.period], frame[design.adopted]
    if _is_calendar(period) == _is_calendar(adopted) or adopted.isna().all():
        return ""
    return f"period '{design.period}' and adopted '{design.adopted}' must both be dates or both whole numbers."


def _bad_weights(frame: pd.DataFrame, name: str) -> str:
    problem = _not_numeric(frame, name, "weights")
    if problem:
        return problem
    weights = frame[name].to_numpy(dtype=float, na_value=np.nan)
    bad = int((~(weights >= 0)).sum())
    return f"weights '{name}' are missing or negative in {bad:,} rows; give 0 to leave a unit out." if bad else ""


def _convert(frame: pd.DataFrame, design: Design) -> Columns:
    unit, _ = pd.factorize(frame[design.unit], sort=True)
    cluster = pd.factorize(frame[design.cluster], sort=True)[0] if design.cluster else unit
    no_sets = (np.zeros(len(unit), dtype=np.int64), ())
    set_code, set_labels = pd.factorize(frame[design.sets], sort=True) if design.sets else no_sets
    period = _as_time(frame[design.period])
    weight = frame[design.weights].to_numpy(dtype=float) if design.weights else np.ones(len(unit))
    columns = Columns(
        unit=unit,
        period=period.astype(np.int64),
        adopted=_as_time(frame[design.adopted]),
        outcome=frame[design.outcome].to_numpy(dtype=float, na_value=np.nan),
        weight=weight,
        cluster=cluster,
        set_code=set_code,
        set_labels=tuple(np.asarray(set_labels).tolist()),
        first_row=_first_row(unit),
        time_unit="month" if _is_calendar(frame[design.period]) or design.period == "event_time" else "period",
        notes=(),
    )
    columns = _never_as_infinity(columns)
    return _by_arm(columns, design, frame[design.treated].to_numpy(dtype=bool)) if design.treated else columns


def _by_arm(columns: Columns, design: Design, treated: np.ndarray) -> Columns:
    """A comparison row stands for those who are not treated for as long as that is so of its own unit."""
    never = len(np.unique(columns.unit[treated & np.isinf(columns.adopted)]))
    if never:
        raise InputError(
            f"estimate_att: {never:,} units were matched as treated, but are never so by '{design.adopted}'; name the "
            f"column by which '{design.treated}' was made."
        )
    waiting = columns.period + design.anticipation < columns.adopted
    waiting &= np.isinf(columns.adopted) | (design.comparison == "not_yet_treated")
    return replace(
        columns,
        adopted=np.where(treated, columns.adopted, np.inf),
        outcome=np.where(treated | waiting, columns.outcome, np.nan),
    )


def _as_time(column: pd.Series) -> np.ndarray:
    """Months since year 0 for dates, the number itself otherwise; NaN where missing."""
    if not _is_calendar(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    months = column.dt.year.astype(float) * 12 + column.dt.month.astype(float) - 1
    return months.to_numpy(dtype=float, na_value=np.nan)


def _first_row(unit: np.ndarray) -> np.ndarray:
    first = np.empty(unit.max() + 1, dtype=np.int64)
    first[unit[::-1]] = np.arange(len(unit))[::-1]
    return first


def _never_as_infinity(columns: Columns) -> Columns:
    """Code the never treated as infinity, and say how the data coded them.

    Zero means never only where no period is 0 or less: in event time, 0 is the month of the start.
    """
    adopted = columns.adopted
    codings = {"missing": np.isnan(adopted), "infinity": np.isposinf(adopted)}
    if columns.period.min() > 0:
        codings["0"] = adopted == 0
    found = {name: mask[columns.first_row].sum() for name, mask in codings.items() if mask.any()}
    notes = [f"Never treated, coded as {name}: {count:,} units." for name, count in found.items()]
    never = np.logical_or.reduce(list(codings.values()))
    return replace(columns, adopted=np.where(never, np.inf, adopted), notes=(*columns.notes, *notes))


def _unit_problems(columns: Columns, design: Design) -> list[str]:
    checks = [_duplicates(columns, design)]
    fixed = {"adopted": "adopted", "cluster": "cluster", "sets": "set_code", "weights": "weight"}
    for role, attribute in fixed.items():
        changing = _changes_within(columns, getattr(columns, attribute))
        if changing:
            name = getattr(design, role)
            checks.append(f"{role} '{name}' changes within {changing:,} units; it must be the same in all their rows.")
    if not np.isfinite(columns.adopted).any():
        checks.append(f"adopted '{design.adopted}' holds no treated unit; give the period in which treatment began.")
    if columns.cluster.max() == 0:
        checks.append("there is a single cluster; errors need at least two, and trust many more.")
    return [problem for problem in checks if problem]


def _duplicates(columns: Columns, design: Design) -> str:
    span = columns.period.max() - columns.period.min() + 1
    key = np.sort(columns.unit * span + (columns.period - columns.period.min()))
    count = int((key[1:] == key[:-1]).sum())
    what = f"'{design.unit}' and '{design.period}'"
    return (
        f"{count:,} rows repeat a unit and period ({what}); one row each is needed (dates count in months)."
        if count
        else ""
    )


def _changes_within(columns: Columns, values: np.ndarray) -> int:
    differs = values != values[columns.first_row][columns.unit]
    return len(np.unique(columns.unit[differs])) if differs.any() else 0
