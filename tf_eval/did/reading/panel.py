"""The panel: one row per unit, one column per period, made once from the long frame."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.reading.attrition import attrition_note
from tf_eval.did.reading.columns import Columns, read_columns
from tf_eval.did.reading.covariates import Covariates, encode_covariates
from tf_eval.errors import InputError


@dataclass(frozen=True, eq=False)
class Panel:
    """Units by periods. The units stand by set, then adoption, so that those who are treated alike are neighbours.

    ``outcome`` is measured from ``level``, each unit's own mean: differences between periods keep all their digits
    however far from zero the outcome is. ``adopted`` is inf for never treated; ``set_code`` and each of ``clusters``
    (one or two) are codes per unit, and ``labels`` what the units are called; ``cluster_labels`` are what the data call
    each code of ``clusters``. ``reach`` says what happens to a unit where treatment has begun: 1 if it comes (or
    rises), 0 if it does not reach the unit, -1 if it falls; units of one set and adoption stand in that order. With an
    ``exposure`` (units by periods) the outcome is the rate: the count per unit of exposure, not seen where there is
    none.
    """

    outcome: np.ndarray
    level: np.ndarray
    periods: np.ndarray
    adopted: np.ndarray
    weight: np.ndarray
    clusters: tuple[np.ndarray, ...]
    reach: np.ndarray
    set_code: np.ndarray
    set_labels: tuple
    covariates: Covariates
    time_unit: str
    notes: tuple[str, ...]
    exposure: np.ndarray | None = None
    cluster_labels: tuple[np.ndarray, ...] = ()
    labels: np.ndarray | None = None

    @property
    def block(self) -> np.ndarray:
        """A code of each unit's set, adoption and reach, which neighbours share."""
        changes = (np.diff(self.set_code) != 0) | (self.adopted[1:] != self.adopted[:-1])
        changes |= self.reach[1:] != self.reach[:-1]
        return np.concatenate([[0], np.cumsum(changes)])

    def __len__(self) -> int:
        return len(self.adopted)


def read_panel(frame: pd.DataFrame, design: Design) -> Panel:
    """Return the panel of a long frame.

    Units treated from the first period on (less the anticipation) have no time before treatment: they are left out,
    as are units of weight 0, and both are counted in the notes. Raises ``InputError`` for data that cannot be used.
    """
    columns = read_columns(frame, design)
    periods = columns.layout.periods
    always, weightless = columns.adopted <= periods[0] + design.anticipation, columns.weight == 0
    units = np.flatnonzero(~(always | weightless))
    refuse_empty(columns.adopted[units], periods)
    panel = lay_panel(frame, design, columns, units)
    started = None if columns.started is None else columns.started[in_order(columns, units)]
    left = attrition_note(np.isfinite(panel.outcome), panel.adopted, started, periods, design)
    return replace(panel, notes=(*columns.notes, *_notes(always, weightless, design), *left, *panel.notes))


def in_order(columns: Columns, units: np.ndarray) -> np.ndarray:
    """Return units (codes) in the order in which they stand in a panel."""
    return units[np.lexsort((columns.reach[units], columns.adopted[units], columns.set_code[units]))]


def lay_panel(frame: pd.DataFrame, design: Design, columns: Columns, units: np.ndarray) -> Panel:
    """Return the panel of some units of the long ``frame``, whose ``columns`` have been read."""
    units = in_order(columns, units)
    outcome = columns.layout.wide(columns.outcome, units)
    exposure = None if columns.exposure is None else columns.layout.wide(columns.exposure, units)
    if exposure is not None:
        outcome = np.divide(outcome, exposure, out=np.full_like(outcome, np.nan), where=exposure > 0)
    level = _own_means(outcome)
    outcome -= level[:, None]
    clusters = [np.unique(codes[units], return_inverse=True) for codes in columns.clusters]
    labels = [labels[found] for labels, (found, _) in zip(columns.cluster_labels, clusters, strict=True)]
    covariates = encode_covariates(frame, design.covariates, columns.layout, units)
    return Panel(
        outcome=outcome,
        level=level,
        periods=columns.layout.periods,
        adopted=columns.adopted[units],
        weight=columns.weight[units],
        clusters=tuple(codes for _, codes in clusters),
        reach=columns.reach[units],
        set_code=columns.set_code[units],
        set_labels=columns.set_labels or (None,),
        covariates=covariates,
        time_unit=columns.time_unit,
        notes=covariates.notes,
        exposure=exposure,
        cluster_labels=tuple(labels),
        labels=frame[design.unit].to_numpy()[columns.layout.first_row[units]],
    )


def _own_means(outcome: np.ndarray) -> np.ndarray:
    """Return each unit's mean over the periods in which it is seen; 0 where it never is."""
    seen = np.isfinite(outcome)
    if seen.all():
        return outcome.mean(axis=1)
    return np.where(seen, outcome, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)


def mean_of_half(outcome: np.ndarray, seen: np.ndarray, length: int) -> np.ndarray:
    """Return each unit's mean over ``seen`` (units by periods); NaN where those are fewer than half of ``length``."""
    count = seen.sum(axis=1)
    total = np.where(seen, outcome, 0.0).sum(axis=1)
    return np.where(count >= length / 2, total / np.maximum(count, 1), np.nan)


def refuse_empty(adopted: np.ndarray, periods: np.ndarray) -> None:
    """Raise ``InputError`` where no unit is treated in any of the periods that are seen."""
    if not np.isfinite(adopted).any():
        raise InputError(
            "estimate_att: every treated unit is treated from the first period on (or within its anticipation), "
            "or has weight 0; periods before treatment are needed."
        )
    if not (adopted <= periods[-1]).any():
        raise InputError(
            "estimate_att: every treated unit is treated after the last period; periods after treatment are needed."
        )


def always_treated(design: Design) -> str:
    """Return who is left out for want of a time before treatment, as what follows a count."""
    ahead = " (or within its anticipation)" if design.anticipation else ""
    return f"treated from the first period on{ahead}; nothing is seen before it"


def _notes(always: np.ndarray, weightless: np.ndarray, design: Design) -> list[str]:
    notes = []
    if always.any():
        count = f"{design.told(int(always.sum()))} {design.units}"
        notes.append(Caution(f"Left out: {count} {always_treated(design)}."))
    if weightless.any():
        notes.append(f"Left out: {design.told(int(weightless.sum()))} {design.units} of weight 0.")
    return notes
