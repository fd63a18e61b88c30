"""Does deadweight tell the truth? Counties whose families are known with and without what their support does.

    python -m benchmarks.deadweight --seeds 20

Each seed is drawn twice: as planted, and with every effect nil. The same families start the same support at the same
time, so that what can be claimed of them in the second is what would have been paid anyway in the first, but for the
few who are matched in one of them alone. For each plan it prints, over seeds, ``with`` and ``anyway``, these shares of
families with a result within 12 months, ``told``, what like families say would have been paid anyway, ``held``, how
often the 95 % interval of what support brought about holds the difference, ``null_told``, and ``null_held`` and
``null_bought``: how often it holds nought in the county in which nothing works, and how often payment is said to have
bought something there.
"""

import argparse
import math
import tempfile
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

import tf_eval as tf
from synthetic.draw import draw_county
from synthetic.presets import load_preset
from synthetic.worlds import load_world
from tf_eval import project
from tf_eval.certificate.county import county_of
from tf_eval.certificate.trial import Trial
from tf_eval.runs.evaluation import with_panels
from tf_eval.value import Deadweight

RULES = "params/pbr/troubled_families_2012.yaml"
BECAUSE = "the benchmark reads every interval"


def main() -> None:
    options = arguments()
    jobs = (delayed(both)(options.preset, seed) for seed in range(1, options.seeds + 1))
    rows = pd.concat(Parallel(n_jobs=options.jobs, verbose=5)(jobs), ignore_index=True)
    shown = rows.groupby("plan").mean()
    print(pd.concat([shown, rows.mean(numeric_only=True).to_frame("all").T]).drop(columns="seed").round(3).to_string())
    print(f"Monte Carlo error of a share of 0.95, all: {math.sqrt(0.95 * 0.05 / len(rows)):.3f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="oxfordshire")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def both(preset: str, seed: int) -> pd.DataFrame:
    """Return one row per plan of a county as planted and with every effect nil."""
    with threadpool_limits(1):
        planted, null = (compared(Trial(preset, world, seed)) for world in ("planted", "null"))
    return pd.DataFrame([row(plan, planted[plan], null[plan]) for plan in planted]).assign(seed=seed)


def compared(trial: Trial) -> dict[str, Deadweight]:
    """Return the deadweight of every plan in a county of a world."""
    rules = tf.load_payment_rules(project.locate(RULES))
    plans = [tf.load_plan(path) for path in sorted(project.locate("params/evaluations").glob("*.yaml"))]
    drawn = draw_county(load_world(trial.world).made_of(load_preset(trial.preset)), trial.seed, lambda stage: None)
    with tempfile.TemporaryDirectory() as folder:
        county = county_of(drawn, trial.sources, Path(folder))
        return {
            plan.intervention: tf.deadweight(
                county, rules, panel, matched_of(plan, panel), covariates=plan.estimation.covariates
            )
            for plan, panel in with_panels(plans, county)
        }


def matched_of(plan: tf.Plan, panel: tf.Panel) -> tf.Matched:
    """Return who is compared with whom, as the plan has it."""
    arms = panel.arms(plan.intervention, **plan.comparison.asked)
    return tf.check_balance(tf.match(arms, **plan.matching.asked), labels=arms.labels).accept(because=BECAUSE)


def row(plan: str, planted: Deadweight, null: Deadweight) -> dict[str, object]:
    share, nothing = planted.any_result, null.any_result
    truth = share.treated_mean - nothing.treated_mean
    return {
        "plan": plan,
        "with": share.treated_mean,
        "anyway": nothing.treated_mean,
        "told": share.counterfactual_mean,
        "held": share.ci_low <= truth <= share.ci_high,
        "null_told": nothing.counterfactual_mean,
        "null_held": nothing.ci_low <= 0 <= nothing.ci_high,
        "null_bought": nothing.ci_low > 0,
    }


if __name__ == "__main__":
    main()
