"""The effect on one outcome by follow-up band."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.shorthand import is_number
from tf_eval.report.numerals import signed
from tf_eval.report.style import BLUE, QUIET, Drawing, bare, inches, render, zero_line
from tf_eval.report.words import interval_words, short_effect, unit_words

ROW_HEIGHT = 0.46


def draw_bands(payload: Mapping[str, Any]) -> Drawing | None:
    """Return a dot with its interval for each band; ``None`` where no band has a number."""
    rows = payload["rows"]
    if not any(is_number(row["effect"]) for row in rows):
        return None
    words = unit_words(payload["unit"])
    return Drawing(
        svg=render(_draw, payload, height=0.57 + ROW_HEIGHT * len(rows)),
        headline=_headline(payload),
        measure=f"Difference {'counted' if words.count else 'in'} {words.axis}, with 95% intervals.",
        alt=_alt(payload),
    )


def _headline(payload: Mapping[str, Any]) -> str:
    """Name the periods that lie apart from no difference; a late one alone is often chance, the first can fade."""
    rows = [row for row in payload["rows"] if is_number(row["ci_low"])]
    words, label = unit_words(payload["unit"]), payload["label"]
    if not rows:
        return f"{label}: how sure this is could not be estimated"
    apart = {way: [row["band"] for row in rows if _way(row) == way] for way in (-1, 1)}
    for way, name in ((-1, words.less), (1, words.more)):
        if len(apart[way]) == len(rows):
            return f"{label}: {name} in every period"
        if len(apart[way]) > 1 or (_way(rows[0]) == way and not apart[-way]):
            return f"{label}: {name} in months {listed(apart[way])}, not clear in the others"
    return f"{label}: no clear difference {'that lasts' if apart[-1] or apart[1] else 'in any period'}"


def _way(row: Mapping[str, Any]) -> int:
    """Return -1 or 1 where the whole interval lies on one side of no difference, else 0."""
    return -1 if row["ci_high"] < 0 else int(row["ci_low"] > 0)


def _alt(payload: Mapping[str, Any]) -> str:
    unit = payload["unit"]
    parts = [f"months {row['band']}: {_said(row, unit)}" for row in payload["rows"]]
    return f"Effect on {in_sentence(payload['label'])} by months since the start. {'; '.join(parts)}."


def _said(row: Mapping[str, Any], unit: str) -> str:
    if not is_number(row["ci_low"]):
        return str(row["ci_low"])
    return f"{short_effect(unit, row['effect'])} ({interval_words(unit, row['ci_low'], row['ci_high'])})"


def _draw(figure: Figure, payload: Mapping[str, Any]) -> None:
    rows, words = payload["rows"], unit_words(payload["unit"])
    axes = inches(figure, left=1.4, right=0.6, top=0.05, bottom=0.52)
    bare(axes)
    zero_line(axes, vertical=True)
    draw_intervals(axes, rows)
    axes.set_yticks(range(len(rows)), [f"Months {row['band']}" for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    label_ends(axes, words.less, words.more)


def draw_intervals(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    """Draw row by row a dot with its interval and its number at the right, or the shorthand for what is missing."""
    for place, row in enumerate(rows):
        if is_number(row["ci_low"]):
            axes.plot([row["ci_low"], row["ci_high"]], [place, place], color=BLUE, linewidth=3)
        if is_number(row["effect"]):
            axes.plot(row["effect"], place, "o", color=BLUE, markersize=9, markeredgecolor="white")
        axes.text(1.03, place, signed(row["effect"]), transform=axes.get_yaxis_transform(), va="center", fontsize=12)


def label_ends(axes: Axes, left: str, right: str) -> None:
    """Name the two sides of the axis, each side long enough to hold its name."""
    low, high = axes.get_xlim()
    reach = max(abs(low), abs(high))
    axes.set_xlim(min(low, -0.35 * reach), max(high, 0.35 * reach))
    axes.locator_params(axis="x", nbins=5)
    below = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "color": QUIET, "va": "top"}
    axes.annotate(f"\u2190 {left}", (0, 0), xytext=(-8, -25), ha="right", **below)
    axes.annotate(f"{right} \u2192", (0, 0), xytext=(8, -25), ha="left", **below)
