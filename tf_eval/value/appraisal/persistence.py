"""What becomes of an effect after the last month in which it was seen: nobody has seen it, so it is a scenario."""

from typing import Literal

import numpy as np
from pydantic import Field

from tf_eval.value.appraisal.clause import Clause, Months

SCENARIOS = {
    "stops": "the effect stops with the last month that was followed",
    "decays": "the effect halves again and again after the last month that was followed",
    "lasts": "the effect lasts as it was at the end",
}
Scenario = Literal["stops", "decays", "lasts"]


class Persistence(Clause):
    """How an effect goes on.

    Attributes:
        scenario: ``stops``, ``decays`` or ``lasts``.
        half_life_months: in how many months it halves, where it decays.
        level_over_months: the last months that were followed whose mean is the level from which it goes on.
    """

    scenario: Scenario
    half_life_months: float = Field(gt=0)
    level_over_months: Months

    @property
    def words(self) -> str:
        half = f" (in {self.half_life_months:g} months)" if self.scenario == "decays" else ""
        return f"{SCENARIOS[self.scenario]}{half}"

    def as_scenario(self, scenario: Scenario) -> "Persistence":
        return self.model_copy(update={"scenario": scenario})

    def prolong(self, paths: np.ndarray, last: int, months: int) -> np.ndarray:
        """Return effects by month over the whole horizon.

        Args:
            paths: effects by month from the start (month 0) in the last axis.
            last: the last of them that was followed.
            months: how many the horizon has.
        """
        followed = paths[..., : min(last + 1, months)]
        after = months - followed.shape[-1]
        first = max(0, last + 1 - self.level_over_months)
        level = paths[..., first : last + 1].mean(axis=-1, keepdims=True)
        return np.concatenate([followed, level * self._left(after)], axis=-1)

    def _left(self, after: int) -> np.ndarray:
        """Return what is left of the level in each month after the last that was followed."""
        if self.scenario == "decays":
            return 0.5 ** (np.arange(1, after + 1) / self.half_life_months)
        return np.full(after, 1.0 if self.scenario == "lasts" else 0.0)
