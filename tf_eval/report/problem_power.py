"""What a check could not have seen, for the problem report: kinds with too few rows to tell a gap from chance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from tf_eval.release.shorthand import is_number
from tf_eval.report.problem_words import agency_words, count_words, kind_words
from tf_eval.report.tables import Column, html_table

KINDS = ["agency", "table_name", "kind"]
TERMLY = "attendance"
NEVER, NOT_LOOKED_FOR = "never", "not looked for"
_COLUMNS = (
    Column("kind", "Rows of", numeric=False),
    Column("agency", "Agency", numeric=False),
    Column("usual", "Rows in a usual month or term"),
    Column("county", "Whole county: gap found from", numeric=False),
    Column("district", "One district: gap found from", numeric=False),
    Column("change", "Whole county: found once rows fall or rise to", numeric=False),
    Column("change_of_district", "One district: found once rows fall or rise to", numeric=False),
)


def unseen(power: pd.DataFrame) -> dict[str, Any]:
    """Return how many kinds there are, in how many a single missing period is seen, and a table of the others.

    Arguments: ``power`` as ``County.pattern_power`` returns it.
    """
    kinds, thin = by_kind(power), thin_kinds(power)
    columns = [column for column in _COLUMNS if "district" not in column.name or power.district.notna().any()]
    table = html_table("Kinds of rows of which a single missing month or term may not be seen", columns, _lines(thin))
    return {"kinds": len(kinds), "seen": len(kinds) - len(thin), "table": table if thin else Markup()}


def by_kind(power: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each kind of records: all kinds of a table together are none, attendance is one."""
    of_kinds = power[power.kind.notna() | (power.table_name == TERMLY)]
    return [rows for _, rows in of_kinds.groupby(KINDS, dropna=False)]


def thin_kinds(power: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each kind of which a single missing period may not be seen, the least seen first."""
    return sorted((rows for rows in by_kind(power) if not sees_all(rows)), key=_least_seen_first)


def released_power(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return power as the gate released it in the shape of ``County.pattern_power``.

    Usual rows that are hidden are few: the table says so of any count below ten.
    """
    return pd.DataFrame(
        [{**row, "usual_rows": row["usual_rows"] if is_number(row["usual_rows"]) else 0} for row in rows],
        columns=[*KINDS, "district", "usual_rows", "gap_periods", "fall", "rise"],
    )


def sees_all(power: pd.DataFrame) -> bool:
    """Whether a single missing period would be found in every place that these rows are about."""
    return bool(power.gap_periods.eq(1).fillna(False).all())


def gap_words(gaps: Sequence[float], unit: str) -> str:
    """Return how long gaps have to be: from where least is needed to where most is, which may never be found."""
    known = sorted(int(gap) for gap in gaps if pd.notna(gap))
    if not known:
        return NEVER
    least, most = known[0], known[-1]
    if len(known) < len(gaps):
        return f"{_periods(least, unit)} to {NEVER}"
    return f"{least} to {_periods(most, unit)}" if least < most else _periods(most, unit)


def _periods(count: int, unit: str) -> str:
    return f"{count} {unit}{'s' * (count > 1)}"


def _least_seen_first(rows: pd.DataFrame) -> tuple[float, float, int]:
    county = rows[rows.district.isna()]
    never = float("inf")
    return (
        -county.gap_periods.astype(float).fillna(never).max(),
        -rows.gap_periods.astype(float).fillna(never).max(),
        county.usual_rows.min(),
    )


def _lines(thin: list[pd.DataFrame]) -> Iterator[dict[str, str]]:
    for rows in thin:
        agency, table, kind = rows.iloc[0][KINDS]
        county, districts = rows[rows.district.isna()], rows[rows.district.notna()]
        unit = "term" if table == TERMLY else "month"
        yield {
            "kind": kind_words(table, None if pd.isna(kind) else kind),
            "agency": agency_words(agency),
            "usual": count_words(int(county.usual_rows.iloc[0])),
            "county": gap_words(list(county.gap_periods), unit),
            "district": gap_words(list(districts.gap_periods), unit),
            "change": _change(county),
            "change_of_district": _change(districts),
        }


def _change(places: pd.DataFrame) -> str:
    """Return the smallest lasting changes that would be found in every one of some places."""
    if places.kind.isna().all():
        return NOT_LOOKED_FOR
    fall, rise = (None if places[name].isna().any() else places[name] for name in ("fall", "rise"))
    said = [f"{100 * fall.min():.0f}%"] if fall is not None else []
    said += [f"{rise.max():g} times"] if rise is not None else []
    return " or ".join(said) or NEVER
