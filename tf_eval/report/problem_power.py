"""What a check could not have seen, for the problem report: kinds with too few rows to tell a gap from chance."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from markupsafe import Markup

from tf_eval.report.problem_words import agency_words, count_words, kind_words
from tf_eval.report.tables import Column, html_table

KINDS = ["agency", "table_name", "kind"]
_COLUMNS = (
    Column("kind", "Rows of", numeric=False),
    Column("agency", "Agency", numeric=False),
    Column("usual", "Rows in a usual month or term"),
    Column("county", "Whole county: gap found from", numeric=False),
    Column("district", "One district: gap found from", numeric=False),
    Column("change", "Whole county: change found", numeric=False),
    Column("change_of_district", "One district: change found", numeric=False),
)


def unseen(power: pd.DataFrame) -> dict[str, Any]:
    """Return how many kinds there are, in how many a single missing period is seen, and a table of the others.

    Arguments: ``power`` as ``County.pattern_power`` returns it.
    """
    kinds = [rows for _, rows in power.groupby(KINDS, dropna=False)]
    thin = sorted((rows for rows in kinds if not sees_all(rows)), key=_least_seen_first)
    columns = [column for column in _COLUMNS if "district" not in column.name or power.district.notna().any()]
    table = html_table("Kinds of rows of which a single missing month or term may not be seen", columns, _lines(thin))
    return {"kinds": len(kinds), "seen": len(kinds) - len(thin), "table": table if thin else Markup()}


def sees_all(power: pd.DataFrame) -> bool:
    """Whether a single missing period would be found in every place that these rows are about."""
    return bool((power.gap_periods == 1).all())


def _least_seen_first(rows: pd.DataFrame) -> tuple[float, float, int]:
    county = rows[rows.district.isna()]
    never = float("inf")
    return (
        -county.gap_periods.fillna(never).max(),
        -rows.gap_periods.fillna(never).max(),
        county.usual_rows.min(),
    )


def _lines(thin: list[pd.DataFrame]) -> Iterator[dict[str, str]]:
    for rows in thin:
        agency, table, kind = rows.iloc[0][KINDS]
        county, districts = rows[rows.district.isna()], rows[rows.district.notna()]
        unit = "term" if table == "attendance" else "month"
        yield {
            "kind": _kind(table, kind),
            "agency": agency_words(agency),
            "usual": count_words(int(county.usual_rows.iloc[0])),
            "county": _gap(county, unit),
            "district": _gap(districts, unit),
            "change": _change(county),
            "change_of_district": _change(districts),
        }


def _kind(table: str, kind: str | None) -> str:
    if pd.isna(kind):
        return "Attendance" if table == "attendance" else f"All kinds of {table} together"
    return kind_words(table, kind)


def _gap(places: pd.DataFrame, unit: str) -> str:
    """Return how long gaps have to be: from the place in which least is needed to the one in which most is."""
    if places.gap_periods.isna().all():
        return "cannot be told"
    least, most = int(places.gap_periods.min()), int(places.gap_periods.max())
    if places.gap_periods.isna().any():
        return f"{least} {unit}s, or cannot be told"
    return f"{least} to {most} {unit}s" if least < most else f"{most} {unit}{'s' * (most > 1)}"


def _change(places: pd.DataFrame) -> str:
    """Return the smallest lasting changes that would be found in every one of some places."""
    if places.kind.isna().all():
        return "looked for kind by kind"
    fall, rise = (None if places[name].isna().any() else places[name] for name in ("fall", "rise"))
    said = [f"a fall to {100 * fall.min():.0f}%"] if fall is not None else []
    said += [f"a rise to {rise.max():g} times"] if rise is not None else []
    return " or ".join(said) or "cannot be told"
