"""Families that were given one of two interventions, the worse off rather the first, with effects planted in each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.accepted import accepted
from tests.parts import ASB, DISTRICTS, MONTHS, Panel
from tf_eval.evidence import OutcomeEffect, Subject, effects_by_subgroup, measure, measure_either, weigh_either
from tf_eval.evidence.subgroups import Subgroup
from tf_eval.evidence.versus import Either, ForWhom, Versus, better_for_whom, which_is_better
from tf_eval.matching import Matched, match

SUBJECTS = (
    Subject("project", "Family project", "Does it help?", "A worker visits."),
    Subject("mentors", "Mentors", "Does it help?", "A volunteer visits."),
)
TIMES = np.arange(-24, 7)
QUESTION = "Which is better, the project or mentors?"
MANY = Subgroup(column="children", at_least=3, label="families with many children", others="families with few children")
ASKED = {"covariates": ["incidents_12m"], "follow_up": (1, 6)}


@dataclass
class Arms:
    """What is asked of the arms of an evaluation."""

    frame: pd.DataFrame
    treated: str = "treated"
    unit: str = "family_id"
    risk_set: str = "index_month"


@dataclass
class TwoSupports:
    """A panel, the arms of both interventions and their matches."""

    panel: Panel
    arms: tuple[Arms, Arms]
    matched: tuple[Matched, Matched]

    def measured(self, place: int) -> list[OutcomeEffect]:
        return [measure(self.panel, self.matched[place], ASB, **ASKED)]

    @property
    def either(self) -> Either:
        return weigh_either(self.panel, *self.arms, on=["incidents_12m"])

    def versus(self, **asked) -> Versus:
        either = self.either
        direct = [measure_either(either, ASB, **ASKED)] if isinstance(either, Either) else []
        given = {"question": QUESTION, "seed": 1, "draws": 199, **asked}
        return which_is_better(SUBJECTS, self.measured(0), self.measured(1), either, direct, **given)

    def for_whom(self, *subgroups: Subgroup) -> ForWhom:
        either, parts = self.either, subgroups or (MANY,)
        both = [effects_by_subgroup(self.panel, self.matched[place], self.measured(place), parts) for place in (0, 1)]
        return better_for_whom(SUBJECTS, *both, either, [measure_either(either, ASB, **ASKED)])


def draw_two(
    seed: int,
    *,
    first: float = -0.2,
    second: float = -0.2,
    counts: tuple[int, int] = (180, 90),
    many: float = 0.0,
    severity: float = 0.5,
    calming: float = -0.1,
) -> TwoSupports:
    """Return families whose incidents a month change by ``first`` and ``second``, and with many children by ``many``
    more in the first alone.

    Who is worse off by 1 more incident has the first rather than the second by ``severity`` in the log odds, and
    changes by ``calming`` by itself. Three times as many families have neither.
    """
    random = np.random.default_rng(seed)
    started = sum(counts)
    count = 4 * started
    worse = np.maximum(random.normal(2, 0.8, count), 0)
    kind = np.full(count, "neither", dtype=object)
    chance = np.exp(severity * worse[:started])
    kind[:started] = "second"
    kind[random.choice(started, counts[0], replace=False, p=chance / chance.sum())] = "first"
    years = random.choice(list(MONTHS), count)
    families = pd.DataFrame(
        {
            "family_id": np.arange(count),
            "index_month": pd.Series(years).map(MONTHS),
            "start_cohort": years,
            "provider": None,
            "district": random.choice(DISTRICTS, count),
            "children": 1 + random.binomial(4, 0.4, count),
            "incidents_12m": worse,
        }
    )
    extra = np.where(families["children"] >= MANY.at_least, many, 0.0)
    effect = np.select([kind == "first", kind == "second"], [first + extra, second], 0.0)
    alone = calming * worse
    values = (worse + random.normal(0, 0.1, count))[:, None] + (effect + alone)[:, None] * (TIMES >= 0)
    panel = Panel({ASB.name: values + random.normal(0, 0.4, values.shape)}, TIMES)
    arms = tuple(_arms(families, kind, name) for name in ("first", "second"))
    return TwoSupports(panel, arms, tuple(_matched(each) for each in arms))


def _arms(families: pd.DataFrame, kind: np.ndarray, name: str) -> Arms:
    frame = families[(kind == name) | (kind == "neither")]
    given = kind[frame.index] == name
    return Arms(frame.assign(treated=given.astype(int), pool=np.where(given, None, "waiting")).reset_index(drop=True))


def _matched(arms: Arms) -> Matched:
    return accepted(match(arms, on=["incidents_12m"], ratio=2, caliper=0.5))
