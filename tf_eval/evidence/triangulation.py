"""The same effect by ways of estimating it that rest on different assumptions: do they say the same?

Each way goes wrong for reasons of its own (Lawlor, Tilling and Davey Smith 2016, International Journal of Epidemiology
45). Where families were picked at a peak, differences from a baseline that holds the peak take falling back for an
effect, while like histories would have fallen back alike; where lasting differences are left that histories do not
show, it is the other way round. If selection goes by the past outcome, the two bracket the truth (Angrist and Pischke
2009, section 5.4; Ding and Li 2019, Political Analysis 27).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval import did
from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import CHECK_LEVEL, Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.levels import HISTORY, Levels
from tf_eval.evidence.looks import as_looked_at
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.triangulation_figure import draw_ways

NAME = "Ways of estimating that assume different things agree"


@dataclass(frozen=True)
class Way:
    """A way of estimating: its name, and what has to hold for it to be right."""

    name: str
    assumes: str


OWN = Way("as planned", "like families would have changed alike from the baseline on")
IMPUTED = Way("imputation", "the groups would have moved in parallel in every month, the baseline and after it")
HISTORY_ADJUSTED = Way("history-adjusted", "families with the same history would have come to the same level")
WAYS = (OWN, IMPUTED, HISTORY_ADJUSTED)


@dataclass(frozen=True, eq=False, repr=False)
class Triangulation:
    """The headline effect on one outcome in three ways, in reporting units.

    Attributes:
        measured: the effect as it was planned.
        sizes: the effect by each of ``WAYS``, in their order.
        apart: each of the other two less the planned one, in the same order; the error allows for both being of the
            same families, and the interval holds 0 just where the check is passed.
    """

    measured: OutcomeEffect
    sizes: tuple[EffectSize | NotEstimated, ...]
    apart: tuple[did.Difference | NotEstimated, ...]

    @property
    def outcome(self) -> Outcome:
        return self.measured.outcome

    @property
    def design(self) -> did.Design:
        return self.measured.estimate.design

    @property
    def disagreeing(self) -> tuple[Way, ...]:
        """The ways that differ from the planned one by more than chance does, as the checks of an outcome share it."""
        found = zip(WAYS[1:], self.apart, strict=True)
        return tuple(way for way, difference in found if getattr(difference, "p_value", 1.0) < CHECK_LEVEL)

    @property
    def check(self) -> Check:
        """Whether the three agree, as one of the outcome's checks."""
        passed = not self.disagreeing and len(self._done) > 1
        return Check(NAME, passed, self.summary(), outcome=self.outcome.name)

    def table(self) -> pd.DataFrame:
        """Return a row for each way: what it assumes, the effect, and its distance from the planned one."""
        rows = [
            {"way": way.name, "assumes": way.assumes, **size.to_dict(), **distance}
            for way, size, distance in zip(WAYS, self.sizes, self._distances(), strict=True)
        ]
        return pd.DataFrame(rows)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effect by each way with its interval, in reporting units, beside what the way assumes."""
        return draw_ways(self, WAYS, ax)

    def summary(self) -> str:
        """Say whether the ways agree, and which do not."""
        missing = len(WAYS) - len(self._done)
        if missing == len(WAYS) - 1 or isinstance(self.sizes[0], NotEstimated):
            return "The effect could not be estimated in more than one way."
        said = "ways of estimating that rest on different assumptions"
        if not self.disagreeing:
            return f"{len(self._done)} {said} differ by no more than chance would make them."
        named = " and ".join(f"“{way.name}” (which assumes that {way.assumes})" for way in self.disagreeing)
        return f"The planned estimate differs by more than chance from {named}: at least one of them is wrong."

    def to_dict(self) -> dict[str, Any]:
        return {"outcome": self.outcome.name, "ways": [plain(row) for row in self.table().to_dict("records")]}

    def __repr__(self) -> str:
        return f"<Triangulation: {self.outcome.label}>"

    @property
    def _done(self) -> tuple[EffectSize, ...]:
        return tuple(size for size in self.sizes if isinstance(size, EffectSize))

    def _distances(self) -> Iterator[dict[str, float]]:
        yield {}
        for found in self.apart:
            names = {"difference": "difference", "difference_low": "ci_low", "difference_high": "ci_high"}
            yield {name: getattr(found, source, float("nan")) * self.outcome.scale for name, source in names.items()}


def triangulate(panel: Any, matched: Any, measured: OutcomeEffect) -> Triangulation:
    """Estimate a measured effect anew in two other ways, on the same families.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: matched families, as ``check_balance(matched).accept()`` returns them.
        measured: the effect, as ``measure`` returns it.

    Returns:
        The planned estimate beside that of imputation (Borusyak, Jaravel and Spiess 2024) with the same baseline, and
        beside the level of the outcome after a regression on its history and the plan's covariates, without
        differencing.
    """
    design = measured.estimate.design
    panel = as_looked_at(panel, measured.schedule, measured.follow_up[1])
    asked = {"outcome": design.outcome, "cluster": design.cluster, "quantile": design.quantile}
    asked |= {"baseline": design.baseline}
    imputed = did.estimate_att(panel, matched, method="imputation", **asked)
    adjusted = did.estimate_att(
        Levels(panel),
        matched,
        method="outcome_regression",
        covariates=(*design.covariates, *HISTORY),
        small_sample=True,
        **asked,
    )
    ways = (measured.estimate, imputed, adjusted)
    sizes = tuple(measured.size_of(way.band(*measured.follow_up)) for way in ways)
    planned, *others = (_as_checked(way) for way in ways)
    apart = tuple(
        did.difference(way, planned, measured.follow_up, names=(named.name, OWN.name))
        for way, named in zip(others, WAYS[1:], strict=True)
    )
    return Triangulation(measured, sizes, apart)


def _as_checked(way: did.GroupTimeATT) -> did.GroupTimeATT:
    """Return the same effects with intervals as wide as the check is strict."""
    return replace(way, design=replace(way.design, confidence=1 - CHECK_LEVEL))
