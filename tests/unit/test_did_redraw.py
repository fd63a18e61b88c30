"""Studies drawn again: what comparison units count, who is awaited, and how far the studies scatter."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import detectable_change, estimate_att
from tf_eval.did.planning.redraw import Awaited, Compared, lay_design
from tf_eval.errors import NotEstimated

DRAWS = 2000


def compared(change: np.ndarray, **other) -> Compared:
    rows = len(change)
    plain = {
        "level": change,
        "weight": np.ones(rows),
        "stratum": np.zeros(rows, dtype=int),
        "cluster": np.arange(rows),
        "columns": np.ones((rows, 1)),
    }
    return Compared(change=change, **(plain | other))


def awaited(rows: int, periods: int, **other) -> Awaited:
    plain = {
        "covered": np.ones((rows, periods), dtype=bool),
        "stratum": np.zeros(rows, dtype=int),
        "columns": np.ones((rows, 1)),
    }
    return Awaited(**(plain | other))


def studies(first_arm: Compared, second: Awaited, first=0, last=0, small_sample=False):
    drawing = lay_design(first_arm, second, small_sample=small_sample)
    return drawing.studies(first, last, DRAWS, np.random.default_rng(1))


def test_without_anything_to_adjust_for_it_is_the_textbook():
    """Two groups of different sizes, one number each: the textbook of a difference of means."""
    change = np.random.default_rng(1).normal(size=(400, 1))
    found = studies(compared(change), awaited(300, 1))
    expected = detectable_change(300, 400, standard_deviation=float(change.std(ddof=1)))
    # 2,000 draws of either sign know their 80th percentile to 0.045 errors at most, 1.6 % of the 2.8 that the effect
    # is; t with 299 degrees of freedom asks for 0.3 % more than the normal. Two Monte-Carlo errors and that.
    assert found.placebos.detectable(0.8) == pytest.approx(expected, rel=0.035)
    assert found.placebos.detected(0.0) == pytest.approx(0.05, abs=0.015)
    assert (found.n_treated, found.n_comparison) == (300, 400)
    assert found.base_rate == pytest.approx(change.mean())


@pytest.mark.parametrize("base_rate", [0.05, 0.3])
def test_of_a_share_it_is_the_textbook_of_an_effect_that_leaves_scatter_alone(base_rate):
    """The planned fall of the textbook also narrows the treated group's scatter, and so is the smaller."""
    units = 800
    change = (np.arange(units) < base_rate * units).astype(float)[:, None]
    found = studies(compared(change), awaited(units, 1)).placebos.detectable(0.8)
    scatter = np.sqrt(base_rate * (1 - base_rate))
    assert found == pytest.approx(detectable_change(units, standard_deviation=scatter), rel=0.035)
    assert 0.8 * found < detectable_change(units, base_rate=base_rate) < 1.035 * found


def test_rows_of_one_unit_are_drawn_together():
    change = np.random.default_rng(2).normal(size=(60, 1))
    once = studies(compared(change), awaited(3000, 1)).placebos
    thrice = compared(np.repeat(change, 3, axis=0), cluster=np.repeat(np.arange(60), 3))
    again = studies(thrice, awaited(3000, 1))
    # The comparison alone scatters here; the draws are others, and 2,000 know a scatter to 1.6 %.
    assert again.placebos.effects.std() == pytest.approx(once.effects.std(), rel=0.06)
    assert again.n_comparison == 60


def test_comparison_units_count_as_the_outcome_regression_has_them():
    random = np.random.default_rng(3)
    need = np.concatenate([random.normal(0.5, size=40), random.normal(size=90)])
    weight = np.concatenate([np.ones(40), random.uniform(0.5, 2, 90)])
    after = random.normal(size=130) + need
    unit = np.arange(130)
    frame = pd.DataFrame({"unit": np.tile(unit, 2), "month": np.repeat([1, 2], 130), "y": np.append(0 * after, after)})
    frame["start"] = np.tile(np.where(unit < 40, 2, np.inf), 2)
    frame = frame.assign(need=np.tile(need, 2), weight=np.tile(weight, 2))
    asked = {"unit": "unit", "period": "month", "adopted": "start", "covariates": ["need"], "weights": "weight"}
    effect = estimate_att(frame, outcome="y", method="outcome_regression", **asked).overall()
    columns = np.column_stack([np.ones(130), need])
    others = compared(after[40:, None], weight=weight[40:], columns=columns[40:])
    drawing = lay_design(others, awaited(40, 1, columns=columns[:40]), small_sample=True)
    counts = drawing.counts[:, 0]
    assert counts @ columns[40:] == pytest.approx(columns[:40].mean(axis=0))
    assert after[:40].mean() - counts @ after[40:] == pytest.approx(effect.att)
    base = drawing.studies(0, 0, DRAWS, np.random.default_rng(1)).base_rate
    assert base == pytest.approx(effect.counterfactual_mean)


def test_covariates_take_out_what_they_explain():
    random = np.random.default_rng(4)
    need = random.normal(size=500)
    change = (2 * need + random.normal(size=500))[:, None]
    columns = np.column_stack([np.ones(500), need])
    with_it = studies(compared(change, columns=columns), awaited(500, 1, columns=columns), small_sample=True)
    plain = studies(compared(change), awaited(500, 1))
    # The scatter falls from the root of 5 to 1; both are known to some percent.
    assert with_it.placebos.detectable(0.8) == pytest.approx(plain.placebos.detectable(0.8) / np.sqrt(5), rel=0.1)


def test_who_is_not_covered_by_the_records_is_not_awaited():
    change = np.random.default_rng(5).normal(size=(200, 2))
    covered = np.ones((100, 2), dtype=bool)
    covered[20:, 1] = False
    drawing = lay_design(compared(change), awaited(100, 2, covered=covered), small_sample=False)
    early, late, both = (drawing.studies(*band, DRAWS, np.random.default_rng(1)) for band in ((0, 0), (1, 1), (0, 1)))
    assert (early.n_treated, late.n_treated, both.n_treated) == (100, 20, 20)
    # Of 200 and 20 instead of 200 and 100: the root of (1 / 20 + 1 / 200) / (1 / 100 + 1 / 200).
    ratio = late.placebos.effects.std() / early.placebos.effects.std()
    scatter = change[:, 1].std() / change[:, 0].std()
    assert ratio == pytest.approx(scatter * np.sqrt(0.055 / 0.015), rel=0.07)


def test_stand_ins_are_of_the_same_start_cohort():
    """One cohort's changes never scatter, the other's do; the comparison adds little to either study."""
    stratum = np.repeat([0, 1], 2000)
    change = np.where(stratum == 0, 0.0, np.random.default_rng(7).normal(size=4000))[:, None]
    others = compared(change, stratum=stratum, columns=np.column_stack([stratum == 0, stratum == 1]).astype(float))
    quiet, lively = (
        studies(others, awaited(50, 1, stratum=np.full(50, of), columns=np.tile(np.eye(2)[of], (50, 1)))).placebos
        for of in (0, 1)
    )
    assert np.abs(quiet.effects).max() < 1e-12
    assert lively.effects.std() == pytest.approx(np.sqrt(1 / 50 + 1 / 2000), rel=0.06)


def test_an_outcome_that_never_changes_tells_nothing():
    found = studies(compared(np.full((50, 1), 3.0)), awaited(20, 1))
    assert isinstance(found, NotEstimated) and "never changes" in found.reason


@pytest.mark.parametrize(
    ("covered", "rows", "small_sample", "reason"),
    [
        (False, 30, False, "records do not reach"),
        (True, 2, False, "too few"),
        (True, 30, True, "too few"),
    ],
)
def test_what_cannot_be_drawn_says_why(covered, rows, small_sample, reason):
    random = np.random.default_rng(8)
    columns = np.column_stack([np.ones(rows), random.normal(size=(rows, 5))])
    few = np.column_stack([np.ones(6), random.normal(size=(6, 5))])
    other = awaited(6, 1, covered=np.full((6, 1), covered), columns=few)
    found = studies(compared(random.normal(size=(rows, 1)), columns=columns), other, small_sample=small_sample)
    assert isinstance(found, NotEstimated) and reason in found.reason


def test_nobody_seen_for_half_of_the_periods_leaves_no_stand_in():
    change = np.full((90, 3), np.nan)
    change[np.arange(90), np.arange(90) % 3] = np.random.default_rng(9).normal(size=90)
    found = studies(compared(change), awaited(20, 3), 0, 2)
    assert isinstance(found, NotEstimated) and "half of these periods" in found.reason
