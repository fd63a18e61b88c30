"""What a study could find: the smallest detectable effect beside the smallest worth having, by outcome and band."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.words import in_sentence, listed
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.detectable.design import DetectableDesign
from tf_eval.evidence.detectable.figure import draw_detectable
from tf_eval.matching.display import SMALLEST_SHOWN, percent

COLUMNS = (
    "outcome",
    "band",
    "base_rate",
    "minimum_detectable",
    "relative",
    "smallest_worthwhile",
    "large_enough",
    "n_treated",
    "n_comparison",
    "reason",
)


@dataclass(frozen=True)
class Detectable:
    """The smallest effect that the study would find over some months, in reporting units.

    Attributes:
        minimum_detectable: its size, up or down.
        base_rate: what families like those with the intervention come to without it.
        n_treated, n_comparison: families, in the month in which they are expected to be fewest.
    """

    minimum_detectable: float
    base_rate: float
    n_treated: int
    n_comparison: int

    @property
    def relative(self) -> float:
        """The share of the base rate that it is; missing where that is not above 0."""
        return self.minimum_detectable / self.base_rate if self.base_rate > 0 else math.nan

    @property
    def is_shown(self) -> bool:
        """Whether words and figures may tell it."""
        return min(self.n_treated, self.n_comparison) >= SMALLEST_SHOWN


@dataclass(frozen=True, eq=False, repr=False)
class DetectableEffects:
    """What a study could find, outcome by outcome.

    Attributes:
        outcomes: the outcomes, with their reporting units.
        found: by outcome, what is detectable in each band of the design (the first is the headline's), or why that is
            not known.
        smallest_worthwhile: by outcome, the smallest change worth having, in reporting units.
        design: how the study will estimate, and how it was drawn again.
    """

    outcomes: tuple[Outcome, ...]
    found: Mapping[str, tuple[Detectable | NotEstimated, ...]]
    smallest_worthwhile: Mapping[str, float]
    design: DetectableDesign

    def rows(self) -> Iterator[tuple[Outcome, tuple[int, int], Detectable | NotEstimated]]:
        """Yield every outcome with a band (its first and last month) and what is detectable there."""
        for outcome in self.outcomes:
            for band, found in zip(self.design.bands, self.found[outcome.name], strict=True):
                yield outcome, band, found

    def headline(self, outcome: str) -> Detectable | NotEstimated:
        """Return what is detectable over the follow-up months of the plan."""
        return self.found[outcome][0]

    def is_large_enough(self, outcome: str, found: Detectable) -> bool:
        """Say whether the study would find the smallest change worth having; else it is too small to tell."""
        return found.minimum_detectable <= self.smallest_worthwhile[outcome]

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and band, in reporting units; the plan's own months come first."""
        return pd.DataFrame([self._row(*row) for row in self.rows()], columns=COLUMNS).astype(
            {"n_treated": "Int64", "n_comparison": "Int64", "large_enough": "boolean", "reason": object}
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what is detectable over the plan's months, in multiples of the smallest change worth having."""
        return draw_detectable(self, ax)

    def summary(self) -> str:
        """Say for which outcomes the study is large enough, for which it is too small, and what that rests on."""
        told = [(outcome, found) for outcome in self.outcomes if (found := self._told(outcome)) is not None]
        if not told:
            return NotEstimated("for no outcome could the study be drawn again").summary()
        enough = [outcome for outcome, found in told if self.is_large_enough(outcome.name, found)]
        small = [outcome for outcome, _ in told if outcome not in enough]
        first, last = self.design.follow_up
        parts = [
            f"Over months {first} to {last} this study finds the smallest change worth having in at least "
            f"{percent(self.design.power)} of cases for {_named(enough)}."
            if enough
            else f"Over months {first} to {last} this study is too small to tell the smallest change worth having.",
            f"For {_named(small)} it is too small to tell: such a change can be there and not be found."
            if enough and small
            else "",
            "This is known before outcomes are, and holds if families with the intervention vary as like families do.",
        ]
        return " ".join(filter(None, parts))

    def to_dict(self) -> dict[str, Any]:
        rows = self.table().astype(object)
        return {
            "design": self.design.to_dict(),
            "rows": [plain(row) for row in rows.where(rows.notna(), None).to_dict("records")],
        }

    def __repr__(self) -> str:
        return f"<DetectableEffects: {len(self.outcomes)} outcomes, {percent(self.design.power)} power>"

    def _told(self, outcome: Outcome) -> Detectable | None:
        found = self.headline(outcome.name)
        return found if isinstance(found, Detectable) and found.is_shown else None

    def _row(self, outcome: Outcome, band: tuple[int, int], found: Detectable | NotEstimated) -> dict[str, Any]:
        worth = self.smallest_worthwhile[outcome.name]
        asked = {"outcome": outcome.name, "band": f"{band[0]} to {band[1]}", "smallest_worthwhile": worth}
        if isinstance(found, NotEstimated):
            return {**asked, "reason": found.reason}
        numbers = {**vars(found), "relative": found.relative}
        return {**asked, **numbers, "large_enough": self.is_large_enough(outcome.name, found), "reason": None}


def _named(outcomes: Sequence[Outcome]) -> str:
    return listed([in_sentence(outcome.label) for outcome in outcomes])
