"""Choices among many rows: near to the bound, and the same every time."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from tf_eval.matching import check_balance, match
from tf_eval.matching.choosing.alike import Alike

COVARIATES = [f"x{number}" for number in range(8)]


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    """4,000 rows, a fifth of them treated: numbers, whole numbers and yes/no, all of which part the arms."""
    random = np.random.default_rng(11)
    values = random.normal(size=(4000, len(COVARIATES)))
    values[:, ::3] = values[:, ::3] > 0.5
    values[:, 1::3] = np.round(2 * values[:, 1::3])
    log_odds = values @ random.normal(scale=0.5, size=len(COVARIATES)) - 1.5
    frame = pd.DataFrame(values, columns=COVARIATES).assign(treated=random.random(4000) < 1 / (1 + np.exp(-log_odds)))
    return frame.assign(cell=random.integers(0, 5, 4000))


def relaxed(frame: pd.DataFrame, ratio: int, tolerance: float) -> float:
    """Return the bound by the linear programme, written as it is said."""
    treated = frame["treated"].to_numpy()
    values = frame[COVARIATES].to_numpy(float)
    values = (values - values[treated].mean(axis=0)) / values[treated].std(axis=0, ddof=1)
    apart = (values * np.where(treated, 1.0, -1.0 / ratio)[:, None]).T
    limits = np.vstack([apart - tolerance * treated, -apart - tolerance * treated])
    equal = np.where(treated, -float(ratio), 1.0)[None]
    bounds = [(0, 1)] * len(frame)
    return -linprog(-treated.astype(float), limits, np.zeros(len(limits)), equal, [0.0], bounds).fun


@pytest.mark.parametrize(("ratio", "tolerance"), [(1, 0.02), (2, 0.05), (1, 0.001)])
def test_of_many_rows_all_but_one_in_a_hundred_are_chosen_that_any_choice_could_have(many, ratio, tolerance):
    found = match(many, on=COVARIATES, treated="treated", method="cardinality", ratio=ratio, tolerance=tolerance)
    chosen, bound = int(found.frame["treated"].sum()), relaxed(many, ratio, tolerance)
    assert 0.99 * bound <= chosen <= bound + 1e-6
    assert abs(check_balance(found).worst["smd_after"]) <= tolerance + 2e-6


def test_shuffled_rows_give_the_same_choice(many):
    one, other = (
        match(rows, on=COVARIATES, treated="treated", method="cardinality", exact="cell", ratio=2)
        for rows in (many, many.sample(frac=1.0, random_state=4))
    )
    pd.testing.assert_frame_equal(one.frame, other.frame.sort_index(), check_exact=True)


def test_a_profile_of_many_rows(many):
    found = match(many, on=COVARIATES, treated="treated", method="profile")
    assert found.frame["treated"].sum() == many["treated"].sum()
    assert abs(check_balance(found).worst["smd_after"]) <= 0.02 + 2e-6


def test_the_first_rows_of_a_kind_are_taken():
    alike = Alike.of([np.array([1, 0, 1, 1, 0]), np.array([5, 5, 5, 6, 5])])
    assert alike.kind.tolist() == [1, 0, 1, 2, 0]
    assert alike.size.tolist() == [2, 2, 1]
    assert alike.first.tolist() == [1, 0, 3]
    assert alike.take(np.array([1, 2, 0])).tolist() == [True, True, True, False, False]
