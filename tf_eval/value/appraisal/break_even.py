"""How large a lasting change of one outcome alone would have to be to pay for the support."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tf_eval.value.appraisal.valuing import Valued, value


@dataclass(frozen=True)
class BreakEven:
    """The change of one outcome that pays.

    Attributes:
        outcome, label: which outcome.
        needed: the change in every month that was followed, gone on by the scenario, at which the purse has its money
            back if nothing else changes; ``scale`` times the outcome's own units, in ``unit``.
        unit: of ``needed``.
        base_rate: what there is without support, in ``unit``; missing where it is not known.
    """

    outcome: str
    label: str
    needed: float
    unit: str
    base_rate: float

    @property
    def is_more_than_all(self) -> bool:
        """Whether more would have to fall away than there is."""
        return -self.needed > self.base_rate

    def to_dict(self) -> dict[str, Any]:
        return dict(vars(self))


def break_evens(valued: Valued) -> tuple[BreakEven, ...]:
    """Return the break-even change of every outcome with a fiscal price."""
    return tuple(_each(valued))


def break_even_multiple(valued: Valued) -> float:
    """Return how many times as large all effects would have to be; infinite where they cost the purse as they are."""
    saved = float(valued.savings @ valued.of_kind("fiscal"))
    return valued.cost / saved if saved > 0 else np.inf


def _each(valued: Valued) -> Iterator[BreakEven]:
    paths = valued.paths
    for name in valued.outcomes:
        own = valued.of_outcome(name) & valued.of_kind("fiscal")
        if not own.any():
            continue
        place, turn = paths.outcomes.index(name), valued.inputs.priced[own.argmax()].turn
        unit = np.zeros_like(paths.effects)
        unit[place, : paths.last[place] + 1] = turn
        saved = float(value(replace(paths, effects=unit), valued.inputs).savings @ own)
        told = paths.told[name]
        yield BreakEven(name, told.label, turn * valued.cost / saved * told.scale, told.unit, told.base_rate)
