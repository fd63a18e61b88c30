"""What was asked of repeated looks."""

from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.did.plain import plain
from tf_eval.evidence.looks.spending import SPENDING
from tf_eval.matching.arguments import is_between, is_whole, word_problems
from tf_eval.matching.display import percent


@dataclass(frozen=True)
class LooksDesign:
    """The plan of looks, made before the first of them.

    Attributes:
        planned: how many looks there will be at most; None where no end is planned.
        spending: how much of the chance of a false alarm may have been used by when (``"obrien_fleming"``,
            ``"pocock"``); without a planned end it plays no part.
        confidence: of all intervals together.
    """

    planned: int | None
    spending: str
    confidence: float

    @property
    def alpha(self) -> float:
        return 1 - self.confidence

    @property
    def level(self) -> str:
        return percent(self.confidence)

    def problems(self) -> list[str]:
        """Say what is wrong with it."""
        found = word_problems("spending", self.spending, SPENDING)
        if not (self.planned is None or is_whole(self.planned, 1)):
            found.append("planned must be a whole number of looks, or None where no end is planned.")
        if self.planned is None and self.spending != SPENDING[0]:
            found.append("spending needs a planned number of looks; without an end nothing is spent.")
        if not is_between(self.confidence, 0.5, 1):
            found.append("confidence must be above 0.5 and below 1, such as 0.95.")
        return found

    def to_dict(self) -> dict[str, Any]:
        return plain(asdict(self))
