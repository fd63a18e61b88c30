"""Families identified in each district beside the number allocated to it, as they may be shown."""

from collections.abc import Sequence
from typing import Any

from tf_eval.release.counts import release_counts
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_AVAILABLE, SUPPRESSED, Shown, is_number
from tf_eval.release.views import AllocationRow, AllocationView


def release_allocation(view: AllocationView, rules: Rules) -> Released:
    """Release identified, allocated and extrapolated numbers by district.

    What was allocated stands in public documents. What is extrapolated tells how many families with children live in a
    district, so it is worked out anew from the numbers of those as they may be shown, and hidden where they are.
    Differences are of what is shown.
    """
    identified = release_counts([row.identified for row in view.rows], rules)
    payload = {**allocated(view, identified.cells, rules), "identified": identified.total}
    hidden = any(SUPPRESSED in row.values() for row in payload["rows"])
    note = f"[c] where fewer than {rules.threshold} families are counted, or a sum would show them."
    return Released("allocation", "Families identified and allocated", payload, (note,) if hidden else ())


def allocated(view: AllocationView, identified: Sequence[Shown], rules: Rules) -> dict[str, Any]:
    """Return what may be shown beside the families identified of each row, which are shown as they come in."""
    rescaled = _rescaled(view.rows, rules)
    rows = [_row(row, shown, rescaled[row.district], rules) for row, shown in zip(view.rows, identified, strict=True)]
    total = NOT_AVAILABLE if view.allocated is None else view.allocated
    return {"rows": rows, "allocated": total, "sources": list(view.sources)}


def _rescaled(rows: Sequence[AllocationRow], rules: Rules) -> dict[str, float | None]:
    """Return by which factor a district's share of families with children changes when it is made of shown counts.

    None where one of them is hidden. A district that has two periods is one cell of the table.
    """
    counts = {row.district: row.assessed for row in rows}
    table = release_counts(list(counts.values()), rules)
    if not is_number(table.total):
        return dict.fromkeys(counts)
    of_all = sum(counts.values()) / table.total
    return {
        district: cell / counts[district] * of_all if is_number(cell) else None
        for district, cell in zip(counts, table.cells, strict=True)
    }


def _row(row: AllocationRow, identified: Shown, rescaled: float | None, rules: Rules) -> dict[str, Shown]:
    extrapolated = _extrapolated(row, rescaled, rules)
    both = is_number(identified) and is_number(extrapolated)
    hidden = SUPPRESSED if SUPPRESSED in (identified, extrapolated) else NOT_AVAILABLE
    return {
        "district": row.district,
        "period": row.period,
        "identified": identified,
        "allocated": NOT_AVAILABLE if row.allocated is None else row.allocated,
        "extrapolated": extrapolated,
        "difference": identified - extrapolated if both else hidden,
    }


def _extrapolated(row: AllocationRow, rescaled: float | None, rules: Rules) -> Shown:
    """A share that is made of rounded counts is no finer than they are."""
    if row.extrapolated is None:
        return NOT_AVAILABLE
    return SUPPRESSED if rescaled is None else rules.shown(round(row.extrapolated * rescaled))
