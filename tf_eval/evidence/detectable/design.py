"""What was asked of a study before its outcomes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.cohort.event_time import EVENT_TIMES
from tf_eval.did.arguments import band_problems
from tf_eval.did.bands import BANDS
from tf_eval.did.inference.multipliers import draw_problems
from tf_eval.did.planning.detectable import power_problems
from tf_eval.matching.arguments import is_positive, is_whole, word_problems

CONFIDENCE = 0.95  # of the intervals of ``measure``
METHODS = ("doubly_robust", "improved_doubly_robust", "outcome_regression", "inverse_probability")
LAST = int(EVENT_TIMES[-1])


@dataclass(frozen=True)
class DetectableDesign:
    """How the study will estimate, and how it is drawn again.

    Attributes:
        method, covariates, baseline, follow_up: as ``measure`` has them.
        power: the chance of finding an effect.
        seed, draws: of the studies drawn again.
        confidence: of the interval that has to leave out no effect.
    """

    method: str
    covariates: tuple[str, ...]
    baseline: int
    follow_up: tuple[int, int]
    power: float
    seed: int
    draws: int
    confidence: float = CONFIDENCE

    @property
    def bands(self) -> tuple[tuple[int, int], ...]:
        """Event months, first and last, of the headline and of each other band."""
        return tuple(dict.fromkeys((tuple(self.follow_up), *BANDS.values())))

    def problems(self) -> list[str]:
        """Say what is wrong with it."""
        found = word_problems("method", self.method, METHODS)
        found += power_problems(self.power)
        found += draw_problems(self.seed, self.draws, "rademacher")
        if not (is_whole(self.baseline, 1) and self.baseline <= -EVENT_TIMES[0]):
            found.append(f"baseline must be a whole number of months before the start, {-EVENT_TIMES[0]} at most.")
        backwards = band_problems({"follow_up": self.follow_up})
        if backwards or not 1 <= self.follow_up[0] <= self.follow_up[1] <= LAST:
            found += backwards or [f"follow_up must lie between the months 1 and {LAST} from the start."]
        return found

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "covariates": list(self.covariates), "follow_up": list(self.follow_up)}


def worthwhile_problems(smallest: Mapping[str, float], known: Mapping[str, Any]) -> list[str]:
    """Say which of the smallest changes worth having are of no outcome, or are no size."""
    problems = [
        problem for name in smallest for problem in word_problems("smallest_worthwhile", name, known, "outcome")
    ]
    problems += [
        f"smallest_worthwhile of '{name}' must be a number above 0."
        for name, size in smallest.items()
        if not is_positive(size)
    ]
    return problems
