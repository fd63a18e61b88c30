"""Which of two interventions is better on one outcome, by a rule that was written down first.

Families that might have had either decide: set against like families each has an effect on its own families, who
differ. That other way of comparing has to point the same way, because it goes wrong for other reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tf_eval.cohort.words import in_sentence
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize

LOOKING = "It depends on who is looking, and people who give different support look in different ways."
OPEN = "The records fit a difference worth having, and they fit none."
APART = (
    "The two ways of comparing them do not agree: among families that might have had either, and each against families "
    "like its own."
)
SMALL = "Among families that might have had either, any difference is smaller than the smallest worth having."
CLEAR = (
    "Among families that might have had either, the difference is beyond chance. Each set against families like its "
    "own, it points the same way."
)
ONE_WAY = "The two were not both set against families like their own, so that there is but one way of comparing them."


class Standing(StrEnum):
    """What can be said of one intervention against another."""

    BETTER = "better"
    SAME = "about the same"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True)
class Ruling:
    """A standing with the reason for it; ``better`` is 0 for the first intervention, 1 for the second, else None."""

    standing: Standing
    reason: str
    better: int | None = None


def rule(
    direct: EffectSize | NotEstimated,
    own: EffectSize | NotEstimated,
    *,
    p_adjusted: float,
    level: float,
    worthwhile: float,
    good_is_less: bool,
    detection_sensitive: bool,
    failed: Sequence[Check],
) -> Ruling:
    """Return what can be said of two interventions on one outcome.

    Args:
        direct: the first less the second among families that might have had either.
        own: the effect of the first less that of the second, each on its own families.
        p_adjusted: of ``direct``, with the allowance for all outcomes that decide.
        level: below which that is beyond chance.
        worthwhile: the smallest difference worth having.
        good_is_less: whether a fall is for the better.
        detection_sensitive: whether the outcome depends on who is looking.
        failed: checks of the comparison that were not passed.
    """
    why_not = _why_not(direct, own, detection_sensitive, failed)
    if why_not:
        return Ruling(Standing.UNKNOWN, why_not)
    if direct.within(worthwhile):
        return Ruling(Standing.UNKNOWN, APART) if own.excludes_zero else Ruling(Standing.SAME, SMALL)
    if not p_adjusted < level:
        return Ruling(Standing.UNKNOWN, OPEN)
    if direct.value * own.value <= 0:
        return Ruling(Standing.UNKNOWN, APART)
    return Ruling(Standing.BETTER, CLEAR, better=0 if (direct.value < 0) == good_is_less else 1)


def _why_not(
    direct: EffectSize | NotEstimated,
    own: EffectSize | NotEstimated,
    detection_sensitive: bool,
    failed: Sequence[Check],
) -> str:
    """Return why nothing can be said whatever the numbers are; nothing where something may be."""
    if isinstance(direct, NotEstimated):
        return f"They could not be compared among families that might have had either: {direct.reason}."
    if detection_sensitive:
        return LOOKING
    if isinstance(own, NotEstimated):
        return ONE_WAY
    return f"A check was not passed (\u201c{in_sentence(failed[0].name)}\u201d). {failed[0].detail}" if failed else ""
