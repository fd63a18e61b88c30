"""What becomes of the distribution of an outcome: who reaches each of several thresholds."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att, estimate_distribution
from tf_eval.errors import ConfigError, InputError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted"}


def counts(seed: int, units: int = 400, periods: int = 6) -> pd.DataFrame:
    """Counts of which treatment makes one in two none; some start in period 3, some in 5."""
    random = np.random.default_rng(seed)
    adopted = random.choice([0, 0, 3, 5], units)
    rows = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(1, periods + 1), units),
            "adopted": np.repeat(adopted, periods),
        }
    )
    need = np.repeat(random.gamma(2.0, 0.8, units), periods)
    untreated = random.poisson(need)
    kept = random.random(len(rows)) < 0.5
    treated = (rows["adopted"] > 0) & (rows["period"] >= rows["adopted"])
    return rows.assign(untreated=untreated, y=np.where(treated & ~kept, 0, untreated), x=need.round(1))


@pytest.mark.parametrize("average", ["simple", "cohort"])
@pytest.mark.parametrize("options", [{}, {"covariates": ["x"], "method": "outcome_regression"}])
def test_effects_on_all_shares_sum_to_that_on_the_mean(average, options):
    frame = counts(1)
    thresholds = range(1, int(frame["y"].max()) + 1)
    shares = estimate_distribution(frame, outcome="y", thresholds=thresholds, average=average, **COLUMNS, **options)
    mean = estimate_att(frame, outcome="y", **COLUMNS, **options).overall(average)
    table = shares.table()
    # a count is the sum, over the thresholds, of whether it reaches them
    assert table["att"].sum() == pytest.approx(mean.att)
    assert table["share_treated"].sum() == pytest.approx(mean.treated_mean)
    assert np.sqrt(shares.effects.covariance.sum()) == pytest.approx(mean.std_error)


def test_planted_shares_are_found():
    frame = counts(2, units=4000)
    shares = estimate_distribution(frame, outcome="y", thresholds=[1, 2, 4], **COLUMNS).table()
    after = frame[(frame["adopted"] > 0) & (frame["period"] >= frame["adopted"])]
    truth = [(after["untreated"] >= threshold).mean() for threshold in (1, 2, 4)]
    # cells count by the treated in them, so that the mean over cells is that over these rows
    np.testing.assert_allclose(shares["share_expected"], truth, atol=4 * shares["std_error"].max())
    np.testing.assert_allclose(shares["share_treated"], [(after["y"] >= at).mean() for at in (1, 2, 4)])


def test_the_band_is_that_of_the_joint_normal():
    found = estimate_distribution(counts(3), outcome="y", thresholds=[1, 2, 3], **COLUMNS)
    banded = found.simultaneous(seed=1, draws=4000)
    error = np.sqrt(np.diag(found.effects.covariance))
    draws = np.random.default_rng(2).multivariate_normal(np.zeros(3), found.effects.covariance, 100_000) / error
    # the 95th percentile of 4,000 draws has an error of about 0.03
    assert banded.effects.reach == pytest.approx(np.quantile(np.abs(draws).max(axis=1), 0.95), abs=0.1)
    assert "stands for all thresholds" in banded.summary()
    assert {"band_low", "band_high"} <= set(banded.table())


def test_by_default_every_value_is_a_threshold_and_of_many_the_deciles():
    few = counts(4).assign(y=lambda frame: frame["y"].clip(upper=3))
    assert estimate_distribution(few, outcome="y", **COLUMNS).table()["threshold"].tolist() == [1, 2, 3]
    many = counts(4).assign(y=lambda frame: frame["y"] + np.random.default_rng(1).random(len(frame)))
    assert len(estimate_distribution(many, outcome="y", **COLUMNS).effects) == 9


def test_of_an_outcome_that_is_mostly_none_thresholds_are_any_and_the_deciles_of_some():
    random = np.random.default_rng(1)
    frame = counts(4).assign(
        y=lambda rows: np.where(random.random(len(rows)) < 0.8, 0, random.integers(1, 100, len(rows)))
    )
    found = estimate_distribution(frame, outcome="y", **COLUMNS).table()["threshold"]
    assert found[0] == 1 and len(found) == 10
    some = frame.loc[frame["y"] > 0, "y"]
    assert [(some >= threshold).mean() for threshold in found[1:]] == pytest.approx(np.arange(9, 0, -1) / 10, abs=0.03)


def test_thresholds_of_which_nothing_is_told_are_counted():
    frame = counts(7)
    frame.loc[frame.index[:3], "y"] = 40
    told = estimate_distribution(frame, outcome="y", thresholds=[1, 40], **COLUMNS).summary()
    assert "Nothing is told of some: 1 of 2 thresholds are reached, or missed, by fewer than 10 of the treated" in told
    assert "Nothing is told" not in estimate_distribution(frame, outcome="y", thresholds=[1], **COLUMNS).summary()


def test_what_no_distribution_can_be_is_told():
    # the treated are never above 1 and the others come down from 3: expected is a share below 0
    frame = counts(5)
    late = frame["period"] >= 3
    frame = frame.assign(y=np.where(frame["adopted"] == 3, frame["period"] % 2, np.where(late, 0, 3)))
    found = estimate_distribution(frame[frame["adopted"] != 5], outcome="y", thresholds=[1, 3], **COLUMNS)
    assert 3 in found.impossible()
    assert "no distribution at" in found.summary() and "trends were not parallel" in found.summary()


def test_it_is_told_in_shares_and_travels():
    found = estimate_distribution(counts(6), outcome="y", thresholds=[1, 3], **COLUMNS)
    told = found.summary()
    assert "of the treated had y of at least 1, against" in told and "points (95% interval" in told
    assert "significant" not in told
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["rows"][0]["threshold"] == 1
    ax = found.plot()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "3"]


def test_few_who_reach_a_threshold_are_not_shown():
    frame = counts(7)
    frame.loc[frame.index[:3], "y"] = 40
    found = estimate_distribution(frame, outcome="y", thresholds=[40], **COLUMNS)
    assert "not shown" in found.summary() and "40" not in found.summary()
    assert not found.plot().lines
    assert "1" not in repr(found).replace("1 threshold", "")


def test_nothing_tells_a_threshold_that_few_reach():
    frame = counts(7).assign(y=lambda rows: rows["y"].clip(upper=2))
    frame.loc[frame.index[:3], "y"] = 7919
    found = estimate_distribution(frame, outcome="y", **COLUMNS)
    assert found.table()["threshold"].tolist() == [1, 2, 7919]
    rows = found.effects.rows
    told = [found.summary(), found.effects.summary(), *map(repr, rows), *(row.summary() for row in rows)]
    names = [text.get_text() for ax in (found.plot(), found.effects.plot()) for text in ax.get_xticklabels()]
    assert not any("7,919" in words or "7919" in words for words in [*told, *names])
    assert names == ["1", "2", "1", "2", ""]
    assert len(found.effects.plot().containers[-1].lines[0].get_xdata()) == 2


def test_a_threshold_that_few_reach_is_no_distribution_without_its_name():
    # the treated are never above 1 and the others come down from 3: expected is a share below 0
    frame = counts(5)
    late = frame["period"] >= 3
    frame = frame.assign(y=np.where(frame["adopted"] == 3, frame["period"] % 2, np.where(late, 0, 3)))
    found = estimate_distribution(frame[frame["adopted"] != 5], outcome="y", thresholds=[1, 3], **COLUMNS)
    assert found.impossible().tolist() == [1, 3]
    assert "is no distribution at 1 and 1 threshold not shown: " in found.summary()


def test_the_callers_frame_is_left_as_it_was():
    frame = counts(8)
    before = frame.copy()
    estimate_distribution(frame, outcome="y", thresholds=[1], **COLUMNS)
    pd.testing.assert_frame_equal(frame, before)


def test_missing_outcomes_stay_missing():
    frame = counts(9).assign(y=lambda rows: rows["y"].where(rows["unit"] % 7 != 0).astype("Int64"))
    reached = frame.assign(y=(frame["y"] >= 1).astype("Float64").where(frame["y"].notna()))
    found = estimate_distribution(frame, outcome="y", thresholds=[1], **COLUMNS)
    assert found.table()["att"].tolist() == [estimate_att(reached, outcome="y", **COLUMNS).overall().att]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"thresholds": []}, ConfigError, "one or more numbers, rising"),
        ({"thresholds": [2, 1]}, ConfigError, "one or more numbers, rising"),
        ({"thresholds": [1, np.inf]}, ConfigError, "one or more numbers, rising"),
        ({"thresholds": ["a"]}, ConfigError, "one or more numbers, rising"),
        ({"thresholds": 3}, ConfigError, "one or more numbers, rising"),
        ({"average": "median"}, ConfigError, "no average 'median'"),
        ({"exposure": "x"}, ConfigError, "leave exposure out"),
        ({"errors": "unequal"}, ConfigError, "leave errors out"),
        ({"cluster": ["unit", "x"]}, ConfigError, "name one cluster column"),
        ({"outcome": "z"}, InputError, "'z'"),
        ({"outcome": "word"}, InputError, "'word' is not numeric"),
        ({"outcome": "same"}, InputError, "the same in all rows"),
        ({"outcome": "gone"}, InputError, "'gone' has no value"),
        ({"outcome": "endless"}, InputError, "'endless' holds infinite values"),
        ({"outcme": "y"}, ConfigError, "no option 'outcme'"),
        ({"average": ["simple"]}, ConfigError, "no average can be of type list"),
        ({"unit": None}, ConfigError, "estimate_distribution: unit is not given"),
    ],
)
def test_what_cannot_be_honoured_is_refused(options, error, said):
    frame = counts(10, units=40).assign(word="a", same=1, gone=np.nan, endless=np.inf)
    with pytest.raises(error, match=said):
        estimate_distribution(frame, **{"outcome": "y", **COLUMNS, **options})


def test_no_interval_is_told_or_drawn_where_all_treated_are_of_one_cluster():
    frame = counts(1).assign(area=lambda rows: np.where(rows["adopted"] > 0, -1, rows["unit"]))
    found = estimate_distribution(frame, outcome="y", thresholds=[1, 2], cluster="area", **COLUMNS)
    assert "interval" not in found.summary() and "All treated are of one cluster" in found.summary()
    segments = [segment for lines in found.plot().collections for segment in lines.get_segments()]
    assert not any(len(segment) and np.isfinite(segment).all() for segment in segments)
