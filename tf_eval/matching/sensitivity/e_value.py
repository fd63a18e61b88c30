"""E-values: how strongly a hidden thing would have to go with both treatment and outcome to explain an effect away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, InputError, NotEstimated, raise_all
from tf_eval.matching.arguments import (
    flag_problems,
    is_between,
    is_number,
    is_whole,
    level_problems,
    word_problems,
)
from tf_eval.matching.display import number
from tf_eval.matching.sensitivity.e_value_plot import plot_e_value
from tf_eval.matching.sensitivity.risk_ratio import TO_RISK_RATIO, e_value_of, limit_of_risk_difference

MEASURES = ("risk_ratio", "odds_ratio", "hazard_ratio", "standardised_difference", "risk_difference")
DIFFERENCES = ("standardised_difference", "risk_difference")


@dataclass(frozen=True, eq=False)
class EValue:
    """The E-value of an estimate and of the limit of its interval that is nearer to no effect.

    measure       what the estimate is
    risk_ratio    the estimate as an (approximate) risk ratio
    e_value       E-value of the estimate
    e_value_ci    E-value of the nearer limit: 1 where the interval holds no effect; None where no interval was given
    """

    measure: str
    risk_ratio: float
    e_value: float
    e_value_ci: float | None

    def table(self) -> pd.DataFrame:
        """Return a table of one row."""
        return pd.DataFrame([self.to_dict()])

    def summary(self) -> str:
        """Return what the E-value means, in plain sentences."""
        found = (
            f"To explain the estimate away, something hidden would have to make both treatment and the outcome "
            f"{number(self.e_value)} times as likely (or as rare), beyond all that was adjusted for."
        )
        if self.e_value_ci is None:
            return found
        if self.e_value_ci == 1:
            return f"{found} The interval includes no effect as it is."
        return f"{found} For the interval to include no effect, {number(self.e_value_ci)} times would do."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw which pairs of strengths would explain the estimate away."""
        return plot_e_value(self.risk_ratio, self.e_value, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as JSON-safe values."""
        return {
            "measure": self.measure,
            "risk_ratio": self.risk_ratio,
            "e_value": self.e_value,
            "e_value_ci": self.e_value_ci,
        }


def e_value(
    estimate: float,
    ci_low: float | None = None,
    ci_high: float | None = None,
    *,
    measure: str,
    rare: bool = False,
    base_rate: float | None = None,
) -> EValue:
    """Return the E-value of an estimate and of its interval.

    Parameters
    ----------
    estimate, ci_low, ci_high
        The estimate and its interval, in the units of the measure; the interval may be left out.
    measure
        ``"risk_ratio"``, ``"odds_ratio"``, ``"hazard_ratio"``, ``"standardised_difference"`` (in standard deviations of
        the outcome) or ``"risk_difference"`` (between -1 and 1).
    rare
        Whether fewer than 15 in 100 have the outcome by the end: odds and hazard ratios are then risk ratios nearly.
    base_rate
        For a risk difference, the risk without treatment (``counterfactual_mean`` of an effect). The interval takes it
        as known; ``e_value_of_counts`` does not.

    Raises
    ------
    ConfigError
        The measure is unknown, or a base rate is missing or given where none belongs.
    InputError
        A number is out of its range, or the interval does not hold the estimate.

    Notes
    -----
    VanderWeele and Ding (2017, Annals of Internal Medicine 167).
    """
    raise_all(ConfigError, "e_value", [*_option_problems(measure, base_rate), *flag_problems(rare=rare)])
    limits = [limit for limit in (ci_low, ci_high) if limit is not None]
    raise_all(InputError, "e_value", _number_problems(measure, estimate, ci_low, ci_high))
    if measure == "risk_difference":
        raise_all(InputError, "e_value", _risk_problems(base_rate, [estimate, *limits]))
        return _assess(measure, *(_risk_ratio(base_rate, value) for value in (estimate, ci_low, ci_high)))
    convert = TO_RISK_RATIO[measure, rare]
    return _assess(measure, *(None if value is None else convert(value) for value in (estimate, ci_low, ci_high)))


def e_value_of_counts(
    treated: tuple[int, int], comparison: tuple[int, int], *, level: float = 0.95
) -> EValue | NotEstimated:
    """Return the E-value of the difference of two risks from counts: (with the outcome, rows) of each arm.

    The interval at ``level`` has the sampling error of both risks (Ding and VanderWeele 2016). A difference below 0 is
    taken the other way round. ``NotEstimated`` where an arm has nobody with the outcome.

    Raises ``InputError`` where the counts are none, and ``ConfigError`` for a level that is not between 0 and 1.
    """
    raise_all(ConfigError, "e_value_of_counts", level_problems(level))
    raise_all(InputError, "e_value_of_counts", _count_problems(treated, comparison))
    if not (treated[0] and comparison[0]):
        return NotEstimated("an arm has nobody with the outcome, so that there is no ratio of risks")
    arms = sorted([treated, comparison], key=lambda arm: arm[0] / arm[1], reverse=True)
    risks, rows = tuple(arm[0] / arm[1] for arm in arms), tuple(arm[1] for arm in arms)
    factor = limit_of_risk_difference(risks, rows, level)
    ratio = (treated[0] / treated[1]) / (comparison[0] / comparison[1])
    return EValue("risk_difference", ratio, e_value_of(ratio), e_value_of(factor))


def _assess(measure: str, ratio: float, low: float | None, high: float | None) -> EValue:
    nearer = low if ratio >= 1 else high
    if nearer is None:
        return EValue(measure, ratio, e_value_of(ratio), None)
    past = nearer <= 1 if ratio >= 1 else nearer >= 1
    return EValue(measure, ratio, e_value_of(ratio), 1.0 if past else e_value_of(nearer))


def _risk_ratio(base_rate: float, difference: float | None) -> float | None:
    return None if difference is None else (base_rate + difference) / base_rate


def _option_problems(measure: str, base_rate: float | None) -> list[str]:
    problems = word_problems("measure", measure, MEASURES)
    if problems:
        return problems
    if (measure == "risk_difference") != (base_rate is not None):
        return ["base_rate, the risk without treatment, belongs to a risk difference and to nothing else"]
    return []


def _number_problems(measure: str, estimate: float, low: float | None, high: float | None) -> list[str]:
    given = [low] * (low is not None) + [estimate] + [high] * (high is not None)
    if not all(map(is_number, given)):
        return ["estimate and interval must be finite numbers"]
    problems = [] if given == sorted(given) else ["the interval must hold the estimate"]
    if measure not in DIFFERENCES and min(given) <= 0:
        problems.append("a ratio must be above 0")
    return problems


def _risk_problems(base_rate: float, differences: list[float]) -> list[str]:
    if not is_between(base_rate, 0, 1):
        return ["base_rate must be between 0 and 1"]
    fits = 0 < base_rate + differences[0] <= 1
    return [] if fits else ["base_rate and risk difference together must be above 0 and no more than 1"]


def _count_problems(*arms: tuple[int, int]) -> list[str]:
    fine = all(map(_are_counts, arms))
    return [] if fine else ["each arm must be (rows with the outcome, rows), whole numbers"]


def _are_counts(arm: object) -> bool:
    if not (isinstance(arm, Sequence) and len(arm) == 2 and all(is_whole(count, 0) for count in arm)):
        return False
    return arm[0] <= arm[1] and arm[1] > 0
