"""Do four in five studies find the effect that `detectable_effects` tells?

    python -m benchmarks.detectable --draws 400        # about 6 CPU minutes

Families are followed by the calendar month; needier ones start sooner. A comparison family may start something itself
at any month, which ends what is known of it; records end so soon that later starts are seen for fewer months, and of
some families nothing is known of the year before. Counts are Poisson around a rate of the family's own, which shocks
move for some months, and fall back from the need that brought families in.

Each draw is a county in which nobody is helped, whose match says which fall is detectable over months 1 to 12 and 13
to 24, and a new county of the same kind in which each treated family has just this much less in each month: is it
found? Printed are the share found (with its Monte-Carlo error), the share of counties without an effect in which one is
claimed, and the effect told beside what a study's own error says once outcomes are known.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import delayed

import tf_eval as tf
from benchmarks.draws import tell_draws
from tf_eval.cohort import Outcome

FAMILIES, MONTHS, STARTS = 900, 72, (24, 60)  # index months lie within these two
EVENT_TIMES = np.arange(-24, 25)
LASTING, OWN_START, UNSEEN = 0.8, 0.02, 0.05
COVARIATES = ("need", "past_root")
INCIDENTS = Outcome(
    name="incidents",
    label="Incidents",
    kind="count",
    table="event",
    kinds=("asb_incident",),
    unit="incidents per 100 families a year",
    scale=1200,
    smallest_worthwhile=60,
    good_direction="fall",
)
BANDS = ((1, 12), (13, 24))


@dataclass
class Panel:
    """What estimators need of a panel: an outcome of families (in order) by calendar month."""

    values: np.ndarray
    own_start: np.ndarray
    outcomes: tuple[Outcome, ...] = (INCIDENTS,)

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        matched.require_accepted("event_time_frame")
        rows, treated = matched.frame, matched.frame["treated"].to_numpy(dtype=bool)
        family, month = rows["family_id"].to_numpy(), rows["index_month"].to_numpy()[:, None] + EVENT_TIMES
        inside = (month >= 0) & (month < self.values.shape[1])
        seen = inside & (treated[:, None] | (month < self.own_start[family][:, None]))
        found = np.where(seen, self.values[family[:, None], np.where(inside, month, 0)], np.nan)
        laid = rows[list(dict.fromkeys(["family_id", "start_cohort", "weight", *columns]))].assign(
            row=rows.index, adopted=np.where(treated, 0.0, np.nan)
        )
        long = laid.loc[laid.index.repeat(len(EVENT_TIMES))].reset_index(drop=True)
        return long.assign(event_time=np.tile(EVENT_TIMES, len(rows)), **{outcome: found.ravel()})


def draw(seed: int, effect: float = 0.0, families: int = FAMILIES) -> tuple[Panel, Any]:
    """Return a county's panel and its match; ``effect`` is added to each treated family's count in each month."""
    random = np.random.default_rng(seed)
    need = random.normal(size=families)
    treated = need + random.logistic(size=families) > 1.8
    index = random.integers(*STARTS, families)
    values = random.poisson(_rates(random, need, index)).astype(float)
    values += effect * (treated[:, None] & (np.arange(MONTHS) >= index[:, None]))
    values[random.random(families) < UNSEEN] = np.nan  # nobody in the family could have come to it
    own_start = np.where(treated, MONTHS, index + random.geometric(OWN_START, families))
    past = np.array([np.nansum(row[month - 12 : month]) for row, month in zip(values, index, strict=True)])
    rows = pd.DataFrame(
        {
            "family_id": np.arange(families),
            "treated": treated.astype(int),
            "index_month": index,
            "start_cohort": index // 12,
            "need": need,
            "past_root": np.sqrt(past),
        }
    )
    asked = {"treated": "treated", "unit": "family_id", "exact": "start_cohort"}
    matched = tf.match(rows, **asked, on=list(COVARIATES), ratio=2, caliper=0.2)
    return Panel(values, own_start), matched


def study(seed: int, families: int = FAMILIES) -> list[dict]:
    """Return a row for each band: what was told of one county, and what is found in another and in the first."""
    panel, matched = draw(seed, families=families)
    rows = []
    for band in BANDS:
        told = tf.detectable_effects(panel, matched, covariates=COVARIATES, follow_up=band, seed=seed).headline(
            "incidents"
        )
        other = _measured(*draw(10**6 + seed, -told.minimum_detectable / INCIDENTS.scale, families), band)
        nothing = _measured(panel, matched, band)
        claimed, own = nothing.excludes_zero, nothing.minimum_detectable
        numbers = {"told": told.minimum_detectable, "own": own, "found": other.excludes_zero, "claimed": claimed}
        rows.append({"band": f"{band[0]} to {band[1]}", **numbers})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", type=Path, help="Parquet file for every study")
    options = parser.parse_args()
    jobs = (delayed(study)(seed, options.families) for seed in range(options.draws))
    tell_draws(jobs, options.jobs, options.save, summarise)


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    shares = ["found", "claimed"]
    by = found.astype(dict.fromkeys(shares, float)).groupby("band", sort=False)
    errors = by[shares].std().div(np.sqrt(by.size()), axis=0).add_suffix(" (error)")
    return pd.concat([by[["told", "own"]].mean(), 100 * by[shares].mean(), 100 * errors], axis=1)


def _measured(panel: Panel, matched: Any, band: tuple[int, int]) -> Any:
    accepted = tf.check_balance(matched).accept(because="the design adjusts for what is left")
    return tf.measure(panel, accepted, INCIDENTS, covariates=COVARIATES, follow_up=band).headline


def _rates(random: np.random.Generator, need: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return monthly rates: shocks of which four fifths last, higher in the year before the index month."""
    shocks = random.normal(size=(len(need), MONTHS))
    for month in range(1, MONTHS):
        shocks[:, month] = LASTING * shocks[:, month - 1] + np.sqrt(1 - LASTING**2) * shocks[:, month]
    own = np.exp(0.4 * need + 0.3 * random.normal(size=len(need)))[:, None]
    crisis = 0.4 * ((np.arange(MONTHS) < index[:, None]) & (np.arange(MONTHS) >= index[:, None] - 12))
    return 0.3 * own * np.exp(0.6 * shocks - 0.18 + crisis)


if __name__ == "__main__":
    main()
