"""Effects by band of doses, and how they rise with the dose."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.alone import told_alone, without_lone_ends
from tf_eval.did.caution import told_cautions
from tf_eval.did.dose.figure import draw_response
from tf_eval.did.estimate import Estimate, interval
from tf_eval.did.estimates import Estimates
from tf_eval.did.plain import plain
from tf_eval.did.result import GroupTimeATT
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number, so_many

EXPLORATORY = (
    "Exploratory: nobody drew by lot who got how much. The bands differ because of the dose only if those of every "
    "band would have gained alike from each dose, and if how it went did not decide when it ended."
)
ONE_BAND = "all treated are in one band of doses"


@dataclass(frozen=True, eq=False, repr=False)
class Slope:
    """How much more the effect is for each unit more of the dose, by a line through the bands."""

    slope: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float

    def __repr__(self) -> str:
        return f"<Slope: {', '.join(self.__dataclass_fields__)}>"


@dataclass(frozen=True, eq=False, repr=False)
class DoseResponse:
    """Effects by band of doses: ``effects`` has a row for each, lowest first, and ``results`` what it is made of.

    ``n_units`` counts the treated units of each band.
    """

    effects: Estimates
    results: tuple[GroupTimeATT, ...]
    dose: str
    n_units: np.ndarray

    def table(self) -> pd.DataFrame:
        """Return one row per band: its cuts (``above`` and ``up_to``, which is infinite for the last), the ``lowest``,
        ``highest`` and ``mean_dose`` of those in it, then as ``Estimates.table``."""
        return self.effects.table()

    def slope(self) -> Slope | NotEstimated:
        """Return the line through the effects by their mean dose (least squares by treated units; doses as given).

        Its interval is that of the normal or, with ``quantile="t"``, of t with the degrees of freedom of the band that
        has the fewest.
        """
        had = np.array([place for place, row in enumerate(self.effects) if isinstance(row, Estimate)], dtype=int)
        if len(had) < 2:
            return NotEstimated(ONE_BAND)
        rows = self.table().iloc[had]
        weights = _line(rows["mean_dose"].to_numpy(float), self.n_units[had])
        slope = float(weights @ rows["att"].to_numpy(float))
        error = math.sqrt(weights @ self.effects.covariance[np.ix_(had, had)] @ weights)
        freedom = min(self.effects.rows[place].degrees_of_freedom for place in had)
        return Slope(slope, error, *interval(slope, error, self.effects.design, freedom))

    def summary(self) -> str:
        """Return the effects of the lowest and the highest band and the line through all, and why it is exploratory."""
        rows = [row for row in self.effects if isinstance(row, Estimate)]
        if not rows:
            return NotEstimated("no band of doses could be estimated").summary()
        if not all(row.is_shown for row in rows):
            return f"The effect by {self.dose} is {self.effects.design.not_shown}"
        ends = " ".join(_tell(row) for row in dict.fromkeys((rows[0], rows[-1])))
        notes = dict.fromkeys(note for result in self.results for note in result.notes)
        return f"{ends} {self._tell_slope()} {EXPLORATORY}{told_cautions(notes)}"

    def _tell_slope(self) -> str:
        slope = self.slope()
        if isinstance(slope, NotEstimated):
            return slope.summary()
        told = f"With each more of {self.dose} the effect changes by {number(slope.slope)}"
        if any(getattr(row, "is_alone", False) for row in self.effects):
            return f"{told}."
        undecided = " These data cannot tell whether more does more." if slope.ci_low <= 0 <= slope.ci_high else ""
        ends = f"{self.effects.design.level} interval {number(slope.ci_low)} to {number(slope.ci_high)}"
        return f"{told} ({ends}).{undecided}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effects at their mean doses with their intervals; bands of few units are left out."""
        return draw_response(without_lone_ends(self.table(), self.effects.rows), self.dose, self.effects.design, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return all numbers as JSON-safe values."""
        slope = self.slope()
        told = {"reason": slope.reason} if isinstance(slope, NotEstimated) else plain(vars(slope))
        return {"dose": self.dose, "exploratory": EXPLORATORY, **self.effects.to_dict(), "slope": told}

    def __repr__(self) -> str:
        bands = so_many(len(self.effects), "band")
        return f"<DoseResponse: {self.effects.design.outcome} by {self.dose}, {bands}, exploratory>"


def _line(dose: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return the weights on effects that make the slope of the line of least squares through them."""
    apart = dose - np.average(dose, weights=units)
    return units * apart / (units @ apart**2)


def _tell(row: Estimate) -> str:
    design = row.design
    return (
        f"The estimated effect on {design.outcome} of {row.label} is {number(row.att)}{row.told_interval}, against "
        f"{number(row.counterfactual_mean)} expected without treatment.{told_alone([row], design)}"
    )
