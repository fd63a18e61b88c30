"""Had the groups been moving alike before, over all outcomes at once?"""

import numpy as np
import pandas as pd
import pytest

from tf_eval.cohort import load_outcomes
from tf_eval.did import estimate_att
from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeEffect, course_check
from tf_eval.evidence.check import CHECK_LEVEL

FALLING = ("asb_incident", "exclusion", "unauthorised_absence", "out_of_work_benefit")
FAMILIES, TREATED, START, MONTHS = 400, 100, 24, 37


def measured(drift: float, seed: int = 1, baseline: int = 12):
    """Outcomes of the same families; the need of those who start falls by ``drift`` a year all along."""
    random = np.random.default_rng(seed)
    family, month = np.repeat(np.arange(FAMILIES), MONTHS), np.tile(np.arange(MONTHS), FAMILIES)
    treated = family < TREATED
    lasting = np.repeat(random.normal(size=(FAMILIES, len(FALLING) + 1)), MONTHS, axis=0)
    wandering = np.repeat(random.normal(size=(FAMILIES, 3)), 13, axis=0).reshape(FAMILIES, 39)[:, :MONTHS].ravel()
    frame = pd.DataFrame({"family": family, "month": month, "start": np.where(treated, START, np.inf)})
    for place, name in enumerate(FALLING):
        own = random.normal(size=len(frame)) + lasting[:, place]
        frame[name] = own + 0.5 * wandering - drift * treated * month / 12
    options = {"unit": "family", "period": "month", "adopted": "start", "cluster": "family", "baseline": baseline}
    outcomes = load_outcomes()
    return [
        OutcomeEffect(
            outcomes[name],
            estimate_att(frame, outcome=name, **options),
            (1, 12),
            outcomes[name].smallest_worthwhile,
            NotEstimated("not asked for"),
        )
        for name in FALLING
    ]


def test_groups_that_moved_alike_pass():
    check = course_check(measured(drift=0.0))
    assert check.passed and check.kind == "pre_trend" and not check.outcome
    assert "no difference beyond chance" in check.detail


def test_a_drift_that_no_outcome_shows_by_itself_is_seen_in_all_of_them():
    drifting = measured(drift=0.08, seed=5)
    assert all(effect.placebo.p_value > CHECK_LEVEL for effect in drifting), "each outcome passes its own check"
    check = course_check(drifting)
    assert not check.passed
    assert "had already been getting better than like families" in check.detail


def test_a_drift_for_the_worse_is_told_as_such():
    assert "had already been getting worse" in course_check(measured(drift=-0.4)).detail


def test_sound_studies_fail_it_as_often_as_they_may():
    # At a level of 0.75 % more than 3 of 60 would be a chance of 1 in 900; the seeds are fixed.
    failed = [not course_check(measured(drift=0.0, seed=seed)).passed for seed in range(60)]
    assert sum(failed) <= 3


def test_where_nothing_was_seen_before_the_baseline_it_is_not_passed():
    check = course_check(measured(drift=0.0, baseline=24))
    assert not check.passed and "could not be examined" in check.detail


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_same_each_time(seed):
    assert course_check(measured(0.1, seed)) == course_check(measured(0.1, seed))
