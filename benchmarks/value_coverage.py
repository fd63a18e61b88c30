"""How often does the interval of a net benefit hold the true one?

    python -m benchmarks.value_coverage --draws 400

Families are drawn with outcomes by month that hang together and effects that are known, estimated as anybody's are,
and appraised by the county's rules without optimism bias. For small and larger studies, with and without an effect, it
prints ``held``, the share of 95 % intervals of the net value for the purse that hold what the true effects come to;
``other``, the same where effects really lasted but were assumed to decay; ``marked``, the same after optimism bias,
which is meant to lie below the truth; ``pays``, the mean chance that it pays, and ``paid``, whether it truly did.
"""

import argparse
import math
from dataclasses import replace

import numpy as np
import pandas as pd

from tf_eval.did import estimate_att
from tf_eval.value import AppraisalRules, appraise, effect_paths, load_appraisal, paths_from

COLUMNS = {"unit": "family", "period": "month", "adopted": "start", "cluster": "family"}
MONTHS, START, FOLLOWED = 37, 12, 25
STUDIES = ((40, 80), (150, 450))
OUTCOMES = {"asb_incident": (0.35, 0.6), "out_of_work_benefit": (0.7, 0.3), "police_callout": (0.4, 0.6)}
EFFECTS = {"none": 0.0, "some": 1.0}
FALLS = {"asb_incident": -0.12, "out_of_work_benefit": -0.05, "police_callout": 0.05}
ASKED = {"intervention": "family_intervention_project", "intensity": "light"}


def main() -> None:
    options = arguments()
    plain, marked = without_optimism(load_appraisal()), load_appraisal()
    rows = []
    for treated, others in STUDIES:
        for name, size in EFFECTS.items():
            held = pd.DataFrame(one_study(treated, others, size, seed, plain, marked) for seed in range(options.draws))
            rows.append({"treated": treated, "others": others, "effect": name, **held.mean()})
    print(pd.DataFrame(rows).set_index(["treated", "others", "effect"]).round(3).to_string())
    error = math.sqrt(0.95 * 0.05 / options.draws)
    print(f"Monte Carlo error of a share of 0.95: {error:.3f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=400, help="studies of each kind")
    return parser.parse_args()


def without_optimism(rules: AppraisalRules) -> AppraisalRules:
    """Return rules in which nothing is marked down or up."""
    bias = rules.terms.optimism_bias
    grades = tuple(one.model_copy(update={"optimism": 0.0}) for one in bias.grades)
    none = bias.model_copy(update={"grades": grades})
    priced = tuple(replace(one, optimism=0.0) for one in rules.priced)
    return replace(rules, terms=rules.terms.model_copy(update={"optimism_bias": none}), priced=priced)


def one_study(
    treated: int, others: int, size: float, seed: int, plain: AppraisalRules, marked: AppraisalRules
) -> dict[str, float]:
    """Return which intervals of one drawn study hold what its true effects come to."""
    true = course(size)
    frame = families(treated, others, true, np.random.default_rng([treated, int(10 * size), seed]))
    effects = {name: estimate_att(frame, outcome=name, baseline=12, quantile="t", **COLUMNS) for name in OUTCOMES}
    paths = effect_paths(effects, seed=seed, draws=499)
    found = appraise(paths, plain, **ASKED)
    truth, lasting = (appraise(paths_from(true, draws=1), plain, scenario=one, **ASKED) for one in ("decays", "lasts"))
    net = truth.measures["net_fiscal"].mean
    return {
        "held": _holds(found, net),
        "other": _holds(found, lasting.measures["net_fiscal"].mean),
        "marked": _holds(appraise(paths, marked, **ASKED), net),
        "pays": found.chances["net_fiscal"],
        "paid": float(net > 0),
        "truth": net,
        "mean": found.measures["net_fiscal"].mean,
    }


def course(size: float) -> dict[str, np.ndarray]:
    """Return true effects by month: they come in over half a year and stay."""
    growing = np.minimum(np.arange(FOLLOWED) / 6, 1.0)
    return {name: size * fall * growing for name, fall in FALLS.items()}


def families(treated: int, others: int, true: dict[str, np.ndarray], random: np.random.Generator) -> pd.DataFrame:
    """Return families by months: what is theirs lasts, what is of a month hangs together over outcomes."""
    count = treated + others
    family, month = np.repeat(np.arange(count), MONTHS), np.tile(np.arange(MONTHS), count)
    is_treated = family < treated
    since = np.clip(month - START, 0, FOLLOWED - 1)
    shared = random.normal(size=len(family))
    outcomes = {}
    for name, (level, noise) in OUTCOMES.items():
        own = np.repeat(random.normal(level, noise, count), MONTHS)
        drift = np.repeat(random.normal(0, noise / 40, count), MONTHS) * month
        moved = np.where(is_treated & (month >= START), true[name][since], 0.0)
        outcomes[name] = own + drift + noise * (0.6 * shared + 0.8 * random.normal(size=len(family))) + moved
    start = np.where(is_treated, START, np.inf)
    return pd.DataFrame({"family": family, "month": month, "start": start, **outcomes})


def _holds(found, truth: float) -> float:
    net = found.measures["net_fiscal"]
    return float(net.low <= truth <= net.high)


if __name__ == "__main__":
    main()
