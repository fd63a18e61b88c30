"""How often does a report that is made every month ever claim something in a county where nothing works?

    python -m benchmarks.county_looks --counties 40 --processes 2   # a CPU minute a county

Counties are drawn in which no intervention changes anything, and every plan is carried out as a run does, but with 24
monthly looks, the last at the end of the records. It prints of how many in 100 effects an interval ever left out
nought, and for how many in 100 interventions an outcome that decides ever had a p-value below 5 % (with an allowance
for their number), each with its Monte-Carlo error, by county: with the intervals that hold over all looks, and as if
each were the only one.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import delayed
from scipy import stats

from benchmarks.draws import tell_draws
from synthetic.draw import draw_county
from synthetic.presets import load_preset
from synthetic.worlds import load_world
from tf_eval.certificate.county import county_of
from tf_eval.certificate.trial import Trial
from tf_eval.cohort.panel import Panel
from tf_eval.evidence import OutcomeEffect, RepeatedIntervals
from tf_eval.runs import Plan, Synthesis, evaluate
from tf_eval.runs.evaluation import with_panels
from tf_eval.runs.plan import Looks

LOOKS, LEVEL = 24, 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counties", type=int, default=40)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    tell_draws((delayed(county)(seed) for seed in range(1, options.counties + 1)), options.processes, None, summary)


def summary(claims: pd.DataFrame) -> pd.DataFrame:
    """Return by what is claimed the share that ever was, in percent."""
    by_county = claims.groupby(["of", "seed"])[["over all looks", "look by look"]].mean().mul(100).groupby("of")
    return by_county.mean().join(by_county.sem().add_suffix(", error")).assign(tried=claims.groupby("of").size())


def county(seed: int) -> list[dict[str, object]]:
    """Return what was ever claimed in one county, of each effect and of each intervention."""
    trial = Trial("oxfordshire", "null", seed)
    drawn = draw_county(load_world(trial.world).made_of(load_preset(trial.preset)), seed, lambda stage: None)
    with tempfile.TemporaryDirectory() as folder:
        opened = county_of(drawn, trial.sources, Path(folder))
        asked = with_panels(Synthesis().each, opened)
        return [{"seed": seed, **claim} for plan, panel in asked for claim in claims_of(plan, panel)]


def claims_of(plan: Plan, panel: Panel) -> Iterator[dict[str, object]]:
    first = int(panel.data.months[-1]) - LOOKS + 1
    looks = Looks(first=f"{first // 12}-{first % 12 + 1:02d}", planned=LOOKS)
    measured = evaluate(plan.model_copy(update={"looks": looks}), panel).measured
    counted = [effect for effect in measured if isinstance(effect.looks, RepeatedIntervals)]
    yield from (_ever(counted[place : place + 1], "effects") for place in range(len(counted)))
    yield _ever([effect for effect in counted if effect.outcome.name in plan.primary], "interventions")


def _ever(effects: list[OutcomeEffect], of: str) -> dict[str, object]:
    """Say whether the smallest p-value of some effects, times their number, was ever below the level."""
    repeated = [effect.looks.p_value.min() for effect in effects]
    usual = [_usual(effect.looks).min() for effect in effects]
    held = {
        name: min(found) * len(found) < LEVEL for name, found in (("over all looks", repeated), ("look by look", usual))
    }
    return {"of": of, **held}


def _usual(looks: RepeatedIntervals) -> np.ndarray:
    """Return p-values as if each look were the only one."""
    return 2 * stats.t.sf(np.abs(looks.value) / looks.std_error, looks.degrees_of_freedom)


if __name__ == "__main__":
    main()
