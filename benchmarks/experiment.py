"""How near does matching come to an experiment? A training programme of which the truth is known.

    pip install causaldata
    python -m benchmarks.experiment

In the National Supported Work demonstration people were drawn by lot into training, so that its own comparison group
tells the effect on earnings: about 1,794 dollars. LaLonde (1986) put 15,992 people of the Current Population Survey in
that group's place, who earned far more, and Dehejia and Wahba (1999) asked what matching makes of them. Each way of
making a comparison group is set beside the experiment, with the worst difference that it leaves.
"""

import numpy as np
import pandas as pd

import tf_eval as tf
from tf_eval.matching import Matched

OUTCOME = "re78"
ON = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "no_earnings_74", "no_earnings_75"]
WAYS = {
    "nearest, caliper 0.2": {"caliper": 0.2},
    "nearest, caliper 0.2, with reuse": {"caliper": 0.2, "reuse": True},
    "three nearest, caliper 0.2": {"caliper": 0.2, "ratio": 3},
    "Mahalanobis in caliper 0.2": {"caliper": 0.2, "distance": "mahalanobis"},
    "inverse probability": {"method": "inverse_probability"},
    "covariate balancing score": {"method": "covariate_balancing"},
    "entropy balancing": {"method": "entropy_balancing"},
    "entropy balancing, squares too": {"method": "entropy_balancing", "moments": 2},
    "stable balancing": {"method": "stable_balancing"},
}


def main() -> None:
    experiment, observed = load()
    truth = _difference(experiment)
    rows = [("drawn by lot (the experiment)", len(experiment), np.nan, truth, np.nan, np.nan)]
    rows.append(("everybody, not matched", len(observed), np.nan, _difference(observed), np.nan, np.nan))
    rows += [_row(name, tf.match(observed, treated="treat", on=ON, **asked)) for name, asked in WAYS.items()]
    columns = ["comparison", "effective_rows", "worst_smd", "estimate", "ci_low", "ci_high"]
    table = pd.DataFrame(rows, columns=columns)
    table["from_experiment"] = table["estimate"] - truth
    print(table.to_string(index=False, float_format="{:,.2f}".format, na_rep=""))


def load() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the experiment, and its treated people with the survey's in the place of those who were not drawn."""
    from causaldata import cps_mixtape, nsw_mixtape

    experiment, survey = (_ready(source.load_pandas().data) for source in (nsw_mixtape, cps_mixtape))
    return experiment, pd.concat([experiment[experiment["treat"] == 1], survey], ignore_index=True)


def _ready(people: pd.DataFrame) -> pd.DataFrame:
    numbers = people.drop(columns="data_id").astype(float)
    return numbers.assign(no_earnings_74=numbers["re74"] == 0, no_earnings_75=numbers["re75"] == 0)


def _difference(people: pd.DataFrame) -> float:
    means = people.groupby("treat")[OUTCOME].mean()
    return float(means[1] - means[0])


def _row(name: str, matched: Matched) -> tuple[str, float, float, float, float, float]:
    balance = tf.check_balance(matched)
    effect = tf.estimate_effect(balance.accept(because="the table shows the largest difference"), OUTCOME)
    sizes = matched.table().set_index(["size", "arm"])["rows"]
    worst = abs(balance.worst["smd_after"])
    return name, sizes["effective", "comparison"], worst, effect.estimate, effect.ci_low, effect.ci_high


if __name__ == "__main__":
    main()
