"""How often do the intervals of a pooled effect hold the true mean, and what another place really has?

    python -m benchmarks.pooling_coverage --draws 2000

For 3, 5 and 10 places whose errors are 1 to 3, and true effects with a standard deviation of 0, 1 and 4, it prints the
share of draws whose 95 % intervals hold the mean (by the modified Hartung-Knapp error, as ``pool_effects`` has it;
``plain`` is it unmodified, ``normal`` the usual one), the effect of a place that was not pooled (``higgins`` is t with
k - 2 about that mean: Higgins, Thompson and Spiegelhalter 2009, J. Royal Statistical Society A 172, 137-159), and tau,
each with its Monte Carlo error.
"""

import argparse
import math

import numpy as np
import pandas as pd
from scipy import stats

from tf_eval.evidence.pooling.random_effects import METHODS, random_effects

PLACES, TAUS, MEAN = (3, 5, 10), (0.0, 1.0, 4.0), -5.0


def main() -> None:
    options = arguments()
    rows = []
    for places in PLACES:
        for tau in TAUS:
            held = pd.DataFrame(covered(places, tau, seed, options.method) for seed in range(options.draws))
            rows.append({"places": places, "tau": tau, **held.mean()})
    found = pd.DataFrame(rows).set_index(["places", "tau"])
    print(found.mul(100).round(1).to_string())
    error = math.sqrt(0.95 * 0.05 / options.draws)
    print(f"Monte Carlo error of a share of 95: {100 * error:.1f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=2000, help="tables of each kind")
    parser.add_argument("--method", choices=METHODS, default="reml")
    return parser.parse_args()


def covered(places: int, tau: float, seed: int, method: str = "reml") -> dict[str, bool]:
    """Return which intervals of one drawn table hold what was planted."""
    random = np.random.default_rng([places, int(10 * tau), seed])
    errors = random.uniform(1, 3, places)
    truth = random.normal(MEAN, tau, places + 1)
    effects = random.normal(truth[:places], errors)
    found = random_effects(effects, errors, np.full(places, np.inf), confidence=0.95, method=method)
    precision = 1 / (errors**2 + found.tau_squared)
    normal = 1 / math.sqrt(precision.sum())
    plain = normal * math.sqrt(precision @ (effects - found.effect) ** 2 / (places - 1))
    off, afar = abs(found.effect - MEAN), abs(found.effect - truth[places])
    higgins = stats.t.ppf(0.975, places - 2) * math.hypot(found.tau, found.std_error)
    return {
        "mean": found.ci_low <= MEAN <= found.ci_high,
        "plain": bool(off <= stats.t.ppf(0.975, places - 1) * plain),
        "normal": bool(off <= stats.norm.ppf(0.975) * normal),
        "prediction": found.prediction_low <= truth[places] <= found.prediction_high,
        "higgins": bool(afar <= higgins),
        "tau_interval": found.tau_low <= tau <= found.tau_high,
    }


if __name__ == "__main__":
    main()
