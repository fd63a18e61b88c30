"""Families identified in each district beside the number allocated to it, as they may be shown."""

from collections.abc import Sequence

from tf_eval.release.counts import release_counts
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import NOT_AVAILABLE, SUPPRESSED, Shown, is_number
from tf_eval.release.views import AllocationRow, AllocationView


def release_allocation(view: AllocationView, rules: Rules) -> Released:
    """Release identified, allocated and extrapolated numbers by district.

    What was allocated stands in public documents. What is extrapolated tells how many families are assessed in a
    district: it is hidden where that number would be, and rounded like a count. Differences are of what is shown.
    """
    identified = release_counts([row.identified for row in view.rows], rules)
    assessed = _assessed(view.rows, rules)
    rows = [
        _row(row, shown, assessed[row.district], rules) for row, shown in zip(view.rows, identified.cells, strict=True)
    ]
    payload = {
        "rows": rows,
        "identified": identified.total,
        "allocated": view.allocated,
        "sources": list(view.sources),
    }
    hidden = any(SUPPRESSED in row.values() for row in rows)
    note = f"[c] where fewer than {rules.threshold} families are counted, or a sum would show them."
    return Released("allocation", "Families identified and allocated", payload, (note,) if hidden else ())


def _assessed(rows: Sequence[AllocationRow], rules: Rules) -> dict[str, Shown]:
    """A district that has two periods is one cell of the table of assessed families."""
    counts = {row.district: row.assessed for row in rows}
    return dict(zip(counts, release_counts(list(counts.values()), rules).cells, strict=True))


def _row(row: AllocationRow, identified: Shown, assessed: Shown, rules: Rules) -> dict[str, Shown]:
    extrapolated = _extrapolated(row, assessed, rules)
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


def _extrapolated(row: AllocationRow, assessed: Shown, rules: Rules) -> Shown:
    if row.extrapolated is None:
        return NOT_AVAILABLE
    return rules.shown(round(row.extrapolated)) if is_number(assessed) else SUPPRESSED
