"""How much more one intervention does than another, or does for one kind of people than for another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.aggregate import Average, Combination, average_problems
from tf_eval.did.alone import told_alone, without_lone_ends
from tf_eval.did.arguments import kind_problems
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, interval, told_effect
from tf_eval.did.inference.errors import ONE_CLUSTER
from tf_eval.did.inference.two_way import two_way_variance
from tf_eval.did.inspection.difference_figure import draw_difference
from tf_eval.did.inspection.shared import average_of, inference_of, not_recognised, put_together, sides_of, spread_of
from tf_eval.did.plain import plain
from tf_eval.did.result import GroupTimeATT
from tf_eval.did.times import DateUnit
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.display import number

# What both have to agree in, for the difference to be one of effects, with an interval of the same kind.
ALIKE = ("outcome", "confidence", "errors", "quantile", "smallest_shown")
ROUNDING = 1e-20  # of the two variances: what is left where both estimates are moved alike by everybody


@dataclass(frozen=True, eq=False, repr=False)
class Difference:
    """The same average of two results (``one``, ``other``, called by ``names``), and how much they differ.

    ``n_shared`` counts the clusters that serve in both: what moves both moves their difference less, or more, and the
    error allows for it. None: the samples were said to be independent.
    """

    one: Estimate
    other: Estimate
    names: tuple[str, str]
    difference: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    n_shared: int | None

    @property
    def design(self) -> Design:
        return self.one.design

    def table(self) -> pd.DataFrame:
        """Return three rows: both averages and their difference."""
        rows = [
            {"name": name, **row.table().iloc[0].to_dict()} for name, row in zip(self.names, self._both, strict=True)
        ]
        own = {"name": "difference", "label": self.one.label, "att": self.difference}
        rest = {name: getattr(self, name) for name in ("std_error", "ci_low", "ci_high", "p_value")}
        return pd.DataFrame([*rows, {**own, **rest}]).astype({"n_treated": "Int64", "n_comparison": "Int64"})

    def summary(self) -> str:
        """Return both effects and how much they differ, in plain sentences; nothing where either is of few units."""
        if not all(row.is_shown for row in self._both):
            return f"The difference of effects on {self.design.outcome}, {self.one.label}, is {self.design.not_shown}"
        first, second = self.names
        return (
            f"The estimated effect on {self.design.outcome}, {self.one.label}, is {number(self.one.att)} for {first} "
            f"and {number(self.other.att)} for {second}: a difference of {number(self.difference)}"
            f"{self._interval()} {self._shared()}{told_alone(self._both, self.design)} They are effects on those "
            "treated in each, who may differ."
        )

    def to_dict(self) -> dict[str, Any]:
        names = ("difference", "std_error", "ci_low", "ci_high", "p_value", "n_shared")
        sides = [{"name": name, **row.to_dict()} for name, row in zip(self.names, self._both, strict=True)]
        return {**plain({name: getattr(self, name) for name in names}), "of": sides}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw both averages and their difference with their intervals; nothing where either is of few units."""
        return draw_difference(without_lone_ends(self.table(), (*self._both, self)), self.design, ax)

    def __repr__(self) -> str:
        counts = {
            "treated": min(row.n_treated for row in self._both),
            "comparison": min(row.n_comparison for row in self._both),
        }
        ends = (math.nan, math.nan) if self.is_alone else (self.ci_low, self.ci_high)
        told = told_effect(self.difference, *ends, counts, self.design)
        return f"<Difference: {self.design.outcome}, {self.names[0]} less {self.names[1]}: {told}>"

    @property
    def _both(self) -> tuple[Estimate, Estimate]:
        return self.one, self.other

    @property
    def is_alone(self) -> bool:
        """Whether either effect has an interval that would mislead; then this has, too."""
        return self.one.is_alone or self.other.is_alone

    def _interval(self) -> str:
        if self.is_alone:
            return "."
        if math.isnan(self.std_error):
            return ", without an error: whatever moves the one moves the other as much."
        told = f" ({self.design.level} interval {number(self.ci_low)} to {number(self.ci_high)})."
        return f"{told} These data cannot tell which is the larger." if self.ci_low <= 0 <= self.ci_high else told

    def _shared(self) -> str:
        if self.n_shared is None:
            return "The samples were taken to be independent."
        if not self.n_shared:
            return "No unit or cluster serves in both."
        return (
            f"Units or clusters that serve in both, which the interval allows for: {self.design.told(self.n_shared)}."
        )


def difference(
    one: GroupTimeATT,
    other: GroupTimeATT,
    average: str | tuple[int, int] | Average = "simple",
    *,
    independent: bool = False,
    names: Sequence[str] = ("the first", "the second"),
) -> Difference | NotEstimated:
    """Return an average effect of ``one`` less that of ``other``: of two interventions, or in two kinds of people.

    Clusters (units, where no cluster was named) of the same label are the same ones, such as the comparison units of
    two interventions, and move both averages; so an error that takes the two as independent would be wrong.

    Arguments:
        one, other: results for the same outcome, with the same cluster columns.
        average: a word of ``overall``, a pair of event times (first, last; both included), or what makes a
            ``Combination`` of ``Cells``; it is made of the cells of either.
        independent: nobody is in both, though labels may coincide (as numbers from 1 in each of two files do).
        names: what the two are called in words and tables.

    Raises ``ConfigError`` where the two do not go together, or nobody could be recognised in both.
    """
    way = "estimate_att makes one"
    raise_all(ConfigError, "difference", kind_problems(GroupTimeATT, way, one=one, other=other))
    problems = [*average_problems(average), *_unlike(one.design, other.design), *_bad_names(names)]
    problems += _other_steps(one.time_unit, other.time_unit)
    if not independent:
        problems += not_recognised(one, other, ", or give independent=True where nobody is in both.")
    raise_all(ConfigError, "difference", problems)
    effects, combinations = [], []
    for effect, name in zip((one, other), names, strict=True):
        combination, found = average_of(effect, average)
        if isinstance(found, NotEstimated):
            return NotEstimated(f"{name}: {found.reason}")
        effects.append(found)
        combinations.append(combination)
    return _compare((one, other), effects, combinations, tuple(names), independent)


def _compare(
    results: tuple[GroupTimeATT, GroupTimeATT],
    effects: list[Estimate],
    combinations: list[Combination],
    names: tuple[str, str],
    independent: bool,
) -> Difference | NotEstimated:
    kinds = list(zip(*(sides_of(*each) for each in zip(results, combinations, strict=True)), strict=True))
    together = [put_together(*sides, independent=independent) for sides in kinds]
    squares = [float(both.moves @ both.moves) for both in together]
    # Of two kinds of clusters: what either says, less what the pairs of both say (Cameron, Gelbach and Miller 2011).
    variance = squares[0] if len(squares) == 1 else float(two_way_variance(*squares))
    design = results[0].design
    if design.errors == "unequal":
        spread = spread_of(*kinds[0], together[0])
        variance, freedom = float(spread.covariance[0, 0]), max(float(spread.degrees_of_freedom[0]), 1.0)
    else:
        freedom = _fewest(results, combinations)
    if math.isnan(variance):
        return NotEstimated(ONE_CLUSTER)
    apart, least = effects[0].att - effects[1].att, ROUNDING * sum(effect.std_error**2 for effect in effects)
    error = math.sqrt(variance) if variance > least else math.nan
    ends = interval(apart, error, design, freedom)
    shared = None if independent else min(both.n_shared for both in together)
    return Difference(*effects, names, apart, error, *ends, shared)


def _fewest(results: Sequence[GroupTimeATT], combinations: Sequence[Combination]) -> float | None:
    """Return the degrees of freedom of the one that has fewer; None for a normal."""
    each = [
        inference_of(effect).spread_of(combination, combination)[1]
        for effect, combination in zip(results, combinations, strict=True)
    ]
    return None if None in each else min(each)


def _unlike(one: Design, other: Design) -> list[str]:
    return [
        f"{name} is '{getattr(one, name)}' in one and '{getattr(other, name)}' in the other; estimate both alike."
        for name in ALIKE
        if getattr(one, name) != getattr(other, name)
    ]


def _other_steps(one: str, other: str) -> list[str]:
    """Say so where dates count in years of one result, say, and in months of the other."""
    if not (isinstance(one, DateUnit) and isinstance(other, DateUnit)) or one.step == other.step:
        return []
    return [
        f"time counts in steps of {one.step} months in one and of {other.step} in the other; bring both to the longer."
    ]


def _bad_names(names: Sequence[str]) -> list[str]:
    words = isinstance(names, tuple | list) and all(isinstance(name, str) for name in names)
    good = words and len(names) == 2 and names[0] != names[1]
    return [] if good else ["names must be two different words, one for each result."]
