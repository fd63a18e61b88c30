"""Repeated cross-sections: rows that count each by itself, as blocks of one cohort and period."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.reading.columns import read_columns
from tf_eval.did.reading.covariates import encode_covariates
from tf_eval.did.reading.layout import each_row_a_unit
from tf_eval.did.reading.panel import Panel, always_treated, refuse_empty
from tf_eval.errors import InputError


@dataclass(frozen=True, eq=False)
class Sections:
    """A panel of one outcome column whose units are the rows of the frame, by set, adoption and period.

    ``position`` is the period of each row, by its place in ``panel.periods``, and ``unit`` a code of whom it is of.
    """

    panel: Panel
    position: np.ndarray
    unit: np.ndarray

    def rows(self, cohort: slice, position: int) -> slice:
        """Return the rows of a cohort (neighbours) in one period."""
        first, last = np.searchsorted(self.position[cohort], (position, position + 1))
        return slice(cohort.start + int(first), cohort.start + int(last))


def read_sections(frame: pd.DataFrame, design: Design) -> Sections:
    """Return the rows of a long frame as cross-sections.

    With a unit named its rows stand together in the errors, as those of an unbalanced panel; else each row is a unit.
    Rows without an outcome or a covariate, of weight 0, or of units treated from the first period on are left out and
    counted in the notes. Raises ``InputError`` for data that cannot be used.
    """
    columns = read_columns(frame, design)
    layout = columns.layout
    every = each_row_a_unit(len(frame))
    covariates = encode_covariates(frame, design.covariates, every, np.arange(len(frame)))
    adopted = columns.adopted[layout.unit]
    left_out = {
        always_treated(design): adopted <= layout.periods[0] + design.anticipation,
        "of weight 0": columns.weight[layout.unit] == 0,
        "without an outcome": np.isnan(columns.outcome),
        "with a covariate missing": ~covariates.complete(0),
    }
    rows = np.flatnonzero(~np.logical_or.reduce(list(left_out.values())))
    if not len(rows):
        counts = ", ".join(f"{mask.sum():,} {words}" for words, mask in left_out.items() if mask.any())
        raise InputError(f"estimate_att: no row can serve; of {len(frame):,} rows {counts}.")
    unit = layout.unit[rows]
    order = np.lexsort((unit, layout.position[rows], adopted[rows], columns.set_code[unit]))
    rows, unit = rows[order], unit[order]
    refuse_empty(adopted[rows], layout.periods)
    panel = Panel(
        outcome=columns.outcome[rows, None],
        level=np.zeros(len(rows)),
        periods=layout.periods,
        adopted=adopted[rows],
        weight=columns.weight[unit],
        clusters=tuple(np.unique(codes[unit], return_inverse=True)[1] for codes in columns.clusters),
        reach=columns.reach[unit],
        set_code=columns.set_code[unit],
        set_labels=columns.set_labels or (None,),
        covariates=replace(
            covariates, matrix=np.asfortranarray(covariates.matrix[rows]), levels=covariates.levels[rows]
        ),
        time_unit=columns.time_unit,
        notes=(*columns.notes, *_notes(left_out, layout.unit, design), *covariates.notes),
    )
    return Sections(panel, layout.position[rows], unit)


def _notes(left_out: dict[str, np.ndarray], unit: np.ndarray, design: Design) -> list[str]:
    """Return what is left out, as masks of rows by what is said of them; ``unit`` is that of each row."""
    told = [
        f"Left out: {design.told_rows(int(mask.sum()), len(np.unique(unit[mask])))} {words}."
        for words, mask in left_out.items()
        if mask.any()
    ]
    return [note if note.endswith("of weight 0.") else Caution(note) for note in told]
