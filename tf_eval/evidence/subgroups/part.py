"""The effect in one part of a subgroup, and the parts side by side."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.subgroups.interaction import Interaction
from tf_eval.evidence.subgroups.subgroup import Subgroup
from tf_eval.matching.display import number

EXPECTED = {True: ", as the plan expected", False: ", against what the plan expected", None: ""}


@dataclass(frozen=True)
class Part:
    """One part of a subgroup.

    Attributes:
        name: what its families are called.
        n_treated, n_comparison: families in it with the intervention, and like ones; ``size`` tells of fewer where not
            all were seen in every month.
        size: the effect in it, in reporting units.
        shrunk, shrunk_low, shrunk_high: the same drawn to the mean of all parts, where there are enough; else missing.
    """

    name: str
    n_treated: int
    n_comparison: int
    size: EffectSize | NotEstimated
    shrunk: float = math.nan
    shrunk_low: float = math.nan
    shrunk_high: float = math.nan

    def to_dict(self) -> dict[str, Any]:
        counts = {"n_treated": self.n_treated, "n_comparison": self.n_comparison}
        shrunk = {name: getattr(self, name) for name in ("shrunk", "shrunk_low", "shrunk_high")}
        return {"part": self.name, **counts, **self.size.to_dict(), **shrunk}


@dataclass(frozen=True, eq=False, repr=False)
class SubgroupEffect:
    """The effect on one outcome in each part of one subgroup, and whether these differ.

    Attributes:
        measured: the effect on the outcome among all.
        subgroup: what the plan declared.
        parts: in the order of their names; of a split, the first part first. Never in that of their effects.
        interaction: how the effects differ.
    """

    measured: OutcomeEffect
    subgroup: Subgroup
    parts: tuple[Part, ...]
    interaction: Interaction | NotEstimated

    @property
    def outcome(self) -> Outcome:
        return self.measured.outcome

    @property
    def differs(self) -> bool:
        return isinstance(self.interaction, Interaction) and self.interaction.differs

    @property
    def as_expected(self) -> bool | None:
        """Whether a difference beyond chance is the one that the plan expected; None where it expected none."""
        if not self.differs or self.subgroup.expects is None:
            return None
        gains = (self.interaction.difference < 0) == (self.outcome.good_direction == "fall")
        return gains == (self.subgroup.expects == "more")

    def shows(self, part: Part) -> bool:
        """Whether words and figures may tell the effect in a part; of one without an effect there is none to tell."""
        size = part.size
        return isinstance(size, NotEstimated) or self.measured.estimate.design.shows(size.n_treated, size.n_comparison)

    def adjusted(self, p_value: float) -> "SubgroupEffect":
        """Return the same with the p-value that allows for all interactions."""
        if isinstance(self.interaction, NotEstimated):
            return self
        return replace(self, interaction=replace(self.interaction, p_adjusted=p_value))

    def rows(self) -> Iterator[Mapping[str, Any]]:
        for part in self.parts:
            yield {"outcome": self.outcome.name, "subgroup": self.subgroup.label, **part.to_dict()}

    def summary(self) -> str:
        """Return what can be said of the difference between parts; of the parts themselves nothing is concluded."""
        if isinstance(self.interaction, NotEstimated):
            return f"{self.outcome.label}, {self.subgroup.parts_named}: not compared: {self.interaction.reason}."
        if not all(self.shows(part) for part in self.parts):
            not_shown = self.measured.estimate.design.not_shown
            return f"{self.outcome.label}: the difference between {self.subgroup.parts_named} is {not_shown}"
        found, unit = self.interaction, self.outcome.unit
        if not self.subgroup.is_split:
            told = (
                "differs by more than chance between" if found.differs else "shows no difference beyond chance between"
            )
            return f"{self.outcome.label}: the effect {told} {self.subgroup.label}."
        if not found.differs:
            return (
                f"{self.outcome.label}: no difference beyond chance between {self.subgroup.parts_named} "
                f"({number(found.difference)}, from {number(found.low)} to {number(found.high)} {unit})."
            )
        low, high = sorted((abs(found.low), abs(found.high)))
        return (
            f"{self.outcome.label}: the effect is {'higher' if found.difference > 0 else 'lower'} among "
            f"{self.subgroup.label} than among {self.subgroup.others}, by {number(abs(found.difference))} (from "
            f"{number(low)} to {number(high)}) {unit}{EXPECTED[self.as_expected]}."
        )

    def to_dict(self) -> dict[str, Any]:
        interaction = self.interaction
        found = interaction.to_dict() if isinstance(interaction, NotEstimated) else plain(vars(interaction))
        named = {"outcome": self.outcome.name, "subgroup": self.subgroup.to_dict()}
        return {**named, "parts": [plain(part.to_dict()) for part in self.parts], "interaction": found}

    def __repr__(self) -> str:
        return f"<SubgroupEffect: {self.outcome.label} by {self.subgroup.label}>"
