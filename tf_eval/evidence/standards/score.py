"""A study's place on one standard of evidence."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Score:
    """What a study achieved on one standard.

    Attributes:
        standard: the standard's name.
        score: what was achieved, as the standard writes it: a level, ``"NL2"``, ``"NE"`` or ``"not scored"``.
        most: the highest level that a study of this design can earn.
        meaning: what the score says, in the standard's terms.
        reasons: why it is not the highest level; empty where it is.
        source: where the standard stands.
    """

    standard: str
    score: str
    most: str
    meaning: str
    reasons: tuple[str, ...]
    source: str

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "reasons": list(self.reasons)}
