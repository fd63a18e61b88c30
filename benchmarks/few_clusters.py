"""How often does each method of inference find an effect where there is none, with few treated clusters?

    python benchmarks/few_clusters.py --draws 200            # treated clusters vary as the others do
    python benchmarks/few_clusters.py --draws 200 --noise 2  # they vary twice as much

Clusters of ten units share a shock in every period. It prints, for each number of clusters and of treated ones, the
share of studies in which a method's p-value is 0.05 or lower (missing where it never says anything), its Monte-Carlo
error being 1.5 points with 200 draws, and the share of studies that may be judged and find an effect.
"""

import argparse

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from tf_eval.did import estimate_att

WORLDS = ((20, 1), (20, 2), (20, 3), (10, 3), (40, 5), (20, 10))
UNITS, PERIODS, START = 10, 4, 2


def main() -> None:
    options = arguments()
    jobs = (
        delayed(study)(*world, seed, options.noise, options.resamples)
        for world in WORLDS
        for seed in range(options.draws)
    )
    found = pd.DataFrame(Parallel(n_jobs=options.jobs)(jobs))
    shares = found.groupby(["clusters", "treated"], sort=False).mean()
    print(shares.mul(100).round(1).to_string())


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=200, help="studies of each world")
    parser.add_argument("--resamples", type=int, default=199, help="signs and assignments drawn in each study")
    parser.add_argument("--noise", type=float, default=1.0, help="how far treated clusters vary, others 1")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def study(clusters: int, treated: int, seed: int, noise: float, resamples: int) -> dict[str, float]:
    """Return 1 for each method that finds an effect, 0 for each that does not, and NaN where it cannot say."""
    frame = world(clusters, treated, seed, noise)
    effect = estimate_att(frame, outcome="y", unit="unit", period="period", adopted="start", cluster="area")
    judged = effect.judge_clusters(seed=seed, draws=resamples)
    methods = judged.table().set_index("method")["p_value"]
    found = methods.le(0.05).astype(float).where(methods.notna())
    claimed = judged.can_be_judged and judged.excludes_zero("jackknife")
    return {"clusters": clusters, "treated": treated, **found, "judged_to_work": float(claimed)}


def world(clusters: int, treated: int, seed: int, noise: float = 1.0) -> pd.DataFrame:
    """Return a panel without any effect, the first ``treated`` clusters of which start in the third period."""
    random = np.random.default_rng([clusters, treated, seed])
    shock = random.normal(size=(clusters, PERIODS))
    shock[:treated] *= noise
    area = np.repeat(np.arange(clusters), UNITS * PERIODS)
    period = np.tile(np.arange(PERIODS), clusters * UNITS)
    return pd.DataFrame(
        {
            "area": area,
            "unit": np.repeat(np.arange(clusters * UNITS), PERIODS),
            "period": period,
            "start": np.where(area < treated, START, np.inf),
            "y": shock[area, period] + random.normal(size=len(area)),
        }
    )


if __name__ == "__main__":
    main()
