"""Chances of treatment: neither what a part of many rows gives first nor what contrasts hand on moves a result."""

import warnings

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att
from tf_eval.did.group_time import logit

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def drawn(units: int = 1500, periods: int = 6) -> pd.DataFrame:
    """Return a panel with gaps in which those with a high x start more often, in periods 3 to 5."""
    random = np.random.default_rng(5)
    x = random.normal(size=units)
    adopted = np.where(random.random(units) < logit.chances(0.5 * x - 0.5), random.integers(3, 6, units), 0)
    y = random.normal(size=(units, periods)) + 0.3 * x[:, None] * np.arange(periods)
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(1, periods + 1), units),
            "adopted": np.repeat(adopted, periods),
            "x": np.repeat(x, periods),
            "y": y.ravel(),
        }
    )
    return frame[random.random(len(frame)) > 0.05]


@pytest.mark.parametrize("gaps", [False, True])
def test_a_part_of_the_rows_is_only_where_the_fit_begins(monkeypatch, gaps):
    """A last step below 1e-4 leaves the coefficients about 1e-8 off, and the Hessian, which errors rest on, 1e-4."""
    frame = drawn()
    if not gaps:
        frame = frame[frame.groupby("unit")["period"].transform("size") == 6]
    every_row = estimate_att(frame, **COLUMNS, covariates="x", method="inverse_probability").table()
    parts = []
    monkeypatch.setattr(logit, "MANY", 150)
    climb = logit._climb
    monkeypatch.setattr(logit, "_climb", lambda *asked: parts.append(asked[-1]) or climb(*asked))
    some_first = estimate_att(frame, **COLUMNS, covariates="x", method="inverse_probability").table()
    assert logit.TOLERANCE_OF_PART in parts
    np.testing.assert_allclose(some_first["att"], every_row["att"], atol=1e-7)
    np.testing.assert_allclose(some_first["std_error"], every_row["std_error"], rtol=1e-4)


def test_like_rows_have_like_parts():
    """Every so manyeth row is the same row until twice as many are skipped."""
    many = logit.MANY
    asked = [1, many, 2 * many - 1, 2 * many, 3 * many, 4 * many - 1, 4 * many]
    assert [logit._every(rows) for rows in asked] == [1, 1, 1, 2, 2, 2, 4]


def test_chances_far_from_the_middle_are_0_and_1():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert logit.chances(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
