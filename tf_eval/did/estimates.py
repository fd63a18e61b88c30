"""Estimates side by side, with their joint covariance and simultaneous bands."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.alone import told_alone, without_lone_ends
from tf_eval.did.credibility.course import Target
from tf_eval.did.credibility.honest import HonestBounds, honest_bounds
from tf_eval.did.credibility.power import POWERS, PreTrendPower, Trend, pre_trend_power
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, numbers_of
from tf_eval.did.figure import draw_effects
from tf_eval.did.group_time.cells import REFERENCE
from tf_eval.did.inference.multipliers import Draws, draw_normal, draw_problems, reach_of_all, reach_of_rows
from tf_eval.did.plain import plain, plain_value
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.display import number


class Drawn(Protocol):
    """What draws deviations of some rows (by their places) from their estimates."""

    def __call__(self, rows: Sequence[int], multiplier: str, draws: int, seed: int) -> Draws: ...


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """Effects side by side: rows in order, each an ``Estimate`` or ``NotEstimated``, with the joint ``covariance``.

    ``kind`` is what a row stands for: ``event_time``, ``band``, ``cohort``, ``calendar_period``. The covariance has a
    row of NaN where a row is not estimated. ``reach`` is how many errors a simultaneous band reaches to either side of
    each effect, where one was asked for and errors are well known, and ``reaches`` how many of its own it is for each
    row: the multiple as likely by the row's t. NaN of a row without an error.
    """

    kind: str
    where: tuple[Mapping[str, Any], ...]
    rows: tuple[Estimate | NotEstimated, ...]
    covariance: np.ndarray
    time_unit: str
    design: Design
    drawn: Drawn
    reach: float | None = None
    reaches: np.ndarray | None = None

    def __iter__(self) -> Iterator[Estimate | NotEstimated]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def simultaneous(self, *, seed: int, draws: int = 999, multiplier: str = "rademacher") -> "Estimates":
        """Return the same effects with a band that holds for all of them at once.

        In ``confidence`` of samples every effect lies within the band, where the intervals promise that of each by
        itself (Callaway and Sant'Anna 2021, algorithm 1; Montiel Olea and Plagborg-Moller 2019). The band is as many
        errors wide as the largest deviation of any row is in that share of multiplier ``draws``, and never narrower
        than the intervals. Where few clusters serve a row, or few move it far, its error is itself off by chance, most
        of all where a band ends; it then reaches further: a row leaves it as seldom by its own t as others do by the
        normal. That t has the degrees of freedom of the interval or, if these are fewer, those of Pan and Wall (2002,
        Statistics in Medicine 21), from how far clusters differ in what they add to the row's variance.

        Arguments:
            seed: whole number from 0 on; the same one makes the same draws.
            draws: how many, 99 or more; with 999 the reach is known to about 2 %.
            multiplier: ``"rademacher"``, ``"mammen"``, or ``"webb"`` for a dozen clusters or fewer. With
                ``errors="unequal"`` there is none: deviations are drawn from the covariance itself.

        Raises ``ConfigError`` where an option cannot be honoured.
        """
        problems = draw_problems(seed, draws, multiplier)
        if self.design.errors == "unequal" and multiplier != "rademacher":
            problems.append("with errors='unequal' no multipliers are drawn; leave multiplier out.")
        raise_all(ConfigError, "simultaneous", problems)
        had = [position for position, row in enumerate(self.rows) if getattr(row, "std_error", 0) > 0]
        if not had:
            return self
        errors = np.array([self.rows[position].std_error for position in had])
        freedom = np.array([self.rows[position].degrees_of_freedom for position in had])
        drawn, reaches = self._draw(had, multiplier, draws, seed), np.full(len(self), np.nan)
        reach = reach_of_all(drawn.deviations, errors, self.design.confidence)
        reaches[had] = reach_of_rows(reach, np.minimum(freedom, drawn.degrees_of_freedom))
        return replace(self, reach=reach, reaches=reaches)

    def honest(
        self,
        restriction: str = "relative_magnitudes",
        *,
        bounds: Sequence[float] | None = None,
        target: Target = 0,
        method: str | None = None,
    ) -> HonestBounds | NotEstimated:
        """Return intervals that hold though trends were not parallel, as long as they parted by no more than a bound.

        Rambachan and Roth (2023): what the groups' trends did before treatment bounds what they may have done after it.
        The effects are those of ``by_event_time()``, or of ``bands()`` of equal length that follow each other from
        before treatment on, all measured from one base. With many short periods take bands: drift adds up over periods.

        Arguments:
            restriction: ``"relative_magnitudes"``: from period to period the groups drift apart after the start by up
                to the bound times what they did at most before it. ``"smoothness"``: the slope of the difference in
                trends changes by up to the bound, in units of the outcome, from one period to the next; at 0 the trend
                before treatment is extrapolated. ``"combined"``: that slope changes after the start by up to the bound
                times what it did at most before it.
            bounds: one or more, from 0 on; by default 0 to 2, and of ``"smoothness"`` 0 to what was seen at most.
            target: the effect asked for: an event time, or (first, last) or ``"average"`` for their mean, or the
                weights of some, ``{event time: weight}``.
            method: ``"hybrid"`` (conditional and least favourable), ``"conditional"``, or for smoothness
                ``"fixed_length"``, the default there. The tests of the first two use the moments after the start only.

        Nothing is drawn by chance: critical values are worked out. Raises ``ConfigError`` where an option cannot be
        honoured or the effects have no common base.
        """
        return honest_bounds(self, restriction, bounds, target, method)

    def pre_trend_power(
        self,
        *,
        slope: float | None = None,
        trend: Trend | None = None,
        powers: Sequence[float] = POWERS,
        target: Target = 0,
    ) -> PreTrendPower | NotEstimated:
        """Return what tests before treatment would have missed, and the bias in studies that they let pass (Roth 2022).

        The tests are whether any single interval before treatment leaves 0 out, and the joint (Wald) test. Effects as
        for ``honest``.

        Arguments:
            slope: a difference in trends, in units of the outcome a period. By default the slopes that the tests would
                find with each of ``powers``.
            trend: in its stead, any violation as a function of the periods since the base (negative before it).
            powers: chances between 0 and 1.
            target: the effect whose bias is asked for, as for ``honest``.

        Raises ``ConfigError`` where an option cannot be honoured or the effects have no common base.
        """
        return pre_trend_power(self, slope, trend, powers, target)

    def table(self) -> pd.DataFrame:
        """Return one row per effect; where one is not estimated its numbers are missing and ``reason`` says why.

        ``reason`` also tells of a base that it is 0 by construction. With a simultaneous band its ends are ``band_low``
        and ``band_high``.
        """
        records = [
            {**where, **numbers_of(row), **self._band(place), "reason": _reason(row)}
            for place, (where, row) in enumerate(zip(self.where, self.rows, strict=True))
        ]
        frame = pd.DataFrame.from_records(records)
        return frame.astype({"n_treated": "Int64", "n_comparison": "Int64", "reason": object})

    def summary(self) -> str:
        effects = [row for row in self.rows if not getattr(row, "is_base", False)]
        done = [row for row in effects if isinstance(row, Estimate)]
        if not done:
            return NotEstimated(f"none of the {len(effects)} effects could be estimated").summary()
        shown = [row for row in done if row.is_shown]
        if not shown:
            return f"The effects on {self.design.outcome} by {self._kind} are {self.design.not_shown}"
        hidden = self.design.told_hidden(len(done) - len(shown))
        told = f"{len(done)} of {len(effects)} could be estimated{hidden}"
        return f"{_told_range(shown, self.design)}; {told}. {self._promise(shown)}"

    def to_dict(self) -> dict[str, Any]:
        rows = [{**plain(where), **row.to_dict()} for where, row in zip(self.where, self.rows, strict=True)]
        covariance = [[plain_value(value) for value in line] for line in self.covariance]
        return {"kind": self.kind, "rows": rows, "covariance": covariance}

    def __repr__(self) -> str:
        effects = [row for row in self.rows if not getattr(row, "is_base", False)]
        done = sum(isinstance(row, Estimate) for row in effects)
        return f"<Estimates: {self.design.outcome} by {self._kind}, {done} of {len(effects)} estimated>"

    @property
    def _kind(self) -> str:
        return self.kind.replace("_", " ")

    def _draw(self, rows: Sequence[int], multiplier: str, draws: int, seed: int) -> Draws:
        if self.design.errors == "unequal":
            return draw_normal(self.covariance[np.ix_(rows, rows)], draws, seed)
        return self.drawn(rows, multiplier, draws, seed)

    def _promise(self, shown: Sequence[Estimate]) -> str:
        alone = told_alone(shown, self.design)
        return alone.strip() if all(row.is_alone for row in shown) else f"{self.told_band(shown, 'row')}{alone}"

    def told_band(self, shown: Sequence[Estimate], row: str) -> str:
        """Return what the intervals, or the simultaneous band, of those that are shown stand for."""
        if self.reach is None:
            return f"Each interval stands for its own {row}, not for all {row}s at once."
        own = [reach for one, reach in zip(self.rows, self.reaches, strict=True) if one in shown and reach > 0]
        ends = dict.fromkeys(f"{end(own, default=self.reach):.2f}" for end in (min, max))
        return f"The band, {' to '.join(ends)} errors to either side, stands for all {row}s at once."

    def _band(self, place: int) -> dict[str, float]:
        if self.reaches is None:
            return {}
        att, error = (getattr(self.rows[place], name, math.nan) for name in ("att", "std_error"))
        width = float(self.reaches[place]) * error
        return {"band_low": att - width, "band_high": att + width}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effects with their intervals around the zero line; before treatment grey, after it blue.

        A simultaneous band is drawn as thin lines beyond the intervals, a base as a hollow point. Nothing is drawn of
        effects on few units, and no interval where all treated units are of one cluster.
        """
        table = without_lone_ends(self.table(), self.rows)
        is_shown = np.array([getattr(row, "is_shown", True) for row in self.rows], dtype=bool)
        asked = {"kind": self.kind, "time_unit": self.time_unit, "design": self.design}
        return draw_effects(table, **asked, is_shown=is_shown, ax=ax)


def _told_range(shown: Sequence[Estimate], design: Design) -> str:
    low, high = min(shown, key=lambda row: row.att), max(shown, key=lambda row: row.att)
    if len(shown) == 1:
        return f"The estimated effect on {design.outcome} is {number(low.att)} ({low.label})"
    return (
        f"The estimated effects on {design.outcome} run from {number(low.att)} ({low.label}) to {number(high.att)} "
        f"({high.label})"
    )


def _reason(row: Estimate | NotEstimated) -> str | None:
    return REFERENCE if getattr(row, "is_base", False) else getattr(row, "reason", None)
