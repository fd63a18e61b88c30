"""From a caller's frame to the arrays of a matching problem, in an order that does not depend on the frame's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from tf_eval.errors import EstimationError, InputError, raise_all, require_columns
from tf_eval.matching.arguments import require_frame
from tf_eval.matching.design import Design
from tf_eval.matching.reading.canonical import canonical_order, canonical_ranks
from tf_eval.matching.reading.coarsening import coarsen, uncut_problems
from tf_eval.matching.reading.codes import joint_code
from tf_eval.matching.reading.columns import number_problems
from tf_eval.matching.reading.covariates import Covariates, code_covariates, covariate_problems, level_codes
from tf_eval.matching.reading.distances import DISTANCES
from tf_eval.matching.reading.missing import INDICATOR
from tf_eval.matching.reading.reordered import Reordered

ISO_DATE = r"\d{4}(-\d{2}){0,2}"
ADDED_COLUMNS = ("weight", "set_id", "propensity_score", "score")


@runtime_checkable
class Arms(Protocol):
    """Treated rows and possible comparison rows, with the names of the columns that say which is which."""

    frame: pd.DataFrame
    treated: str
    unit: str | None
    risk_set: str | None


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows of a frame as arrays in canonical order; whole-number codes follow the sorted order of the values.

    The canonical order sorts by unit, then risk set, the covariates in the order of ``on``, the exact columns, all
    other columns, and the row label. It decides every tie, so that shuffled rows give the same match. Rows that are
    alike in all but the label have one number in ``twin``, which rises with the order.
    """

    input_row: np.ndarray
    treated: np.ndarray
    covariates: Covariates
    exact_cell: np.ndarray
    risk_set: np.ndarray
    unit: np.ndarray
    score: np.ndarray | None
    near: np.ndarray
    apart: np.ndarray
    alike: np.ndarray
    position: np.ndarray | None
    twin: np.ndarray


def take_apart(data: Any, given: dict[str, str | None]) -> tuple[pd.DataFrame, dict[str, str | None]]:
    """Return the frame, and the column names of ``given`` filled up from ``data`` where it is ``Arms``."""
    if isinstance(data, pd.DataFrame) or not isinstance(data, Arms):
        return data, given
    return data.frame, {key: getattr(data, key) if name is None else name for key, name in given.items()}


def accompanied(data: Any, on: Sequence[str]) -> tuple[str, ...]:
    """Return covariates, and behind them the companions that arms have for them (see ``match``)."""
    companions = getattr(data, "companions", {}) if isinstance(data, Arms) else {}
    found = dict.fromkeys(companions[name] for name in on if name in companions)
    return (*on, *(name for name in found if name not in on))


def read_sample(frame: pd.DataFrame, design: Design) -> Sample:
    """Check ``frame`` against ``design`` and return it as arrays.

    Raises one ``InputError`` that names all problems, and ``EstimationError`` where no comparison row is left.
    """
    require_frame(frame, "match")
    require_columns(frame.columns, design.columns(), "match")
    if frame.empty:
        raise InputError("match: the frame has no rows")
    raise_all(InputError, "match", _problems(frame, design))
    frame = frame[design.columns()]
    rank = _canonical_ranks(frame, design)
    order = canonical_order(rank, frame.index.to_series())
    order = order[_at_risk(frame, design)[order]]
    rows = Reordered(frame, order)
    treated = rows[design.treated].to_numpy(dtype=bool)
    if treated.all():
        raise EstimationError("match: every comparison row belongs to a unit that had itself been treated by then")
    return Sample(
        input_row=order,
        treated=treated,
        covariates=code_covariates(rows, design.on, design.missing),
        exact_cell=_joint_codes(rows, design.exact),
        risk_set=_joint_codes(rows, _given(design.risk_set)),
        unit=_joint_codes(rows, [design.unit]) if design.unit else np.arange(len(rows)),
        score=rows[design.score].to_numpy(dtype=float) if design.score else None,
        near=_in_calipers(rows, design),
        apart=_codes_of_each(rows, design.anti_exact),
        alike=_alike(rows, design),
        position=_positions(rows, treated, design),
        twin=rank[order],
    )


def _in_calipers(rows: Reordered, design: Design) -> np.ndarray:
    """Return the covariates with a caliper of their own, in units of it; one that never varies keeps any."""
    spread = {name: widest * rows[name].std() for name, widest in design.calipers_sd.items()}
    widest = {**design.calipers, **{name: width or 1.0 for name, width in spread.items()}}
    return _side_by_side([rows[name].to_numpy(dtype=float) / width for name, width in widest.items()], len(rows))


def _codes_of_each(rows: Reordered, columns: Sequence[str]) -> np.ndarray:
    return _side_by_side([level_codes(rows[name])[0] for name in columns], len(rows))


def _side_by_side(columns: Sequence[np.ndarray], length: int) -> np.ndarray:
    """Return columns in one array of so many rows, of which each column stands together in memory."""
    return np.array(columns).T if columns else np.empty((length, 0), dtype=np.int64)


def _alike(rows: Reordered, design: Design) -> np.ndarray:
    if design.method == "coarsened_exact":
        return coarsen(rows, design.on, design.cutpoints)
    return _codes_of_each(rows, design.on if design.method == "exact" else ())


def _positions(rows: Reordered, treated: np.ndarray, design: Design) -> np.ndarray | None:
    place = DISTANCES["mahalanobis" if design.k_to_k else design.distance]
    if place is None:
        return None
    covariates = code_covariates(rows, design.distance_on or design.on, design.missing)
    position = place(covariates.values, treated)
    return position if position.shape[1] else np.zeros((len(rows), 1))  # where nothing varies, all are as far


def _problems(frame: pd.DataFrame, design: Design) -> list[str]:
    clashes = [name for name in ADDED_COLUMNS if name in frame.columns and (name, design.score) != ("score", "score")]
    problems = [f"the frame already has a column '{name}', which the match adds; rename it" for name in clashes]
    problems += [*_missing_problems(frame, design), *_order_problems(frame, design)]
    problems += covariate_problems(frame, list(dict.fromkeys((*design.on, *design.distance_on))))
    problems += [
        f"the caliper on '{name}' needs a column of numbers"
        for name in (*design.calipers, *design.calipers_sd)
        if not pd.api.types.is_numeric_dtype(frame[name])
    ]
    problems += [*uncut_problems(frame, design.cutpoints), *_score_problems(frame, design.score)]
    return problems or _arm_problems(frame[design.treated], design.treated)


def _missing_problems(frame: pd.DataFrame, design: Design) -> list[str]:
    missing = [name for name in design.columns() if frame[name].isna().any() and name not in design.fillable()]
    could = replace(design, missing=INDICATOR).fillable()
    advice = {
        "for a covariate, missing='indicator' fills them; else leave the rows out": could.intersection(missing),
        "leave the rows out, or give these a value of their own": set(missing).difference(could),
    }
    return [
        f"missing values in {', '.join(repr(name) for name in missing if name in names)}; {what}"
        for what, names in advice.items()
        if names
    ]


def _order_problems(frame: pd.DataFrame, design: Design) -> list[str]:
    """Units serve in the order of their risk sets, which text has only where it is a date from the year on."""
    name = design.risk_set
    if name is None or design.unit is None or not _sorts_as_text(frame[name]):
        return []
    if frame[name].dropna().astype(str).str.fullmatch(ISO_DATE).all():
        return []
    return [
        f"the risk sets of '{name}' are text, which would put '10' before '2'; give numbers, dates, text such as "
        "2013-10, or an ordered category"
    ]


def _sorts_as_text(column: pd.Series) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return not column.cat.ordered and pd.api.types.is_string_dtype(column.cat.categories)
    return pd.api.types.is_string_dtype(column)


def _score_problems(frame: pd.DataFrame, name: str | None) -> list[str]:
    if name is None:
        return []
    problems = number_problems(frame[name], f"the score '{name}'", "must be a number")
    return [f"{problem}; use log odds of probabilities inside (0, 1)" for problem in problems]


def _arm_problems(column: pd.Series, name: str) -> list[str]:
    if not pd.api.types.is_numeric_dtype(column) and column.isin((0, 1)).all():
        return [f"'{name}' holds 0 and 1 as {column.dtype}; turn it into whole numbers, as by astype(int)"]
    if not (pd.api.types.is_numeric_dtype(column) and column.isin((0, 1)).all()):
        return [f"'{name}' must say who was treated: 1 or True for treated, 0 or False for comparison, nothing else"]
    absent = [arm for arm, code in (("treated", 1), ("comparison", 0)) if not (column == code).any()]
    return [f"there are no {arm} rows: '{name}' has one value only" for arm in absent]


def _given(*columns: str | None) -> list[str]:
    return [name for name in columns if name is not None]


def _canonical_ranks(frame: pd.DataFrame, design: Design) -> np.ndarray:
    first = _given(design.unit, design.risk_set)
    columns = [*first, *design.on, *design.exact, *_given(design.score), *design.columns()]
    return canonical_ranks(frame[name] for name in dict.fromkeys(columns))


def _at_risk(frame: pd.DataFrame, design: Design) -> np.ndarray:
    """Say which rows stand: a unit is no comparison from the risk set on in which it was itself treated.

    So no unit is its own comparison, and none is compared after its own start.
    """
    treated = frame[design.treated].to_numpy(dtype=bool)
    if design.unit is None:
        return np.ones(len(frame), dtype=bool)
    unit, risk_set = _joint_codes(frame, [design.unit]), _joint_codes(frame, _given(design.risk_set))
    first_treated = np.full(unit.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first_treated, unit[treated], risk_set[treated])
    return treated | (risk_set < first_treated[unit])


def _joint_codes(rows: pd.DataFrame | Reordered, columns: Sequence[str]) -> np.ndarray:
    """Return one whole number for each combination of values, in the sorted order of the values."""
    if not columns:
        return np.zeros(len(rows), dtype=np.int64)
    return joint_code([level_codes(rows[name])[0] for name in columns])
