"""The love plot: how alike the groups were, before and after matching or weighting."""

from collections.abc import Mapping, Sequence
from typing import Any

from tf_eval.release.shorthand import is_number
from tf_eval.report.figures.differences import Mark, differences_svg
from tf_eval.report.numerals import number
from tf_eval.report.style import Drawing


def draw_balance(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the love plot, largest difference first; ``None`` where the differences are hidden."""
    rows = [row for row in payload["rows"] if is_number(row["after"])]
    if not rows:
        return None
    by, threshold = payload["adjusted_by"], payload["threshold"]
    return Drawing(
        svg=differences_svg(rows, Mark("after", f"after {by}"), Mark("before", "before"), reach=threshold),
        headline=_headline(rows, by),
        measure="Standardised difference between families with this support and like families, before the start. "
        f"In the shaded band (up to {number(threshold)}) the groups count as alike in a characteristic. The check is "
        f"passed where none differs by more than {number(payload['limit'])}.",
        alt=_alt(rows, by),
    )


def _headline(rows: Sequence[Mapping[str, Any]], by: str) -> str:
    after, before = (
        max((abs(row[name]) for row in rows if is_number(row[name])), default=None) for name in ("after", "before")
    )
    if before is None:
        return f"Largest difference between the groups after {by}: {number(after)}"
    return f"Largest difference between the groups: {number(before)} before {by}, {number(after)} after"


def _alt(rows: Sequence[Mapping[str, Any]], by: str) -> str:
    widest = max(rows, key=lambda row: abs(row["after"]))
    return (
        f"Dot chart of {len(rows)} standardised differences before and after {by}. {_headline(rows, by)}. "
        f"The largest after {by} is {number(widest['after'])}, in: {widest['label']}."
    )
