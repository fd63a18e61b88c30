"""For whom the one is better, and for whom the other: the parts that both plans declared, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import NotEstimated
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.subgroups import Interaction, Part, Subgroup, SubgroupEffect, SubgroupEffects, effects_by_subgroup
from tf_eval.evidence.verdict import Subject
from tf_eval.evidence.versus.either import Either, turned

NONE = "The two plans declared no groups of families in common, so that none are looked at here."


@dataclass(frozen=True, eq=False, repr=False)
class ForWhom:
    """What each of two interventions did in the parts that both plans declared, and how far they are apart there.

    Attributes:
        subjects: the two interventions.
        first, second: the effects of each, by part of its own families.
        direct: the first less the second by part, among families that might have had either; or why there is none. Its
            interactions say whether the difference is another in one part than in the other.
    """

    subjects: tuple[Subject, Subject]
    first: SubgroupEffects
    second: SubgroupEffects
    direct: SubgroupEffects | NotEstimated

    @property
    def differing(self) -> tuple[SubgroupEffect, ...]:
        """Where the difference between the two is another for some families than for others, beyond chance."""
        return () if isinstance(self.direct, NotEstimated) else tuple(each for each in self.direct if each.differs)

    def table(self) -> pd.DataFrame:
        """Return one row per outcome, subgroup, part and what is estimated: first, second, direct."""
        told = [(name, found) for name, found in self._sides.items() if isinstance(found, SubgroupEffects)]
        return pd.concat([found.table().assign(what=name) for name, found in told], ignore_index=True)

    def plot(self, outcome: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw how far the two are apart by part; see ``SubgroupEffects.plot``. Without such families, the first's."""
        return (self.first if isinstance(self.direct, NotEstimated) else self.direct).plot(outcome, ax)

    def summary(self) -> str:
        """Return for whom the difference between the two is another than for others."""
        if isinstance(self.direct, NotEstimated):
            return f"For whom the one is better could not be looked at: {self.direct.reason}."
        if not self.direct.rows:
            return NONE
        first, second = (subject.title for subject in self.subjects)
        return f"{first} less {second}: {self.direct.summary()}"

    def to_dict(self) -> dict[str, Any]:
        return {name: found.to_dict() for name, found in self._sides.items()}

    @property
    def _sides(self) -> Mapping[str, SubgroupEffects | NotEstimated]:
        return {"first": self.first, "second": self.second, "direct": self.direct}

    def __repr__(self) -> str:
        return f"<ForWhom: {len(self.first.subgroups)} subgroups, {len(self.differing)} differ>"


def better_for_whom(
    subjects: Sequence[Subject],
    first: SubgroupEffects,
    second: SubgroupEffects,
    either: Either | NotEstimated,
    direct: Sequence[OutcomeEffect] = (),
) -> ForWhom:
    """Set the effects of two interventions by part side by side.

    Args:
        subjects: what the two are, for people.
        first, second: as ``effects_by_subgroup`` returns them, of the same subgroups.
        either, direct: as ``which_is_better`` takes them.

    Returns:
        Both, and the difference between the two by part. All parts of it share the model of the intervention that more
        families started, and Welch's test with Holm's allowance says whether the difference differs between parts.
    """
    if isinstance(either, NotEstimated):
        return ForWhom(tuple(subjects), first, second, either)
    # What a plan expects is said of its own intervention.
    plainly = [each.model_copy(update={"expects": None}) for each in first.subgroups]
    found = effects_by_subgroup(either.starters, either.matched, direct, plainly)
    rows = tuple(_turned(each, either.turn) for each in found)
    return ForWhom(tuple(subjects), first, second, replace(found, rows=rows))


def in_common(first: Sequence[Subgroup], second: Sequence[Subgroup]) -> list[Subgroup]:
    """Return the subgroups that both plans declared in the same way, whatever they expected of them."""
    declared = [_what(each) for each in second]
    return [each for each in first if _what(each) in declared]


def _what(subgroup: Subgroup) -> Mapping[str, Any]:
    return {name: value for name, value in subgroup.to_dict().items() if name != "expects"}


def _turned(each: SubgroupEffect, turn: int) -> SubgroupEffect:
    if turn == 1:
        return each
    interaction = each.interaction
    if isinstance(interaction, Interaction):
        ends = {"difference": -interaction.difference, "low": -interaction.high, "high": -interaction.low}
        interaction = replace(interaction, **ends)
    return replace(each, parts=tuple(_turned_part(part) for part in each.parts), interaction=interaction)


def _turned_part(part: Part) -> Part:
    return replace(
        part,
        size=turned(part.size, -1),
        n_treated=part.n_comparison,
        n_comparison=part.n_treated,
        shrunk=-part.shrunk,
        shrunk_low=-part.shrunk_high,
        shrunk_high=-part.shrunk_low,
    )
