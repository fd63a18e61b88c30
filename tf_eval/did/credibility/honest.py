"""How far an effect stands if trends were not parallel: intervals under bounded violations, and where they give in."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.special import ndtri

from tf_eval.did.arguments import as_numbers
from tf_eval.did.credibility.course import Course, Effects, Target, full_rank, read_course
from tf_eval.did.credibility.figure import draw_bounds
from tf_eval.did.credibility.fixed_length import fixed_length_set, trace
from tf_eval.did.credibility.restrictions import ORDER, Restricted, restrict, shortage
from tf_eval.did.credibility.robust import identified_sets, robust_sets, zero_excluded
from tf_eval.did.design import Design
from tf_eval.did.plain import plain, plain_value
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import word_problems
from tf_eval.matching.display import number, so_many
from tf_eval.matching.figure import leave_empty

METHODS = ("fixed_length", "hybrid", "conditional")
MULTIPLES = (0.0, 0.5, 1.0, 1.5, 2.0)
# So many bounds are tried for the one at which the interval gives in, then as many between the last two, so often.
TRIED, ROUNDS = 25, 5

IF = {
    "relative_magnitudes": "if the groups drift apart after the start by up to {bound} times as much per {period} as "
    "they ever did before it",
    "smoothness": "if the difference in trends changes its slope by up to {bound} from one {period} to the next",
    "combined": "if the difference in trends changes its slope after the start by up to {bound} times as much per "
    "{period} as it ever did before it",
}


@dataclass(frozen=True, eq=False, repr=False)
class HonestBounds:
    """Intervals for an effect that hold under violations of parallel trends of bounded size.

    ``intervals`` (bounds x 2) hold with the confidence of the design under each of ``bounds``; ``identified`` are the
    effects that a bound allows had the estimates no error (missing where those before treatment break the bound).
    ``original`` is the estimate with the ends of its interval under parallel trends. ``breakdown`` is the largest bound
    at which the interval leaves 0 out: missing (NaN) where it never does, infinite where it always does. Words and
    figures tell nothing where an effect that was used rests on few units (not ``is_shown``).
    """

    restriction: str
    method: str
    target: str
    bounds: tuple[float, ...]
    intervals: np.ndarray
    identified: np.ndarray
    original: tuple[float, float, float]
    breakdown: float
    period: str
    notes: tuple[str, ...]
    design: Design
    is_shown: bool = True

    def table(self) -> pd.DataFrame:
        """Return one row per bound, after one for parallel trends, whose bound is missing."""
        estimate, *ends = self.original
        low, high = np.vstack([ends, self.intervals]).T
        inner_low, inner_high = np.vstack([[estimate, estimate], self.identified]).T
        return pd.DataFrame(
            {
                "assumption": ["parallel_trends", *[self.restriction] * len(self.bounds)],
                "bound": [math.nan, *self.bounds],
                "ci_low": low,
                "ci_high": high,
                "identified_low": inner_low,
                "identified_high": inner_high,
                "leaves_out_zero": (low > 0) | (high < 0),
            }
        )

    def summary(self) -> str:
        """Return the interval under parallel trends and under a bound, and where it gives in, in plain sentences."""
        if not self.is_shown:
            return f"How far the effect on {self.design.outcome}, {self.target}, stands is {self.design.not_shown}"
        estimate, low, high = self.original
        shown = self.bounds.index(1.0) if 1.0 in self.bounds else len(self.bounds) - 1
        if_so = IF[self.restriction].format(bound=number(self.bounds[shown]), period=self.period)
        ends = " to ".join(number(end) for end in self.intervals[shown])
        return (
            f"The estimated effect on {self.design.outcome}, {self.target}, is {number(estimate)} "
            f"({self.design.level} interval {number(low)} to {number(high)}) if both groups would otherwise "
            f"have changed alike. The interval is {ends} {if_so}. {self._giving_in()}"
        )

    def to_dict(self) -> dict[str, Any]:
        rows = self.table().to_dict("records")
        return {
            "restriction": self.restriction,
            "method": self.method,
            "target": self.target,
            "rows": [plain(row) for row in rows],
            "breakdown": plain_value(self.breakdown),
            "notes": list(self.notes),
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the intervals by bound, the one under parallel trends first, and mark where they give in."""
        if not self.is_shown:
            return leave_empty(ax, f"The effect on {self.design.outcome}", self.design.smallest_shown)
        return draw_bounds(self.table(), breakdown=self.breakdown, axis=self._axis, outcome=self.design.outcome, ax=ax)

    def __repr__(self) -> str:
        bounds = so_many(len(self.bounds), "bound")
        return f"<HonestBounds: {self.design.outcome}, {self.target}, {self.restriction}, {bounds}>"

    def _giving_in(self) -> str:
        if math.isnan(self.breakdown):
            return "It includes 0 even at a bound of 0."
        if math.isinf(self.breakdown):
            return "It leaves 0 out whatever the bound, for nothing moved before the start."
        return f"It leaves 0 out up to a bound of {number(self.breakdown)}, and no further."

    @property
    def _axis(self) -> str:
        return {
            "relative_magnitudes": "Drift after the start, in multiples of the largest before it",
            "smoothness": f"Change of slope from one {self.period} to the next",
            "combined": "Change of slope after the start, in multiples of the largest before it",
        }[self.restriction]


def honest_bounds(
    estimates: Effects, restriction: str, bounds: Sequence[float] | None, target: Target, method: str | None
) -> HonestBounds | NotEstimated:
    """Return the intervals; see ``Estimates.honest``."""
    raise_all(ConfigError, "honest", _problems(restriction, bounds, method))
    course = read_course(estimates, "honest")
    if isinstance(course, NotEstimated):
        return course
    weights, name = course.target(target)
    lacking = shortage(course, restriction) or _dependence(course)
    if lacking:
        return NotEstimated(lacking)
    method = method or ("fixed_length" if restriction == "smoothness" else "hybrid")
    restricted = restrict(course, weights, restriction)
    chosen = np.array(_default(restricted, course) if bounds is None else bounds, dtype=float)
    intervals, excluded = _solver(restricted, course, method)
    return HonestBounds(
        restriction=restriction,
        method=method,
        target=name,
        bounds=tuple(chosen.tolist()),
        intervals=intervals(chosen),
        identified=identified_sets(restricted, course, chosen),
        original=_original(course, weights),
        breakdown=_breakdown(excluded, _certain(restricted, course)),
        period=course.period,
        notes=(f"Left out, for lack of an estimate: {', '.join(course.skipped)}.",) if course.skipped else (),
        design=course.design,
        is_shown=course.is_shown,
    )


def _problems(restriction: str, bounds: Sequence[float] | None, method: str | None) -> list[str]:
    problems = word_problems("restriction", restriction, ORDER)
    problems += [] if method is None else word_problems("method", method, METHODS)
    if method == "fixed_length" and restriction != "smoothness":
        problems.append("a fixed-length interval has a meaning under smoothness alone; use 'hybrid' or 'conditional'.")
    given = np.zeros(1) if bounds is None else as_numbers(bounds)
    if given is None or not len(given) or (given < 0).any():
        problems.append("bounds must be finite numbers, 0 or more, such as [0, 0.5, 1].")
    return problems


def _dependence(course: Course) -> str | None:
    """Say so where there are too few clusters to tell the effects' errors apart."""
    steps = np.diff(np.eye(len(course)), axis=0)
    if full_rank(steps @ course.covariance @ steps.T):
        return None
    return f"{len(course)} effects in a row are too many for so few clusters; ask for fewer, or for bands"


def _default(restricted: Restricted, course: Course) -> np.ndarray:
    """Return multiples of what was seen, or changes of slope up to the largest that was seen before treatment."""
    if restricted.relative:
        return np.array(MULTIPLES)
    seen = np.abs(restricted.before @ course.effects)
    return np.linspace(0, seen.max() if len(seen) else math.sqrt(course.variance(restricted.target)), len(MULTIPLES))


Intervals = Callable[[np.ndarray], np.ndarray]


def _solver(restricted: Restricted, course: Course, method: str) -> tuple[Intervals, Intervals]:
    """Return what gives the ends of the intervals for some bounds, and what says whether they leave 0 out."""
    size, hybrid = 1 - course.design.confidence, method == "hybrid"
    if method != "fixed_length":
        return (
            lambda bounds: robust_sets(restricted, course, bounds, size, hybrid),
            lambda bounds: zero_excluded(restricted, course, bounds, size, hybrid),
        )
    frontier = trace(restricted, course)

    def ends(bounds: np.ndarray) -> np.ndarray:
        return np.array([fixed_length_set(frontier, bound, size) for bound in bounds])

    return ends, lambda bounds: np.prod(ends(bounds), axis=1) > 0


def _original(course: Course, weights: np.ndarray) -> tuple[float, float, float]:
    estimate = float(weights @ course.effects)
    reach = float(ndtri(0.5 + course.design.confidence / 2) * np.sqrt(course.variance(weights)))
    return estimate, estimate - reach, estimate + reach


def _certain(restricted: Restricted, course: Course) -> float:
    """Return a bound under which an effect of 0 would be allowed even had the estimates no error."""
    seen = np.abs(restricted.before @ course.effects).max(initial=0.0) if restricted.relative else 1.0
    away = abs(float(restricted.target @ course.effects))
    return away / (restricted.reach * seen) if seen > 0 else math.inf


def _breakdown(excluded: Intervals, certain: float) -> float:
    """Return the bound up to which 0 is left out: the last before the first that takes it in."""
    if not excluded(np.zeros(1))[0]:
        return math.nan
    if math.isinf(certain):
        return math.inf
    low, high = 0.0, certain
    while excluded(np.array([high]))[0]:
        low, high = high, 2 * high
    for _ in range(ROUNDS):
        tried = np.linspace(low, high, TRIED)
        first = int(np.append(~excluded(tried[1:-1]), True).argmax())
        low, high = tried[first], tried[first + 1]
    return float(low)
