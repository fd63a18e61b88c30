"""Estimators with their options, and what each of them is asked for."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.did_truth.worlds import ADOPTED, EFFECT, OUTCOME, PERIOD, UNIT, WORLDS, World
from tf_eval.did import GroupTimeATT, estimate_att

# The truth comes from so many times the units of a study that its own error is below a fourteenth of an estimate's.
MANY = 200


@dataclass(frozen=True)
class Way:
    """Options of ``estimate_att``, and the sizes by which cohorts weigh in the truth that is asked for.

    ``sizes`` are ``"drawn"`` (of many samples), ``"seen"`` (of many samples, counting who is seen after the start) or
    ``"fixed"`` (of the sample, whose sizes the errors do not take to have come by chance).
    """

    options: dict[str, Any]
    sizes: str = "drawn"

    def estimate(self, frame: pd.DataFrame, world: World) -> GroupTimeATT:
        columns = {"unit": UNIT, "period": PERIOD, "adopted": ADOPTED, "outcome": OUTCOME}
        return estimate_att(frame, **columns, **world.options, **self.options)


IMPUTATION = {"method": "imputation"}
WAYS = {
    "doubly robust": Way({}),
    "doubly robust, unequal": Way({"errors": "unequal"}, sizes="fixed"),
    "never treated": Way({"comparison": "never_treated", "baseline": "universal"}),
    "improved": Way({"method": "improved_doubly_robust"}),
    "regression": Way({"method": "outcome_regression"}),
    "probability": Way({"method": "inverse_probability"}),
    "sun_abraham": Way({"method": "sun_abraham"}),
    "extended_twfe": Way({"method": "extended_twfe"}),
    "stacked": Way({"method": "stacked", "kappa_pre": 3, "kappa_post": 1}),
    "imputation": Way(IMPUTATION, sizes="fixed"),
    "imputation, leave one out": Way({**IMPUTATION, "small_sample": True}, sizes="fixed"),
    "imputation, unequal": Way({**IMPUTATION, "errors": "unequal"}, sizes="fixed"),
    "two_stage": Way({"method": "two_stage"}, sizes="seen"),
}


@dataclass(frozen=True)
class Truth:
    """The mean effect in many samples by start and period, and the cohorts' sizes there: ``"drawn"`` and ``"seen"``."""

    effect: pd.Series
    sizes: dict[str, pd.Series]

    def of(self, found: GroupTimeATT, sizes: str) -> dict[int | str, float]:
        """Return the true averages of the cells that were estimated: one by event time, and ``"overall"``."""
        cells = found.cells
        adopted = cells.group_adopted[cells.group]
        fixed = sizes == "fixed"
        size = cells.group_weight[cells.group] if fixed else self.sizes[sizes].reindex(adopted).to_numpy()
        size = np.where(cells.estimated, size, 0.0)
        true = self.effect.reindex(pd.MultiIndex.from_arrays([adopted, cells.period])).to_numpy()
        members = {time: cells.event_time == time for time in np.unique(cells.event_time[cells.estimated]).tolist()}
        members["overall"] = cells.event_time >= 0
        return {name: float(true[which] @ size[which] / size[which].sum()) for name, which in members.items()}


@cache
def truth_of(world: str) -> Truth:
    """Return the truth of a world."""
    frame = WORLDS[world].draw(np.random.default_rng(0), MANY)
    treated = frame[np.isfinite(frame[ADOPTED])]
    seen = {"drawn": treated, "seen": treated[treated[PERIOD] >= treated[ADOPTED]]}
    sizes = {name: rows.drop_duplicates(UNIT)[ADOPTED].value_counts() for name, rows in seen.items()}
    return Truth(treated.groupby([ADOPTED, PERIOD])[EFFECT].mean(), sizes)
