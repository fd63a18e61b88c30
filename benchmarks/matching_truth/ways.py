"""Ways to match or weight, whom they answer for, and the ways to estimate the effect that suit each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.matching_truth.worlds import CHANCE, EFFECT, ON, OUTCOME, TREATED, World
from tf_eval.errors import NotEstimated
from tf_eval.matching import Effect, Matched, check_balance, estimate_effect, match

MODELLED = ("difference", "regression", "g_computation")
LINKED = ("abadie_imbens", "bias_corrected")
BECAUSE = "the benchmark asks how far results can be trusted whatever balance is"


@dataclass(frozen=True)
class Way:
    """Options of ``match`` and the effects that suit it."""

    options: dict[str, Any]
    effects: tuple[str, ...] = MODELLED

    def form(self, frame: pd.DataFrame, world: World) -> Matched:
        matched = match(frame, treated=TREATED, on=ON, unit=world.unit, **self.options)
        return check_balance(matched).accept(because=BECAUSE)

    def truth(self, frame: pd.DataFrame, matched: Matched) -> float:
        """Return the mean true effect on those asked about who were kept."""
        if matched.design.estimand == "ato":
            return float(np.average(frame[EFFECT], weights=frame[CHANCE] * (1 - frame[CHANCE])))
        kept = matched.frame
        return float((kept if matched.design.estimand == "ate" else kept[kept[TREATED]])[EFFECT].mean())


WAYS = {
    "nearest": Way({"caliper": 0.2}, (*MODELLED, *LINKED)),
    "nearest, no caliper": Way({}),
    "nearest 1:3": Way({"caliper": 0.2, "ratio": 3}),
    "nearest, reuse": Way({"caliper": 0.2, "reuse": True}, (*MODELLED, *LINKED)),
    "nearest, reuse 1:3": Way({"caliper": 0.2, "ratio": 3, "reuse": True}, (*MODELLED, *LINKED)),
    "mahalanobis": Way({"caliper": 0.2, "distance": "mahalanobis"}),
    "optimal": Way({"method": "optimal", "caliper": 0.2}),
    "full": Way({"method": "full", "caliper": 0.2}),
    "full ATE": Way({"method": "full", "caliper": 0.2, "estimand": "ate"}),
    "quick": Way({"method": "quick"}),
    "quick ATE": Way({"method": "quick", "estimand": "ate"}),
    "coarsened exact": Way({"method": "coarsened_exact"}),
    "subclassification": Way({"method": "subclassification"}),
    "subclassification ATE": Way({"method": "subclassification", "estimand": "ate"}),
    "cardinality": Way({"method": "cardinality"}),
    "profile": Way({"method": "profile"}),
    "inverse probability": Way({"method": "inverse_probability"}),
    "inverse probability ATE": Way({"method": "inverse_probability", "estimand": "ate"}),
    "overlap": Way({"method": "overlap"}),
    "entropy balancing": Way({"method": "entropy_balancing"}),
    "covariate balancing": Way({"method": "covariate_balancing"}),
    "stable balancing": Way({"method": "stable_balancing"}),
}


def estimate(matched: Matched, effect: str) -> Effect | NotEstimated:
    """Return the effect of an accepted match; bias-corrected is Abadie and Imbens's with covariates."""
    if effect == "bias_corrected":
        return estimate_effect(matched, OUTCOME, method="abadie_imbens", covariates=matched.covariates)
    return estimate_effect(matched, OUTCOME, method=effect)
