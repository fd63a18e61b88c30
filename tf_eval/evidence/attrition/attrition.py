"""The shares of months lost from sight in both groups, with the interval of their difference, and the check on it."""

from dataclasses import dataclass
from typing import Any

from tf_eval.errors import NotEstimated
from tf_eval.evidence.attrition.boundary import tolerated
from tf_eval.evidence.check import Check
from tf_eval.matching.display import step_of_share, told_share

NAME = "Both groups stayed in sight alike"


@dataclass(frozen=True)
class Attrition:
    """Of families that were seen before the start, the share of months after it in which they were not.

    Attributes:
        treated, comparison: the share of months in which a family of the group could have been seen and was not.
        low, high: the ends of the interval of the difference, at ``CONFIDENCE``.
        overall: the share lost among all of them.
        n_treated, n_comparison: families seen before the start.
    """

    treated: float
    comparison: float
    low: float
    high: float
    overall: float
    n_treated: int
    n_comparison: int

    @property
    def difference(self) -> float:
        return self.treated - self.comparison

    @property
    def tolerated(self) -> float | None:
        """The largest difference that the What Works Clearinghouse tolerates beside so much lost; None where none."""
        return tolerated(self.overall)

    @property
    def is_tolerated(self) -> bool:
        """Whether the loss is small enough, or its difference between the groups no more than chance."""
        if self.tolerated is None:
            return False
        return abs(self.difference) <= self.tolerated or self.low <= 0 <= self.high

    def summary(self) -> str:
        told = [
            told_share(share, max(step_of_share(families), 0.01))
            for share, families in ((self.treated, self.n_treated), (self.comparison, self.n_comparison))
        ]
        return (
            f"Of the months after the start, families with the intervention were out of sight in {told[0]} and like "
            f"families in {told[1]}. {self._against_standard()}"
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            **vars(self),
            "difference": self.difference,
            "tolerated": self.tolerated,
            "is_tolerated": self.is_tolerated,
        }

    def _against_standard(self) -> str:
        if self.tolerated is None:
            return "So much is lost that the What Works Clearinghouse tolerates no difference between the groups."
        bound = f"{100 * self.tolerated:.1f} points, which the What Works Clearinghouse tolerates beside so much lost"
        if abs(self.difference) <= self.tolerated:
            return f"That differs by no more than {bound}."
        return f"That differs by more than {bound}, {'but not' if self.is_tolerated else 'and'} beyond chance."


def attrition_check(attrition: Attrition | NotEstimated) -> Check:
    """Did families with the intervention drop out of sight as like families did?

    It is not passed where the difference is larger than the What Works Clearinghouse tolerates and larger than chance
    makes it, or where so much is lost that no difference is tolerated.
    """
    if isinstance(attrition, NotEstimated):
        return Check(NAME, False, f"This could not be examined: {attrition.reason}.", "attrition")
    return Check(NAME, attrition.is_tolerated, attrition.summary(), "attrition")
