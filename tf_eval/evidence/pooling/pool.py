"""Pooling across councils, districts or years: they cannot share families, but they can share estimates."""

from collections.abc import Iterable

import pandas as pd

from tf_eval.evidence.pooling.design import PoolingDesign
from tf_eval.evidence.pooling.result import PooledEffects, pool_table
from tf_eval.matching.arguments import names, require_frame

PARTS = ("intervention", "outcome", "band")


def pool_effects(
    table: pd.DataFrame,
    *,
    effect: str = "value",
    std_error: str = "std_error",
    place: str = "place",
    period: str | Iterable[str] | None = None,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
    method: str = "reml",
) -> PooledEffects:
    """Return the mean effect over places, what another place may expect, and how much places differ.

    It takes released aggregates alone. Each place counts once: its estimates of several periods are averaged first.

    Args:
        table: a row for each estimate. An effect or error that is missing or written in shorthand ([c], [x]) is left
            out, counted and told; numbers written as text are read. Three columns serve where they are there: ``unit``
            of the effect, ``degrees_of_freedom`` of its error, and ``base_rate``, what was expected without.
        effect, std_error: the columns of effects, in their own unit, and of their errors.
        place: the column of what is pooled: councils, districts, or years.
        period: the column of numbers or dates by which estimates of one place are told apart, or two, of the first and
            last period, both included.
        by: columns that part the table into groups that are pooled each by itself; without it those of
            ``intervention``, ``outcome`` and ``band`` that are there.
        confidence: of all intervals.
        method: for the variance between places: "reml", or "paule_mandel".

    Raises ``ConfigError`` for what cannot be asked, and ``InputError`` for a place twice, periods of it that overlap,
    effects in different units, errors of 0 and what is no number. The mean's interval is Hartung and Knapp's, never
    narrower than the normal's; see ``random_effects.py`` for sources.
    """
    require_frame(table, "pool_effects")
    parts = tuple(name for name in PARTS if name in table) if by is None else names(by, "by")
    design = PoolingDesign(effect, std_error, place, names(period, "period"), parts, confidence, method)
    design.check()
    return pool_table(table, design)
