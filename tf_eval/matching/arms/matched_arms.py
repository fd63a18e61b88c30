"""Several arms beside each other: the rows, their weights, and who was left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError
from tf_eval.matching.acceptance import Acceptance, require_acceptance
from tf_eval.matching.arms.design import ArmsDesign
from tf_eval.matching.arms.every_arm import EveryArm
from tf_eval.matching.arms.overlap_plot import plot_arms
from tf_eval.matching.display import SMALLEST_SHOWN, counted, rounded
from tf_eval.matching.matched import Matched
from tf_eval.matching.review.statistics import effective_sample_size
from tf_eval.matching.sealed import Sealed

SIZES = ("all", "supported", "matched", "effective")
DONE = {
    "vector": "were set beside a row of every other arm",
    "pairwise": "were set beside a row of another arm",
    "inverse_probability": "were weighted",
    "overlap": "were weighted",
}
ABOUT = {
    "att": "the rows of '{reference}' that take part",
    "ate": "the rows of all arms that take part",
    "ato": "rows that might as well have been in any arm",
}


def require_arms(matched: object, where: str) -> None:
    """Raise ``ConfigError`` unless a match of several arms was handed in."""
    if not isinstance(matched, MatchedArms):
        accept = "; balance.accept() returns it" if hasattr(matched, "accept") else ""
        raise ConfigError(f"{where}: hand in what match_arms returned, not {type(matched).__name__}{accept}")


@dataclass(frozen=True, eq=False, repr=False)
class MatchedArms:
    """Rows of several arms that can be compared.

    frame        rows that take part, in the input's order and with its labels: the columns that the match read, and
                 all others, outcomes among them, once balance is accepted (``check_arms(matched).accept()``); beside
                 them ``weight`` (each arm's sum to the number of its rows; 1 where rows are matched), and after vector
                 matching ``set_id``
    arms         names of the arms: the reference first, then from the fewest rows to the most
    pairs        for every two arms (first, second), the one beside the other as ``match`` returns it, with the first
                 arm for the treated; "before" in these are the rows whose scores all arms have
    dropped      rows outside of the scores that all arms have, and those that found nobody, with the column ``reason``;
                 who found nobody in a pair of ``"pairwise"`` is in the pair's own
    propensity   the probability of each arm (a column each) for the rows whose scores all arms have
    notes        sentences about what was left out or fitted otherwise than asked
    design       what was asked
    everyone     arrays of the sample before matching, for ``check_arms``; not for display
    sealed       the input with all of its columns, kept aside; not for display
    acceptance   that balance was accepted; None where it is not yet
    """

    frame: pd.DataFrame
    arms: tuple[Any, ...]
    pairs: Mapping[tuple[Any, Any], Matched]
    dropped: pd.DataFrame
    propensity: pd.DataFrame
    notes: tuple[str, ...]
    design: ArmsDesign
    everyone: EveryArm
    sealed: Sealed
    acceptance: Acceptance | None = None

    def unseal(self, acceptance: Acceptance) -> Self:
        """Return the match and its pairs with every column of the input; ``ArmsBalance.accept`` is the way to it."""
        return replace(
            self,
            frame=self.sealed.complete(self.frame, self.sealed.matched),
            dropped=self.sealed.complete(self.dropped, self.sealed.dropped),
            pairs={pair: matched.unseal(acceptance) for pair, matched in self.pairs.items()},
            acceptance=acceptance,
        )

    def require_accepted(self, where: str) -> None:
        """Raise ``EstimationError`` unless balance was accepted, which has to come before any outcome is read."""
        require_acceptance(self.acceptance, where, "check_arms")

    def table(self) -> pd.DataFrame:
        """Return the sizes of the arms, exact: all rows, those whose scores all arms have, those that take part, and
        the effective number of these (Kish 1965). A tidy copy with the columns size, arm and rows.

        With ``"pairwise"`` a row takes part that is in any pair; ``pairs`` has the sizes of each.
        """
        rows = [(size, arm, self._sizes(place)[size]) for size in SIZES for place, arm in enumerate(self.arms)]
        return pd.DataFrame(rows, columns=["size", "arm", "rows"])

    def _sizes(self, place: int) -> dict[str, float]:
        own = self.everyone.arm == place
        weight = self.everyone.weight[own]
        counts = (len(weight), self.everyone.supported[own].sum(), np.count_nonzero(weight))
        return dict(zip(SIZES, (*map(float, counts), effective_sample_size(weight)), strict=True))

    def summary(self) -> str:
        """Return what was done, in plain sentences; counts are rounded and small ones not shown."""
        counts = [self._told(place) for place in range(len(self.arms))]
        about = ABOUT[self.design.estimand].format(reference=self.design.reference)
        caveats = self.acceptance.notes if self.acceptance else ()
        answer = "" if self.design.method == "pairwise" else f" The answer is about {about}."
        return " ".join([f"O{', '.join(counts)[1:]} {DONE[self.design.method]}.{answer}", *self.notes, *caveats])

    def _told(self, place: int) -> str:
        own, everyone = self._sizes(place), self.everyone
        every = counted(own["all"], everyone.count_units(everyone.arm == place), f"'{self.arms[place]}' rows")
        matched = self._counted(place)
        if self._is_even(place):
            return f"of {every} {matched}"
        return f"of {every} {matched} (by their weights as much as {rounded(own['effective'])} of equal weight)"

    def _counted(self, place: int, what: str = "") -> str:
        return counted(self._sizes(place)["matched"], self._matched_units(place), what)

    def _matched_units(self, place: int) -> int:
        return self.everyone.count_units((self.everyone.arm == place) & (self.everyone.weight != 0))

    def _is_even(self, place: int) -> bool:
        """Whether the matched rows count for no fewer, as far as may be seen, or are too few to say."""
        own = self._sizes(place)
        return self._matched_units(place) < SMALLEST_SHOWN or rounded(own["effective"]) == rounded(own["matched"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how far the arms' scores of the reference arm overlap, as binned shares (none of fewer than 10)."""
        return plot_arms(self.everyone, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return design, sizes and notes as JSON-safe values; no rows."""
        sizes = {str(arm): self._sizes(place) for place, arm in enumerate(self.arms)}
        reasons = {str(reason): int(count) for reason, count in self.dropped["reason"].value_counts().items()}
        accepted = self.acceptance and self.acceptance.to_dict()
        told = {"sizes": sizes, "dropped": reasons, "notes": list(self.notes), "accepted": accepted}
        return {"design": self.design.to_dict(), **told}

    def __repr__(self) -> str:
        sizes = [self._counted(place, f"of '{arm}'") for place, arm in enumerate(self.arms)]
        return f"<MatchedArms: {self.design.method}; matched rows: {', '.join(sizes)}>"
