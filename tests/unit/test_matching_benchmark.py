"""The parts of benchmarks/matching.py that can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import matching
from benchmarks.contestant import Contestant
from benchmarks.matching_peers import ours
from benchmarks.matching_peers.answers import Pairs, Sets, Weights
from benchmarks.matching_peers.measure import Bounds, Measured
from benchmarks.matching_peers.sample import EXACT, MONTH, NUMBERS, SCORE, TREATED, UNIT, Sample
from benchmarks.matching_peers.tasks import TASKS
from benchmarks.process import BEYOND

FRAME = pd.DataFrame(
    {TREATED: [1, 1, 0, 0, 0], SCORE: [0.0, 1.0, 0.5, 1.25, 2.0], NUMBERS[0]: [0.0, 2.0, 0.0, 2.0, 9.0]}
)
PEER = Contestant("peer", "peer")


def test_one_unit_in_ten_is_treated_and_numbers_tell_the_same_as_the_category():
    sample = Sample(1_000)
    assert sample.frame[TREATED].sum() == 100
    city = sample.frame["area"] == "city"
    assert (sample.coded.filter(like="area_").sum(axis=1) == ~city).all()


def test_units_are_at_risk_in_every_month_up_to_their_start():
    rows = Sample(3_600).at_risk
    months = rows.groupby(UNIT)[MONTH]
    assert (months.count() == months.max() + 1).all()
    starts = rows[rows[TREATED] == 1]
    assert (starts[MONTH] == months.max()[starts[UNIT]].to_numpy()).all()


def test_pairs_tell_their_gaps_and_a_row_used_again():
    pairs = Pairs(np.array([0, 1]), np.array([2, 3]))
    assert "2 pairs of 2 treated, score gap mean 0.375 sum 0.75 most 0.5, worst SMD 0" in pairs.told(FRAME)
    assert "USED AGAIN" not in pairs.told(FRAME)
    assert "1 USED AGAIN" in Pairs(np.array([0, 1]), np.array([2, 2])).told(FRAME)


def test_sets_tell_the_distance_to_the_row_that_is_alone_in_its_arm():
    assert "2 sets of 5 rows, score gap sum 1.75" in Sets(np.array([0, 1, 0, 1, 1])).told(FRAME)
    assert "1 sets of 3 rows, score gap sum 1" in Sets(np.array([0, 0, 0, -1, -1])).told(FRAME)


def test_weights_tell_the_rows_that_they_keep():
    assert "2 treated beside 2 effective, worst SMD 0" in Weights(np.array([1, 1, 1, 1, 0])).told(FRAME)


@pytest.mark.parametrize("asked", ["pairs", "three", "exact", "mahalanobis", "risk_set"])
def test_pairs_of_ours_are_read_as_what_they_are(asked):
    sample = Sample(3_600)
    task = next(task for task in TASKS if task.name == asked)
    pairs, frame = getattr(ours, asked)(sample)(), getattr(sample, task.frame)
    assert (frame[TREATED].to_numpy()[pairs.treated] == 1).all()
    assert (frame[TREATED].to_numpy()[pairs.compared] == 0).all()
    assert "USED AGAIN" not in pairs.told(frame)
    if asked in ("exact", "risk_set"):
        same = [*EXACT, MONTH] if asked == "risk_set" else EXACT
        assert all(
            (frame[name].to_numpy()[pairs.treated] == frame[name].to_numpy()[pairs.compared]).all() for name in same
        )


def test_a_package_climbs_until_it_takes_too_long(monkeypatch):
    task = next(task for task in TASKS if task.name == "pairs")
    monkeypatch.setattr(
        matching, "measure", lambda *asked: Measured(asked[2] / 1_000, 1, 1, "") if asked[2] < 50_000 else BEYOND
    )
    assert matching.Bench(Bounds(500, 100), 1).climb(PEER, task, 1_000_000) == (10_000, f"100,000: {BEYOND}")
    reached, beyond = matching.Bench(Bounds(60, 100), 1).climb(PEER, task, 1_000_000)
    assert reached == 10_000 and "100,000: left out" in beyond
    assert matching.Bench(Bounds(60, 100), 1).climb(PEER, task, 5_000) == (5_000, "")


def test_medians_are_told_of_short_runs_and_long_ones_are_not_repeated(monkeypatch):
    task = next(task for task in TASKS if task.name == "pairs")
    seconds = iter([3.0, 1.0, 2.0, 30.0])
    monkeypatch.setattr(matching, "measure", lambda *asked: Measured(next(seconds), 1, 1, ""))
    bench = matching.Bench(Bounds(100, 100), 3)
    assert bench.run(PEER, task, 1_000).processor_seconds == 2.0
    assert bench.run(PEER, task, 10_000).processor_seconds == 30.0
