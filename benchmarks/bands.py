"""Do effects stay true in the second year? Every band of follow-up, in counties in which nothing works.

    python -m benchmarks.bands --counties 14 --first 101

Every plan is carried out in each drawn county, and the effect on every outcome is looked at band by band, in reporting
units: ``bias``, its mean over counties with the Monte-Carlo error, ``in errors``, the bias in standard errors of the
effect, and ``held``, how often the 95 % interval holds nought, which is true. First as evaluations estimate it, then
with those who stay without support weighed for those like them who left, as money has it.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

import tf_eval as tf
from benchmarks.deadweight import matched_of
from synthetic.draw import draw_county
from synthetic.presets import load_preset
from synthetic.worlds import load_world
from tf_eval.certificate.county import county_of
from tf_eval.certificate.trial import Trial
from tf_eval.did.bands import BANDS
from tf_eval.evidence.outcome_effect import estimate_outcome
from tf_eval.runs.evaluation import with_panels
from tf_eval.value import EffectPaths

WORLD = "null"
DRAWS = 999


def main() -> None:
    options = arguments()
    seeds = range(options.first, options.first + options.counties)
    jobs = (delayed(one_county)(options.preset, seed) for seed in seeds)
    rows = pd.concat(Parallel(n_jobs=options.jobs, verbose=5)(jobs), ignore_index=True)
    for how, own in rows.groupby("how", sort=False):
        together = summary(own.assign(outcome="all"))
        shown = pd.concat([summary(own), together.drop(columns=["bias", "error"])])  # outcomes have units of their own
        print(f"{how}\n{shown.loc[pd.IndexSlice[:, list(BANDS)], :].round(3).to_string()}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="oxfordshire")
    parser.add_argument("--counties", type=int, default=14)
    parser.add_argument("--first", type=int, default=1, help="the seed of the first county; the others follow")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    by = ["outcome", "band"]
    county = rows.groupby([*by, "seed"])[["effect", "in errors"]].mean().groupby(by)
    found = county["effect"].agg(bias="mean", error="sem")
    return found.assign(**{"in errors": county["in errors"].mean(), "held": rows.groupby(by)["held"].mean()})


def one_county(preset: str, seed: int) -> pd.DataFrame:
    """Return a row for each plan, outcome and band of a county in which nothing works."""
    trial = Trial(preset, WORLD, seed)
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder:
        drawn = draw_county(load_world(WORLD).made_of(load_preset(preset)), seed, lambda stage: None)
        plans = tf.load_synthesis("params/what_works.yaml").each
        panels = with_panels(plans, county_of(drawn, trial.sources, Path(folder)))
        return pd.DataFrame([row for plan, panel in panels for row in rows_of(plan, panel)]).assign(seed=seed)


def rows_of(plan: tf.Plan, panel: tf.Panel) -> Iterator[dict[str, object]]:
    matched = matched_of(plan, panel)
    asked = {name: value for name, value in plan.estimation if name != "follow_up"}
    effects = {one.name: estimate_outcome(panel, matched, one, **asked) for one in panel.outcomes}
    ways = {"as estimated": None, "stayers weighed": tf.weigh_stayers(panel, matched)}
    for how, staying in ways.items():
        paths = tf.effect_paths(effects, staying=staying, seed=1, draws=DRAWS)
        for outcome in panel.outcomes:
            for row in by_band(paths, outcome.name):
                yield {"how": how, "outcome": outcome.name, **row, "effect": row["effect"] * outcome.scale}


def by_band(paths: EffectPaths, outcome: str) -> Iterator[dict[str, object]]:
    if outcome not in paths.outcomes:
        return
    place = paths.outcomes.index(outcome)
    for band, (first, last) in BANDS.items():
        effect, drawn = paths.effects[place, first], paths.deviations[:, place, first]
        if last <= paths.last[place]:
            held = abs(effect) <= np.quantile(np.abs(drawn), 0.95)
            yield {"band": band, "effect": effect, "in errors": effect / drawn.std(), "held": held}


if __name__ == "__main__":
    main()
