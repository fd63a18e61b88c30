"""The effect on one outcome month by month (or by another period), before and after the start."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence
from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import number
from tf_eval.report.style import BLUE, PALE, QUIET, Drawing, inches, render, zero_line
from tf_eval.report.words import interval_words, unit_words

Rows = Sequence[Mapping[str, Any]]


def draw_event_study(payload: Mapping[str, Any]) -> Drawing | None:
    """Return the line of effects by month with its intervals; ``None`` where no month has a number."""
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    if not rows:
        return None
    words, period = unit_words(payload["unit"]), payload["period"]
    return Drawing(
        svg=render(_draw, payload, height=2.9),
        headline=f"{payload['label']}, {period} by {period}",
        measure=f"Difference between {words.whom.treated} and {words.whom.like}, {words.axis}. The bars are 95% "
        f"intervals. Read the shape and not single {period}s, of which one in twenty stands apart by chance alone. "
        "Before the start the dots should lie near zero.",
        alt=_alt(payload, rows),
    )


def _alt(payload: Mapping[str, Any], rows: Rows) -> str:
    """Say where the months lie and find nothing in them: single months are noise."""
    first, last, unit, period = rows[0]["event_time"], rows[-1]["event_time"], payload["unit"], payload["period"]
    spans = [
        f"{when} the start the estimates lie {_span([row for row in rows if chosen(row['event_time'])], unit)}"
        for when, chosen in (("Before", lambda time: time < 0), ("After", lambda time: time > 0))
        if any(chosen(row["event_time"]) for row in rows)
    ]
    return (
        f"Line chart of the effect on {in_sentence(payload['label'])} from {period} {number(first)} to {period} "
        f"{number(last)}. {'. '.join(spans)}. The numbers are in the table below."
    )


def _span(rows: Rows, unit: str) -> str:
    effects = [row["effect"] for row in rows]
    return interval_words(unit, min(effects), max(effects))


def _draw(figure: Figure, payload: Mapping[str, Any]) -> None:
    axes = inches(figure, left=0.6, right=0.1, top=0.35, bottom=0.5)
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    zero_line(axes, vertical=False)
    axes.axvspan(*_window(payload), color=PALE, zorder=0, linewidth=0)
    _months(axes, rows)
    axes.locator_params(axis="y", nbins=6)
    words, period = unit_words(payload["unit"]), payload["period"]
    step = 6 if period == "month" else 1
    axes.set_xticks([time for time in range(-24, 25, step) if rows[0]["event_time"] <= time <= rows[-1]["event_time"]])
    axes.set_xlabel(f"{period.capitalize()}s from the start")
    axes.set_title(f"\u2191 {words.more}   \u2193 {words.less}", loc="right", fontsize=11, color=QUIET)
    middle = sum(_window(payload)) / 2
    axes.text(middle, 1.03, "baseline", transform=axes.get_xaxis_transform(), ha="center", color=QUIET)


def _window(payload: Mapping[str, Any]) -> tuple[float, float]:
    first, last = payload["baseline"]
    return first - 0.5, last + 0.5


def _months(axes: Axes, rows: Rows) -> None:
    times = [row["event_time"] for row in rows]
    axes.vlines(times, [row["ci_low"] for row in rows], [row["ci_high"] for row in rows], color=BLUE, alpha=0.45)
    axes.plot(times, [row["effect"] for row in rows], "o", color=BLUE, markersize=4.5)
    axes.axvline(0, color=QUIET, linewidth=1, linestyle=(0, (3, 2)))
