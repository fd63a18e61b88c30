"""Averages of several results drawn together: with one panel of all, and with ``difference``, as the reference."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import difference, draw_jointly, estimate_att
from tf_eval.errors import ConfigError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "comparison": "never_treated"}


def panel(starts=(3, 4), per=20, never=40, periods=5, seed=6) -> pd.DataFrame:
    """Two interventions with one comparison group, and two outcomes that hang together."""
    random = np.random.default_rng(seed)
    start = np.r_[np.repeat(starts, per), np.zeros(never, dtype=int)]
    unit, period = np.repeat(np.arange(len(start)), periods), np.tile(np.arange(1, periods + 1), len(start))
    shared = random.normal(size=len(unit))
    outcomes = {name: shared + random.normal(size=len(unit)) for name in ("y", "z")}
    area = random.integers(0, 12, len(start))[unit]
    return pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit], "area": area, **outcomes})


def results(frame: pd.DataFrame, outcomes=("y",), **asked):
    return {
        f"{start} on {outcome}": estimate_att(
            frame[frame["adopted"].isin([start, 0])], outcome=outcome, **COLUMNS, **asked
        )
        for start in (3, 4)
        for outcome in outcomes
    }


def test_errors_are_those_of_the_estimates_and_of_their_differences():
    effects = results(panel())
    drawn = draw_jointly(effects, [(0, 0), "simple"], seed=1)
    assert list(drawn.names) == ["3 on y", "3 on y", "4 on y", "4 on y"]
    assert np.sqrt(np.diag(drawn.covariance)) == pytest.approx([row.std_error for row in drawn.rows])
    apart = difference(*effects.values(), average="simple")
    contrast = np.array([0, 1, 0, -1])
    assert contrast @ drawn.covariance @ contrast == pytest.approx(apart.std_error**2)
    assert drawn.n_shared == apart.n_shared == 40
    assert drawn.summary().startswith("4 averages of 2 results, drawn together 999 times.")
    assert drawn.summary().endswith("serve in several results: about 40.")


@pytest.mark.parametrize("cluster", [None, "area"])
def test_draws_have_the_joint_covariance(cluster):
    drawn = draw_jointly(results(panel(), ("y", "z"), cluster=cluster), seed=1, draws=20_000)
    found = np.cov(drawn.deviations.T)
    errors = np.sqrt(np.diag(drawn.covariance))
    # A correlation is known to 1 / sqrt(20,000) = 0.007, and four times that is never reached by chance.
    assert found / np.outer(errors, errors) == pytest.approx(drawn.covariance / np.outer(errors, errors), abs=0.03)
    assert drawn.covariance[0, 1] > 0.2 * errors[0] * errors[1]


def test_the_same_clusters_have_the_same_multipliers_in_every_result():
    effect = next(iter(results(panel()).values()))
    drawn = draw_jointly({"one": effect, "again": effect}, seed=4)
    assert drawn.deviations[:, 0] == pytest.approx(drawn.deviations[:, 1])
    assert drawn.deviations[:, 0].std() > 0


def test_what_is_not_estimated_stays_missing():
    drawn = draw_jointly(results(panel()), ["simple", (7, 9)], seed=1)
    assert np.isnan(drawn.deviations).all(axis=0).tolist() == [False, True, False, True]
    assert np.isnan(np.diag(drawn.covariance)).tolist() == [False, True, False, True]
    table = drawn.table()
    assert table["reason"].notna().tolist() == [False, True, False, True]
    assert json.loads(json.dumps(drawn.to_dict()))["covariance"][1][1] is None


def test_nothing_estimated_at_all():
    drawn = draw_jointly(results(panel()), [(7, 9)], seed=1)
    assert np.isnan(drawn.deviations).all()
    assert drawn.n_shared == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"cluster": ["area", "unit"]}, "name one cluster column"),
        ({"errors": "unequal"}, "estimate with clustered errors"),
    ],
)
def test_errors_that_cannot_be_drawn_by_one_kind_of_cluster_are_refused(asked, said):
    with pytest.raises(ConfigError, match=said):
        draw_jointly(results(panel(), **asked), seed=1)


def test_results_in_which_nobody_is_recognised_are_refused():
    frame = panel()
    one, other = results(frame).values()
    by_area = estimate_att(frame, outcome="y", **COLUMNS, cluster="area")
    with pytest.raises(ConfigError, match="errors are clustered by"):
        draw_jointly({"one": one, "other": by_area}, seed=1)
    with pytest.raises(ConfigError, match="effects are given by name"):
        draw_jointly([one, other], seed=1)
    with pytest.raises(ConfigError, match="averages must be a list"):
        draw_jointly({"one": one}, "simple", seed=1)
    with pytest.raises(ConfigError, match="seed must be a whole number"):
        draw_jointly({"one": one}, seed=-1)
