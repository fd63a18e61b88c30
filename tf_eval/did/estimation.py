"""What every estimator returns."""

from dataclasses import dataclass

from tf_eval.did.group_time.cells import Cells
from tf_eval.did.inference.clusters import AnyInfluence


@dataclass(frozen=True, eq=False)
class Estimation:
    """Effects by cell, how every cluster moves them, and what a reader has to know of the data that were used.

    ``means``, where an estimator gives ratios, is the influence on twice as many numbers: the effects, and then what
    the cells' means would have been without treatment.
    """

    cells: Cells
    influence: AnyInfluence
    notes: tuple[str, ...]
    means: AnyInfluence | None = None
