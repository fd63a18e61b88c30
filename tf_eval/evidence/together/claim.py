"""One effect of a site: an intervention, an outcome that decides, and the months that it is about."""

from dataclasses import dataclass

from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.verdict import OutcomeVerdict

HEADLINE = "headline"


@dataclass(frozen=True, eq=False, repr=False)
class Claim:
    """An effect, and how easily chance alone would have made one like it somewhere among all that was looked at.

    Attributes:
        intervention, title: the intervention's name in the records, and for people.
        judged: the verdict on the outcome over the headline's months, from its own evaluation.
        band: ``headline``, or the band of event months.
        size: the effect in reporting units.
        p_all: p-value after allowing for all effects of its kind (headlines, or bands) at the site; None where it is
            not estimated.
    """

    intervention: str
    title: str
    judged: OutcomeVerdict
    band: str
    size: EffectSize | NotEstimated
    p_all: float | None

    @property
    def is_headline(self) -> bool:
        return self.band == HEADLINE

    def holds(self, level: float) -> bool:
        """Whether it is clear of no effect when all that was looked at is allowed for."""
        return self.p_all is not None and self.p_all < level

    @property
    def is_harm(self) -> bool:
        return isinstance(self.size, EffectSize) and self.judged.measured.is_harm(self.size.value)

    def to_dict(self) -> dict[str, object]:
        shown = {} if isinstance(self.size, NotEstimated) else plain(self.size.to_dict())
        outcome = self.judged.outcome
        named = {
            "intervention": self.intervention,
            "title": self.title,
            "outcome": outcome.name,
            "label": outcome.label,
            "band": self.band,
        }
        own = {"verdict": str(self.judged.word), "p_adjusted": self.judged.p_adjusted} if self.is_headline else {}
        return {**named, **shown, **own, "p_all": self.p_all}

    def __repr__(self) -> str:
        return f"<Claim: {self.title}, {self.judged.outcome.label}, {self.band}>"
