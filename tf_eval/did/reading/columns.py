"""The long frame, read once at the edge: typed arrays out, every fault of the input in one message."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tf_eval.did.arguments import require_given
from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.reading.calendar import Times, is_calendar, read_times
from tf_eval.did.reading.layout import Layout, lay_out
from tf_eval.errors import InputError, raise_all

ADVICE = {
    "adopted": " Of a treatment that ends, returns or changes in amount, estimate_switching tells the effect; or give "
    "the first start, for the effect of ever having started."
}

LARGEST = 1e50  # degrees of freedom sum fourth powers of what is measured, and a float ends at 1.8e308


@dataclass(frozen=True, eq=False)
class Columns:
    """Arrays with an entry for each unit, in sorted order of the units; ``outcome`` and ``exposure`` have one a row.

    Clusters and sets are codes 0, 1, ... in sorted order of their labels; ``adopted`` is inf for never; ``reach`` is as
    in ``Panel``. Of a match, whose comparison units count as never treated, ``started`` is when any unit starts itself.
    """

    layout: Layout
    outcome: np.ndarray
    adopted: np.ndarray
    weight: np.ndarray
    clusters: tuple[np.ndarray, ...]
    cluster_labels: tuple[np.ndarray, ...]
    reach: np.ndarray
    set_code: np.ndarray
    set_labels: tuple
    time_unit: str
    notes: tuple[str, ...]
    exposure: np.ndarray | None = None
    started: np.ndarray | None = None


def read_columns(frame: pd.DataFrame, design: Design) -> Columns:
    """Return the frame's columns as arrays; raise one ``InputError`` that gathers every fault found."""
    require_given(frame, design.columns, "estimate_att")
    if frame.empty:
        raise InputError("estimate_att: the data has no rows; a row per unit and period is needed.")
    raise_all(InputError, "estimate_att", _repeated_names(frame, design) or _type_problems(frame, design))
    unit = frame[design.unit] if design.unit else pd.Series(np.arange(len(frame)))
    times = read_times(frame[design.period], frame[design.adopted])
    layout = lay_out(unit, times.period)
    adopted, notes = _never_as_infinity(times.adopted, layout, design)
    raise_all(InputError, "estimate_att", _unit_problems(frame, design, layout, adopted))
    times = replace(times, adopted=adopted, notes=(*notes, *times.notes, *_within(times, layout, design)))
    columns = _of_units(frame, design, layout, times)
    return _by_arm(columns, design, frame[design.treated].to_numpy(dtype=bool)) if design.treated else columns


def _repeated_names(frame: pd.DataFrame, design: Design) -> list[str]:
    twice = [name for name in design.columns if list(frame.columns).count(name) > 1]
    return [f"column '{name}' is there more than once; rename or drop one." for name in twice]


def _type_problems(frame: pd.DataFrame, design: Design) -> list[str]:
    problems = [missing_rows(frame, name) for name in _whole_columns(design) if name]
    problems += [no_labels(frame[name]) for name in (design.unit, *design.clusters, design.sets) if name]
    problems += [not_numeric(frame[design.outcome], "outcome")]
    problems += time_problems(frame[design.period], frame[design.adopted])
    problems += [_bad_weights(frame, design.weights)] if design.weights else []
    problems += [_bad_exposure(frame, design)] if design.exposure else []
    problems += [_not_yes_or_no(frame[design.eligible])] if design.eligible else []
    return list(dict.fromkeys(problem for problem in problems if problem))


def _whole_columns(design: Design) -> tuple[str | None, ...]:
    """Return the columns in which every row needs a value."""
    return design.unit, design.period, *design.clusters, design.sets, design.eligible


def missing_rows(frame: pd.DataFrame, name: str) -> str:
    count = int(frame[name].isna().sum())
    return f"column '{name}' is missing in {count:,} rows; every row needs one." if count else ""


def no_labels(column: pd.Series) -> str:
    """Say that what a column holds, such as lists, cannot be told apart; its first row stands for all."""
    if isinstance(column.iloc[0], Hashable):
        return ""
    return (
        f"column '{column.name}' holds {type(column.iloc[0]).__name__}s; numbers or text are needed to tell rows apart."
    )


def not_numeric(column: pd.Series, role: str) -> str:
    if pd.api.types.is_complex_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return f"{role} '{column.name}' is not numeric ({column.dtype}); convert it to numbers first."
    return unbounded(column, role)


def unbounded(column: pd.Series, role: str) -> str:
    """Say that numbers are infinite, or so large that their powers would be."""
    values = column.to_numpy(dtype=float, na_value=np.nan)
    largest = max(np.fmax.reduce(values, initial=0.0), -np.fmin.reduce(values, initial=0.0))
    if largest <= LARGEST:
        return ""
    if np.isinf(largest):
        return f"{role} '{column.name}' holds infinite values; make them missing or mend them."
    return f"{role} '{column.name}' holds values beyond {LARGEST:g}, whose powers overflow; give it in larger units."


def not_time(column: pd.Series, role: str) -> str:
    if is_calendar(column):
        return ""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return (
            f"{role} '{column.name}' is neither a whole number nor a date ({column.dtype}); convert it first, by "
            "pd.to_numeric or pd.to_datetime."
        )
    if not _is_whole(column):
        return f"{role} '{column.name}' holds fractions; whole numbers or dates are needed."
    if _is_bounded(column, role):
        return ""
    what = "minus infinity; leave such units out" if role == "adopted" else "infinite values; mend them there"
    return f"{role} '{column.name}' holds {what}."


def _is_whole(column: pd.Series) -> bool:
    if pd.api.types.is_integer_dtype(column):
        return True
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return bool(((values == np.floor(values)) | np.isnan(values)).all())


def _is_bounded(column: pd.Series, role: str) -> bool:
    """Say whether no period is infinite, and no start before all time: one after it is never."""
    if pd.api.types.is_integer_dtype(column):
        return True
    values = column.to_numpy(dtype=float, na_value=np.nan)
    return not (np.isneginf(values) if role == "adopted" else np.isinf(values)).any()


def time_problems(period: pd.Series, adopted: pd.Series) -> list[str]:
    """Say what is wrong with periods, or with starts beside them."""
    problems = [not_time(period, "period"), not_time(adopted, "adopted")]
    if is_calendar(period) != is_calendar(adopted) and not adopted.isna().all():
        problems.append(
            f"period '{period.name}' and adopted '{adopted.name}' must both be dates or both whole numbers."
        )
    return [problem for problem in problems if problem]


def _bad_weights(frame: pd.DataFrame, name: str) -> str:
    problem = not_numeric(frame[name], "weights")
    if problem:
        return problem
    weights = frame[name].to_numpy(dtype=float, na_value=np.nan)
    bad = int((~(weights >= 0)).sum())
    return f"weights '{name}' are missing or negative in {bad:,} rows; give 0 to leave a unit out." if bad else ""


def _bad_exposure(frame: pd.DataFrame, design: Design) -> str:
    problem = not_numeric(frame[design.exposure], "exposure") or not_numeric(frame[design.outcome], "outcome")
    if problem:
        return problem
    exposure, outcome = (
        frame[name].to_numpy(dtype=float, na_value=np.nan) for name in (design.exposure, design.outcome)
    )
    bad = int(((exposure < 0) | ((exposure == 0) & (outcome > 0))).sum())
    where = "is negative, or 0 where something was counted"
    return f"exposure '{design.exposure}' {where}, in {bad:,} rows; mend it there." if bad else ""


def _not_yes_or_no(column: pd.Series) -> str:
    if column.dropna().isin([0, 1]).all():
        return ""
    return f"eligible '{column.name}' must be true or false (1 or 0) in every row."


def _within(times: Times, layout: Layout, design: Design) -> list[str]:
    count = 0 if times.within is None else int(times.within[layout.first_row].sum())
    if not count:
        return []
    return [
        f"Of {design.told(count)} {design.units} the start falls within a period, all of which counts as treated; "
        "where rows are snapshots and no sums over the period, give the first period that is seen treated."
    ]


def _of_units(frame: pd.DataFrame, design: Design, layout: Layout, times: Times) -> Columns:
    rows = frame[_unit_columns(design)].iloc[layout.first_row]
    units = np.arange(layout.n_units)
    clusters = [_codes(rows[name]) for name in design.clusters] or [(units, _labels_of_units(rows, design))]
    set_code, set_labels = _codes(rows[design.sets]) if design.sets else (np.zeros_like(units), ())
    return Columns(
        layout=layout,
        outcome=frame[design.outcome].to_numpy(dtype=float, na_value=np.nan),
        adopted=times.adopted[layout.first_row],
        weight=rows[design.weights].to_numpy(dtype=float) if design.weights else np.ones(layout.n_units),
        clusters=tuple(codes for codes, _ in clusters),
        cluster_labels=tuple(np.asarray(labels) for _, labels in clusters),
        reach=rows[design.eligible].to_numpy(dtype=np.int8)
        if design.eligible
        else np.ones(layout.n_units, dtype=np.int8),
        set_code=set_code,
        set_labels=set_labels,
        # Rows that are stacked in event time are so by month.
        time_unit="month" if design.period == "event_time" else times.unit,
        notes=times.notes,
        exposure=frame[design.exposure].to_numpy(dtype=float, na_value=np.nan) if design.exposure else None,
    )


def _unit_columns(design: Design) -> list[str]:
    """Return the columns of which a unit has one value."""
    named = (design.unit, *design.clusters, design.sets, design.weights, design.eligible)
    return list(dict.fromkeys(name for name in named if name is not None))


def _labels_of_units(rows: pd.DataFrame, design: Design) -> np.ndarray:
    return rows[design.unit].to_numpy() if design.unit else np.arange(len(rows))


def _codes(column: pd.Series) -> tuple[np.ndarray, tuple]:
    codes, labels = pd.factorize(column, sort=True)
    return codes, tuple(np.asarray(labels).tolist())


def _by_arm(columns: Columns, design: Design, treated: np.ndarray) -> Columns:
    """A comparison row stands for those who are not treated for as long as that is so of its own unit."""
    layout = columns.layout
    treated_unit = treated[layout.first_row]
    never = int((treated_unit & np.isinf(columns.adopted)).sum())
    if never:
        raise InputError(
            f"estimate_att: {never:,} units were matched as treated, but are never so by '{design.adopted}'; name the "
            f"column by which '{design.treated}' was made."
        )
    waiting = layout.periods[layout.position] + design.anticipation < columns.adopted[layout.unit]
    if design.comparison != "not_yet_treated":
        waiting &= np.isinf(columns.adopted)[layout.unit]
    return replace(
        columns,
        adopted=np.where(treated_unit, columns.adopted, np.inf),
        started=columns.adopted,
        outcome=np.where(treated | waiting, columns.outcome, np.nan),
    )


def _never_as_infinity(adopted: np.ndarray, layout: Layout, design: Design) -> tuple[np.ndarray, tuple[str, ...]]:
    """Code the never treated as infinity, and say how the data coded them.

    Zero means never only where no period is 0 or less: in event time, 0 is the month of the start.
    """
    codings = {"missing": np.isnan(adopted), "infinity": np.isposinf(adopted)}
    if layout.periods[0] > 0:
        codings["0"] = adopted == 0
    found = {name: int(mask[layout.first_row].sum()) for name, mask in codings.items() if mask.any()}
    notes = [f"Never treated, coded as {name}: {design.told(count)} {design.units}." for name, count in found.items()]
    never = np.logical_or.reduce(list(codings.values()))
    return np.where(never, np.inf, adopted), (*notes, *_zero_as_a_start(adopted, layout, design))


def _zero_as_a_start(adopted: np.ndarray, layout: Layout, design: Design) -> list[str]:
    """Say so where 0 is one start among others because periods are counted from 0 or below: many write it for never."""
    started = adopted[layout.first_row]
    zero = started == 0
    if layout.periods[0] > 0 or not zero.any() or not (np.isfinite(started) & ~zero).any():
        return []
    return [
        Caution(
            f"'{design.adopted}' of 0 is read as a start in period 0, not as never treated, for periods run from "
            f"{layout.periods[0]} on: {design.told(int(zero.sum()))} {design.units}. If they never start, make theirs "
            "missing."
        )
    ]


def _unit_problems(frame: pd.DataFrame, design: Design, layout: Layout, adopted: np.ndarray) -> list[str]:
    checks = [_duplicates(layout, design), *_changing(frame, design, layout, adopted)]
    if not np.isfinite(adopted).any():
        checks.append(f"adopted '{design.adopted}' holds no treated unit; give the period in which treatment began.")
    if len(layout.periods) == 1:
        checks.append(f"period '{design.period}' holds a single period; some before and after treatment are needed.")
    if layout.n_units == 1 or any(frame[name].nunique() == 1 for name in design.clusters):
        checks.append("there is a single cluster; errors need at least two, and trust many more.")
    return [problem for problem in checks if problem]


def _changing(frame: pd.DataFrame, design: Design, layout: Layout, adopted: np.ndarray) -> list[str]:
    """Name what changes within units and must not."""
    named = [("cluster", name) for name in design.clusters]
    named += [
        (role, name)
        for role in ("sets", "weights", "treated", "eligible")
        if (name := getattr(design, role)) is not None
    ]
    fixed = {("adopted", design.adopted): adopted}
    fixed |= {key: frame[key[1]].to_numpy() if key[0] == "weights" else pd.factorize(frame[key[1]])[0] for key in named}
    counts = {key: layout.n_changing(values) for key, values in fixed.items()}
    return [
        f"{role} '{name}' changes within {count:,} units; it must be the same in all their rows.{ADVICE.get(role, '')}"
        for (role, name), count in counts.items()
        if count
    ]


def _duplicates(layout: Layout, design: Design) -> str:
    what = f"'{design.unit}' and '{design.period}'"
    count = layout.n_repeated
    if not count:
        return ""
    advice = "one row each is needed (dates are told apart by month; number shorter periods)"
    return f"{count:,} rows repeat a unit and period ({what}); {advice}."
