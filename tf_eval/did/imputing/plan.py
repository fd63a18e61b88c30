"""Which periods of a group get an effect, and which a lead."""

from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.groups import Block, Group
from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Plan:
    """A group, the positions of the periods at which its effects are imputed, and those of its leads.

    ``idle`` is the position of a cell that follows from the others, since a unit's residuals sum to nothing.
    """

    group: Group
    imputed: np.ndarray
    leads: np.ndarray
    idle: int | None = None

    @property
    def block(self) -> Block:
        return self.group.treated

    @property
    def after(self) -> np.ndarray:
        """The position of each cell, in order."""
        return np.union1d(self.leads, self.imputed)

    @property
    def treated(self) -> np.ndarray:
        """The positions at which effects on the treated are imputed: from treatment (or its anticipation) on."""
        return self.imputed[self.imputed > self.group.position]

    def laid_out(self) -> Group:
        """Return the group with these cells; how it would have been compared otherwise has no meaning then."""
        return replace(self.group, after=self.after)


def plan_imputation(panel: Panel, design: Design, group: Group) -> Plan:
    """Return effects from the start on, and leads for the later half of the periods before it, or as many as asked.

    With a baseline window, whatever lies before it is imputed like what comes after it, and needs no leads.
    """
    end, every = group.position + 1, np.arange(len(panel.periods))
    if design.window:
        return Plan(group, every[(every < _window_start(panel, design, group)) | (every >= end)], every[:0])
    leads = end // 2 if design.leads is None else min(design.leads, end - 1)
    return Plan(group, every[end:], every[end - leads : end])


def plan_two_stages(panel: Panel, design: Design, group: Group) -> Plan:
    """Return every period: before treatment the effects are the fit's own residuals."""
    idle = _window_start(panel, design, group) if design.window else 0
    every = np.arange(len(panel.periods))
    return Plan(group, every, every[:0], idle)


def _window_start(panel: Panel, design: Design, group: Group) -> int:
    """Return the position of the first period within the group's baseline window."""
    return int(np.searchsorted(panel.periods, group.adopted - design.anticipation - design.window))
