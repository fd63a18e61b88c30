"""The wrong answer, beside which the estimate is shown: how the treated changed, with nobody to compare them with."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.arguments import unknown_options
from tf_eval.did.asker import asked_by
from tf_eval.did.design import Design, Stackable, read_source
from tf_eval.did.estimate import interval, told_effect
from tf_eval.did.plain import plain
from tf_eval.did.reading.panel import Panel, mean_of_half, read_panel
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_whole
from tf_eval.matching.display import number

WHERE = "naive_change"
# Of the options of ``estimate_att`` those that make a difference here.
TAKEN = ("unit", "period", "adopted", "anticipation", "cluster", "weights", "confidence", "quantile", "smallest_shown")
NO_EFFECT = (
    "This is no estimate of an effect: it has no comparison group, and people found at their worst tend to recover by "
    "themselves."
)
REQUIRED = ("unit", "period", "adopted")


@dataclass(frozen=True, eq=False, repr=False)
class NaiveChange:
    """Mean outcome of the treated over a follow-up band less their mean over the baseline window.

    No effect: it holds whatever else changed, such as recovery from the crisis in which they were found.
    """

    label: str
    change: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    baseline_mean: float
    follow_up_mean: float
    n_treated: int
    design: Design

    def table(self) -> pd.DataFrame:
        """Return the change as a table of one row."""
        return pd.DataFrame([self._numbers()])

    def summary(self) -> str:
        """Return both means and their difference in plain sentences; counts are rounded and small ones not shown."""
        if not self.design.shows(self.n_treated):
            return f"The change in {self.design.outcome}, {self.label}, is {self.design.not_shown} {NO_EFFECT}"
        return (
            f"The treated units' mean {self.design.outcome} went from {number(self.baseline_mean)} before to "
            f"{number(self.follow_up_mean)} in {self.label}, a change of {number(self.change)} "
            f"({self.design.level} interval {number(self.ci_low)} to {number(self.ci_high)}; "
            f"{self.design.told(self.n_treated)} treated units). {NO_EFFECT}"
        )

    def to_dict(self) -> dict[str, Any]:
        return plain(self._numbers())

    def _numbers(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "design"}

    def __repr__(self) -> str:
        told = told_effect(self.change, self.ci_low, self.ci_high, {"treated": self.n_treated}, self.design)
        return f"<NaiveChange: {self.design.outcome}, {self.label}: {told}>"


@asked_by(WHERE)
def naive_change(
    data: pd.DataFrame | Stackable,
    matched: Any = None,
    *,
    outcome: str,
    first: int = 1,
    last: int = 12,
    baseline: int = 12,
    **options: Any,
) -> NaiveChange | NotEstimated:
    """Return the plain before-and-after change of the treated units, labelled as what it is.

    Arguments are those of ``estimate_att`` (``unit``, ``period``, ``adopted``, ``anticipation``, ``cluster``,
    ``weights``, ``confidence``, ``quantile``, ``smallest_shown``; others are refused) and the follow-up band,
    event times ``first`` to ``last``; the baseline is the last ``baseline`` periods before treatment. A unit serves
    with at least half of both observed. Its error is that of a mean over clusters. Raises as ``estimate_att`` does.
    """
    problems = unknown_options(options, TAKEN)
    raise_all(ConfigError, WHERE, [*problems, *_band_problems(first, last, baseline)])
    asked = {"covariates": (), **dict.fromkeys(REQUIRED), **options, "outcome": outcome, "baseline": int(baseline)}
    frame, complete = read_source(data, matched, asked, REQUIRED)
    design = Design(**complete)
    design.check()
    if len(design.clusters) > 1:
        raise ConfigError(f"{WHERE}: errors of a plain change are clustered by one column.")
    return _measure(read_panel(frame, design), design, int(first), int(last))


def _band_problems(first: int, last: int, baseline: int) -> list[str]:
    problems = [] if is_whole(baseline, 1) else ["baseline must be a whole number of periods, 1 or more."]
    if is_whole(first, 0) and is_whole(last, 0) and first <= last:
        return problems
    return [*problems, "the follow-up band must run forwards from event time 0 on, from first=1 to last=12 say."]


def _measure(panel: Panel, design: Design, first: int, last: int) -> NaiveChange | NotEstimated:
    treated, label = np.flatnonzero(np.isfinite(panel.adopted)), f"{panel.time_unit}s {first} to {last}"
    start = -design.anticipation
    before = _band_mean(panel, treated, start - design.window, start - 1)
    after = _band_mean(panel, treated, first, last)
    served = np.isfinite(before) & np.isfinite(after)
    clusters, position = np.unique(panel.clusters[0][treated][served], return_inverse=True)
    if len(clusters) < 2:
        return NotEstimated(
            f"fewer than two treated clusters are observed both before and after (in half of the {design.window} "
            f"{panel.time_unit}s before the start, and of {label}); give first, last and baseline that fit the panel"
        )
    weight = panel.weight[treated][served] / panel.weight[treated][served].sum()
    before, after = before[served], after[served]
    change = float(weight @ (after - before))
    per_cluster = np.bincount(position, weight * (after - before - change))
    # One degree of freedom goes to the mean, as in the error of any mean.
    std_error = float(np.sqrt(len(clusters) / (len(clusters) - 1) * (per_cluster @ per_cluster)))
    freedom = len(clusters) - 1 if design.quantile == "t" else None
    low, high, p_value = interval(change, std_error, design, freedom)
    means = float(weight @ before), float(weight @ after)
    return NaiveChange(label, change, std_error, low, high, p_value, *means, int(served.sum()), design)


def _band_mean(panel: Panel, units: np.ndarray, first: int, last: int) -> np.ndarray:
    """Mean outcome over event times ``first`` to ``last``; NaN where fewer than half of them are observed."""
    event_time = panel.periods - panel.adopted[units, None]
    outcome = panel.outcome[units] + panel.level[units, None]
    seen = (event_time >= first) & (event_time <= last) & np.isfinite(outcome)
    return mean_of_half(outcome, seen, last - first + 1)
