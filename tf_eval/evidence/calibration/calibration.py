"""What controls show of an analysis, and what it makes of other estimates."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from tf_eval.did.plain import plain
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence.calibration.calibrated import Calibrated
from tf_eval.evidence.calibration.error_model import ErrorModel, fit
from tf_eval.evidence.calibration.figure import draw_controls
from tf_eval.evidence.calibration.inversion import calibrated_interval, calibrated_p
from tf_eval.matching.arguments import is_number, is_positive
from tf_eval.matching.display import number, percent, so_many, told_share

# OHDSI's rule of thumb: fewer show neither the spread of systematic error nor whether it is normal.
FEWEST_NEGATIVE = 20


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """Controls, the distribution of systematic error among them, and estimates put right by it.

    Attributes:
        controls: a row for each control with an estimate: ``value``, ``std_error``, ``truth``, ``scale``, ``control``.
        model: the distribution of systematic error, in units of ``scale``.
        confidence: of intervals.
        is_scaled: whether controls are of outcomes in different units.
        notes: what was left out.
    """

    controls: pd.DataFrame
    model: ErrorModel
    confidence: float
    is_scaled: bool = False
    notes: tuple[str, ...] = ()

    @property
    def design(self) -> dict[str, Any]:
        """What was asked."""
        return {"confidence": self.confidence, "is_scaled": self.is_scaled}

    @property
    def n_negative(self) -> int:
        """How many controls have a true effect of 0."""
        return int(self.controls.loc[self.controls["truth"] == 0, "control"].nunique())

    @property
    def mean(self) -> float:
        """The mean of estimates of no effect."""
        return self.model.mean_at(0.0)

    @property
    def sigma(self) -> float:
        """The standard deviation of systematic error where there is no effect, by maximum likelihood."""
        return float(self.model.sigma_at(0.0))

    @cached_property
    def coverage(self) -> float:
        """The share of controls whose truth lies in their calibrated interval, each left out of the fit in turn."""
        return float(self._left_out["is_covered"].mean())

    @property
    def raw_coverage(self) -> float:
        """The share of controls whose truth lies in the interval that allows for chance alone."""
        value, error, truth = self._scaled
        return float((np.abs(value - truth) <= self._usual * error).mean())

    def apply(self, value: float, std_error: float, *, scale: float | None = None) -> Calibrated | NotEstimated:
        """Return an estimate of the same analysis with the interval and p-value that the controls entitle it to.

        With fewer than 20 negative controls it is not estimated: they do not show how far systematic error spreads.

        Args:
            value, std_error: the estimate and its error, in units of its outcome.
            scale: what its outcome is measured by; where controls have a scale, and only there.

        Raises:
            ConfigError: numbers that are none, or a scale where there is none.
        """
        if not (is_number(value) and is_positive(std_error)):
            raise ConfigError("apply: value must be a finite number, and std_error one above 0.")
        if self.is_scaled and not is_positive(scale):
            raise ConfigError("apply: the controls have a scale; give that of this outcome, above 0.")
        if not self.is_scaled and scale is not None:
            raise ConfigError("apply: no control has a scale, so this outcome can have none.")
        if self.n_negative < FEWEST_NEGATIVE:
            return NotEstimated(f"fewer than {FEWEST_NEGATIVE} negative controls do not show how far estimates are off")
        return self._calibrated(value, std_error, scale or 1.0)

    def table(self) -> pd.DataFrame:
        """Return a row for each control, in its own units, with its calibrated interval when left out of the fit."""
        alone = self._usual * self.controls["std_error"]
        raw = {"raw_low": self.controls["value"] - alone, "raw_high": self.controls["value"] + alone}
        return self.controls.assign(**raw).join(self._left_out)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the negative controls by estimate and error, and where one would be told from no effect."""
        negative = self.controls[self.controls["truth"] == 0]
        return draw_controls(negative, self.model, confidence=self.confidence, unit=self._unit, ax=ax)

    def summary(self) -> str:
        """Return how far off the analysis is among the controls, and whether others can be put right by them."""
        off = f"{number(self.mean)}{self._unit} on average, and by {number(self.sigma)} from one to the next"
        said = (
            f"Of {so_many(len(self.controls), 'control')}, {told_share(self.raw_coverage)} have their true effect in "
            f"the {percent(self.confidence)} interval that allows for chance alone. Estimates of no effect are off by "
            f"{off} besides chance; with that allowed for, and each control left out in turn, "
            f"{told_share(self.coverage)} have it."
        )
        few = (
            f"Fewer than {FEWEST_NEGATIVE} have no effect, too few for other estimates to be put right by them."
            if self.n_negative < FEWEST_NEGATIVE
            else "It holds for other estimates if they are off as the controls are."
        )
        return " ".join((said, few, *self.notes))

    def to_dict(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("n_negative", "mean", "sigma", "coverage", "raw_coverage")}
        rows = [plain(row) for row in self.table().to_dict("records")]
        return {"design": self.design, "notes": list(self.notes), **plain(own), "controls": rows}

    def __repr__(self) -> str:
        off = f"mean {number(self.mean)}, sigma {number(self.sigma)}"
        return f"<Calibration: {so_many(len(self.controls), 'control')}, {off}>"

    @property
    def _unit(self) -> str:
        return " (in units of each outcome's scale)" if self.is_scaled else ""

    @property
    def _usual(self) -> float:
        return float(stats.norm.ppf(0.5 + self.confidence / 2))

    @property
    def _scaled(self) -> np.ndarray:
        """Return values, errors and truths in units of their scale."""
        return self.controls[["value", "std_error", "truth"]].div(self.controls["scale"], axis=0).to_numpy().T

    @cached_property
    def _left_out(self) -> pd.DataFrame:
        """Return the calibrated interval of each control by a model of the others."""
        rows = pd.DataFrame(np.nan, index=self.controls.index, columns=["low", "high", "p_value"])
        for _, own in self.controls.groupby("control", sort=False):
            others = ~self.controls.index.isin(own.index)
            without = replace(self, model=fit(*self._scaled[:, others]))
            for place, value, error, scale in own[["value", "std_error", "scale"]].itertuples():
                found = without._calibrated(value, error, scale)
                rows.loc[place] = (found.low, found.high, found.p_value) if found else np.nan
        truth = self.controls["truth"]
        return rows.assign(is_covered=(rows["low"] <= truth) & (truth <= rows["high"]))

    def _calibrated(self, value: float, std_error: float, scale: float) -> Calibrated | NotEstimated:
        own, error, reach = value / scale, std_error / scale, self._usual * std_error
        if self.model.mean[1] <= 0:
            return NotEstimated("estimates of the positive controls do not rise with their true effects")
        centre, low, high = (end * scale for end in calibrated_interval(self.model, own, error, self.confidence))
        return Calibrated(
            value=centre,
            low=low,
            high=high,
            p_value=calibrated_p(self.model, own, error),
            raw_value=value,
            raw_std_error=std_error,
            raw_low=value - reach,
            raw_high=value + reach,
            raw_p_value=float(2 * stats.norm.sf(abs(value) / std_error)),
            confidence=self.confidence,
        )
