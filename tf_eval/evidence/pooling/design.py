"""What was asked of a pooling."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.errors import ConfigError, raise_all
from tf_eval.evidence.pooling.random_effects import METHODS, NUMBERS
from tf_eval.matching.arguments import level_problems, name_problems, word_problems
from tf_eval.matching.display import percent

RESULTS = {*NUMBERS, "n_places", "n_left_out", "reason", "base_rate", "left_out", "up_to"}


@dataclass(frozen=True)
class PoolingDesign:
    """The columns of a table of estimates, the confidence of all intervals and the method for tau².

    ``period`` names no column, one, or two (first and last period, both included); ``by`` those that part groups.
    """

    effect: str
    std_error: str
    place: str
    period: tuple[str, ...]
    by: tuple[str, ...]
    confidence: float
    method: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, self.effect, self.std_error)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one estimate from another."""
        return (*self.by, self.place, *self.period)

    @property
    def level(self) -> str:
        return percent(self.confidence)

    def where(self, labels: tuple[Hashable, ...]) -> dict[str, Hashable]:
        """Return the labels of a group by column."""
        return dict(zip(self.by, labels, strict=True))

    def to_dict(self) -> dict[str, Any]:
        own = asdict(self)
        return own | {"period": list(self.period), "by": list(self.by)}

    def check(self) -> None:
        """Raise one ``ConfigError`` for all that cannot be asked."""
        raise_all(ConfigError, "pool_effects", name_problems(self.effect, self.std_error, self.place))
        problems = []
        if len(self.period) > 2:
            problems.append("period names one column, or two: those of the first and the last period")
        if len({*self.columns}) < len(self.columns):
            problems.append("effect, std_error, place, period and by have to name a column each, none of them twice")
        problems += [
            f"by names '{name}', which a column of results is called; rename it" for name in self.by if name in RESULTS
        ]
        problems += level_problems(self.confidence) + word_problems("method", self.method, METHODS)
        raise_all(ConfigError, "pool_effects", problems)
