"""Matched families in parts, with effects planted in each: for whatever says for whom, where and by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.accepted import accepted
from tf_eval.cohort import Outcome, load_outcomes
from tf_eval.evidence import OutcomeEffect, measure
from tf_eval.matching import Matched, match

ASB = load_outcomes()["asb_incident"]
TIMES = np.arange(-12, 7)
DISTRICTS = ("Ash", "Beech", "Cedar", "Elm", "Fir")
PROVIDERS = ("Alpha", "Beta", "Gamma", "Delta", "Omega")
MONTHS = {"2012/13": 24156, "2013/14": 24168}


@dataclass
class Panel:
    """What estimators need of a panel: outcomes (by name) of families by event time."""

    values: Mapping[str, np.ndarray]
    times: np.ndarray = field(default_factory=lambda: TIMES)

    def event_time_frame(self, matched: Matched, outcome: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        matched.require_accepted("event_time_frame")
        rows = matched.frame.rename_axis("row").reset_index()
        wanted = dict.fromkeys(["row", "family_id", "start_cohort", "weight", *columns])
        long = rows[list(wanted)].loc[rows.index.repeat(len(self.times))].reset_index(drop=True)
        return long.assign(
            event_time=np.tile(self.times, len(rows)),
            adopted=np.repeat(np.where(rows["treated"] == 1, 0.0, np.nan), len(self.times)),
            **{outcome: self.values[outcome][rows["family_id"]].ravel()},
        )


@dataclass
class Town:
    """Matched families and their panel."""

    panel: Panel
    matched: Matched

    def measured(self, *outcomes: Outcome) -> list[OutcomeEffect]:
        options = {"covariates": ["incidents_12m"], "follow_up": (1, 6)}
        return [measure(self.panel, self.matched, outcome, **options) for outcome in outcomes or (ASB,)]


def draw_families(random: np.random.Generator, treated: int) -> pd.DataFrame:
    """Return families at their index month, four like ones for each with the intervention, of whom some serve twice.

    Provider Omega has few families. Those with many children have more incidents, and become fewer by themselves.
    """
    count = 5 * treated
    given = np.arange(count) < treated
    children = 1 + random.binomial(4, 0.4, count)
    years = random.choice(list(MONTHS), count)
    provider = random.choice(PROVIDERS, count, p=[0.36, 0.26, 0.2, 0.13, 0.05])
    families = pd.DataFrame(
        {
            "family_id": np.arange(count),
            "treated": given.astype(int),
            "index_month": pd.Series(years).map(MONTHS),
            "start_cohort": years,
            "pool": np.where(given, None, "waiting"),
            "provider": np.where(given, provider, None),
            "district": random.choice(DISTRICTS, count),
            "children": children,
            "incidents_12m": np.maximum(0.3 * children + random.normal(1, 0.5, count), 0),
        }
    )
    first, second = MONTHS
    twice = families[(families["treated"] == 0) & (families["start_cohort"] == first)].iloc[:treated]
    again = twice.assign(start_cohort=second, index_month=MONTHS[second])
    return pd.concat([families, again], ignore_index=True)


def draw_town(
    seed: int, *, treated: int = 240, method: str = "nearest", calming: float = -0.01, **planted: Mapping[object, float]
) -> Town:
    """Return a town in which the intervention changes incidents a month by -0.05 and, for families whose ``column`` has
    a ``value``, by what ``planted[column][value]`` is on top of it. By itself each child more changes them by
    ``calming``."""
    random = np.random.default_rng(seed)
    families = draw_families(random, treated)
    each = families.drop_duplicates("family_id")
    effect = np.full(len(each), -0.05)
    for column, by_value in planted.items():
        effect += each[column].map(by_value).fillna(0.0).to_numpy(dtype=float)
    own = 0.1 * each["incidents_12m"].to_numpy()[:, None] + random.normal(0, 0.1, (len(each), 1))
    alone = calming * (each["children"].to_numpy() - 1)[:, None] * (TIMES >= 0)
    change = np.where(each["treated"] == 1, effect, 0.0)[:, None] * (TIMES >= 0)
    values = own + alone + change + random.normal(0, 0.25, (len(each), len(TIMES)))
    pairing = {"ratio": 2, "caliper": 0.5} if method == "nearest" else {}
    design = {"unit": "family_id", "risk_set": "index_month", "exact": ["district"], **pairing}
    matched = match(families, treated="treated", on=["incidents_12m"], method=method, **design)
    return Town(Panel({ASB.name: values}), accepted(matched))
