"""The mean over the places of one group."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.pooling.design import PoolingDesign
from tf_eval.evidence.pooling.figure import draw_forest
from tf_eval.evidence.pooling.places import by_place
from tf_eval.evidence.pooling.random_effects import NUMBERS, RandomEffects, random_effects
from tf_eval.evidence.pooling.words import summarise
from tf_eval.matching.display import numbers_alike, so_many

NONE_SEEN = "no place has both an effect and its error to be seen"


@dataclass(frozen=True, eq=False, repr=False)
class PooledEffect:
    """The mean effect over places, in the unit of their effects, and how they differ.

    Attributes:
        where: the labels of its group, by column.
        found: the numbers; see ``RandomEffects``.
        places: a row for each place, in order of appearance: ``place``, ``n_periods``, ``effect``, ``std_error``,
            ``degrees_of_freedom`` and ``base_rate``.
        unit: of the effects; empty where the table names none.
        n_left_out: estimates that are hidden or missing, and so left out.
        design: what was asked.
    """

    where: Mapping[str, Hashable]
    found: RandomEffects
    places: pd.DataFrame
    unit: str
    n_left_out: int
    design: PoolingDesign

    @property
    def base_rate(self) -> float:
        """The places' base rates with the weights of their effects; missing where that of one is."""
        return float(self.found.weights @ self.places["base_rate"].to_numpy(dtype=float))

    @property
    def prediction(self) -> tuple[float, float] | NotEstimated:
        """Between which effects that of another place like these may be expected."""
        if math.isnan(self.found.prediction_low):
            return NotEstimated("it takes three places or more to say what another may expect")
        return self.found.prediction_low, self.found.prediction_high

    @property
    def numbers(self) -> dict[str, float]:
        return numbers_of(self.found) | {"base_rate": self.base_rate}

    def table(self) -> pd.DataFrame:
        """Return a row for each place, with its interval and its share in the mean (``weight``)."""
        reach = stats.t.ppf(0.5 + self.design.confidence / 2, self.places["degrees_of_freedom"])
        reach = reach * self.places["std_error"]
        ends = {"ci_low": self.places["effect"] - reach, "ci_high": self.places["effect"] + reach}
        return self.places.assign(**ends, weight=self.found.weights)

    def leave_one_out(self) -> pd.DataFrame:
        """Return a row of the numbers for each place (``left_out``) without it; none where there is one place."""
        rows = []
        for place in self.places["place"] if len(self.places) > 1 else ():
            rest = self.places[self.places["place"] != place]
            rows.append({"left_out": place, "n_places": len(rest), **numbers_of(fit(rest, self.design))})
        return pd.DataFrame(rows, columns=["left_out", "n_places", *NUMBERS])

    def summary(self) -> str:
        """Return effect and interval, what another place may expect, and how much places differ, in plain sentences."""
        return summarise(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the forest: each place, the mean as a diamond, and what another place may expect."""
        return draw_forest(self, ax)

    def to_dict(self) -> dict[str, Any]:
        places = [plain(row) for row in self.table().to_dict("records")]
        counts = {"n_places": len(places), "n_left_out": self.n_left_out, "unit": self.unit}
        return {**plain(self.where), **counts, **plain(self.numbers), "places": places}

    def __repr__(self) -> str:
        effect, low, high = numbers_alike((self.found.effect, self.found.ci_low, self.found.ci_high))
        return f"<PooledEffect: {effect} ({low} to {high}), {so_many(len(self.places), 'place')}>"


def pool_group(rows: pd.DataFrame, labels: tuple[Hashable, ...], design: PoolingDesign) -> PooledEffect | NotEstimated:
    """Return the mean over the places of a group, of rows as ``read_estimates`` has them."""
    places = by_place(rows)
    if places.empty:
        return NotEstimated(NONE_SEEN)
    units = rows["unit"].dropna()
    left_out = int(rows["effect"].isna().sum())
    unit = str(units.iloc[0]) if len(units) else ""
    return PooledEffect(design.where(labels), fit(places, design), places, unit, left_out, design)


def fit(places: pd.DataFrame, design: PoolingDesign) -> RandomEffects:
    numbers = (places[name].to_numpy(dtype=float) for name in ("effect", "std_error", "degrees_of_freedom"))
    return random_effects(*numbers, confidence=design.confidence, method=design.method)


def numbers_of(found: RandomEffects) -> dict[str, float]:
    return {name: getattr(found, name) for name in NUMBERS}
