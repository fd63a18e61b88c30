"""The panel of a treatment that switches: sets are units with one treatment at the start, adoption the first change."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.arguments import require_given
from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.reading.calendar import read_times
from tf_eval.did.reading.columns import missing_rows, no_labels, not_numeric, not_time, read_columns
from tf_eval.did.reading.layout import lay_out
from tf_eval.did.reading.panel import Panel, in_order, lay_panel
from tf_eval.did.switching.paths import Paths
from tf_eval.errors import ConfigError, InputError, raise_all
from tf_eval.matching.arguments import require_frame

WHERE = "estimate_switching"
REQUIRED = ("outcome", "unit", "period")
FIRST_CHANGE, START = "first change of treatment", "treatment at the start"


@dataclass(frozen=True, eq=False)
class Switching:
    """A panel, and how far each unit's treatment is above its start (below it, where it fell), units by periods."""

    panel: Panel
    design: Design
    dose: np.ndarray


def read_switching(frame: pd.DataFrame, treatment: str, options: dict[str, Any]) -> Switching:
    """Return the panel and the doses.

    Treatment is carried on over periods in which a unit is not seen; where one is not seen in the period before its
    first change, the date of that is not known, and the unit can only be compared with, before it. Left out and counted
    in the notes are units of weight 0, and what is seen of a unit once its treatment has crossed the start to the other
    side, for more and less treatment would mingle then.
    """
    require_frame(frame, WHERE)
    missing = [f"{name} is not given; name the column that holds it." for name in REQUIRED if options[name] is None]
    raise_all(ConfigError, WHERE, missing)
    design = Design(**options, adopted=FIRST_CHANGE, sets=START, baseline="universal")
    design.check()
    require_given(frame, [treatment, *_given(design)], WHERE)
    raise_all(InputError, WHERE, _problems(frame, treatment, design))
    times = read_times(frame[design.period], frame[design.period])
    layout = lay_out(frame[design.unit], times.period)
    paths = Paths.of(layout, frame[treatment].to_numpy(dtype=float))
    if not paths.direction.any():
        raise InputError(f"{WHERE}: '{treatment}' changes within no unit; there is no switch to learn from.")
    began = frame[design.period].iloc[paths.first_row].where(paths.first_row >= 0)
    derived = {FIRST_CHANGE: began.array[layout.unit], START: paths.start[layout.unit]}
    outcome = frame[design.outcome].mask(paths.has_crossed[layout.unit, layout.position])
    extended = frame[_given(design)].assign(**derived, **{design.outcome: outcome})
    columns = replace(read_columns(extended, design), reach=paths.direction)
    units = in_order(columns, np.flatnonzero(columns.weight > 0))
    raise_all(InputError, WHERE, [] if len(units) else [f"every unit has weight 0 in '{design.weights}'."])
    panel = lay_panel(extended, design, columns, units)
    notes = (*times.notes, *_notes(paths, columns.weight, design), *panel.notes)
    return Switching(replace(panel, notes=notes), design, (paths.change * paths.direction[:, None])[units])


def _given(design: Design) -> list[str]:
    """Return the columns that the frame itself must have."""
    return [name for name in design.columns if name not in (FIRST_CHANGE, START)]


def _problems(frame: pd.DataFrame, treatment: str, design: Design) -> list[str]:
    if frame.empty:
        return ["the data has no rows; a row per unit and period is needed."]
    taken = ["treatment and outcome name the same column; each needs its own."] if treatment == design.outcome else []
    taken += [f"'{name}' is the name of a column; rename it." for name in (FIRST_CHANGE, START) if name in frame]
    missing = [missing_rows(frame, name) for name in (treatment, design.unit, design.period)]
    types = [
        no_labels(frame[design.unit]),
        not_numeric(frame[treatment], "treatment"),
        not_numeric(frame[design.outcome], "outcome"),
    ]
    return [problem for problem in (*taken, *missing, *types, not_time(frame[design.period], "period")) if problem]


def _notes(paths: Paths, weight: np.ndarray, design: Design) -> list[str]:
    changed, never = (int((paths.direction != 0).sum()), int((paths.direction == 0).sum()))
    counts = {
        "Not seen in the period before their first change, and serving only as comparison before it: {} units.": (
            ~paths.is_dated
        ).sum(),
        "Left out: {} units of weight 0.": (weight == 0).sum(),
        "Left out of {} units: what is seen once treatment has crossed its start.": paths.has_crossed.any(axis=1).sum(),
    }
    told = [words.format(design.told(int(count))) for words, count in counts.items() if count]
    kinds = f"Units that never change treatment: {design.told(never)}. Units that do: {design.told(changed)}."
    # What is left out changes of whom the effects are, and when.
    return [kinds, *(Caution(note) if not note.endswith("weight 0.") else note for note in told)]
