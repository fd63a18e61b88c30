"""One intervention in a league table."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.did.plain import plain


@dataclass(frozen=True)
class Standing:
    """How one intervention stands: its effect as estimated and shrunk, and the ranks that it may have (1 is the best).

    Numbers are missing (NaN, None for ranks) where there is no estimate, and the shrunk ones where nothing is shrunk.
    """

    intervention: str
    value: float = math.nan
    std_error: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    shrunk: float = math.nan
    shrunk_low: float = math.nan
    shrunk_high: float = math.nan
    rank_low: int | None = None
    rank_high: int | None = None

    @property
    def is_ranked(self) -> bool:
        return self.rank_low is not None

    @property
    def told_ranks(self) -> str:
        """The ranks in words; nothing where there are none."""
        if not self.is_ranked:
            return ""
        return f"{self.rank_low}" if self.rank_low == self.rank_high else f"{self.rank_low} to {self.rank_high}"

    def to_dict(self) -> dict[str, Any]:
        return plain(asdict(self))
