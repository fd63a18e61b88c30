"""The moments that balancing weights have to meet: covariates and their powers, from the treated rows' means."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from tf_eval.errors import EstimationError
from tf_eval.matching.cells import in_both_arms
from tf_eval.matching.reading.covariates import Covariates
from tf_eval.matching.review.statistics import yardstick
from tf_eval.matching.scatter import pivots
from tf_eval.matching.weighting.dual import Blocks

POWERS = {1: "", 2: " squared", 3: " cubed"}
COLLINEAR = 1e-6  # of a column's own length; a scatter matrix keeps half the digits of its rows


@dataclass(frozen=True, eq=False)
class Standard:
    """What columns are measured from and by: the mean of the treated rows that can be compared, and the yardstick."""

    centre: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray, treated: np.ndarray, served: np.ndarray) -> Self:
        scale = yardstick(values, treated)
        return cls(values[treated & served].mean(axis=0), np.where(scale > 0, scale, 1.0))

    def measure(self, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        apart = np.subtract(values, self.centre, out=out)
        return np.divide(apart, self.scale, out=apart)


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of the rows whose stratum has both arms.

    names      one for each column
    covariates the coded covariates of every row of the problem
    standard   what these are measured from and by
    numbers    the columns of which there are powers too
    powers     of each power what it is measured from and by
    compared   the comparison rows, block after block
    blocks     their strata; each weighs as its treated rows do
    """

    names: tuple[str, ...]
    covariates: np.ndarray
    standard: Standard
    numbers: list[int]
    powers: Mapping[int, Standard]
    compared: np.ndarray
    blocks: Blocks

    @cached_property
    def values(self) -> np.ndarray:
        """Every row of the problem by columns, in treated standard deviations from the treated mean."""
        return self.of_rows(slice(None))

    def of_rows(self, rows: np.ndarray | slice) -> np.ndarray:
        """Return ``values`` of some rows."""
        chosen = self.covariates[rows]
        first = self.standard.measure(chosen, out=None if isinstance(rows, slice) else chosen)  # else a copy already
        others = [standard.measure(first[:, self.numbers] ** power) for power, standard in self.powers.items()]
        return np.column_stack([first, *others]) if others else first

    def independent(self, values: np.ndarray) -> list[int]:
        """Return the columns that vary within strata and do not follow from those before.

        ``values`` are those of the comparison rows, block after block.
        """
        scatter, centre = values.T @ values, self.blocks.weighted_sums(values, np.ones(len(values)))
        within = scatter - (centre / self.blocks.size[:, None]).T @ centre
        return pivots(within, np.diag(scatter), COLLINEAR)


def measure_moments(treated: np.ndarray, covariates: Covariates, stratum: np.ndarray, degree: int) -> Moments:
    """Return the moments up to ``degree`` (1 means, 2 also squares, 3 also cubes) of numbers; of yes/no the mean.

    Powers are of the distance from the treated mean, so that they stay apart from each other; together they pin the
    same weights as powers of the values would. Raises ``EstimationError`` where no stratum has both arms.
    """
    served = in_both_arms(treated, stratum)
    if not served.any():
        raise EstimationError("match: no treated row has a comparison row in its exact cell and risk set")
    values, names = covariates.values, [level.name for level in covariates.levels]
    standard, powers = Standard.of(values, treated, served), {}
    numbers = [number for number, level in enumerate(covariates.levels) if not level.binary]
    for power in range(2, degree + 1):
        raised = standard.measure(values)[:, numbers] ** power
        powers[power] = Standard.of(raised, treated, served)
        names += [covariates.levels[number].name + POWERS[power] for number in numbers]
    return Moments(tuple(names), values, standard, numbers, powers, *_blocks(treated, stratum, served))


def _blocks(treated: np.ndarray, stratum: np.ndarray, served: np.ndarray) -> tuple[np.ndarray, Blocks]:
    compared = np.flatnonzero(served & ~treated)
    compared = compared[np.argsort(stratum[compared], kind="stable")]
    found, start, size = np.unique(stratum[compared], return_index=True, return_counts=True)
    weighing = np.bincount(stratum[treated & served], minlength=stratum.max() + 1)[found]
    return compared, Blocks(start, size, weighing / weighing.sum())
