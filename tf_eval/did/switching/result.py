"""The result: effects by time since the first change of treatment, placebos before it, and their average."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.alone import NOT_JUDGED, without_lone_ends
from tf_eval.did.caution import told_cautions
from tf_eval.did.credibility.course import full_rank
from tf_eval.did.credibility.pre_trends import wald_test
from tf_eval.did.design import Design
from tf_eval.did.estimates import Estimates
from tf_eval.did.figure import draw_effects
from tf_eval.did.switching.effect import SwitchingEffect
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import told_share

Row = SwitchingEffect | NotEstimated


@dataclass(frozen=True, eq=False, repr=False)
class SwitchingEffects:
    """Effects of a treatment that turns on and off, or changes its dose (de Chaisemartin and D'Haultfoeuille 2024).

    ``rows`` are by event time: 0 is the period of the first change; the base, -1, has none. ``average`` is over all
    periods since the change. ``totals`` are the total effects of the rows, with their covariance and, where one was
    asked for, their simultaneous band.
    """

    treatment: str
    rows: tuple[Row, ...]
    average: Row
    totals: Estimates
    notes: tuple[str, ...]

    @property
    def event_times(self) -> tuple[int, ...]:
        return tuple(place["event_time"] for place in self.totals.where)

    @property
    def time_unit(self) -> str:
        return self.totals.time_unit

    @property
    def design(self) -> Design:
        return self.totals.design

    def table(self) -> pd.DataFrame:
        """Return one row per event time; where one is not estimated its numbers are missing and ``reason`` says why.

        With a simultaneous band its ends are ``band_low`` and ``band_high``, of the total effects.
        """
        records = [
            {"event_time": time, "reason": row.reason} if isinstance(row, NotEstimated) else row.numbers()
            for time, row in zip(self.event_times, self.rows, strict=True)
        ]
        frame = pd.DataFrame.from_records(records).reindex(columns=COLUMNS)
        frame = frame.astype({"n_treated": "Int64", "n_comparison": "Int64", "reason": object})
        return frame if self.totals.reach is None else frame.join(self.totals.table()[["band_low", "band_high"]])

    @property
    def covariance(self) -> np.ndarray:
        """The covariance of the total effects; NaN where there is none."""
        return self.totals.covariance

    def simultaneous(self, *, seed: int, draws: int = 999, multiplier: str = "rademacher") -> "SwitchingEffects":
        """Return the same with a band that holds for all total effects at once; see ``Estimates.simultaneous``."""
        return replace(self, totals=self.totals.simultaneous(seed=seed, draws=draws, multiplier=multiplier))

    def placebo_p_value(self) -> float | NotEstimated:
        """Return the p-value of the joint (Wald) test that all placebos are zero, as of ``PreTrends``."""
        had = [
            place
            for place, (time, row) in enumerate(zip(self.event_times, self.rows, strict=True))
            if time < 0 and isinstance(row, SwitchingEffect)
        ]
        if not had or not full_rank(self.covariance[np.ix_(had, had)]):
            return NotEstimated("there are no placebos, or too many for the clusters")
        if all(self.rows[place].is_alone for place in had):
            return NotEstimated(f"all that changed are of one cluster: {NOT_JUDGED}".removesuffix("."))
        return wald_test(self.totals, had)[1]

    def summary(self) -> str:
        done = sum(isinstance(row, SwitchingEffect) for row in self.rows)
        p_value = self.placebo_p_value()
        told = f" {done} of {len(self.rows)} effects and placebos could be estimated."
        if isinstance(p_value, float) and all(row.is_shown for row in self.rows if row):
            share = told_share(p_value)
            told += f" If all placebos were truly zero, some this far from it would arise in {share} of studies."
        return self.average.summary().removesuffix(".") + "." + told + told_cautions(self.notes)

    def to_dict(self) -> dict[str, Any]:
        return {
            "treatment": self.treatment,
            "average": self.average.to_dict(),
            "rows": [
                {"event_time": time, **row.to_dict()} for time, row in zip(self.event_times, self.rows, strict=True)
            ],
            "notes": list(self.notes),
            "design": self.design.to_dict(),
        }

    def plot(self, ax: Axes | None = None, *, per_dose: bool = False) -> Axes:
        """Draw the total effects by event time, or those per unit of treatment and period; nothing of few units."""
        named = {"effect": "att"}
        if per_dose:
            named = {"per_dose": "att", "per_dose_low": "ci_low", "per_dose_high": "ci_high"}
        table = without_lone_ends(self.table(), self.rows).drop(
            columns=["ci_low", "ci_high", "band_low", "band_high"] if per_dose else [], errors="ignore"
        )
        axes = draw_effects(
            table.rename(columns=named), kind="event_time", time_unit=self.time_unit, design=self.design, ax=ax
        )
        if per_dose:
            axes.set_ylabel(f"{axes.get_ylabel()} per unit of {self.treatment} and {self.time_unit}")
        axes.set_xlabel(axes.get_xlabel().replace("since the start", f"since the first change of {self.treatment}"))
        return axes

    def __repr__(self) -> str:
        return f"<SwitchingEffects: {self.design.outcome} by {self.treatment}; {self.average!r}>"


COLUMNS = (
    "event_time",
    *("effect", "std_error", "ci_low", "ci_high", "p_value"),
    *("dose", "per_dose", "per_dose_error", "per_dose_low", "per_dose_high"),
    *("n_treated", "n_comparison", "treated_share", "reason"),
)
