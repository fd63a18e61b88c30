"""That the balance of a match was accepted: until then no outcome can be read."""

from dataclasses import asdict, dataclass
from typing import Any

from tf_eval.errors import ConfigError, EstimationError
from tf_eval.matching.display import told_size

TO_DO = (
    "Match otherwise (a caliper, a lower ratio, weights that balance), or write down why outcomes are read all the "
    'same: balance.accept(because="...")'
)


@dataclass(frozen=True)
class Acceptance:
    """Under which check, and with what reason, balance was accepted.

    passed      whether the check was passed
    threshold   standardised mean difference up to which a covariate counted as alike
    limit       standardised mean difference that none was to pass
    worst       the covariate level that is furthest apart, with its difference
    beyond      covariate levels beyond the limit, furthest first, each with its difference
    because     why outcomes were read, without a full stop; None where nothing was written
    """

    passed: bool
    threshold: float
    limit: float
    worst: tuple[str, float]
    beyond: tuple[tuple[str, float], ...]
    because: str | None

    @classmethod
    def of(
        cls,
        threshold: float,
        limit: float,
        worst: tuple[str, float],
        beyond: tuple[tuple[str, float], ...],
        because: str | None,
    ) -> "Acceptance":
        """Accept what a check found, which was passed where nothing is ``beyond`` the limit.

        Raises ``ConfigError`` where the reason is no words, and ``EstimationError`` where one is needed and missing.
        """
        if because is not None and not (isinstance(because, str) and because.strip()):
            raise ConfigError("accept: because must be a few words that say why outcomes are read")
        acceptance = cls(not beyond, threshold, limit, worst, beyond, because and because.rstrip(" ."))
        if beyond and because is None:
            raise EstimationError(f"accept: the groups are not alike enough: {acceptance.furthest}. {TO_DO}")
        return acceptance

    @property
    def notes(self) -> tuple[str, ...]:
        """What every result that rests on the match has to say: nothing where the check was passed."""
        if self.passed:
            return ()
        return (f"The groups were not alike enough: {self.furthest}. Outcomes were read because {self.because}.",)

    @property
    def left(self) -> str:
        """What a plain difference takes for effect, in words."""
        label, size = self.worst
        return (
            f"What is left between the groups counts as effect, {told_size(size)} standard deviations at most "
            f"({label}). The methods 'regression' and 'g_computation' take out what covariates explain."
        )

    @property
    def furthest(self) -> str:
        """The covariate levels that are furthest apart, at most three, in words."""
        named = ", ".join(f"{label} by {abs(size):.2f}" for label, size in self.beyond[:3])
        more = f" and {len(self.beyond) - 3} more" if len(self.beyond) > 3 else ""
        return f"they differ in {named}{more} (standard deviations; {self.limit:g} is the limit)"

    def to_dict(self) -> dict[str, Any]:
        """Return the acceptance as JSON-safe values."""
        worst, *beyond = ({"label": label, "smd_after": size} for label, size in (self.worst, *self.beyond))
        return {**asdict(self), "worst": worst, "beyond": beyond}


def require_acceptance(acceptance: Acceptance | None, where: str, check: str) -> None:
    """Raise ``EstimationError`` unless balance was accepted; ``check`` is the name of the function that looks at it."""
    if acceptance is None:
        raise EstimationError(
            f"{where}: outcomes stay out of reach until balance is accepted. Look at it, accept it, and use the match "
            f"that this returns: balance = {check}(matched); matched = balance.accept()"
        )
