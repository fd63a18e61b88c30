"""That the balance of a match was accepted: until then no outcome can be read."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Acceptance:
    """Under which check, and with what reason, balance was accepted.

    passed      whether the check was passed
    threshold   standardised mean difference up to which a covariate counted as alike
    limit       standardised mean difference that none was to pass
    beyond      covariate levels beyond the limit, furthest first, each with its difference
    because     why outcomes were read, without a full stop; None where nothing was written
    """

    passed: bool
    threshold: float
    limit: float
    beyond: tuple[tuple[str, float], ...]
    because: str | None

    @property
    def notes(self) -> tuple[str, ...]:
        """What every result that rests on the match has to say: nothing where the check was passed."""
        if self.passed:
            return ()
        return (f"The groups were not alike enough: {self.furthest}. Outcomes were read because {self.because}.",)

    @property
    def furthest(self) -> str:
        """The covariate levels that are furthest apart, at most three, in words."""
        named = ", ".join(f"{label} by {abs(size):.2f}" for label, size in self.beyond[:3])
        more = f" and {len(self.beyond) - 3} more" if len(self.beyond) > 3 else ""
        return f"they differ in {named}{more} (standard deviations; {self.limit:g} is the limit)"

    def to_dict(self) -> dict[str, Any]:
        """Return the acceptance as JSON-safe values."""
        beyond = [{"label": label, "smd_after": size} for label, size in self.beyond]
        return {**asdict(self), "beyond": beyond}
