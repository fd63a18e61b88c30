"""What each cell rests on: how many units, how many the comparison's weights leave, and how alike the arms are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.group_time.cells import REFERENCE, Cells
from tf_eval.did.group_time.fits import TRIM, design_of
from tf_eval.did.group_time.logit import chances
from tf_eval.did.group_time.trace import Served, Trace
from tf_eval.did.inspection.comparison import counted_rows
from tf_eval.did.inspection.grid import lay_out, states
from tf_eval.did.inspection.grid_figure import draw_grid
from tf_eval.did.inspection.starts import start_names, time_axis
from tf_eval.did.plain import plain
from tf_eval.did.times import time_name, with_dates
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import so_many

# A cell rests on little with fewer treated units, with comparison units that are worth fewer (their mean has then more
# than a twentieth of the variance of one unit), or where one of them makes more than this share of what is expected.
FEWEST_TREATED, FEWEST_EFFECTIVE, LARGEST_SHARE = 10, 20, 0.1
COUNTS = ("effective_sample_size", "largest_share", "negative_share")
# Where comparison units count this much below nothing, a summary says so.
MUCH_NEGATIVE = 0.05
SCORES = ("treated_score_low", "treated_score_high", "comparison_score_low", "comparison_score_high", "n_trimmed")


@dataclass(frozen=True, eq=False, repr=False)
class Overlap:
    """How well treated and comparison units of each cell overlap; ``frame`` has a row per cell (see ``table``)."""

    frame: pd.DataFrame
    cells: Cells
    time_unit: str
    design: Design

    def table(self) -> pd.DataFrame:
        """Return one row per cell.

        ``effective_sample_size`` (Kish 1965) is of the comparison units: so many of equal weight would know as much.
        ``largest_share`` is what the one that counts most does of the whole, and ``negative_share`` what those do
        together (without sign) that count negatively, as a model of outcomes makes them that reaches beyond them. With
        a model of the chance of treatment there is the range of that propensity score in either arm, and ``n_trimmed``,
        how many comparison units (of a match: rows) are set aside because theirs is 0.995 or more. ``rests_on_little``
        says why, where it does; ``reason`` is the cell's.
        """
        return with_dates(self.frame, self.time_unit)

    @property
    def thin(self) -> pd.DataFrame:
        """The rows of cells that rest on little."""
        return with_dates(self.frame[self.frame["rests_on_little"].notna()], self.time_unit)

    def summary(self) -> str:
        rested = self.frame[self.frame["effective_sample_size"].notna() & (self.frame["reason"] != REFERENCE)]
        if rested.empty:
            return NotEstimated("no group-period cell could be estimated").summary()
        more = [*self._told_trimmed(rested), *self._told_negative(rested)]
        return " ".join([self._told_size(rested), self._told_thin(rested), *more])

    def to_dict(self) -> dict[str, Any]:
        table = self.table()
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        return {"cells": [plain(row) for row in rows], "design": self.design.to_dict()}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the comparison's effective sample size as a map of start cohorts by time."""
        worth = self.design.drawn(self.frame["effective_sample_size"].to_numpy())
        grid = lay_out(self.cells, worth, states(self.cells, self.design), self.time_unit)
        axis = time_axis(self.cells, self.time_unit)
        label = f"Effective number of comparison units{self.design.drawn_as}"
        return draw_grid(grid, label=label, signed=False, axis=axis, few=self.design.few, ax=ax)

    def __repr__(self) -> str:
        return (
            f"<Overlap: {self.design.outcome}, {so_many(len(self.frame), 'cell')}, {len(self.thin):,} rest on little>"
        )

    def _told_size(self, rested: pd.DataFrame) -> str:
        least = rested.loc[rested["effective_sample_size"].idxmin()]
        share = float((rested["effective_sample_size"] / rested["n_comparison"]).median())
        return (
            f"By their weights the comparison units of a cell are worth {share:.0%} of their number (median), and "
            f"{self.design.told(least['effective_sample_size'])} units in the cell with the fewest "
            f"({self._name(least)}, of {self.design.told(least['n_comparison'])})."
        )

    def _told_thin(self, rested: pd.DataFrame) -> str:
        if self.thin.empty:
            return "No cell rests on little."
        worst = self.thin.loc[self.thin["effective_sample_size"].idxmin()]
        return (
            f"{len(self.thin):,} of {len(rested):,} estimated cells rest on little; the least is {self._name(worst)}: "
            f"{worst['rests_on_little']}."
        )

    def _told_trimmed(self, rested: pd.DataFrame) -> list[str]:
        trimmed = int((rested["n_trimmed"] > 0).sum()) if "n_trimmed" in rested else 0
        if not trimmed:
            return []
        where = so_many(trimmed, "cell")
        return [f"In {where} comparison units were set aside, for their chance of treatment is {TRIM} or more."]

    def _told_negative(self, rested: pd.DataFrame) -> list[str]:
        much = rested[rested["negative_share"] > MUCH_NEGATIVE]
        if much.empty:
            return []
        return [
            f"In {so_many(len(much), 'cell')} comparison units count negatively, by up to "
            f"{much['negative_share'].max():.0%} of the whole: there the model of outcomes reaches beyond them."
        ]

    def _name(self, row: pd.Series) -> str:
        name = start_names(self.cells, self.time_unit)[self.cells.group[row.name]]
        return f"cohort {name} in {self.time_unit} {time_name(row['period'], self.time_unit)}"


def measure_overlap(cells: Cells, trace: Trace, time_unit: str, design: Design) -> Overlap:
    """Return the overlap of cells, units counted as effects count them, from what comparison units count in each."""
    frame = pd.DataFrame(
        {
            "set": pd.Series([cells.group_set[group] for group in cells.group], dtype=object),
            "adopted": cells.group_adopted[cells.group],
            "period": cells.period,
            "event_time": cells.event_time,
            "n_treated": cells.n_treated,
            "n_comparison": cells.n_comparison,
            **_measure(len(cells), trace, design),
        }
    )
    pairs = zip(frame.to_dict("records"), cells.reason, strict=True)
    little = [None if reason == REFERENCE else _little(row) for row, reason in pairs]
    frame["rests_on_little"] = pd.Series(little, dtype=object)
    frame["reason"] = pd.Series(cells.reason, dtype=object)
    return Overlap(frame, cells, time_unit, design)


def _measure(n_cells: int, trace: Trace, design: Design) -> dict[str, np.ndarray]:
    """Return one number per cell of each kind; no scores where no chance of treatment was fitted."""
    has_scores = any(one.fit.chance is not None for one in trace.served)
    measured = {name: np.full(n_cells, np.nan) for name in (*COUNTS, *(SCORES if has_scores else ()))}
    for one in trace.served:
        scores = {} if one.fit.chance is None else _of_scores(trace, one)
        for name, value in (_of_counts(trace, one, design) | scores).items():
            measured[name][one.cells] = value
    return measured


def _of_counts(trace: Trace, one: Served, design: Design) -> dict[str, float]:
    """Return Kish's effective sample size, the largest share and the negative one; what units count sums to 1."""
    squares, largest, negative = 0.0, 0.0, 0.0
    for counts in _counts(trace, one, design):
        squares += float(counts @ counts)
        largest = max(largest, float(np.abs(counts).max()))
        negative -= float(np.minimum(counts, 0.0).sum())
    return {"effective_sample_size": 1 / squares, "largest_share": largest, "negative_share": negative}


def _counts(trace: Trace, one: Served, design: Design) -> Iterator[np.ndarray]:
    """Yield what comparison units count, a stretch at a time; where they have several rows, all rows of each."""
    rows = ((some, counts) for some, _, counts in counted_rows(trace, one))
    if not design.repeats_units:
        yield from (counts for _, counts in rows)
        return
    unit = trace.ledger.panel.clusters[0]
    total = np.zeros(int(unit.max()) + 1)
    for some, counts in rows:
        total += np.bincount(unit[some], counts, minlength=len(total))
    yield total


def _of_scores(trace: Trace, one: Served) -> dict[str, float]:
    """Return the range of the chance of treatment in either arm, and how many comparison units are set aside by it."""
    found = {}
    for arm, rows in (("treated", one.contrast.treated), ("comparison", one.contrast.compared)):
        low, high, trimmed = 1.0, 0.0, 0
        for some in rows.stretches():
            scores = chances(design_of(trace.ledger, one.contrast, one.fit.columns, some) @ one.fit.chance)
            low, high = min(low, float(scores.min())), max(high, float(scores.max()))
            trimmed += int((scores >= TRIM).sum())
        found |= {f"{arm}_score_low": low, f"{arm}_score_high": high, "n_trimmed": trimmed}
    return found


def _little(row: dict[str, Any]) -> str | None:
    """Say why a cell rests on little; None where it does not, or is not estimated."""
    if np.isnan(row["effective_sample_size"]):
        return None
    causes = []
    if row["n_treated"] < FEWEST_TREATED:
        causes.append(f"fewer than {FEWEST_TREATED} treated units")
    if row["effective_sample_size"] < FEWEST_EFFECTIVE:
        causes.append(f"comparison units worth fewer than {FEWEST_EFFECTIVE}")
    if row["largest_share"] > LARGEST_SHARE:
        causes.append(f"one comparison unit counts for {row['largest_share']:.0%}")
    return "; ".join(causes) or None
