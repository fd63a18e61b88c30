"""Effects by how much treatment was got."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tf_eval.did import difference, estimate_att, estimate_by_dose
from tf_eval.errors import ConfigError, InputError, NotEstimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}
GAIN = 0.2


def sessions(seed: int, units: int = 600, periods: int = 6) -> pd.DataFrame:
    """Each session takes ``GAIN`` off the outcome from the start on; some start in period 3, some in 5."""
    random = np.random.default_rng(seed)
    adopted, dose = random.choice([0, 0, 3, 5], units), random.integers(1, 13, units).astype(float)
    level = random.normal(size=units)
    rows = pd.DataFrame(
        {"unit": np.repeat(np.arange(units), periods), "period": np.tile(np.arange(periods) + 1, units)}
    )
    own = rows["unit"].to_numpy()
    rows = rows.assign(adopted=adopted[own], dose=np.where(adopted > 0, dose, np.nan)[own])
    treated = (rows["adopted"] > 0) & (rows["period"] >= rows["adopted"])
    noise = random.normal(size=len(rows))
    return rows.assign(y=level[own] + 0.3 * rows["period"] - GAIN * np.where(treated, dose[own], 0) + noise)


def test_each_band_is_its_treated_against_all_who_never_start():
    frame = sessions(1)
    found = estimate_by_dose(frame, dose="dose", cuts=[4, 8], **COLUMNS)
    for row, (low, high) in zip(found.effects, [(0, 4), (4, 8), (8, 12)], strict=True):
        own = frame[frame["dose"].isna() | ((frame["dose"] > low) & (frame["dose"] <= high))]
        expected = estimate_att(own, **COLUMNS).overall()
        assert (row.att, row.std_error) == pytest.approx((expected.att, expected.std_error))
    table = found.table()
    assert table[["lowest", "highest"]].to_numpy().tolist() == [[1, 4], [5, 8], [9, 12]]


def test_the_planted_slope_is_found():
    found = estimate_by_dose(sessions(2, units=3000), dose="dose", **COLUMNS)
    slope = found.slope()
    assert abs(slope.slope + GAIN) < 4 * slope.std_error
    assert slope.ci_high < 0
    expected = -GAIN * found.table()["mean_dose"]
    np.testing.assert_allclose(found.table()["att"], expected, atol=4 * found.table()["std_error"].max())


def test_errors_know_that_all_bands_have_the_same_comparison():
    found = estimate_by_dose(sessions(3), dose="dose", cuts=[6], **COLUMNS)
    low, high = found.results
    apart = difference(high, low)
    covariance, doses = found.effects.covariance, found.table()["mean_dose"]
    both = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert covariance[0, 1] > 0
    assert both == pytest.approx(apart.std_error**2)
    # of two bands the line goes through both
    assert found.slope().slope == pytest.approx(apart.difference / (doses[1] - doses[0]))
    assert found.slope().std_error == pytest.approx(apart.std_error / (doses[1] - doses[0]))


def test_the_line_is_that_of_least_squares_by_units():
    found = estimate_by_dose(sessions(4), dose="dose", cuts=[3, 6, 9], **COLUMNS)
    table = found.table()
    line = np.polyfit(table["mean_dose"], table["att"], 1, w=np.sqrt(found.n_units))
    assert found.slope().slope == pytest.approx(line[0])


def test_by_default_bands_have_about_as_many():
    found = estimate_by_dose(sessions(5), dose="dose", **COLUMNS)
    assert len(found.effects) == 3
    # twelve doses of about 25 units each, so that no band is more than one dose off a third
    assert np.ptp(found.n_units) < 60


def test_the_order_of_rows_does_not_matter():
    frame = sessions(6)
    one, other = (
        estimate_by_dose(each, dose="dose", **COLUMNS) for each in (frame, frame.sample(frac=1, random_state=1))
    )
    pd.testing.assert_frame_equal(one.table(), other.table())
    np.testing.assert_allclose(one.effects.covariance, other.effects.covariance)


def test_it_says_that_it_is_exploratory_and_travels():
    found = estimate_by_dose(sessions(7), dose="dose", **COLUMNS)
    told = found.summary()
    assert "Exploratory: nobody drew by lot" in told and "The estimated effect on y of dose up to " in told
    assert "significant" not in told
    known = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert known["exploratory"] and known["slope"]["slope"] == pytest.approx(found.slope().slope)
    assert found.plot().get_title(loc="left").startswith("Exploratory")
    assert "band" in found.effects.simultaneous(seed=1).summary()


def test_one_dose_for_all_has_no_slope():
    found = estimate_by_dose(sessions(8).assign(dose=5.0), dose="dose", **COLUMNS)
    assert len(found.effects) == 1
    assert isinstance(found.slope(), NotEstimated)
    assert json.dumps(found.to_dict(), allow_nan=False) and found.summary()


def test_few_units_are_not_shown():
    few = sessions(9, units=40)
    found = estimate_by_dose(few, dose="dose", **COLUMNS)
    assert "not shown" in found.summary()
    assert not any(character.isdigit() for character in repr(found).replace("3 bands", ""))


def test_nothing_tells_the_dose_of_the_one_who_got_most():
    frame = sessions(7)
    most = frame["unit"] == frame.loc[frame["dose"].notna(), "unit"].iloc[0]
    found = estimate_by_dose(frame.assign(dose=frame["dose"].mask(most, 7919)), dose="dose", cuts=[4, 8], **COLUMNS)
    assert [row.label for row in found.effects] == ["dose up to 4", "dose above 4 to 8", "dose above 8"]
    told = found.summary() + found.effects.summary() + repr(found) + repr(found.effects.rows)
    assert "7919" not in told and "7,919" not in told
    names = [text.get_text() for text in found.effects.plot().get_xticklabels()]
    assert names == ["up to 4", "above 4 to 8", "above 8"]
    reached = [segment[:, 0].max() for lines in found.plot().collections for segment in lines.get_segments()]
    assert max(reached) < 7919
    assert found.table()["highest"].max() == 7919


def test_a_start_that_is_never_seen_needs_no_dose():
    frame = sessions(10)
    late = frame.assign(adopted=frame["adopted"].mask(frame["adopted"] == 0, 99))
    one, other = (estimate_by_dose(each, dose="dose", **COLUMNS).table() for each in (frame, late))
    np.testing.assert_allclose(one["att"], other["att"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda frame: frame.assign(
                dose=frame["dose"].mask(frame["unit"] == frame["unit"][frame["dose"].notna()].iloc[0])
            ),
            "missing of 1",
        ),
        (lambda frame: frame.assign(dose=frame["dose"] + frame["period"]), "changes within"),
        (lambda frame: frame.assign(dose=0), "not above 0"),
        (lambda frame: frame.assign(dose=np.inf), "not above 0 and finite"),
        (lambda frame: frame.assign(dose="many"), "must be numbers"),
        (lambda frame: frame.assign(adopted=0), "nobody is treated"),
        (lambda frame: frame.drop(columns="dose"), "'dose'"),
    ],
)
def test_doses_that_are_none_are_refused(change, said):
    with pytest.raises(InputError, match=said):
        estimate_by_dose(change(sessions(11, units=60)), dose="dose", **COLUMNS)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"cuts": [8, 4]}, ConfigError, "rising"),
        ({"cuts": 4}, ConfigError, "one or more doses"),
        ({"cuts": [4, 50]}, InputError, "no treated unit"),
        ({"average": "median"}, ConfigError, "no average 'median'"),
        ({"errors": "unequal"}, ConfigError, "leave errors out"),
        ({"cluster": ["unit", "period"]}, ConfigError, "one way"),
    ],
)
def test_what_cannot_be_honoured_is_refused(options, error, said):
    with pytest.raises(error, match=said):
        estimate_by_dose(sessions(12, units=60), dose="dose", **COLUMNS, **options)


@pytest.mark.parametrize("anticipation", [0, 1])
def test_doses_of_those_with_nothing_before_their_start_are_not_looked_at(anticipation):
    frame, options = sessions(1), {"dose": "dose", "anticipation": anticipation, **COLUMNS}
    always = frame["unit"] < 60
    frame.loc[always, "adopted"] = 1 + anticipation
    frame.loc[always & (frame["unit"] % 2 == 0), "dose"] = 500
    found, expected = (estimate_by_dose(each, **options).table() for each in (frame, frame[~always]))
    pd.testing.assert_frame_equal(found, expected)


def test_the_slope_has_the_degrees_of_freedom_of_the_band_with_the_fewest():
    frame = sessions(1).assign(area=lambda rows: rows["unit"] % 12)
    found = estimate_by_dose(frame, dose="dose", cluster="area", quantile="t", **COLUMNS)
    fewest, slope = min(row.degrees_of_freedom for row in found.effects), found.slope()
    assert slope.p_value == pytest.approx(2 * stats.t.sf(abs(slope.slope) / slope.std_error, fewest))


def test_a_slope_has_no_interval_where_a_band_has_none():
    frame = sessions(1).assign(area=lambda rows: np.where(rows["dose"] > 8, -1, rows["unit"]))
    told = estimate_by_dose(frame, dose="dose", cluster="area", cuts=[4, 8], **COLUMNS).summary()
    assert "are of one cluster" in told
    assert "interval" not in told[told.index("With each more of dose") : told.index("Exploratory")]
