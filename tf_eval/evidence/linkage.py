"""Does the answer depend on how surely records are linked? The same design with stricter and with looser links.

Wrong links blur the groups and missed links lose outcomes, more often for some people than for others; national
evaluations report how their results move with the threshold (Harron and others 2017, "Challenges in administrative
data linkage for research"). An answer that holds at both ends does not rest on doubtful links.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tf_eval.cohort import Programme, build_cohort, build_panel
from tf_eval.data import County
from tf_eval.errors import NotEstimated
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect, measure
from tf_eval.matching import match

LINKAGES = ("strict", "standard", "loose")


@dataclass(frozen=True, eq=False, repr=False)
class LinkageSensitivity:
    """The headline effects on every outcome at three ways of linking.

    Attributes:
        measured: by way of linking (``strict``, ``standard``, ``loose``), the effect on each outcome.
        same_people: the ways of linking that come to just the same people as the standard one.
    """

    measured: Mapping[str, tuple[OutcomeEffect, ...]]
    same_people: tuple[str, ...] = ()

    @property
    def depends(self) -> tuple[str, ...]:
        """The labels of the outcomes whose interval holds no effect at one way of linking and not at another."""
        answers = {linkage: [_answer(effect.headline) for effect in row] for linkage, row in self.measured.items()}
        differing = [len(set(across)) > 1 for across in zip(*answers.values(), strict=True)]
        labels = [effect.outcome.label for effect in self.measured["standard"]]
        return tuple(label for label, differs in zip(labels, differing, strict=True) if differs)

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and way of linking, in reporting units."""
        return pd.DataFrame(
            {"outcome": effect.outcome.name, "linkage": linkage, **effect.headline.to_dict()}
            for linkage, row in self.measured.items()
            for effect in row
        )

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
        return f"<LinkageSensitivity: {len(self.measured['standard'])} outcomes>"


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
        both.
    """

    def again(other: County) -> tuple[OutcomeEffect, ...]:
        panel = build_panel(other, build_cohort(other, programme), outcomes=[row.outcome.name for row in measured])
        matched = match(panel.arms(intervention), **matching)
        return tuple(measure(panel, matched, outcome, **measuring(outcome.name)) for outcome in panel.outcomes)

    others = {linkage: county.with_linkage(linkage) for linkage in LINKAGES}
    same = tuple(name for name, other in others.items() if name != county.linkage and other.has_people_of(county))
    rows = {
        name: tuple(measured) if name in (county.linkage, *same) else again(other) for name, other in others.items()
    }
    return LinkageSensitivity(rows, same)


def _answer(size: EffectSize | NotEstimated) -> str:
    if isinstance(size, NotEstimated):
        return "not estimated"
    return "no change possible" if not size.excludes_zero else "fall" if size.value < 0 else "rise"
