"""One number with its doubt."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy import stats

from tf_eval.did.aggregate import is_mean
from tf_eval.did.alone import told_alone
from tf_eval.did.design import Design
from tf_eval.did.plain import plain
from tf_eval.did.planning.detectable import errors_needed, power_problems
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.display import as_given, number


@dataclass(frozen=True, eq=False, repr=False)
class Estimate:
    """An effect on the treated, averaged over some cells.

    ``treated_mean`` is the treated units' mean outcome in those cells and ``counterfactual_mean`` the same less the
    effect: the base rate, what would have happened without treatment. ``treated_share`` is the share of all treated (by
    weight) in groups for which it stands; of a mean that ``is_over_times``, event times or calendar periods that count
    alike, the mean of their shares, 0 where nothing could be estimated. ``n_treated`` and ``n_comparison`` count units:
    at one event time (or in one calendar period) over all groups that serve, and of a mean over several event times at
    the one with the fewest, so that no mean claims more units than any of its parts rests on. The interval is that of t
    with ``degrees_of_freedom``, infinite where it is the normal's. Of a match that has several rows of somebody, such
    as of a family in each of many months, they count everybody once where errors are clustered so.

    ``is_base`` says that the effect is 0 by construction, as that of the period is from which others are measured.
    ``is_alone`` says that all treated units are of one cluster. How far treated clusters differ cannot be seen then,
    and the error leaves it out: the interval is too narrow by an unknown amount, and no sentence or figure tells it.

    ``weights_sum`` is what the weights on the cells come to. Where that is not 1, as of a contrast (0), it is no mean
    effect, and both mean outcomes are missing: the same combination of outcomes would be no base rate. ``fewest`` is,
    of an effect on the share who reach a threshold, how many of the treated do, or do not, if they are fewer.
    """

    label: str
    where: Mapping[str, Any]
    att: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    treated_mean: float
    counterfactual_mean: float
    n_treated: int
    n_comparison: int
    treated_share: float
    design: Design
    degrees_of_freedom: float = math.inf
    is_base: bool = False
    is_alone: bool = False
    is_over_times: bool = False
    weights_sum: float = 1.0
    fewest: float = math.inf

    @property
    def is_shown(self) -> bool:
        """Whether words and figures may tell the effect; see ``smallest_shown`` of ``Design``."""
        return self.design.shows(self.n_treated, self.n_comparison, self.fewest)

    def summary(self) -> str:
        """Return size, interval and base rate in plain sentences; counts are rounded and small ones not shown."""
        if not self.is_shown:
            return f"The effect on {self.design.outcome}, {self.label}, is {self.design.not_shown}"
        if self.is_base:
            return f"The effect on {self.design.outcome}, {self.label}, is 0 by construction: it is the base of others."
        return (
            f"The estimated {self._told_size}{self._told_share}{told_alone([self], self.design)} It holds only if both "
            f"groups would otherwise have changed {self.design.alike}."
        )

    @property
    def _told_size(self) -> str:
        """What it is and how large, beside its base rate where it has one."""
        what = f"{self.design.outcome}, {self.label}, is {number(self.att)}{self.told_interval}"
        if is_mean(self.weights_sum):
            base = f"{number(self.counterfactual_mean)} expected without treatment"
            return f"effect on {what}, against {base} ({self.told_counts})."
        total = as_given(round(self.weights_sum, 6) + 0.0)  # no sign is left of what rounds to 0
        return (
            f"combination of effects on {what}, on {self.told_counts}. Its weights sum to {total}, so that it is no "
            "mean effect and has no base rate."
        )

    @property
    def told_interval(self) -> str:
        """The interval as what follows the effect; nothing where it would mislead."""
        if self.is_alone:
            return ""
        return f" ({self.design.level} interval {number(self.ci_low)} to {number(self.ci_high)})"

    @property
    def _told_share(self) -> str:
        if self.treated_share > 0.995:
            return ""
        whose = "On average over time it" if self.is_over_times else "It"
        return f" {whose} stands for {self.design.told_share(self.treated_share, self.n_treated)} of the treated."

    @property
    def told_counts(self) -> str:
        """How many units it rests on, as words tell it."""
        told = self.design.told
        counts = f"{told(self.n_treated)} treated and {told(self.n_comparison)} comparison units"
        return counts if self._is_of_one_time else f"{counts} where they are fewest"

    @property
    def _is_of_one_time(self) -> bool:
        """Whether it is no mean over several event times, or calendar periods."""
        if "band" in self.where:
            return self.where["first"] == self.where["last"]
        return "event_time" in self.where or "period" in self.where

    def minimum_detectable(self, power: float = 0.8) -> float:
        """Return how large an effect has to be for a study with this error to tell it from none so often.

        ``power`` is that chance, from 0.5 on. It says what the study could have found, and nothing of what it did
        find: the interval does. Raises ``ConfigError`` for another power.
        """
        raise_all(ConfigError, "minimum_detectable", power_problems(power))
        return errors_needed(self.design.confidence, power, self.degrees_of_freedom) * self.std_error

    def table(self) -> pd.DataFrame:
        """Return the estimate as a table of one row."""
        return pd.DataFrame([{"label": self.label, **self.where, **numbers_of(self)}])

    def to_dict(self) -> dict[str, Any]:
        return {"label": self.label, **plain(self.where), **plain(numbers_of(self))}

    def __repr__(self) -> str:
        counts = {"treated": self.n_treated, "comparison": self.n_comparison}
        ends = (math.nan, math.nan) if self.is_alone else (self.ci_low, self.ci_high)
        told = told_effect(self.att, *ends, counts, self.design, is_shown=self.is_shown)
        return f"<Estimate: {self.design.outcome}, {self.label}: {told}>"


NUMBERS = (
    "att",
    "std_error",
    "ci_low",
    "ci_high",
    "p_value",
    "treated_mean",
    "counterfactual_mean",
    "n_treated",
    "n_comparison",
    "treated_share",
)


def interval(
    att: float, std_error: float, design: Design, degrees_of_freedom: float | None
) -> tuple[float, float, float]:
    """Return the interval's ends and the two-sided p-value, by t with ``degrees_of_freedom`` or (None) the normal."""
    reference = stats.norm if degrees_of_freedom is None else stats.t(degrees_of_freedom)
    reach = float(reference.ppf(0.5 + design.confidence / 2)) * std_error
    p_value = float(2 * reference.sf(abs(att) / std_error)) if std_error > 0 else math.nan
    return att - reach, att + reach, p_value


def told_effect(
    att: float, low: float, high: float, counts: Mapping[str, int], design: Design, *, is_shown: bool = True
) -> str:
    """Return an effect as a notebook may show it: counts of units rounded, and no number that rests on very few.

    Ends that are missing are those of an interval which would mislead, or of none.
    """
    units = ", ".join(f"{design.told(count)} {arm}" for arm, count in counts.items()) + " units"
    if not (is_shown and design.shows(*counts.values())):
        return f"not shown ({units})"
    if math.isnan(low) and math.isnan(high):
        return f"{number(att)} (no interval; {units})"
    return f"{number(att)} ({design.level} interval {number(low)} to {number(high)}; {units})"


def numbers_of(row: Estimate | NotEstimated) -> dict[str, Any]:
    """Return the numbers of a row by name; missing where it is not estimated."""
    return {name: getattr(row, name, math.nan) for name in NUMBERS}
