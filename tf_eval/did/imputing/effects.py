"""Effects on one group: each observation less what was imputed for it, averaged period by period."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tf_eval.did.group_time.groups import Block
from tf_eval.did.imputing.least_squares import Fitted
from tf_eval.did.imputing.sample import Sample


@dataclass(frozen=True, eq=False)
class Effects:
    """Cells of a group, at ``places`` among all: its units are those of ``block``, the periods are at ``positions``.

    ``weights`` (units by cells) are what each observation counts in its cell: 0 where nothing can be imputed, and sum
    1. ``effect`` is that of each observation, ``needs`` (coefficients by cells) how the imputed means rest on the fit.
    """

    block: Block
    places: np.ndarray
    positions: np.ndarray
    weights: np.ndarray
    effect: np.ndarray
    needs: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        """How many observations serve in each cell."""
        return (self.weights > 0).sum(axis=0)

    @property
    def att(self) -> np.ndarray:
        means = np.einsum("ic,ic->c", self.weights, self.effect)
        return np.where(self.counts > 0, means, np.nan)

    def deviations(self) -> np.ndarray:
        """Return units by cells: how far each observation pulls its cell's mean from what it is."""
        return self.weights * (self.effect - np.nan_to_num(self.att))

    def conservative_deviations(self, cluster: np.ndarray, elsewhere: np.ndarray, leave_out: bool) -> np.ndarray:
        """Return the deviations of Borusyak, Jaravel and Spiess (2024, theorem 3), units by cells.

        Each observation is compared with a mean to which clusters add by their squared weight. The only cluster of a
        cell would be compared with itself, and is compared with the effect ``elsewhere`` (by cell; NaN: there is none).
        ``leave_out`` leaves each cluster out of the mean that it is compared with (their appendix A.9).
        """
        codes = np.unique(cluster, return_inverse=True)[1]
        units = np.arange(len(codes))
        member = csr_array((np.ones(len(codes)), (codes, units)), (codes.max() + 1, len(codes)))
        mass, sums = member @ self.weights, member @ (self.weights * self.effect)
        squares = np.where(self.counts > 0, (mass**2).sum(axis=0), 1.0)
        alone = ((mass > 0).sum(axis=0) == 1) & np.isfinite(elsewhere)
        centre = np.where(alone, elsewhere, (mass * sums).sum(axis=0) / squares)
        deviations = self.weights * (self.effect - centre)
        if not leave_out:
            return deviations
        rest = 1 - mass**2 / squares
        return deviations * np.divide(1.0, rest, out=np.ones_like(rest), where=(mass > 0).sum(axis=0) > 1)[codes]


def effects_on(
    sample: Sample, block: Block, places: np.ndarray, positions: np.ndarray, fit: Fitted, compared: np.ndarray
) -> Effects:
    """Return the effects on a block in the periods at ``positions``; ``compared`` says which have comparison units."""
    told, effect = [], []
    for part in sample.parts(block):
        told.append((part.told(fit.unknown) & compared)[:, positions])
        effect.append(part.unexplained(fit.coefficients)[:, positions])
    weights = np.where(np.vstack(told), sample.panel.weight[block.rows, None], 0.0)
    total = weights.sum(axis=0)
    weights /= np.where(total > 0, total, 1.0)
    first = block.rows.start
    needs = [
        part.needs(weights[part.rows.start - first : part.rows.stop - first], positions) for part in sample.parts(block)
    ]
    return Effects(block, places, positions, weights, np.vstack(effect), sum(needs))
