"""For whom, where and by whom: effects in the parts that a plan declared, and whether they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import InputError, NotEstimated, unknown
from tf_eval.evidence.subgroups.figure import draw_parts
from tf_eval.evidence.subgroups.part import SubgroupEffect
from tf_eval.evidence.subgroups.subgroup import Subgroup

NONE = (
    "The plan declared no groups of families in which the answer might differ, so none are compared here. Among groups "
    "that are thought of afterwards one can nearly always be found that looks different."
)
CAVEAT = (
    "Groups that the plan did not declare were not looked at, and none of this changes the verdict. Groups as small as "
    "these show large differences only, and what else they differ in may be behind one."
)


@dataclass(frozen=True, eq=False, repr=False)
class SubgroupEffects:
    """Each deciding outcome by each declared subgroup.

    Attributes:
        subgroups: what the plan declared.
        rows: an outcome and a subgroup each.
        design: how it was done: fewest (families in each arm of a part), confidence, allowance, models.
    """

    subgroups: tuple[Subgroup, ...]
    rows: tuple[SubgroupEffect, ...]
    design: Mapping[str, Any]

    def table(self) -> pd.DataFrame:
        """Return one row per outcome, subgroup and part, in reporting units: effect, interval, base rate, shrunk."""
        return pd.DataFrame([row for each in self.rows for row in each.rows()])

    def interactions(self) -> pd.DataFrame:
        """Return one row per outcome and subgroup: how the effects in its parts differ, and whether beyond chance."""
        return pd.DataFrame([self._interaction(each) for each in self.rows])

    @property
    def told(self) -> str:
        """What holds of all of it, in plain sentences."""
        return CAVEAT if self.rows else NONE

    def summary(self) -> str:
        return " ".join([*(each.summary() for each in self.rows), self.told])

    def plot(self, outcome: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the effect on one outcome (default: the first) in each part, as estimated (hollow) and shrunk (filled).

        Raises ``InputError`` where the outcome is not among them.
        """
        names = list(dict.fromkeys(each.outcome.name for each in self.rows))
        chosen = outcome or next(iter(names), None)
        if chosen not in names:
            raise InputError(f"plot: {unknown('outcome', chosen, names)}")
        return draw_parts([each for each in self.rows if each.outcome.name == chosen], ax)

    def to_dict(self) -> dict[str, Any]:
        return {"rows": [each.to_dict() for each in self.rows], "design": dict(self.design)}

    def __iter__(self) -> Iterator[SubgroupEffect]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"<SubgroupEffects: {len(self.subgroups)} subgroups, {len(self.rows)} comparisons>"

    def _interaction(self, each: SubgroupEffect) -> dict[str, Any]:
        named = {"outcome": each.outcome.name, "subgroup": each.subgroup.label}
        if isinstance(each.interaction, NotEstimated):
            return {**named, **each.interaction.to_dict()}
        numerator, denominator = each.interaction.degrees_of_freedom
        plain = {name: value for name, value in vars(each.interaction).items() if name != "degrees_of_freedom"}
        return {**named, **plain, "numerator": numerator, "denominator": denominator, "differs": each.differs}
