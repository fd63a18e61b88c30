"""Families that the criteria identify in each district, beside the number that was allocated to it.

The report to the Dartford board of 2012 believes that area allocations were "simply based upon arithmetic extrapolation
from those initial figures rather than being a count of real families". Here is that arithmetic: the county's number,
spread over districts as families with children are, and over time evenly; beside it, the count of real families.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.cohort_flow import homes
from tf_eval.cohort.programme import Allocated, Allocation, Programme, Window
from tf_eval.cohort.words import about
from tf_eval.errors import InputError, NotEstimated

BLUE, GREY, INK = "#12436D", "#BFBFBF", "#0B0C0C"


@dataclass(frozen=True, eq=False, repr=False)
class AllocationRow:
    """One district, in the whole programme's time or in a part of it.

    district      its name, or ``"not known"``
    period        the part of the time; empty: all of it. A district with a number of its own for a part of the time has
                  a row for that part and one for the rest.
    identified    families that the criteria identified there and then
    allocated     the number that was allocated (missing: none is told)
    extrapolated  what the county's number comes to there and then, spread evenly over families with children and over
                  time; missing where the records do not cover the county
    assessed      families with children that the spreading went by
    """

    district: str
    period: str
    identified: int
    allocated: int | None
    extrapolated: float | None
    assessed: int

    @property
    def difference(self) -> float | None:
        """Families identified less families extrapolated."""
        return None if self.extrapolated is None else self.identified - self.extrapolated

    def __repr__(self) -> str:
        return f"<AllocationRow: {self.district} {self.period}: {about(self.identified)} families>"


@dataclass(frozen=True, eq=False, repr=False)
class AllocationTable:
    """Families identified and allocated by district; the rows come to ``identified`` and, spread, to the total.

    ``not_spread`` says why nothing could be extrapolated, where it could not.
    """

    programme: Programme
    rows: tuple[AllocationRow, ...]
    not_spread: NotEstimated | None = None

    @property
    def total(self) -> Allocated:
        """The number for the whole county, with its document."""
        return self.programme.allocation.total

    @property
    def identified(self) -> int:
        """Families identified in all districts."""
        return sum(row.identified for row in self.rows)

    def table(self) -> pd.DataFrame:
        """Return one row per district and period: district, period, identified, allocated, extrapolated, difference."""
        names = ["district", "period", "identified", "allocated", "extrapolated", "difference"]
        return pd.DataFrame([{name: getattr(row, name) for name in names} for row in self.rows], columns=names)

    def summary(self) -> str:
        """Return the county's numbers, and how far single districts are from the arithmetic, with rounded counts."""
        told = (
            f"{self.programme.title}: {self.total.families:,} families were allocated, and the criteria identify "
            f"{about(self.identified)}."
        )
        if self.not_spread is not None:
            return f"{told} {self.not_spread.reason}"
        apart = sum(abs(row.difference) >= 0.1 * row.extrapolated for row in self.rows if row.extrapolated)
        return (
            f"{told} Spread evenly over families with children, the number is a tenth or more off the families "
            f"identified in {apart} of {len(self.rows)} rows of the table."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw, for each row, the families identified as a bar, the extrapolated number as a line across it."""
        ax = ax or Figure(figsize=(8, 0.5 * len(self.rows) + 1), layout="constrained").subplots()
        places = np.arange(len(self.rows))
        ax.barh(places, [row.identified for row in self.rows], color=GREY, label="identified")
        for name, mark, colour in (("extrapolated", "|", BLUE), ("allocated", "D", INK)):
            values = [np.nan if getattr(row, name) is None else getattr(row, name) for row in self.rows]
            if np.isfinite(values).any():
                ax.plot(values, places, mark, color=colour, markersize=16 if mark == "|" else 6, mew=3, label=name)
        ax.set_yticks(places, [f"{row.district} {row.period}".strip() for row in self.rows])
        ax.invert_yaxis()
        ax.set_xlabel("families")
        ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
        return ax

    def to_dict(self) -> dict[str, Any]:
        """Return the rows and the documents as plain values; no single family is in it."""
        allocation = self.programme.allocation
        return {
            "rows": [{**asdict(row), "difference": row.difference} for row in self.rows],
            "total": _document(allocation.total),
            "districts": {name: _document(item) for name, item in allocation.districts.items()},
            "not_spread": None if self.not_spread is None else self.not_spread.to_dict(),
        }

    def __repr__(self) -> str:
        return f"<AllocationTable: {self.summary()}>"


def compare_allocation(programme: Programme, families: pd.DataFrame, assessed: Mapping[str, int]) -> AllocationTable:
    """Return the families identified by district beside the allocated and the extrapolated numbers.

    Args:
        programme: the programme.
        families: the cohort's families.
        assessed: how many families with children live in each district.

    Raises:
        InputError: the programme's file states no allocation.
    """
    allocation = programme.allocation
    if allocation is None:
        raise InputError(f"allocation: the programme '{programme.name}' states none; add 'allocation' to its file")
    missing = [district for district in allocation.area if not assessed.get(district)]
    identified = families[families["qualified_on"].notna()]
    rows = [
        row
        for district in _districts(allocation, {*assessed, *homes(identified["district"])})
        for row in _rows(programme, district, identified, assessed, spread=not missing)
    ]
    reason = "These records do not cover the whole area that the number is for, so it is not spread over districts."
    return AllocationTable(programme, tuple(rows), NotEstimated(reason) if missing else None)


def _districts(allocation: Allocation, found: set[str]) -> list[str]:
    """The area's districts that the records know, in its order, and then all others."""
    return [*(name for name in allocation.area if name in found), *sorted(found - set(allocation.area))]


def _rows(
    programme: Programme, district: str, identified: pd.DataFrame, assessed: Mapping[str, int], *, spread: bool
) -> Iterator[AllocationRow]:
    here = identified.loc[homes(identified["district"]) == district, "qualified_on"]
    number = programme.allocation.total.families * assessed.get(district, 0) / max(sum(assessed.values()), 1)
    for period, allocated, chosen, share in _periods(programme, district, here):
        extrapolated = number * share if spread else None
        yield AllocationRow(district, period, int(chosen.sum()), allocated, extrapolated, assessed.get(district, 0))


def _periods(
    programme: Programme, district: str, days: pd.Series
) -> Iterator[tuple[str, int | None, pd.Series, float]]:
    """Yield the name of each period, its number, which of the days lie in it, and its share of the whole time."""
    allocated, whole = programme.allocation.districts.get(district), programme.window
    if allocated is None or allocated.window == whole:
        yield "", allocated and allocated.families, days.notna(), 1.0
        return
    window = allocated.window
    inside = (days >= pd.Timestamp(window.start)) & (days < pd.Timestamp(window.until))
    share = (window.until - window.start) / (whole.until - whole.start)
    yield f"from {_month(window, 'start')} to before {_month(window, 'until')}", allocated.families, inside, share
    yield "at other times", None, ~inside, 1 - share


def _month(window: Window, end: str) -> str:
    return f"{getattr(window, end):%B %Y}"


def _document(allocated: Allocated) -> dict[str, Any]:
    window = [allocated.window.start.isoformat(), allocated.window.until.isoformat()]
    return {"families": allocated.families, "window": window, "quote": allocated.quote, "source": allocated.source}
