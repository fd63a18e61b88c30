"""The panel: one row per unit, one column per period, made once from the long frame."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.did.columns import Columns, read_columns
from tf_eval.did.covariates import Covariates, encode_covariates
from tf_eval.did.design import Design
from tf_eval.errors import InputError


@dataclass(frozen=True, eq=False)
class Panel:
    """Units by periods. ``adopted`` is inf for never treated; ``set_code`` and ``cluster`` are codes per unit."""

    outcome: np.ndarray
    periods: np.ndarray
    adopted: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray
    set_code: np.ndarray
    set_labels: tuple
    covariates: Covariates
    time_unit: str
    notes: tuple[str, ...]

    @property
    def n_clusters(self) -> int:
        return int(self.cluster.max()) + 1


def read_panel(frame: pd.DataFrame, design: Design) -> Panel:
    """Return the panel of a long frame.

    Units treated from the first period on (less the anticipation) have no time before treatment: they are left out,
    as are units of weight 0, and both are counted in the notes. Raises ``InputError`` for data that cannot be used.
    """
    columns = read_columns(frame, design)
    periods, position = np.unique(columns.period, return_inverse=True)
    first, row_of = columns.first_row, _row_of(columns.unit, position, len(periods))
    always = columns.adopted[first] <= periods[0] + design.anticipation
    weightless = columns.weight[first] == 0
    kept = np.flatnonzero(~(always | weightless))
    _refuse_empty(columns, kept, design)
    covariates = encode_covariates(frame, design.covariates, columns.unit, first, row_of).keep(kept)
    return Panel(
        outcome=np.where(row_of >= 0, columns.outcome[row_of], np.nan)[kept],
        periods=periods,
        adopted=columns.adopted[first][kept],
        weight=columns.weight[first][kept],
        cluster=np.unique(columns.cluster[first][kept], return_inverse=True)[1],
        set_code=columns.set_code[first][kept],
        set_labels=columns.set_labels or (None,),
        covariates=covariates,
        time_unit=columns.time_unit,
        notes=(*columns.notes, *_notes(always, weightless, covariates)),
    )


def _row_of(unit: np.ndarray, position: np.ndarray, n_periods: int) -> np.ndarray:
    row_of = np.full((unit.max() + 1, n_periods), -1, dtype=np.int64)
    row_of[unit, position] = np.arange(len(unit))
    return row_of


def _refuse_empty(columns: Columns, kept: np.ndarray, design: Design) -> None:
    adopted = columns.adopted[columns.first_row][kept]
    if not np.isfinite(adopted).any():
        raise InputError(
            "estimate_att: every treated unit is treated from the first period on (or within its anticipation), "
            "or has weight 0; periods before treatment are needed."
        )


def _notes(always: np.ndarray, weightless: np.ndarray, covariates: Covariates) -> list[str]:
    notes = []
    if always.any():
        notes.append(f"Left out: {always.sum():,} units treated from the first period on; nothing is seen before it.")
    if weightless.any():
        notes.append(f"Left out: {weightless.sum():,} units of weight 0.")
    if covariates.dropped:
        notes.append(f"Dropped as collinear with the covariates before them: {', '.join(covariates.dropped)}.")
    return notes
