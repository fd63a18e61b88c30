"""A released table of estimates, read: which can be pooled, which are hidden, and what must not be pooled at all."""

import re
from collections.abc import Hashable, Iterator
from datetime import date
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool

from tf_eval.did.arguments import require_given
from tf_eval.errors import InputError, raise_all
from tf_eval.evidence.pooling.design import PoolingDesign
from tf_eval.matching.arguments import require_frame
from tf_eval.matching.display import so_many

SHORTHAND = re.compile(r"\s*\[[a-z]+\]\s*")  # what government statistics write where no number can stand, such as [c]
TOLD = ("degrees_of_freedom", "base_rate")  # numbers that serve where the table has them
SMALLEST, LARGEST = 1e-30, 1e30  # fourth powers of the ratio of such errors can still be told from 0
WHERE = "pool_effects"
Labels = tuple[Hashable, ...]


def read_estimates(table: Any, design: PoolingDesign) -> pd.DataFrame:
    """Return a frame with a row for each estimate, in the table's order.

    Its columns are ``group`` (the labels of its group), ``place``, ``first`` and ``last`` (of its periods; missing
    where none are named), ``effect`` and ``std_error`` (both missing where either is hidden), ``unit``,
    ``degrees_of_freedom`` (infinite where not told) and ``base_rate``. Raises ``InputError``.
    """
    require_frame(table, WHERE)
    require_given(table, design.columns, WHERE)
    raise_all(InputError, WHERE, _unlabelled(table, design))
    columns = {"effect": design.effect, "std_error": design.std_error} | {name: name for name in TOLD if name in table}
    numbers = {name: _as_numbers(table[column]) for name, column in columns.items()}
    labels = list(zip(*(table[name] for name in design.by), strict=True)) or [()] * len(table)
    rows = pd.DataFrame({"group": labels, "place": table[design.place], **numbers}, index=table.index)
    rows["first"], rows["last"] = (_times(table[design.period[end]]) if design.period else pd.NA for end in (0, -1))
    rows["unit"] = table.get("unit", pd.NA)
    rows["base_rate"] = rows.get("base_rate", np.nan)
    rows["degrees_of_freedom"] = rows.get("degrees_of_freedom", pd.Series(np.inf, rows.index)).fillna(np.inf)
    strange = [
        f"{column} holds no number in {so_many(count, 'row')}; hidden ones are written as [c]."
        for name, column in columns.items()
        if (count := int((rows[name].isna() & ~_is_hidden(table[column])).sum()))
    ]
    raise_all(InputError, WHERE, [*strange, *_out_of_range(rows, design), *_bad_periods(rows, design)])
    rows.loc[rows[["effect", "std_error"]].isna().any(axis=1), ["effect", "std_error"]] = np.nan
    raise_all(InputError, WHERE, _not_together(rows, design))
    return rows.reset_index(drop=True)


def grouped(rows: pd.DataFrame) -> Iterator[tuple[Labels, pd.DataFrame]]:
    """Yield the labels of each group, in the order in which they appear, with its rows."""
    for labels in dict.fromkeys(rows["group"]):
        yield labels, rows[[own == labels for own in rows["group"]]]


def _is_hidden(column: pd.Series) -> pd.Series:
    """Return which cells hold no number because it is missing or hidden."""
    return column.isna() | column.map(lambda cell: isinstance(cell, str) and bool(SHORTHAND.fullmatch(cell)))


def _as_numbers(column: pd.Series) -> pd.Series:
    """Return a column as floats: a table read from a file that has [c] in it holds its numbers as text.

    True and False are no numbers, though pandas reads them as 1 and 0.
    """
    return pd.to_numeric(column.mask(_is_hidden(column) | column.map(is_bool)), errors="coerce").astype(float)


def _times(column: pd.Series) -> pd.Series:
    """Return dates that are held as objects as dates of pandas; any other column as it is."""
    is_dates = column.dtype == object and all(isinstance(cell, date) for cell in column)
    return pd.to_datetime(column) if is_dates else column


def _unlabelled(table: pd.DataFrame, design: PoolingDesign) -> list[str]:
    if table.empty:
        return ["the table has no row."]
    missing = {name: int(table[name].isna().sum()) for name in design.key}
    return [f"{name} is missing in {so_many(count, 'row')}; fill it in." for name, count in missing.items() if count]


def _out_of_range(rows: pd.DataFrame, design: PoolingDesign) -> list[str]:
    """Say which numbers are too large, and which errors are none."""
    problems = [
        f"{getattr(design, name)} is beyond {LARGEST:g} somewhere; take a larger unit."
        for name in ("effect", "std_error")
        if (rows[name].abs() > LARGEST).any()
    ]
    none = int((rows["std_error"] < SMALLEST).sum())
    if none:
        told = f"{design.std_error} is 0 or below in {so_many(none, 'row')}"
        problems.append(f"{told}; an error that was rounded to 0 has to be given with more digits.")
    if (rows["degrees_of_freedom"] <= 0).any():
        problems.append("degrees_of_freedom must be above 0; leave them empty where they are not known.")
    return problems


def _bad_periods(rows: pd.DataFrame, design: PoolingDesign) -> list[str]:
    if not design.period:
        return []
    kinds = {_kind_of_time(rows[end]) for end in ("first", "last")}
    if None in kinds or len(kinds) > 1:
        return [
            f"{' and '.join(design.period)} must hold numbers, dates or periods of pandas, so that overlaps can be "
            "seen; of spans, such as 2015-18, name two columns, period=('first', 'last')."
        ]
    return ["a last period lies before its first."] if (rows["last"] < rows["first"]).any() else []


def _kind_of_time(column: pd.Series) -> str | None:
    if isinstance(column.dtype, pd.PeriodDtype):
        return str(column.dtype)
    if pd.api.types.is_datetime64_any_dtype(column):
        return "dates"
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return "numbers" if is_number else None


def _not_together(rows: pd.DataFrame, design: PoolingDesign) -> list[str]:
    """Say which rows are the same place twice, or are in different units."""
    problems = _spelled_twice(rows["place"])
    for labels, group in grouped(rows):
        named = f" ({', '.join(map(str, labels))})" if labels else ""
        problems += [f"{problem}{named}" for problem in (*_doubled(group, design), *_units(group))]
    return problems


def _spelled_twice(places: pd.Series) -> list[str]:
    known = pd.Series(places.unique()).astype(str)
    alike = known.groupby(known.str.split().str.join(" ").str.casefold()).agg(list)
    twice = [" and ".join(map(repr, names)) for names in alike if len(names) > 1]
    return [f"{names} look like one place; write it in one way." for names in twice]


def _doubled(group: pd.DataFrame, design: PoolingDesign) -> Iterator[str]:
    for place, own in group.groupby("place", sort=False, observed=True):
        if len(own) > 1 and not design.period:
            yield f"'{place}' has {len(own)} rows; keep one, or name the period that tells them apart"
        elif _overlap(own):
            yield f"'{place}' has periods that overlap and would count the same families twice; keep one of them"


def _overlap(own: pd.DataFrame) -> bool:
    """Whether a period begins before all of those that began earlier had ended."""
    spans = sorted(zip(own["first"], own["last"], strict=True)) if len(own) > 1 else []
    ended = accumulate((last for _, last in spans), max)
    return any(first <= before for (first, _), before in zip(spans[1:], ended, strict=False))


def _units(group: pd.DataFrame) -> Iterator[str]:
    units = [str(unit) for unit in group["unit"].dropna().unique()]
    if len(units) > 1:
        yield f"effects are in different units, {', '.join(units)}; bring them to one, or name unit in by"
    elif units and group["unit"].isna().any():
        yield f"some effects are in {units[0]} and some have no unit; name the unit of all"
