"""The event-study figure: effects with intervals, a zero line, direct labels and the baseline window shaded."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator, ScalarFormatter

from tf_eval.did.design import Design
from tf_eval.did.group_time.cells import REFERENCE
from tf_eval.did.times import time_name
from tf_eval.matching.display import as_given
from tf_eval.matching.figure import QUIET, given_axes

FOCUS, BACKGROUND, TEXT = "#12436D", "#BFBFBF", "#3D3D3D"
# What was before treatment speaks for or against the effect, and has to be as easy to see.
EARLIER = QUIET
# With more event times than this, only every sixth (or twelfth, ...) is named: labels would run into each other.
MANY = 14
EVERY = (1, 6, 12, 60, 120)
MOST_NAMED = 40
LETTER = 0.085  # inches


def draw_effects(
    table: pd.DataFrame,
    *,
    kind: str,
    time_unit: str,
    design: Design,
    is_shown: np.ndarray | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a table of estimates on ``ax``, or on a figure of its own that belongs to no window.

    Effects before treatment are grey, the others blue; a base, which is 0 by construction, is hollow. Rows that are not
    estimated, or rest on few units, leave a gap, as do those that ``is_shown`` leaves out besides.
    """
    before, shown = _is_before(table), _is_shown(table, design)
    shown &= True if is_shown is None else is_shown
    names = [] if kind == "event_time" else _places(table, time_unit)
    if kind == "threshold":
        # Thresholds come from the data as a rule: one that few reach would tell how far they are above all others.
        names = [name if can_see else "" for name, can_see in zip(names, shown & table["att"].notna(), strict=True)]
    ax = given_axes(ax, *_size(names))
    x = table["event_time"] if kind == "event_time" else pd.Series(range(len(table)))
    base = _is_base(table) & shown
    for chosen, colour in ((before & shown & ~base, EARLIER), (~before & shown & ~base, FOCUS)):
        _draw_points(ax, x[chosen], table[chosen], colour)
    ax.plot(x[base], table["att"][base], "o", color=TEXT, markerfacecolor="white", markersize=5)
    ax.axhline(0, color=TEXT, linewidth=1, zorder=1)
    ax.set_ylabel(f"Estimated effect on {design.outcome}", wrap=True)
    has_band = "band_low" in table and bool(table["band_low"][shown].notna().any())
    told = explained(~shown, design, has_base=bool(base.any()), has_band=has_band)
    ax.set_xlabel("\n".join([axis_name(kind, time_unit), *told]))
    if kind == "event_time":
        mark_times(ax, table["event_time"].to_numpy(), design)
    else:
        _name_rows(ax, names)
        ax.margins(x=0.3 / len(table))
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def draw_ratios(table: pd.DataFrame, *, kind: str, time_unit: str, design: Design, ax: Axes | None = None) -> Axes:
    """Draw a table of ratios by event time around 1, on a log scale, as ``draw_effects`` does effects."""
    ax = given_axes(ax, 7.5, 4.2)
    shown = _is_shown(table, design)
    _draw_points(ax, table["event_time"][shown], table[shown].rename(columns={"ratio": "att"}), FOCUS)
    ax.axhline(1, color=TEXT, linewidth=1, zorder=1)
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=8, steps=(1, 2, 5, 10)))
    ax.yaxis.set_major_formatter(ScalarFormatter())
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_ylabel(f"Estimated {kind}, {design.outcome} (1: no effect)", wrap=True)
    ax.set_xlabel("\n".join([axis_name("event_time", time_unit), *explained(~shown, design)]))
    mark_times(ax, table["event_time"].to_numpy(), design)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=TEXT)
    return ax


def _is_before(table: pd.DataFrame) -> pd.Series:
    """Rows that lie wholly before treatment."""
    for column in ("event_time", "last"):
        if column in table:
            return table[column] < 0
    return pd.Series(False, index=table.index)


def _is_base(table: pd.DataFrame) -> pd.Series:
    if "reason" not in table:
        return pd.Series(False, index=table.index)
    return table["reason"] == REFERENCE


def _is_shown(table: pd.DataFrame, design: Design) -> pd.Series:
    """Rows that rest on enough units, or on none; of a table without counts all are shown."""
    if "n_treated" not in table:
        return pd.Series(True, index=table.index)
    counts = table[["n_treated", "n_comparison"]]
    return pd.Series(design.shown_rows(counts), index=table.index) | counts.isna().any(axis=1)


def explained(hidden: pd.Series, design: Design, *, has_base: bool = False, has_band: bool = False) -> list[str]:
    """Return the lines that are to be said below the axis: of a band, of a hollow point and of gaps."""
    told = ["Thick lines: interval of each by itself; thin: band for all at once."] if has_band else []
    told += ["Hollow: the base, 0 by construction."] if has_base else []
    return told + ([f"Not shown, for {design.few}: {hidden.sum()} of {len(hidden)}."] if hidden.any() else [])


def _draw_points(ax: Axes, x: pd.Series, table: pd.DataFrame, colour: str) -> None:
    reach = np.array([table["att"] - table["ci_low"], table["ci_high"] - table["att"]], dtype=float)
    # A reference period is zero by construction and has no interval: its point stands alone.
    reach = np.nan_to_num(reach)
    ax.errorbar(x, table["att"], yerr=reach, fmt="o", color=colour, markersize=4.5, linewidth=1.4, zorder=2)
    if "band_low" in table:
        ax.vlines(x, table["band_low"], table["band_high"], color=colour, linewidth=0.6, zorder=2)


def axis_name(kind: str, time_unit: str) -> str:
    """Return what an axis of such a kind of rows is called."""
    if kind == "calendar_period":
        return time_unit.capitalize()
    if kind == "left_out":
        return "Start cohort left out"
    if kind == "cell":
        return f"Start ({time_unit}s since it)"
    if kind in ("dose", "threshold"):
        return "Dose" if kind == "dose" else "At least"
    return "Start" if kind == "cohort" else f"{time_unit.capitalize()}s since the start"


def _size(names: Sequence[str]) -> tuple[float, float]:
    """Return width and height, in inches, of a figure that is higher where long names have to stand upright."""
    upright = max((len(name) for name in names), default=0) - 12
    return 7.5, 4.2 + 0.06 * max(upright, 0)


def _places(table: pd.DataFrame, time_unit: str) -> list[str]:
    """Return what the rows are called; a set with its start where it has several."""
    starts = table.groupby("set")["adopted"].nunique() if "set" in table else {}
    return [_place(row, time_unit, has_starts=starts.get(row.get("set"), 0) > 1) for row in table.to_dict("records")]


def _place(row: dict, time_unit: str, *, has_starts: bool) -> str:
    if "band" in row:
        return str(row["band"])
    if "period" in row:
        return time_name(row["period"], time_unit)
    if "threshold" in row:
        return f"{row['threshold']:g}"
    if "mean_dose" in row:
        return told_band(row["above"], row["up_to"])
    start = time_name(row["adopted"], time_unit)
    if row["set"] is not None:
        start = f"{row['set']}, {start}" if has_starts else str(row["set"])
    return f"{start}\n({row['event_time']})" if "event_time" in row else start


def told_band(above: float, up_to: float) -> str:
    """Return a band of doses by its cuts: the lowest and the highest dose in it would be those of somebody."""
    if np.isinf(up_to):
        return f"above {as_given(above)}"
    return f"above {as_given(above)} to {as_given(up_to)}" if above else f"up to {as_given(up_to)}"


def step_of(ax: Axes, names: Sequence[str]) -> int:
    """Return which of some names may stand side by side below an axis: every one, every second, ..."""
    longest = max((len(line) for name in names for line in name.splitlines()), default=0)
    width = ax.figure.get_size_inches()[0] * ax.get_position().width / len(names)
    return max(int(np.ceil(LETTER * (longest + 1) / width)), -(-len(names) // MANY), 1)


def with_room(ax: Axes, places: np.ndarray, names: Sequence[str]) -> list[int]:
    """Return which of some rising places along an axis have room for their names, beginning with the first."""
    ax.get_xlim()  # brings the limits up to date
    inches = ax.transData.transform(np.column_stack([places, np.zeros(len(places))]))[:, 0] / ax.figure.dpi
    named = [0]
    for place in range(1, len(places)):
        letters = (len(names[named[-1]]) + len(names[place])) / 2 + 1
        if inches[place] - inches[named[-1]] >= LETTER * letters:
            named.append(place)
    return named


def _name_rows(ax: Axes, names: list[str]) -> None:
    """Name the rows along the axis; where they have no room upright and on a line each, and of very many only some."""
    if step_of(ax, names) == 1:
        ax.set_xticks(range(len(names)), names)
        return
    step = -(-len(names) // MOST_NAMED)
    told = [name.replace("\n", " ") for name in names[::step]]
    ax.set_xticks(range(0, len(names), step), told, rotation=90, fontsize=8)


def mark_times(ax: Axes, times: np.ndarray, design: Design) -> None:
    """Name the sides, the ticks and the baseline window of an event-study axis."""
    every = next((every for every in EVERY if len(times) <= MANY * every), EVERY[-1])
    ax.set_xticks(times[times % every == 0])
    style = {"transform": ax.get_xaxis_transform(), "fontsize": 9, "va": "bottom"}
    if times.min() < 0:
        ax.text(times.min(), 1.01, "Before the start", color=TEXT, ha="left", **style)
    if times.max() >= 0:
        ax.text(times.max(), 1.01, "After the start", color=FOCUS, ha="right", **style)
    if design.window:
        end = -design.anticipation - 0.5
        ax.axvspan(end - design.window, end, color=BACKGROUND, alpha=0.18, linewidth=0, zorder=0)
        ax.text(end - design.window / 2, 0.02, "Baseline window", color=TEXT, ha="center", **style)
