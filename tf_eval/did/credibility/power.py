"""What a test of trends before treatment would have missed, and what that does to the effect (Roth 2022)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtri

from tf_eval.did.arguments import as_numbers
from tf_eval.did.credibility.course import Course, Effects, Target, full_rank, read_course
from tf_eval.did.credibility.passing import JointTest, SingleTests
from tf_eval.did.design import Design
from tf_eval.did.plain import plain
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_number
from tf_eval.matching.display import number, so_many, told_share

POWERS = (0.5, 0.8)
TESTS = ("single", "joint")

Trend = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Missed:
    """What one test makes of one violation of parallel trends.

    ``slope`` is the violation per period (missing if it is no line) and ``power`` the chance that the test rejects.
    ``bias`` is what the violation adds to the effect in all studies, ``bias_after_passing`` in those that the test lets
    pass. ``bayes_factor`` is how much likelier passing is under the violation than under parallel trends, and
    ``likelihood_ratio`` how much likelier the effects before treatment are just as they were estimated.
    """

    test: str
    slope: float
    power: float
    bias: float
    bias_after_passing: float
    bayes_factor: float
    likelihood_ratio: float


@dataclass(frozen=True, eq=False, repr=False)
class PreTrendPower:
    """The power of tests of the effects before treatment, and the bias that a study which passes would hide."""

    rows: tuple[Missed, ...]
    target: str
    estimate: float
    n_tested: int
    period: str
    design: Design
    is_shown: bool = True

    def table(self) -> pd.DataFrame:
        """Return one row per test and violation, with the columns of ``Missed``."""
        return pd.DataFrame([vars(row) for row in self.rows])

    def summary(self) -> str:
        """Say what the tests of single effects miss of the first violation, and what that does."""
        if not self.is_shown:
            return f"What tests before treatment miss of {self.design.outcome} is {self.design.not_shown}"
        row = self.rows[0]
        if row.slope == 0:
            return self._without_trend(row)
        passing = f" (by {number(row.bias_after_passing)} in the studies that miss it)" if row.power < 1 else ""
        what = "Such a violation" if math.isnan(row.slope) else f"A trend of {number(row.slope)} a {self.period}"
        return (
            f"{what} would have been missed in {told_share(1 - row.power)} of studies by the intervals before "
            f"treatment ({self.n_tested} in all), and would bias the effect on {self.design.outcome}, {self.target}, "
            f"by {number(row.bias)}{passing}. The estimate is {number(self.estimate)}. The effects seen before "
            f"treatment are {number(row.likelihood_ratio)} times as likely with it as with parallel trends."
        )

    def _without_trend(self, row: Missed) -> str:
        return (
            f"Without any trend, too, some of the intervals before treatment ({self.n_tested} in all) leave 0 out in "
            f"{told_share(row.power)} of studies of {self.design.outcome}, so that such an interval says little of "
            f"trends; fewer and longer bands, or the joint test, say more. The estimate is {number(self.estimate)}."
        )

    def to_dict(self) -> dict[str, Any]:
        rows = [plain(vars(row)) for row in self.rows]
        return {"target": self.target, "estimate": self.estimate, "n_tested": self.n_tested, "rows": rows}

    def __repr__(self) -> str:
        tested = so_many(self.n_tested, "effect")
        return f"<PreTrendPower: {self.design.outcome}, {tested} before treatment, {self.target}>"


@dataclass(frozen=True, eq=False)
class _Question:
    """A course with the target (weights), and which of its effects are tested (a mask)."""

    course: Course
    target: np.ndarray
    tested: np.ndarray

    @property
    def covariance(self) -> np.ndarray:
        return self.course.covariance[np.ix_(self.tested, self.tested)]

    def tests(self) -> dict[str, SingleTests | JointTest]:
        confidence = self.course.design.confidence
        reach = float(ndtri(0.5 + confidence / 2))
        return {"single": SingleTests(self.covariance, reach), "joint": JointTest(self.covariance, confidence)}

    def missed(self, name: str, violation: np.ndarray, slope: float) -> Missed:
        """Return what a test makes of a violation, given for every effect of the course."""
        test, before = self.tests()[name], violation[self.tested]
        passing, by_chance = test.passing(before), test.passing(np.zeros(len(before)))
        shared = self.course.covariance[self.tested] @ self.target
        moved = np.linalg.solve(self.covariance, passing.mean - before) @ shared
        bias = float(self.target @ violation)
        return Missed(
            test=name,
            slope=slope,
            power=1 - passing.chance,
            bias=bias,
            bias_after_passing=bias + float(moved),
            bayes_factor=passing.chance / by_chance.chance,
            likelihood_ratio=self._likelihood_ratio(before),
        )

    def slope_for(self, name: str, shape: np.ndarray, power: float) -> float:
        """Return the multiple of ``shape`` that a test rejects with chance ``power``; 0 if it does so with no trend."""
        test, before = self.tests()[name], shape[self.tested]

        def excess(slope: float) -> float:
            return 1 - test.passing(slope * before).chance - power

        if excess(0.0) >= 0:
            return 0.0
        high = float(np.min(np.sqrt(np.diag(self.covariance)) / np.abs(before)))
        while excess(high) < 0:
            high *= 2
        return float(brentq(excess, 0.0, high, xtol=1e-7 * high))

    def _likelihood_ratio(self, before: np.ndarray) -> float:
        seen = self.course.effects[self.tested]
        return float(np.exp((seen - before / 2) @ np.linalg.solve(self.covariance, before)))


def pre_trend_power(
    estimates: Effects, slope: float | None, trend: Trend | None, powers: Sequence[float], target: Target
) -> PreTrendPower | NotEstimated:
    """Return power and bias; see ``Estimates.pre_trend_power``."""
    raise_all(ConfigError, "pre_trend_power", _problems(slope, trend, powers))
    course = read_course(estimates, "pre_trend_power")
    if isinstance(course, NotEstimated):
        return course
    weights, name = course.target(target)
    question = _Question(course, weights, _tested(course))
    if not question.tested.any():
        return NotEstimated("there is no effect before treatment, other than in the base, that could be tested")
    if not full_rank(question.covariance):
        return NotEstimated(f"{question.tested.sum()} effects are too many for so few clusters; ask for bands")
    return PreTrendPower(
        rows=tuple(_answers(question, slope, trend, powers)),
        target=name,
        estimate=float(weights @ course.effects),
        n_tested=int(question.tested.sum()),
        period=course.time_unit,
        design=course.design,
        is_shown=course.is_shown,
    )


def _answers(question: _Question, slope: float | None, trend: Trend | None, powers: Sequence[float]) -> list[Missed]:
    since = question.course.middle - question.course.base
    if trend is not None:
        violation = _shaped(trend, since)
        return [question.missed(test, violation, math.nan) for test in TESTS]
    if slope is not None:
        return [question.missed(test, slope * since, slope) for test in TESTS]
    slopes = [(test, question.slope_for(test, since, power)) for test in TESTS for power in powers]
    return [question.missed(test, found * since, found) for test, found in slopes]


def _shaped(trend: Trend, since: np.ndarray) -> np.ndarray:
    violation = np.asarray(trend(since), dtype=float)
    if violation.shape != since.shape or not np.isfinite(violation).all():
        raise ConfigError("pre_trend_power: trend must return one finite number for each of the periods it is given.")
    return violation


def _tested(course: Course) -> np.ndarray:
    """Return the effects before treatment that are no part of the base."""
    before = np.arange(len(course)) < course.n_before
    if course.design.window:
        return before & (course.last < -course.design.anticipation - course.design.window)
    return before & (np.diag(course.covariance) > 0)


def _problems(slope: float | None, trend: Trend | None, powers: Sequence[float]) -> list[str]:
    problems = []
    if slope is not None and trend is not None:
        problems.append("give a slope or a trend, not both.")
    if slope is not None and not is_number(slope):
        problems.append("slope must be a finite number.")
    if trend is not None and not callable(trend):
        problems.append("trend must be a function of the periods since the base, such as lambda since: 0.1 * since**2.")
    given = as_numbers(powers)
    if given is None or not len(given) or not ((given > 0) & (given < 1)).all():
        problems.append("powers must lie between 0 and 1, for example (0.5, 0.8).")
    return problems
