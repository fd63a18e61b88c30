"""Does the answer depend on how surely records are linked? The same design with stricter and with looser links.

Wrong links blur the groups and missed links lose outcomes, more often for some people than for others; national
evaluations report how their results move with the threshold (Harron and others 2017, "Challenges in administrative
data linkage for research"). An answer that holds at both ends does not rest on doubtful links.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tf_eval.cohort import Programme, build_cohort, build_panel
from tf_eval.cohort.outcomes import Outcome
from tf_eval.data import County
from tf_eval.errors import EstimationError, InputError, NotEstimated
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect, measure
from tf_eval.matching import match

LINKAGES = ("strict", "standard", "loose")


@dataclass(frozen=True, eq=False, repr=False)
class LinkageSensitivity:
    """The headline effects on every outcome at three ways of linking.

    Attributes:
        outcomes: the outcomes.
        headlines: by way of linking (``strict``, ``standard``, ``loose``), the headline effect on each outcome.
        same_people: the ways of linking that come to just the same people as the evaluation's own.
    """

    outcomes: tuple[Outcome, ...]
    headlines: Mapping[str, tuple[EffectSize | NotEstimated, ...]]
    same_people: tuple[str, ...] = ()

    @property
    def depends(self) -> tuple[str, ...]:
        """The labels of the outcomes whose interval holds no effect at one way of linking and not at another."""
        answers = ([_answer(size) for size in row] for row in self.headlines.values())
        across = zip(self.outcomes, *answers, strict=True)
        return tuple(outcome.label for outcome, *found in across if len(set(found)) > 1)

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and way of linking, in reporting units."""
        return pd.DataFrame(
            {"outcome": outcome.name, "linkage": linkage, **size.to_dict()} for outcome, linkage, size in self.rows()
        )

    def rows(self) -> Iterator[tuple[Outcome, str, EffectSize | NotEstimated]]:
        """Yield every outcome with a way of linking and the effect there."""
        for linkage, row in self.headlines.items():
            yield from ((outcome, linkage, size) for outcome, size in zip(self.outcomes, row, strict=True))

    def summary(self) -> str:
        if len(self.same_people) == len(LINKAGES) - 1:
            return "Stricter and looser rules link the records of the agencies to the same people, so nothing changes."
        if not self.depends:
            return "No answer changes when records of different agencies are linked more strictly or more loosely."
        return (
            "How surely records of different agencies are linked makes a difference to the answer on "
            f"{', '.join(self.depends)}: whether the range includes no change at all depends on it."
        )

    def __repr__(self) -> str:
        return f"<LinkageSensitivity: {len(self.outcomes)} outcomes>"


def linkage_sensitivity(
    county: County,
    programme: Programme,
    measured: Sequence[OutcomeEffect],
    *,
    intervention: str,
    matching: Mapping[str, Any],
    measuring: Callable[[str], Mapping[str, Any]],
) -> LinkageSensitivity:
    """Carry out an evaluation again with its county's people linked more strictly and more loosely.

    Args:
        county: the county, opened with the linkage of the evaluation.
        programme: the programme's criteria.
        measured: the effects as the evaluation measured them.
        intervention: the intervention that is evaluated.
        matching: what ``match`` is asked.
        measuring: what ``measure`` is asked for an outcome, by its name.

    Returns:
        The effects at each of the three ways of linking. Where two of them make the same people, one estimate serves
        both; where the design cannot be carried out at one, its effects are not estimated, with the reason.
    """
    outcomes = tuple(effect.outcome for effect in measured)

    def again(other: County) -> tuple[EffectSize | NotEstimated, ...]:
        try:
            panel = build_panel(other, build_cohort(other, programme), outcomes=[outcome.name for outcome in outcomes])
            matched = match(panel.arms(intervention), **matching)
        except (EstimationError, InputError):
            reason = "too few families could be compared when records are linked in this way"
            return (NotEstimated(reason),) * len(outcomes)
        return tuple(measure(panel, matched, outcome, **measuring(outcome.name)).headline for outcome in panel.outcomes)

    others = {linkage: county.with_linkage(linkage) for linkage in LINKAGES}
    same = tuple(name for name, other in others.items() if name != county.linkage and other.has_people_of(county))
    own = tuple(effect.headline for effect in measured)
    rows = {name: own if name in (county.linkage, *same) else again(other) for name, other in others.items()}
    return LinkageSensitivity(outcomes, rows, same)


def _answer(size: EffectSize | NotEstimated) -> str:
    if isinstance(size, NotEstimated):
        return "not estimated"
    return "no change possible" if not size.excludes_zero else "fall" if size.value < 0 else "rise"
