"""Effects that are not as the last release told them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tf_eval.release.shorthand import is_number


@dataclass(frozen=True)
class Moved:
    """One effect that both releases tell: of what, and its sides (verdict, effect and interval as released)."""

    intervention: str
    outcome: Mapping[str, Any]

    @property
    def before(self) -> Mapping[str, Any]:
        return self.outcome["before"]

    @property
    def now(self) -> Mapping[str, Any]:
        return self.outcome["after"]

    @property
    def is_moved(self) -> bool:
        return self.before["effect"] != self.now["effect"]

    @property
    def is_judged_anew(self) -> bool:
        return self.before["verdict"] != self.now["verdict"]

    @property
    def is_far(self) -> bool:
        """Whether it left the range that was told before."""
        ends = (self.before["ci_low"], self.now["effect"], self.before["ci_high"])
        return all(map(is_number, ends)) and not ends[0] <= ends[1] <= ends[2]


def effects_of(facts: Mapping[str, Any]) -> Iterator[Moved]:
    """Yield every effect that both releases tell, moved or not."""
    for row in facts["rows"]:
        for outcome in row["outcomes"]:
            if outcome["before"] and outcome["after"]:
                yield Moved(row["label"], outcome)
