"""Do placebos on the same data show whether a design can be believed, and put its intervals right?

    python -m benchmarks.placebos --draws 200        # about 8 CPU minutes

Each study is one of ``benchmarks.crisis``: 600 families, of which one in five is picked by the level of its year, and
nothing is done to them. ``history`` matches on all that families are picked by; ``overlooked`` on a trait that plays no
part, while starts by lot are drawn by the history (``selected_on``). For each it prints how many of 100 starts by lot
were taken for an effect, with the variance of that count over studies in multiples of a binomial one; how many of 100
studies fail the check; and how many claim an effect as planned, and after calibration. The Monte-Carlo error of a share
of 5 in 100 is 1.5 with 200 draws; that of starts by lot, of which each study has 20, a third of it.
"""

import argparse

import pandas as pd
from joblib import delayed

from benchmarks.crisis import ADJUSTED, HISTORY
from benchmarks.crisis_panel import matched_crisis
from benchmarks.draws import tell_draws
from tf_eval.cohort import load_outcomes
from tf_eval.evidence import measure, run_placebos

WORLD, DRAWS, CHANCE = "level", 20, 0.05
DESIGNS = {"history": (HISTORY, ADJUSTED), "overlooked": (["trait"], [])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=200, help="studies of each design")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    jobs = (delayed(study)(design, seed) for design in DESIGNS for seed in range(options.draws))
    tell_draws(jobs, options.jobs, None, summarise)


def study(design: str, seed: int) -> list[dict]:
    on, adjusted = DESIGNS[design]
    panel, matched = matched_crisis(WORLD, on, seed)
    effect = measure(panel, matched, load_outcomes()["asb_incident"], covariates=adjusted)
    found = run_placebos(panel, matched, [effect], seed=seed, draws=DRAWS, selected_on=HISTORY)
    lots, ends = found.rates.set_index("kind").loc["start by lot"], found.calibrated.iloc[0]
    return [
        {
            "design": design,
            "false": 100 * lots["share"],
            "off": lots["bias"] / effect.headline.std_error,
            "fails": 100 * (not found.check.passed),
            "claims": 100 * effect.headline.excludes_zero,
            "calibrated claims": 100 * (ends["calibrated_low"] > 0 or ends["calibrated_high"] < 0),
            "wider by": (ends["calibrated_high"] - ends["calibrated_low"]) / (ends["high"] - ends["low"]) - 1,
            "recovered": 100 * found.recovered.iloc[0],
            "shared": 100 * found.shared,
        }
    ]


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    by = found.groupby("design", sort=False)
    binomial = 100**2 * CHANCE * (1 - CHANCE) / DRAWS
    return by.mean().assign(**{"variance of false": by["false"].var() / binomial, "spread of off": by["off"].std()})


if __name__ == "__main__":
    main()
