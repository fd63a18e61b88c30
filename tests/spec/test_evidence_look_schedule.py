"""A study that is looked at again and again: the same families at each look, and one interval that holds over all."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.cohort import load_outcomes
from tf_eval.errors import ConfigError, EstimationError
from tf_eval.evidence import LookSchedule, Subject, judge, measure, triangulate
from tf_eval.evidence.looks import SeenBy
from tf_eval.matching import match

ASB = load_outcomes()["asb_incident"]
JANUARY_2012 = 12 * 2012
STARTS, EACH, COMPARISON = range(JANUARY_2012 + 12, JANUARY_2012 + 24), 10, 20
LAST = JANUARY_2012 + 40
MONTHLY = LookSchedule(first=JANUARY_2012 + 30, planned=24)


@dataclass
class Panel:
    """What estimators need of a panel: families in event time, and the months that there are records of."""

    months: pd.DataFrame
    until: int = LAST

    @property
    def data(self) -> SimpleNamespace:
        return SimpleNamespace(months=np.arange(JANUARY_2012, self.until + 1))

    def event_time_frame(self, matched, outcome: str, columns) -> pd.DataFrame:
        matched.require_accepted("event_time_frame")
        rows = matched.frame.assign(row=matched.frame.index, start_cohort=matched.frame["index_month"].astype(str))
        wanted = dict.fromkeys(["row", "family_id", "start_cohort", "weight", "picked", *columns])
        long = rows[list(wanted)].merge(self.months.rename(columns={"incidents": outcome}), on="family_id")
        month = rows.set_index("row")["index_month"].loc[long["row"]].to_numpy() + long["event_time"]
        seen = long[month <= self.until]
        return seen.assign(adopted=seen["picked"].map({True: 0.0}))


def study(effect: float = 0.0, seed: int = 1, until: int = LAST):
    """Families that start month by month, each start with like families; their incidents differ lastingly."""
    random = np.random.default_rng(seed)
    size = len(STARTS) * (EACH + COMPARISON)
    families = pd.DataFrame(
        {
            "family_id": np.arange(size),
            "index_month": np.repeat(list(STARTS), EACH + COMPARISON),
            "picked": np.tile([True] * EACH + [False] * COMPARISON, len(STARTS)),
            "need": random.normal(size=size),
        }
    )
    times = np.arange(-24, 25)
    values = families["need"].to_numpy()[:, None] + random.normal(size=(size, len(times)))
    values += effect * (families["picked"].to_numpy()[:, None] & (times >= 0))
    months = pd.DataFrame(
        {
            "family_id": np.repeat(families["family_id"].to_numpy(), len(times)),
            "event_time": np.tile(times, size),
            "incidents": values.ravel(),
        }
    )
    on = {"on": ["need"], "exact": ["index_month"], "method": "nearest", "ratio": 2}
    return Panel(months, until), accepted(match(families, treated="picked", unit="family_id", **on))


@pytest.fixture(scope="module")
def looked():
    panel, matched = study(effect=-0.5)
    return panel, matched, measure(panel, matched, ASB, looks=MONTHLY)


def test_there_is_a_row_for_each_look_so_far(looked):
    *_, measured = looked
    assert list(measured.looks.look) == list(range(1, 12)), "from month 30 to month 40"
    assert measured.looks.design.planned == 24


def test_the_headline_is_that_of_the_last_look_with_an_interval_that_holds_over_all(looked):
    panel, matched, measured = looked
    once = measure(SeenBy(panel, LAST, 12), matched, ASB).headline
    assert measured.headline.value == pytest.approx(once.value)
    assert measured.headline.low < once.low and measured.headline.high > once.high
    assert measured.headline.p_value > once.p_value
    assert measured.headline.minimum_detectable > once.minimum_detectable
    verdict = judge([measured], about=Subject("x", "X", "Does it help?", "A visit."))
    assert verdict.table().loc[0, "low"] == measured.headline.low


def test_a_look_is_at_families_whose_follow_up_is_over_and_at_nothing_later(looked):
    panel, matched, _ = looked
    month = JANUARY_2012 + 30
    frame = SeenBy(panel, month, 12).event_time_frame(matched, ASB.name, [])
    index_month = matched.frame["index_month"].loc[frame["row"]].to_numpy()
    assert index_month.max() == month - 12
    assert (index_month + frame["event_time"]).max() == month


def test_what_happens_after_a_look_does_not_change_what_it_said(looked):
    *_, measured = looked
    panel, matched = study(effect=-0.5, until=JANUARY_2012 + 34)
    earlier = measure(panel, matched, ASB, looks=MONTHLY).looks
    np.testing.assert_allclose(earlier.value, measured.looks.value[:5])
    np.testing.assert_allclose(earlier.high, measured.looks.high[:5])


def test_other_ways_of_estimating_look_at_the_same_families(looked):
    panel, matched, measured = looked
    found = triangulate(panel, matched, measured)
    seen = {size.n_treated for size in found.sizes}
    assert len(seen) == 1, "each has the families whose follow-up is over"


def test_before_anybody_has_been_followed_to_the_end_nothing_is_spent():
    panel, matched = study()
    early = LookSchedule(first=JANUARY_2012 + 20, planned=24)
    looks = measure(panel, matched, ASB, looks=early).looks
    assert looks.look[0] == 5, "the first families started in month 12, and are followed for a year"
    assert any("nothing was spent" in note for note in looks.notes)


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (LookSchedule(LAST + 2, 24), "looks: the first is at 2015-07, and records end with 2015-05"),
        (LookSchedule(LAST - 10, 5), "the last of 5 was at 2014-11, by which all is spent"),
    ],
)
def test_looks_that_are_still_to_come_or_over_are_refused(schedule, said):
    panel, matched = study()
    with pytest.raises(ConfigError, match=said):
        measure(panel, matched, ASB, looks=schedule)


def test_months_apart():
    assert list(LookSchedule(100, 8, months_apart=3).made(108)) == [100, 103, 106]


def test_a_look_at_which_nobody_has_been_followed_to_the_end_is_refused():
    panel, matched = study(until=JANUARY_2012 + 21)
    with pytest.raises(EstimationError, match=r"records up to 2013-10, no family .* followed for 12 months"):
        measure(panel, matched, ASB, looks=LookSchedule(first=JANUARY_2012 + 20, planned=24))
