"""The effect on one outcome month by month, before and after the start."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.release.shorthand import is_number
from tf_eval.report.style import BLUE, PALE, QUIET, Drawing, inches, render, zero_line
from tf_eval.report.words import in_sentence, unit_words

Rows = Sequence[Mapping[str, Any]]


def draw_event_study(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the line of monthly effects with its intervals; ``None`` where no month has a number."""
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    if not rows:
        return None
    axis = unit_words(payload["unit"]).axis
    return Drawing(
        svg=render(_draw, payload, height=2.9),
        headline=f"{payload['label']}: {_after(rows, payload['unit'])}, {_before(rows)}",
        measure=f"Difference between supported and similar families, {axis}, by month from the start of support. "
        "The bars are 95% intervals.",
        alt=_alt(payload, rows),
    )


def _apart(rows: Rows) -> list[int]:
    """Return for each month -1 or 1 where its whole interval is on one side of no difference, else 0."""
    return [-1 if row["ci_high"] < 0 else int(row["ci_low"] > 0) for row in rows]


def _after(rows: Rows, unit: str) -> str:
    months = _apart([row for row in rows if row["event_time"] > 0])
    words = unit_words(unit)
    for way, name in ((-1, words.less), (1, words.more)):
        if months.count(way) > max(months.count(-way), len(months) / 20):
            return f"clearly {name} in {months.count(way)} of {len(months)} months after the start"
    return "no clear difference after the start"


def _before(rows: Rows) -> str:
    """About one month in twenty lies apart by chance alone."""
    months = _apart([row for row in rows if row["event_time"] < 0])
    drifted = sum(way != 0 for way in months)
    return "no drift before it" if drifted <= max(1, len(months) / 20) else "some drift before it"


def _alt(payload: Mapping[str, Any], rows: Rows) -> str:
    first, last = rows[0]["event_time"], rows[-1]["event_time"]
    return (
        f"Line chart of the effect on {in_sentence(payload['label'])} from month {first} to month {last}. "
        f"There is {_before(rows)}; {_after(rows, payload['unit'])}. The numbers are in the table below."
    )


def _draw(figure: Figure, payload: Mapping[str, Any]) -> None:
    axes = inches(figure, left=0.6, right=0.1, top=0.35, bottom=0.5)
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    zero_line(axes, vertical=False)
    axes.axvspan(*_window(payload), color=PALE, zorder=0, linewidth=0)
    _months(axes, rows)
    axes.locator_params(axis="y", nbins=6)
    axes.set_xticks([time for time in range(-24, 25, 6) if rows[0]["event_time"] <= time <= rows[-1]["event_time"]])
    axes.set_xlabel("Months from the start of support")
    words = unit_words(payload["unit"])
    axes.set_title(f"\u2191 {words.more}   \u2193 {words.less}", loc="left", fontsize=11, color=QUIET)
    axes.text(
        sum(_window(payload)) / 2, 0.02, "baseline", transform=axes.get_xaxis_transform(), ha="center", color=QUIET
    )


def _window(payload: Mapping[str, Any]) -> tuple[float, float]:
    first, last = payload["baseline"]
    return first - 0.5, last + 0.5


def _months(axes: Axes, rows: Rows) -> None:
    times = [row["event_time"] for row in rows]
    axes.vlines(times, [row["ci_low"] for row in rows], [row["ci_high"] for row in rows], color=BLUE, alpha=0.45)
    axes.plot(times, [row["effect"] for row in rows], "o", color=BLUE, markersize=4.5)
    axes.axvline(0, color=QUIET, linewidth=1, linestyle=(0, (3, 2)))
