"""How often does the interval of a net benefit hold the true one, in counties whose true effects are known?

    python -m benchmarks.net_benefit --counties 40 --first 101

Every plan is carried out in each drawn county, and its effects on all outcomes are appraised by the county's rules
without optimism bias, as are the true ones, month by month, from both potential outcomes. Effects are taken as
evaluations estimate them, and with those who stay without support weighed for those like them who left, as pages have
money (``how``). For each intervention it prints ``held``, the share of counties in which the 95 % interval of the
purse's net value holds the true one, ``truth`` and ``mean``, what support truly comes to and what is estimated,
``spread``, the standard deviation of the difference, and ``half``, half the interval's width. Over all interventions
it also prints how far off the mean is, with its Monte-Carlo error over counties.
"""

import argparse
import math
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

import tf_eval as tf
from benchmarks.deadweight import matched_of
from benchmarks.value_coverage import without_optimism
from synthetic.draw import Draw, draw_county
from synthetic.presets import load_preset
from synthetic.truth import effects_table
from synthetic.worlds import load_world
from tf_eval import project
from tf_eval.certificate.county import county_of
from tf_eval.certificate.trial import Trial
from tf_eval.evidence.outcome_effect import estimate_outcome
from tf_eval.runs.evaluation import with_panels
from tf_eval.value import AppraisalRules, EffectPaths, Spread, effect_paths, paths_from, weigh_stayers

NET = "net_fiscal"


def main() -> None:
    options = arguments()
    seeds = range(options.first, options.first + options.counties)
    jobs = (delayed(one_county)(options.preset, options.world, seed) for seed in seeds)
    rows = pd.concat(Parallel(n_jobs=options.jobs, verbose=5)(jobs), ignore_index=True)
    shown = rows.groupby(["how", "plan"], sort=False).agg(
        held=("held", "mean"),
        truth=("truth", "mean"),
        mean=("mean", "mean"),
        spread=("off", "std"),
        half=("half", "mean"),
    )
    print(shown.round(2).to_string())
    for how, own in rows.groupby("how", sort=False):
        off = own.groupby("seed")["off"].mean()
        print(f"{how}, all {len(own)}: held in {own['held'].mean():.3f}, off by {off.mean():.0f} ({off.sem():.0f})")
    error = math.sqrt(0.95 * 0.05 * rows["how"].nunique() / len(rows))
    print(f"Monte Carlo error of a share of 0.95: {error:.3f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="oxfordshire")
    parser.add_argument("--world", default="planted")
    parser.add_argument("--counties", type=int, default=40)
    parser.add_argument("--first", type=int, default=1, help="the seed of the first county; the others follow")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def one_county(preset: str, world: str, seed: int) -> pd.DataFrame:
    """Return one row per plan of a drawn county."""
    trial = Trial(preset, world, seed)
    rules = without_optimism(tf.load_appraisal())
    with threadpool_limits(1), tempfile.TemporaryDirectory() as folder:
        drawn = draw_county(load_world(world).made_of(load_preset(preset)), seed, lambda stage: None)
        plans = [tf.load_plan(path) for path in sorted(project.locate("params/evaluations").glob("*.yaml"))]
        found = with_panels(plans, county_of(drawn, trial.sources, Path(folder)))
        return pd.DataFrame(rows_of(found, drawn, rules)).assign(seed=seed)


def rows_of(
    found: Iterator[tuple[tf.Plan, tf.Panel]], drawn: Draw, rules: AppraisalRules
) -> Iterator[dict[str, object]]:
    truth = pd.DataFrame(effects_table(drawn.county, drawn.support, drawn.outcomes))
    for plan, panel in found:
        mine = truth[(truth["intervention"] == plan.intervention) & truth["event_month"].ge(0)]
        for how, paths in estimated(plan, panel):
            told = net_of(paths, rules, plan)
            true = net_of(true_paths(mine, paths), rules, plan).mean
            yield {
                "how": how,
                "plan": plan.intervention,
                "held": told.low <= true <= told.high,
                "truth": true,
                "mean": told.mean,
                "off": told.mean - true,
                "half": (told.high - told.low) / 2,
            }


def estimated(plan: tf.Plan, panel: tf.Panel) -> Iterator[tuple[str, EffectPaths]]:
    """Yield the effects on all outcomes of a plan, as its evaluation estimates them, and with stayers weighed."""
    matched, asked = matched_of(plan, panel), dict(plan.estimation)
    del asked["follow_up"]
    effects = {one.name: estimate_outcome(panel, matched, one, **asked) for one in panel.outcomes}
    for how, staying in (("as estimated", None), ("stayers weighed", weigh_stayers(panel, matched))):
        yield how, effect_paths(effects, staying=staying, seed=1, draws=499)


def true_paths(truth: pd.DataFrame, like: EffectPaths) -> EffectPaths:
    """Return the true effects by month, each for as long as it was followed."""
    by_month = truth.pivot_table(index="outcome", columns="event_month", values="att")
    effects = {name: by_month.loc[name].to_numpy()[: max(like.last) + 1] for name in like.outcomes}
    return replace(paths_from(effects, draws=1), last=like.last)


def net_of(paths: EffectPaths, rules: AppraisalRules, plan: tf.Plan) -> Spread:
    return tf.appraise(paths, rules, intervention=plan.intervention).measures[NET]


if __name__ == "__main__":
    main()
