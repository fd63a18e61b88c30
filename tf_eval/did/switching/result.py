"""The result: effects by time since the first change of treatment, placebos before it, and their average."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from tf_eval.did.alone import NOT_JUDGED, without_lone_ends
from tf_eval.did.caution import told_cautions
from tf_eval.did.credibility.course import full_rank
from tf_eval.did.design import Design
from tf_eval.did.figure import draw_effects
from tf_eval.did.inference.multipliers import draw, draw_problems, reach_of_all, reach_of_rows
from tf_eval.did.switching.effect import SwitchingEffect
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.display import told_share

Row = SwitchingEffect | NotEstimated


@dataclass(frozen=True, eq=False, repr=False)
class SwitchingEffects:
    """Effects of a treatment that turns on and off, or changes its dose (de Chaisemartin and D'Haultfoeuille 2024).

    ``event_times`` are in order, with a row each: 0 is the period of the first change; the base, -1, has none.
    ``average`` is over all periods since the change. ``influence`` is how each cluster moves each total effect (rows by
    clusters; NaN where there is none). ``reach`` is how many errors a simultaneous band reaches to either side, where
    one was asked for, and ``reaches`` how many of its own errors that is for each row.
    """

    treatment: str
    event_times: tuple[int, ...]
    rows: tuple[Row, ...]
    influence: np.ndarray
    average: Row
    notes: tuple[str, ...]
    time_unit: str
    design: Design
    reach: float | None = None
    reaches: np.ndarray | None = None

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
        if self.reaches is None:
            return frame
        width = self.reaches * frame["std_error"]
        return frame.assign(band_low=frame["effect"] - width, band_high=frame["effect"] + width)

    @property
    def covariance(self) -> np.ndarray:
        """The covariance of the total effects; NaN where there is none."""
        return self.influence @ self.influence.T

    def simultaneous(self, *, seed: int, draws: int = 999, multiplier: str = "rademacher") -> "SwitchingEffects":
        """Return the same with a band that holds for all total effects at once; see ``Estimates.simultaneous``."""
        raise_all(ConfigError, "simultaneous", draw_problems(seed, draws, multiplier))
        had = np.flatnonzero(np.isfinite(self.influence).all(axis=1))
        if not len(had):
            return self
        errors = np.sqrt(np.diag(self.covariance)[had])
        drawn = draw([self.influence[had].T], multiplier, draws, seed)
        reach, reaches = reach_of_all(drawn.deviations, errors, self.design.confidence), np.full(len(self.rows), np.nan)
        reaches[had] = reach_of_rows(reach, drawn.degrees_of_freedom)
        return replace(self, reach=reach, reaches=reaches)

    def placebo_p_value(self) -> float | NotEstimated:
        """Return the p-value of the joint (Wald) test that all placebos are zero."""
        had = [
            place
            for place, (time, row) in enumerate(zip(self.event_times, self.rows, strict=True))
            if time < 0 and isinstance(row, SwitchingEffect)
        ]
        covariance = self.covariance[np.ix_(had, had)]
        if not had or not full_rank(covariance):
            return NotEstimated("there are no placebos, or too many for the clusters")
        if all(self.rows[place].is_alone for place in had):
            return NotEstimated(f"all that changed are of one cluster: {NOT_JUDGED}".removesuffix("."))
        effects = np.array([self.rows[place].total.effect for place in had])
        return float(stats.chi2.sf(effects @ np.linalg.solve(covariance, effects), len(had)))

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
