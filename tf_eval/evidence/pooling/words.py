"""What is said of a pooled effect."""

import math
from collections.abc import Hashable, Mapping
from typing import Protocol

import pandas as pd

from tf_eval.errors import NotEstimated
from tf_eval.evidence.pooling.design import PoolingDesign
from tf_eval.evidence.pooling.random_effects import RandomEffects
from tf_eval.matching.display import number, numbers_alike, so_many

FEW_PLACES = 3  # so many tell next to nothing of how places differ


class Told(Protocol):
    """A pooled effect, as words and figures need it."""

    where: Mapping[str, Hashable]
    found: RandomEffects
    places: pd.DataFrame
    unit: str
    n_left_out: int
    design: PoolingDesign
    base_rate: float
    prediction: tuple[float, float] | NotEstimated

    def table(self) -> pd.DataFrame: ...


def summarise(pooled: Told) -> str:
    """Return the effect with its interval, what another place may expect, and how much places differ."""
    said = (_effect(pooled), _elsewhere(pooled), _apart(pooled), _left_out(pooled))
    return " ".join(sentence for sentence in said if sentence)


def interval(low: float, high: float) -> str:
    """Return the ends of an interval, with as many decimals each."""
    ends = numbers_alike((low, high))
    return f"{ends[0]} to {ends[1]}"


def _effect(pooled: Told) -> str:
    found, places = pooled.found, pooled.places
    effect, low, high = numbers_alike((found.effect, found.ci_low, found.ci_high))
    unit = f" {pooled.unit}" if pooled.unit else ""
    base = f", against {number(pooled.base_rate)} expected without" if not math.isnan(pooled.base_rate) else ""
    size = f"{effect}{unit} ({pooled.design.level} interval {low} to {high}){base}"
    what = ", ".join(map(str, pooled.where.values()))
    named = f" ({what})" if what else ""
    if len(places) == 1:
        return f"One place alone, {places['place'].iloc[0]}, tells of the effect{named}: {size}."
    return f"The mean effect over {len(places)} places{named} is {size}."


def _elsewhere(pooled: Told) -> str:
    if not pooled.prediction:
        return "What another place may expect is not known from so few."
    ends = interval(*pooled.prediction)
    return f"Another place like these may expect {ends} ({pooled.design.level} prediction interval)."


def _apart(pooled: Told) -> str:
    found, k = pooled.found, len(pooled.places)
    if k == 1:
        return ""
    if k <= FEW_PLACES:
        return f"From {k} places it can hardly be known how much places differ."
    if math.isnan(found.tau_high):
        return "Their estimates differ less than chance alone would make them, so that their errors may be too large."
    if found.tau == 0:
        return (
            "Their estimates differ no more than chance would make them; a standard deviation of true effects of up to "
            f"{number(found.tau_high)} would go with that."
        )
    ends = interval(found.tau_low, found.tau_high)
    return (
        f"True effects differ between places by a standard deviation of {number(found.tau)} ({pooled.design.level} "
        f"interval {ends})."
    )


def _left_out(pooled: Told) -> str:
    count = pooled.n_left_out
    if not count:
        return ""
    return f"Left out, for the effect or its error is hidden or missing: {so_many(count, 'estimate')}."
