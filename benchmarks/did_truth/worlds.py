"""Small panels in which the effect on every unit and period is known, for it is drawn with and without treatment.

Units start in period 4, 5 or 7 of eight, or never; who starts early stands at another level. Unless a world says
otherwise, what befalls a unit lasts (each period's shock keeps half of the last one's) and untreated means move alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

PERIODS = np.arange(1, 9)
STARTS = np.array([4.0, 5.0, 7.0, np.inf])
UNIT, PERIOD, ADOPTED, OUTCOME, AREA = "unit", "period", "adopted", "y", "area"
EFFECT = "effect"  # the mean outcome with treatment less that without it, of this unit in this period

LINEAR = (
    "doubly robust",
    "never treated",
    "sun_abraham",
    "extended_twfe",
    "stacked",
    "imputation",
    "two_stage",
)
GIVEN_COVARIATES = (
    "doubly robust",
    "improved",
    "regression",
    "probability",
    "extended_twfe",
    "imputation",
    "two_stage",
)


@dataclass(frozen=True)
class World:
    """``draw`` makes a frame of ``size`` times as many units as a study has.

    ``options`` are what every estimator has to know of it, and ``ways`` name those whose assumptions hold.
    """

    draw: Callable[[np.random.Generator, int], pd.DataFrame]
    options: dict[str, Any] = field(default_factory=dict)
    ways: tuple[str, ...] = LINEAR


def constant(random: np.random.Generator, size: int) -> pd.DataFrame:
    """The effect is 1 for all."""
    start = _starts(random, 240 * size)
    effect = _ramp(start, np.ones_like)
    return _lived(start, _untreated(random, start) + effect, effect)


def growing(random: np.random.Generator, size: int) -> pd.DataFrame:
    """The effect grows, from another size in each cohort and in each unit."""
    start = _starts(random, 240 * size)
    own = np.where(np.isfinite(start), 8 - start, 0) * random.gamma(2.0, 0.25, len(start))
    effect = own[:, None] * _ramp(start, lambda since: 1 + 0.5 * since)
    return _lived(start, _untreated(random, start) + effect, effect)


def fading(random: np.random.Generator, size: int) -> pd.DataFrame:
    """The effect is gone after a few periods, and is larger in those who stand high."""
    start = _starts(random, 240 * size)
    level = random.normal(size=len(start))
    effect = (1.5 + 0.5 * level)[:, None] * _ramp(start, lambda since: np.exp(-0.8 * since))
    return _lived(start, _untreated(random, start, level) + effect, effect)


def gaps(random: np.random.Generator, size: int) -> pd.DataFrame:
    """As ``growing``, but a tenth of the rows are missing, and a third of the units leave before the end."""
    frame = growing(random, size)
    units = len(frame) // len(PERIODS)
    leaves = np.where(random.random(units) < 1 / 3, random.integers(4, 9, units), 99)
    seen = (random.random(len(frame)) >= 0.1) & (frame[PERIOD] < np.repeat(leaves, len(PERIODS)))
    return frame[seen]


def selected(random: np.random.Generator, size: int) -> pd.DataFrame:
    """Need makes an early start likely, drives the trend without treatment, and makes for a larger effect."""
    need = random.normal(size=400 * size)
    start = _by_chance(random, _softmax(need[:, None] * np.array([0.9, 0.6, 0.3, 0.0]) + [-1, -1, -1, 0]))
    trend = 0.5 * need[:, None] * (PERIODS - 1)
    effect = (1 + 0.4 * need)[:, None] * _ramp(start, lambda since: 1 + 0.2 * since)
    return _lived(start, _untreated(random, start) + trend + effect, effect, need=need)


def anticipated(random: np.random.Generator, size: int) -> pd.DataFrame:
    """A third of the effect is there in the period before the start."""
    start = _starts(random, 240 * size)
    since = _since(start)
    own = random.gamma(4.0, 0.25, len(start))[:, None]
    effect = own * (np.where(since >= 0, 1.0, 0.0) + np.where(since == -1, 1 / 3, 0.0))
    return _lived(start, _untreated(random, start) + effect, effect)


def counts(random: np.random.Generator, size: int) -> pd.DataFrame:
    """Skewed counts with many zeros; means move alike, and treatment takes away a share of each unit's own."""
    start = _starts(random, 400 * size)
    own = random.gamma(0.8, 1.5, len(start))[:, None] + np.where(start < 6, 0.3, 0.0)[:, None]
    mean = own + 0.3 + 0.2 * np.sin(PERIODS)
    effect = -0.3 * own * _ramp(start, np.ones_like)
    return _lived(start, random.poisson(mean + effect), effect)


def rates(random: np.random.Generator, size: int) -> pd.DataFrame:
    """Counts over one to twelve months; rates move in proportion, and treatment lowers them by a quarter."""
    start = _starts(random, 400 * size)
    months = random.integers(1, 13, (len(start), len(PERIODS)))
    own = random.gamma(2.0, 0.5, len(start))[:, None] * np.where(start < 6, 1.5, 1.0)[:, None]
    rate = own * np.exp(-0.1 * PERIODS)
    effect = -0.25 * rate * _ramp(start, np.ones_like)
    return _lived(start, random.poisson((rate + effect) * months), effect, months=months)


def binary(random: np.random.Generator, size: int) -> pd.DataFrame:
    """Yes or no; shares move alike, and the effect is a change of the share that differs between cohorts."""
    start = _starts(random, 400 * size)
    own = random.beta(2.0, 4.0, len(start))[:, None] * 0.6 + np.where(start < 6, 0.15, 0.1)[:, None]
    effect = np.where(start < 6, -0.15, -0.05)[:, None] * _ramp(start, np.ones_like)
    share = own + 0.04 * np.sin(PERIODS)
    return _lived(start, random.random(share.shape) < share + effect, effect)


def rare(random: np.random.Generator, size: int) -> pd.DataFrame:
    """Yes or no, one in ten; log odds move alike, and treatment takes 0.6 off them."""
    start = _starts(random, 800 * size)
    index = np.where(start < 6, -2.0, -2.4)[:, None] + 0.08 * PERIODS
    effect = (expit(index - 0.6) - expit(index)) * _ramp(start, np.ones_like)
    return _lived(start, random.random(index.shape) < expit(index) + effect, effect)


def many_areas(random: np.random.Generator, size: int) -> pd.DataFrame:
    """200 areas of one to seven units, which start together and share the shocks of their area."""
    return _areas(random, _starts(random, 200 * size))


def few_areas(random: np.random.Generator, size: int) -> pd.DataFrame:
    """20 areas, of which four start at each of the times, by lot."""
    starts = np.repeat(STARTS, 4 * size)
    return _areas(random, random.permutation(np.append(starts, starts[-4 * size :])))


def small_cohorts(random: np.random.Generator, size: int) -> pd.DataFrame:
    """100 units, of which about eight start at each time, with another effect in each."""
    start = random.choice(STARTS, 100 * size, p=[0.08, 0.08, 0.08, 0.76])
    effect = random.gamma(2.0, 0.5, len(start))[:, None] * _ramp(start, lambda since: 1 + 0.3 * since)
    return _lived(start, _untreated(random, start) + effect, effect)


def _areas(random: np.random.Generator, starts: np.ndarray) -> pd.DataFrame:
    """Return areas of one to seven units, whose units start and fare together."""
    area = np.repeat(np.arange(len(starts)), random.integers(1, 8, len(starts)))
    start = starts[area]
    effect = random.gamma(4.0, 0.25, len(starts))[area][:, None] * _ramp(start, np.ones_like)
    outcome = _untreated(random, start) + 0.7 * _lasting(random, len(starts))[area] + effect
    return _lived(start, outcome, effect, **{AREA: area})


def _starts(random: np.random.Generator, units: int) -> np.ndarray:
    return random.choice(STARTS, units, p=[0.2, 0.2, 0.2, 0.4])


def _by_chance(random: np.random.Generator, chances: np.ndarray) -> np.ndarray:
    """Return a start for each row of chances."""
    return STARTS[(random.random(len(chances))[:, None] > chances.cumsum(axis=1)[:, :-1]).sum(axis=1)]


def _softmax(index: np.ndarray) -> np.ndarray:
    odds = np.exp(index)
    return odds / odds.sum(axis=1, keepdims=True)


def _since(start: np.ndarray) -> np.ndarray:
    """Return, units by periods, the periods since the start; minus infinity of the never treated."""
    return PERIODS - start[:, None]


def _ramp(start: np.ndarray, size: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return, units by periods, what ``size`` makes of the periods since the start; 0 before it."""
    since = _since(start)
    return np.where(since >= 0, size(np.maximum(since, 0.0)), 0.0)


def _untreated(random: np.random.Generator, start: np.ndarray, level: np.ndarray | None = None) -> np.ndarray:
    level = random.normal(size=len(start)) if level is None else level
    level = level + np.where(start < 6, 0.5, 0.0)
    return level[:, None] + 0.3 * np.sin(PERIODS) + _lasting(random, len(start))


def _lasting(random: np.random.Generator, rows: int) -> np.ndarray:
    """Return shocks of variance 1 of which half lasts from period to period."""
    shocks = random.normal(size=(rows, len(PERIODS)))
    for period in range(1, len(PERIODS)):
        shocks[:, period] = 0.5 * shocks[:, period - 1] + np.sqrt(0.75) * shocks[:, period]
    return shocks


def _lived(start: np.ndarray, outcome: np.ndarray, effect: np.ndarray, **columns: np.ndarray) -> pd.DataFrame:
    """Return the long frame; columns are of units, or of units by periods."""
    of_units = {UNIT: np.arange(len(start)), ADOPTED: start, **columns}
    wide = {OUTCOME: outcome.astype(float), EFFECT: effect, PERIOD: np.broadcast_to(PERIODS, effect.shape)}
    for name, values in of_units.items():
        wide[name] = values if values.ndim == 2 else np.broadcast_to(values[:, None], effect.shape)
    return pd.DataFrame({name: values.ravel() for name, values in wide.items()})


WORLDS = {
    "constant": World(constant),
    "growing": World(growing),
    "fading": World(fading),
    "gaps": World(gaps),
    "selected": World(selected, {"covariates": ["need"]}, GIVEN_COVARIATES),
    "anticipated": World(anticipated, {"anticipation": 1}),
    "counts": World(counts),
    "rates": World(rates, {"family": "poisson", "exposure": "months"}, ("extended_twfe",)),
    "binary": World(binary),
    "rare": World(rare, {"family": "logit"}, ("extended_twfe",)),
    "many areas": World(many_areas, {"cluster": AREA}),
    "few areas": World(few_areas, {"cluster": AREA, "errors": "unequal"}),
    "small cohorts": World(
        small_cohorts, {}, ("doubly robust, unequal", "imputation, leave one out", "imputation, unequal")
    ),
}
