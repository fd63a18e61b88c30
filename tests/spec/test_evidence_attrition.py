"""Who drops out of sight: what is lost in both groups, when that is chance, and what it does to a verdict."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from benchmarks.attrition import study
from tests.spec.test_evidence_verdicts import ABOUT, measured
from tf_eval.errors import NotEstimated
from tf_eval.evidence import judge, score_standards
from tf_eval.evidence.attrition import Attrition, attrition_check, measure_attrition
from tf_eval.evidence.attrition.boundary import tolerated

# A row for each family: arm, weight, and what is seen in the two months before and the four after.
FAMILIES = {
    "A": (True, 1.0, "xx xxxx"),
    "B": (True, 1.0, "xx xx.."),
    "c": (False, 1.0, "xx xxxx"),
    "d": (False, 1.0, "xx xxx."),
}


def lost(families=FAMILIES, serves=None, starts=None) -> Attrition | NotEstimated:
    """Measure over months 1 to 4; ``serves`` names the months after which a family serves no longer."""
    rows = [
        {
            "row": number,
            "family_id": name[0],
            "event_time": month,
            "adopted": 0.0 if treated else np.nan,
            "weight": weight,
            "serves": month <= (serves or {}).get(name, 4),
            "index_month": (starts or {}).get(name, 0),
            "y": 1.0 if mark == "x" else np.nan,
        }
        for number, (name, (treated, weight, marks)) in enumerate(families.items())
        for month, mark in zip((-2, -1, 1, 2, 3, 4), marks.replace(" ", ""), strict=True)
    ]
    panel = SimpleNamespace(event_time_frame=lambda matched, outcome, columns: pd.DataFrame(rows))
    matched = SimpleNamespace(design=SimpleNamespace(risk_set="index_month" if starts else None))
    return measure_attrition(panel, matched, "y", baseline=2, follow_up=(1, 4))


def test_shares_are_of_the_months_after_the_start():
    found = lost()
    assert found.treated == pytest.approx(2 / 8) and found.comparison == pytest.approx(1 / 8)
    assert found.overall == pytest.approx(3 / 16)
    assert (found.n_treated, found.n_comparison) == (2, 2)
    assert found.low < found.difference < found.high


def test_a_family_that_starts_itself_serves_no_longer_and_is_not_lost():
    found = lost({**FAMILIES, "d": (False, 1.0, "xx xx..")}, serves={"d": 2})
    assert found.comparison == 0


def test_a_month_in_which_nobody_is_seen_is_not_lost():
    nobody = {name: (arm, weight, f"{marks[:5]}..") for name, (arm, weight, marks) in FAMILIES.items()}
    assert lost(nobody).treated == lost(nobody).comparison == 0


def test_months_in_which_nobody_is_seen_are_those_of_the_calendar():
    """B starts a month later: its third month is the fourth of the others, in which nobody is seen."""
    families = {
        "A": (True, 1.0, "xx xxx."),
        "B": (True, 1.0, "xx xx.."),
        "c": (False, 1.0, "xx xxx."),
        "d": (False, 1.0, "xx xxx."),
    }
    assert lost(families, starts={"A": 10, "B": 11, "c": 10, "d": 10}).treated == 0
    assert lost(families).treated == pytest.approx(1 / 6)


def test_who_was_not_seen_before_cannot_be_lost():
    found = lost({**FAMILIES, "C": (True, 1.0, ".. ...."), "e": (False, 1.0, ".. ....")})
    assert found.treated == lost().treated and found.n_treated == 2


def test_families_count_by_their_weight():
    found = lost({**FAMILIES, "d": (False, 3.0, "xx xxx.")})
    assert found.comparison == pytest.approx(3 / 16)


def test_without_a_group_nothing_can_be_said():
    found = lost({name: FAMILIES[name] for name in "AB"})
    assert isinstance(found, NotEstimated)
    check = attrition_check(found)
    assert not check.passed and check.detail.startswith("This could not be examined: no months of both groups")


def test_the_error_is_clustered_by_family():
    """Each family twice, under one name, tells no more than once."""
    twice = {f"{name}{copy}": family for name, family in FAMILIES.items() for copy in "12"}
    once, repeated = lost(), lost(twice)
    assert repeated.n_treated == once.n_treated
    assert (repeated.low, repeated.high) == pytest.approx((once.low, once.high))


@pytest.mark.parametrize(
    ("overall", "points"), [(0.0, 5.7), (0.10, 6.3), (0.20, 5.4), (0.30, 4.1), (0.40, 2.6), (0.50, 1.0), (0.57, 0.0)]
)
def test_the_boundary_is_that_of_the_what_works_clearinghouse(overall, points):
    assert tolerated(overall) == pytest.approx(points / 100)


def test_from_58_in_100_lost_no_difference_is_tolerated():
    assert tolerated(0.574) is not None and tolerated(0.576) is None and tolerated(1.0) is None


SMALL = Attrition(0.11, 0.09, -0.02, 0.06, 0.1, 150, 450)


@pytest.mark.parametrize(
    ("attrition", "passed", "said"),
    [
        (SMALL, True, "no more than 6.3 points"),
        (replace(SMALL, low=0.01, high=0.03), True, "no more than 6.3 points"),  # clear, but too small to matter
        (replace(SMALL, treated=0.18, low=-0.01, high=0.19), True, "but not beyond chance"),
        (replace(SMALL, treated=0.18, low=0.02, high=0.16), False, "and beyond chance"),
        (replace(SMALL, treated=0.01, comparison=0.1, low=-0.13, high=-0.05), False, "and beyond chance"),
        (
            replace(SMALL, treated=0.6, comparison=0.6, low=-0.1, high=0.1, overall=0.6),
            False,
            "tolerates no difference",
        ),
    ],
)
def test_a_difference_fails_where_it_is_larger_than_the_standard_tolerates_and_than_chance(attrition, passed, said):
    check = attrition_check(attrition)
    assert check.passed == passed and said in check.detail and check.kind == "attrition"


def test_few_families_are_not_told_by_their_share():
    """One of eight families that is out of sight for all months would be told by 12.5 %."""
    assert "out of sight in less than 100%" in replace(SMALL, treated=0.125, n_treated=8).summary()


def test_loss_takes_a_verdict_down_and_lowers_standards():
    check = attrition_check(replace(SMALL, treated=0.18, low=0.02, high=0.16))
    verdict = judge([measured(value=-40, checks=(check,))], about=ABOUT)
    assert verdict.word == "promising"
    assert "that both groups stayed in sight alike" in verdict.outcomes[0].reason
    told = score_standards(verdict)
    assert all("It was not shown that both groups stayed in sight alike." in row.reasons for row in told.rows)
    assert not any("lost on the way" in note for note in told.notes)


def test_chance_alone_fails_a_small_study_in_few_of_100():
    """40 with and 120 without, of whom one in ten is lost in both groups: 5 of 100 at most, here of 120 fixed seeds."""
    failed = sum(not study(40, seed, lost=(0.1, 0.1)).is_tolerated for seed in range(120))
    assert failed <= 6


def test_a_loss_that_would_bias_is_seen():
    failed = sum(not study(150, seed, lost=(0.3, 0.1)).is_tolerated for seed in range(20))
    assert failed >= 18
