"""The observations of a panel as the model sees them: which it is fitted on, and with what covariates."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.group_time.groups import Block
from tf_eval.did.group_time.rows import STRETCH
from tf_eval.did.imputing.part import Part
from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Sample:
    """A panel's observations.

    ``usable`` (units by periods) tells where the outcome and every covariate are seen, ``fitted`` where the model is
    fitted as well. Covariates that never change within a unit (``fixed``, units by columns, the intercept first) have
    a slope in each period; those that change (``varying``, units by periods by columns) have one slope.
    """

    panel: Panel
    usable: np.ndarray
    fitted: np.ndarray
    fixed: np.ndarray
    varying: np.ndarray

    @property
    def width(self) -> int:
        """How many coefficients a model has, those of the units left out."""
        return self.usable.shape[1] * self.fixed.shape[1] + self.varying.shape[2]

    def parts(self, block: Block) -> Iterator[Part]:
        """Yield the observations of a block, a stretch of units at a time."""
        for start in range(block.rows.start, block.rows.stop, STRETCH):
            yield self.part(slice(start, min(start + STRETCH, block.rows.stop)))

    def part(self, rows: slice) -> Part:
        usable = self.usable[rows]
        return Part(
            rows=rows,
            weight=self.panel.weight[rows],
            outcome=np.where(usable, self.panel.outcome[rows], 0.0),
            usable=usable,
            fitted=self.fitted[rows],
            fixed=self.fixed[rows],
            varying=self.varying[rows],
        )


def read_sample(panel: Panel, design: Design) -> Sample:
    """Return the observations of a panel; the model is fitted on the untreated, within the baseline window if any."""
    positions = range(len(panel.periods))
    complete = np.column_stack([panel.covariates.complete(position) for position in positions])
    usable = np.isfinite(panel.outcome) & complete
    start = panel.adopted[:, None] - design.anticipation
    untreated = panel.periods < start
    if design.window:
        is_group = panel.adopted[:, None] <= panel.periods[-1]
        untreated &= ~is_group | (panel.periods >= start - design.window)
    return Sample(panel, usable, usable & untreated, *_split_covariates(panel, usable))


def _split_covariates(panel: Panel, usable: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns that never change within a unit, and those that do; zero where nothing is seen of them."""
    covariates = panel.covariates
    if covariates.row_of is None:
        return np.where(usable.any(axis=1)[:, None], covariates.matrix, 0.0), np.zeros((*usable.shape, 0))
    positions = range(usable.shape[1])
    values = np.stack([covariates.at(slice(None), position) for position in positions], axis=1)
    values[~usable] = 0.0
    first = values[np.arange(len(panel)), usable.argmax(axis=1)]
    changes = ((values != first[:, None]) & usable[:, :, None]).any(axis=(0, 1))
    return first[:, ~changes], values[:, :, changes]
