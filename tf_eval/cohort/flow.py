"""How many families were left after each step, and why the others were not: every exclusion is a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.words import about

INK = "#3D3D3D"
WIDTH_OF_A_REASON = 42  # letters; two columns of them stand side by side
BOX = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": "#12436D"}


@dataclass(frozen=True, repr=False)
class FlowStep:
    """Families left after a step, and how many the step took away for which reason.

    ``arm`` is ``"all"`` up to where the arms part, then ``"treated"`` or ``"comparison"``. The first step of an arm
    says how many families the arm begins with.
    """

    step: str
    families: int
    excluded: int = 0
    reason: str = ""
    arm: str = "all"

    def __repr__(self) -> str:
        return f"<FlowStep: {about(self.families)} families {self.step}{_in_arm(self.arm)}>"


@dataclass(frozen=True, eq=False, repr=False)
class Flow:
    """A flow of families. Within an arm each step's families are those of the step before less the excluded.

    ``of_which`` holds counts that are no steps, such as how many families met each criterion at some time.
    """

    steps: tuple[FlowStep, ...]
    of_which: Mapping[str, int] = field(default_factory=dict)
    design: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arms(self) -> list[str]:
        return list(dict.fromkeys(step.arm for step in self.steps))

    def of_arm(self, arm: str) -> list[FlowStep]:
        """Return the steps of one arm, in order."""
        return [step for step in self.steps if step.arm == arm]

    def table(self) -> pd.DataFrame:
        """Return one row per step: step, families, excluded, reason, arm."""
        return pd.DataFrame([vars(step) for step in self.steps])

    def then(self, steps: list[FlowStep], **design: Any) -> "Flow":
        """Return this flow followed by further steps."""
        return Flow((*self.steps, *steps), self.of_which, {**self.design, **design})

    def summary(self) -> str:
        """Return the first and the last step of the flow, and of each arm, in words, with rounded counts."""
        first = self.steps[0]
        last = [(arm, self.of_arm(arm)[-1]) for arm in self.arms]
        ends = ", ".join(f"{about(step.families)} {step.step}{_in_arm(arm)}" for arm, step in last)
        return f"Of {about(first.families)} families {first.step}: {ends}."

    def to_dict(self) -> dict[str, Any]:
        """Return the flow as plain values."""
        return {
            "steps": [dict(vars(step)) for step in self.steps],
            "of_which": dict(self.of_which),
            "design": dict(self.design),
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the flow as boxes from top to bottom, arms side by side, exclusions under the box they left from."""
        depth = max(len(self.of_arm(arm)) for arm in self.arms if arm != "all") if len(self.arms) > 1 else 0
        rows = len(self.of_arm("all")) + depth
        ax = ax or Figure(figsize=(9, 1.0 * rows + 0.5), layout="constrained").subplots()
        ax.set(xlim=(0, 1), ylim=(-rows + 0.4, 0.6))
        ax.set_axis_off()
        _draw(ax, self.of_arm("all"), middle=0.5, top=0)
        branches = [arm for arm in self.arms if arm != "all"]
        for number, arm in enumerate(branches):
            middle = (number + 0.5) / len(branches)
            _draw(ax, self.of_arm(arm), middle=middle, top=-len(self.of_arm("all")))
        return ax

    def __repr__(self) -> str:
        return f"<Flow: {self.summary()}>"


def build_steps(start: FlowStep, later: list[tuple[str, int, str]]) -> list[FlowStep]:
    """Return ``start`` and a step for each (name, families left, reason for those who are not), which add up."""
    steps = [start]
    for name, families, reason in later:
        steps.append(FlowStep(name, families, steps[-1].families - families, reason, start.arm))
    return steps


def _in_arm(arm: str) -> str:
    return "" if arm == "all" else f" in the {arm} arm"


def _draw(ax: Axes, steps: list[FlowStep], middle: float, top: int) -> None:
    for number, step in enumerate(steps):
        height = top - number
        if number or step.arm != "all":
            ax.annotate("", (middle, height + 0.3), (middle, height + 0.68), arrowprops={"arrowstyle": "->"})
        label = f"{step.step[0].upper()}{step.step[1:]}\n{step.families:,}"
        ax.text(middle, height, label, ha="center", va="center", bbox=BOX, fontsize=9)
        if step.excluded:
            reason = fill(f"{step.excluded:,}: {step.reason}", WIDTH_OF_A_REASON)
            ax.text(middle + 0.02, height + 0.48, reason, ha="left", va="center", fontsize=8, color=INK)
