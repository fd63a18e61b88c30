"""Two interventions on one outcome: what each did, and how far these are apart, in two ways."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tf_eval import did
from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect, in_unit
from tf_eval.evidence.versus.ruling import Ruling

HEADLINE = "headline"
ALIKE_MOVED = "whoever moves the one effect moves the other as much, so that their difference has no error"
SIZES = ("first", "second", "own", "direct")


@dataclass(frozen=True, eq=False)
class Apart:
    """Both effects over some months, in reporting units, and how far they are apart.

    Attributes:
        band: ``headline``, or the band of event months.
        first, second: what each did for its own families, against families like these.
        own: the first of these less the second.
        direct: the first intervention less the second among families that might have had either; its base rate is what
            the second came to.
        p_all: of ``direct``, with the allowance for all bands of all outcomes, or of the headline for all outcomes;
            missing (NaN) where it is no test.
    """

    band: str
    first: EffectSize | NotEstimated
    second: EffectSize | NotEstimated
    own: EffectSize | NotEstimated
    direct: EffectSize | NotEstimated
    p_all: float = math.nan

    def rows(self) -> Iterator[Mapping[str, Any]]:
        for name in SIZES:
            yield {"band": self.band, "what": name, **getattr(self, name).to_dict()}


@dataclass(frozen=True, eq=False, repr=False)
class SideBySideOutcome:
    """Two interventions on one outcome.

    Attributes:
        first, second: the effect of each on its own families.
        headline: both over the months of the headline, and how far they are apart.
        bands: the same by follow-up band.
        smallest_worthwhile: the smallest difference worth having: the smaller of what the two plans say.
        ruling: what can be said, and why.
        checks: what was asked of both ways of comparing.
    """

    first: OutcomeEffect
    second: OutcomeEffect
    headline: Apart
    bands: tuple[Apart, ...]
    smallest_worthwhile: float
    ruling: Ruling
    checks: tuple[Check, ...]

    @property
    def outcome(self) -> Outcome:
        return self.first.outcome

    @property
    def is_shown(self) -> bool:
        """Whether words and figures may tell the numbers, which rest on few families where they may not."""
        design = self.first.estimate.design
        sizes = [getattr(self.headline, name) for name in SIZES]
        return all(design.shows(size.n_treated, size.n_comparison) for size in sizes if isinstance(size, EffectSize))

    def rows(self) -> Iterator[Mapping[str, Any]]:
        for apart in (self.headline, *self.bands):
            for row in apart.rows():
                yield {"outcome": self.outcome.name, "standing": str(self.ruling.standing), **row}

    def to_dict(self) -> dict[str, Any]:
        told = {"outcome": self.outcome.name, "standing": str(self.ruling.standing), "reason": self.ruling.reason}
        checks = [check.to_dict() for check in self.checks]
        return {**told, "rows": [plain(row) for row in self.rows()], "checks": checks}

    def __repr__(self) -> str:
        return f"<SideBySideOutcome: {self.outcome.label}: {self.ruling.standing}>"


def less(first: OutcomeEffect, second: OutcomeEffect, months: tuple[int, int] | str) -> EffectSize | NotEstimated:
    """Return the effect of the first less that of the second, with an error that knows which families serve in both.

    It has no base rate: each is the effect on its own families.
    """
    found = did.difference(first.estimate, second.estimate, months)
    if isinstance(found, NotEstimated):
        return found
    if math.isnan(found.std_error):
        return NotEstimated(ALIKE_MOVED)
    rows = (found.one, found.other)
    size = EffectSize(
        value=found.difference,
        low=found.ci_low,
        high=found.ci_high,
        std_error=found.std_error,
        p_value=found.p_value,
        base_rate=math.nan,
        n_treated=min(row.n_treated for row in rows),
        n_comparison=min(row.n_comparison for row in rows),
        degrees_of_freedom=min(row.degrees_of_freedom for row in rows),
    )
    return in_unit(size, first.outcome)
