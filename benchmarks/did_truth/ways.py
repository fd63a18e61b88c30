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
    """Options of ``estimate_att``. ``fixed_sizes``: its errors take the cohorts' sizes as they are, not as drawn."""

    options: dict[str, Any]
    fixed_sizes: bool = False

    def estimate(self, frame: pd.DataFrame, world: World) -> GroupTimeATT:
        columns = {"unit": UNIT, "period": PERIOD, "adopted": ADOPTED, "outcome": OUTCOME}
        return estimate_att(frame, **columns, **world.options, **self.options)


IMPUTATION = {"method": "imputation"}
WAYS = {
    "doubly robust": Way({}),
    "doubly robust, unequal": Way({"errors": "unequal"}, fixed_sizes=True),
    "never treated": Way({"comparison": "never_treated", "baseline": "universal"}),
    "improved": Way({"method": "improved_doubly_robust"}),
    "regression": Way({"method": "outcome_regression"}),
    "probability": Way({"method": "inverse_probability"}),
    "sun_abraham": Way({"method": "sun_abraham"}),
    "extended_twfe": Way({"method": "extended_twfe"}),
    "stacked": Way({"method": "stacked", "kappa_pre": 3, "kappa_post": 1}),
    "imputation": Way(IMPUTATION, fixed_sizes=True),
    "imputation, leave one out": Way({**IMPUTATION, "small_sample": True}, fixed_sizes=True),
    "imputation, unequal": Way({**IMPUTATION, "errors": "unequal"}, fixed_sizes=True),
    "two_stage": Way({"method": "two_stage"}),
}


@dataclass(frozen=True)
class Truth:
    """The mean effect in many samples, by start and period, and the share of the treated who start then."""

    effect: pd.Series
    share: pd.Series

    def of(self, found: GroupTimeATT, *, fixed_sizes: bool) -> dict[int | str, float]:
        """Return the true averages of the cells that were estimated: one by event time, and ``"overall"``.

        The cohorts weigh as they do in many samples or, with ``fixed_sizes``, in this one.
        """
        cells = found.cells
        adopted = cells.group_adopted[cells.group]
        size = cells.group_weight[cells.group] if fixed_sizes else self.share.reindex(adopted).to_numpy()
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
    return Truth(
        treated.groupby([ADOPTED, PERIOD])[EFFECT].mean(),
        treated.drop_duplicates(UNIT)[ADOPTED].value_counts(normalize=True),
    )
