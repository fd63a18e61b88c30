"""Of studies without an effect and with three of ten clusters treated, few are told to have one."""

import numpy as np
import pandas as pd
from scipy import stats

from tf_eval.did import estimate_att

STUDIES, CLUSTERS, UNITS = 40, 10, 3


def null_study(seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    area, period = np.repeat(np.arange(CLUSTERS), UNITS * 2), np.tile([1, 2], CLUSTERS * UNITS)
    unit, start = np.repeat(np.arange(CLUSTERS * UNITS), 2), np.where(area < 3, 2, np.inf)
    outcome = random.normal(size=(CLUSTERS, 2))[area, period - 1] + random.normal(size=len(area))
    return pd.DataFrame({"area": area, "unit": unit, "period": period, "start": start, "y": outcome})


def p_values(seed: int) -> pd.Series:
    effect = estimate_att(null_study(seed), outcome="y", unit="unit", period="period", adopted="start", cluster="area")
    return effect.judge_clusters(seed=seed, draws=120).table().set_index("method")["p_value"]


def test_true_nulls_are_rejected_as_often_as_promised():
    rejected = pd.DataFrame([p_values(seed) for seed in range(STUDIES)]).le(0.05).sum()
    # Were the true share 6 %, more than this would come once in 1,000 tests; clustered normal errors reject about 15 %.
    most = stats.binom.ppf(0.999, STUDIES, 0.06)
    assert (rejected[["jackknife", "wild_bootstrap", "randomisation"]] <= most).all()
    # All 120 assignments are gone through, and the starts fell by lot: rejection is exact, so it is not always nothing.
    assert rejected["randomisation"] > 0
    assert rejected["clustered"] > rejected["jackknife"]
