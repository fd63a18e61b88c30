"""Does the spine tell the truth? Many synthetic counties, evaluated as a run does, against what was planted in them.

    python benchmarks/coverage.py --seeds 20            # planted effects
    python benchmarks/coverage.py --seeds 20 --null     # every true effect nil
    python benchmarks/coverage.py --seeds 20 --faults   # planted effects, in records that went wrong as real ones do

For each county, intervention and outcome it records the estimate and its 95 % interval for the mean of event months 1
to 12, the true mean of the same months (from both potential outcomes of the same draw), the naive before-and-after
change and the verdict. It prints how often the interval covers the truth, with its Monte-Carlo error, and how often a
verdict claims an effect or harm. Families that the design leaves out still count in the truth.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from joblib import Parallel, delayed

import synthetic
import tf_eval as tf
from tf_eval import project
from tf_eval.errors import NotEstimated
from tf_eval.evidence.verdict import OutcomeVerdict, Verdict
from tf_eval.runs.plan import Plan, load_plan

MOST = 0.9
CLAIMS = ("works", "promising", "may do harm")


def main() -> None:
    options = arguments()
    county = (options.null, options.faults)
    jobs = (delayed(evaluate_county)(options.preset, seed, *county) for seed in range(1, options.seeds + 1))
    cells = pd.concat(Parallel(n_jobs=options.jobs, verbose=5)(jobs), ignore_index=True)
    if options.save:
        cells.to_parquet(options.save)
    report(cells)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="oxfordshire")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--null", action="store_true")
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="Parquet file for every cell")
    return parser.parse_args()


def evaluate_county(preset: str, seed: int, null: bool, faults: bool = False) -> pd.DataFrame:
    """Make one county in a temporary folder, evaluate every plan on it and return one row per cell."""
    plans = [load_plan(path) for path in sorted(project.locate("params/evaluations").glob("*.yaml"))]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / preset
        synthetic.generate(preset, seed=seed, out=out, null=null, faults=faults)
        county = tf.build_county(relocated_sources(preset, out), folder=out)
        truth = pd.read_parquet(out / "truth" / "effects.parquet")
        rows = [row for done in tf.evaluate_all(plans, county) for row in cells_of(done, truth)]
    return pd.DataFrame(rows).assign(seed=seed)


def relocated_sources(preset: str, out: Path) -> Path:
    """Write the preset's sources file anew with the temporary county's folder in it."""
    name = f"params/sources/synthetic_{preset}.yaml"
    sources = yaml.safe_load(project.locate(name).read_text(encoding="utf-8"))
    sources["extracts"] = str(out / "extracts")
    path = out / "sources.yaml"
    path.write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
    return path


def cells_of(done: tf.Evaluation, truth: pd.DataFrame) -> list[dict]:
    """Return one row per outcome of an evaluation, beside the truth."""
    first, last = done.plan.estimation.follow_up
    mine = truth[(truth.intervention == done.plan.intervention) & truth.event_month.between(first, last)]
    return [cell(done.plan, row, done.verdict, mine[mine.outcome == row.outcome.name]) for row in done.verdict.outcomes]


def cell(plan: Plan, row: OutcomeVerdict, verdict: Verdict, truth: pd.DataFrame) -> dict:
    size = row.measured.headline
    scale = row.outcome.scale
    shown = {} if isinstance(size, NotEstimated) else size.to_dict()
    return {
        "intervention": plan.intervention,
        "outcome": row.outcome.name,
        "truth": truth.att.mean() * scale,
        **shown,
        "naive": row.measured.naive_change,
        "verdict": str(row.word),
        "overall": str(verdict.word),
        "failed_checks": sum(not check.passed for check in (*row.checks, *verdict.checks)),
    }


def report(cells: pd.DataFrame) -> None:
    cells = cells.assign(
        covered=cells.low.le(cells.truth) & cells.truth.le(cells.high),
        bias=cells.value - cells.truth,
        naive_bias=cells.naive - cells.truth,
        claims=cells.verdict.isin(CLAIMS),
    )
    with pd.option_context("display.width", 200, "display.max_rows", 99, "display.float_format", "{:.2f}".format):
        print(cells.groupby(["intervention", "outcome"]).apply(_summary).to_string())
        print("\nby outcome\n", cells.groupby("outcome").apply(_summary).to_string())
    print(f"\ncoverage of the 95 % interval over all cells: {_share(cells.covered)}")
    covering = cells.groupby("seed").covered.mean() >= MOST
    print(
        f"counties in which at least {MOST:.0%} of the intervals cover the truth: {covering.sum()} of {len(covering)}"
    )
    print(f"outcome verdicts that claim an effect or harm: {_share(cells.claims)}")
    overall = cells.drop_duplicates(["seed", "intervention"]).overall
    print(f"intervention verdicts that claim an effect or harm: {_share(overall.isin(CLAIMS))}")
    print(overall.groupby(cells.intervention).value_counts().to_string())


def _summary(group: pd.DataFrame) -> pd.Series:
    spread = group.bias.std() if len(group) > 1 else np.nan
    return pd.Series(
        {
            "truth": group.truth.mean(),
            "estimate": group.value.mean(),
            "bias": group.bias.mean(),
            "naive_bias": group.naive_bias.mean(),
            "mean_error": group.bias.abs().mean(),
            "naive_mean_error": group.naive_bias.abs().mean(),
            "sd_of_error": spread,
            "mean_std_error": group.std_error.mean(),
            "coverage": group.covered.mean(),
            "claims": group.claims.mean(),
            "n_treated": group.n_treated.mean(),
        }
    )


def _share(flags: pd.Series) -> str:
    share = flags.mean()
    error = np.sqrt(share * (1 - share) / len(flags))
    return f"{share:.3f} (Monte-Carlo error {error:.3f}, {len(flags)} cells)"


if __name__ == "__main__":
    main()
