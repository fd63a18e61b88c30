"""How many families were left after each step, and why the others were not: every exclusion is a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.flow_chart import draw_flow
from tf_eval.cohort.household_months import UNKNOWN_DISTRICT
from tf_eval.cohort.words import about

Tally = Mapping[str, int]


@dataclass(frozen=True, repr=False)
class FlowStep:
    """Families left after a step, and how many the step took away for which reason.

    ``arm`` is ``"all"`` up to where the arms part, then ``"treated"`` or ``"comparison"``. The first step of an arm
    says how many families the arm begins with. ``districts`` are the families left in each district (none left:
    the district may be absent), and come to ``families``.
    """

    step: str
    families: int
    excluded: int = 0
    reason: str = ""
    arm: str = "all"
    districts: Tally = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<FlowStep: {about(self.families)} families {self.step}{_in_arm(self.arm)}>"


@dataclass(frozen=True, repr=False)
class OfWhich:
    """A count beside a step that is none itself: of the step's families, how many are in one state of a group.

    The states of a group come to the step's families, in every district too. Where ``unit`` is not families (but
    their months), they come to the number of those, and ``districts`` is empty.
    """

    step: str
    group: str
    state: str
    count: int
    arm: str = "all"
    unit: str = "families"
    districts: Tally = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<OfWhich: {self.group}, {self.state}: {about(self.count)} {self.unit}>"


@dataclass(frozen=True, eq=False, repr=False)
class Flow:
    """A flow of families. Within an arm each step's families are those of the step before less the excluded.

    ``of_which`` holds what the families of a step are made up of, such as how many of those assessed met each
    criterion, and what became of those that were offered support.
    """

    steps: tuple[FlowStep, ...]
    of_which: tuple[OfWhich, ...] = ()
    design: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arms(self) -> list[str]:
        return list(dict.fromkeys(step.arm for step in self.steps))

    def of_arm(self, arm: str) -> list[FlowStep]:
        """Return the steps of one arm, in order."""
        return [step for step in self.steps if step.arm == arm]

    def table(self) -> pd.DataFrame:
        """Return one row per step: step, families, excluded, reason, arm."""
        return pd.DataFrame([_row(step) for step in self.steps])

    def by_district(self) -> pd.DataFrame:
        """Return one row per district and step: district, arm, step, families, excluded, reason.

        A family stands in one district all through the flow: the one that the cohort's families have (that of the day
        of qualifying, or else of the first start); a family that is not in the cohort, where it last lived before the
        programme's time was over. Families whose home is not known are a district of their own, ``"not known"``, last.
        The rows of a step come to the whole.
        """
        rows = [
            {"district": district, "arm": arm, "step": step.step, **counts, "reason": step.reason}
            for district in _districts(self.steps)
            for arm in self.arms
            for step, counts in _within(district, self.of_arm(arm))
        ]
        return pd.DataFrame(rows, columns=["district", "arm", "step", "families", "excluded", "reason"])

    def of_which_table(self) -> pd.DataFrame:
        """Return one row per count beside a step: step, arm, group, state, count, unit."""
        names = ["step", "arm", "group", "state", "count", "unit"]
        return pd.DataFrame([{name: getattr(part, name) for name in names} for part in self.of_which], columns=names)

    def then(self, steps: Sequence[FlowStep], of_which: Sequence[OfWhich] = (), **design: Any) -> "Flow":
        """Return this flow followed by further steps."""
        return Flow((*self.steps, *steps), (*self.of_which, *of_which), {**self.design, **design})

    def summary(self) -> str:
        """Return the first and the last step of the flow, and of each arm, in words, with rounded counts."""
        first = self.steps[0]
        last = [(arm, self.of_arm(arm)[-1]) for arm in self.arms]
        ends = ", ".join(f"{about(step.families)} {step.step}{_in_arm(arm)}" for arm, step in last)
        return " ".join([f"Of {about(first.families)} families {first.step}: {ends}.", *self._months_told()])

    def _months_told(self) -> list[str]:
        parts = [part for part in self.of_which if part.unit != "families"]
        groups = dict.fromkeys(part.group for part in parts)
        told = {name: [f"{about(part.count)} {part.state}" for part in parts if part.group == name] for name in groups}
        return [f"{name}: {', '.join(states)}." for name, states in told.items()]

    def to_dict(self) -> dict[str, Any]:
        """Return the flow as plain values."""
        return {
            "steps": [asdict(step) for step in self.steps],
            "of_which": [asdict(part) for part in self.of_which],
            "design": dict(self.design),
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the flow as boxes from top to bottom, arms side by side.

        Exclusions stand right of the arrow by which they left; what the families of a step are made up of, left of
        its box.
        """
        return draw_flow(self, ax)

    def __repr__(self) -> str:
        return f"<Flow: {self.summary()}>"


def build_steps(arm: str, named: Iterable[tuple[str, Tally, str]]) -> list[FlowStep]:
    """Return a step for each (name, families left by district, reason for those who are not), which add up."""
    steps: list[FlowStep] = []
    for name, districts, reason in named:
        families = sum(districts.values())
        excluded = steps[-1].families - families if steps else 0
        steps.append(FlowStep(name, families, excluded, reason, arm, districts))
    return steps


def tally(districts: Iterable[str]) -> dict[str, int]:
    """Return how many families live in each district, given the district of each."""
    return {str(name): int(count) for name, count in pd.Series(districts, dtype=object).value_counts().items()}


def _districts(steps: Iterable[FlowStep]) -> list[str]:
    found = {district for step in steps for district in step.districts}
    return sorted(found, key=lambda district: (district == UNKNOWN_DISTRICT, district))


def _within(district: str, steps: Sequence[FlowStep]) -> Iterable[tuple[FlowStep, dict[str, int]]]:
    before = None
    for step in steps:
        families = step.districts.get(district, 0)
        yield step, {"families": families, "excluded": 0 if before is None else before - families}
        before = families


def _row(step: FlowStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in ("step", "families", "excluded", "reason", "arm")}


def _in_arm(arm: str) -> str:
    return "" if arm == "all" else f" in the {arm} arm"
