"""The difference of two average effects: with one panel of both as the reference, where clusters are shared."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import Difference, difference, estimate_att
from tf_eval.errors import ConfigError, NotEstimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def panel(starts=(3, 4), per=20, never=40, periods=5, seed=6) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    start = np.r_[np.repeat(starts, per), np.zeros(never, dtype=int)]
    area, x = random.integers(0, 12, len(start)), random.normal(size=len(start))
    unit, period = np.repeat(np.arange(len(start)), periods), np.tile(np.arange(1, periods + 1), len(start))
    shock = random.normal(size=(12, periods))[area[unit], period - 1]
    y = x[unit] * period / 3 + shock + random.normal(size=len(unit)) + (start[unit] > 0) * (period >= start[unit])
    frame = pd.DataFrame({"unit": unit, "period": period, "adopted": start[unit], "y": y, "x": x[unit]})
    return frame.assign(area=area[unit], worker=random.integers(0, 15, len(start))[unit])


def apart(frame: pd.DataFrame, **asked):
    """Return the results of either start cohort with all the never treated, as two interventions would have them."""
    return [
        estimate_att(frame[frame["adopted"].isin([start, 0])], **COLUMNS, comparison="never_treated", **asked)
        for start in (3, 4)
    ]


@pytest.mark.parametrize("cluster", [None, "area", ["area", "worker"]])
@pytest.mark.parametrize("covariates", [(), "x"])
def test_two_results_with_shared_comparison_units_differ_as_cells_of_one_panel_do(cluster, covariates):
    frame = panel()
    asked = {"cluster": cluster, "covariates": covariates}
    found = difference(*apart(frame, **asked), average=(0, 0))
    whole = estimate_att(frame, **COLUMNS, comparison="never_treated", **asked)
    table = whole.table()
    weights = np.where(table["event_time"] == 0, np.where(table["adopted"] == 3, 1.0, -1.0), 0.0)
    expected = whole.combine(weights)
    assert found.difference == pytest.approx(expected.att)
    assert found.std_error == pytest.approx(expected.std_error)
    assert (found.ci_low, found.ci_high) == pytest.approx((expected.ci_low, expected.ci_high))
    assert found.p_value == pytest.approx(expected.p_value)


def test_comparison_units_that_both_share_cancel():
    frame = panel(periods=2, starts=(2, 9), per=20)
    first = frame[frame["unit"].between(0, 19) | (frame["unit"] >= 40)]
    second = frame[frame["unit"] >= 20].assign(adopted=lambda rows: np.where(rows["unit"] < 40, 2, 0))
    found = difference(*(estimate_att(each, **COLUMNS) for each in (first, second)))
    change = frame.groupby("unit")["y"].agg(lambda values: values.iloc[1] - values.iloc[0]).to_numpy()
    arms = change[:20], change[20:40]
    assert found.difference == pytest.approx(arms[0].mean() - arms[1].mean())
    assert found.std_error == pytest.approx(np.sqrt(sum(arm.var() / 20 for arm in arms)))
    assert found.n_shared == 40


def test_subgroups_that_share_nobody_have_the_error_of_independent_samples():
    frame = panel()
    effects = [estimate_att(frame[frame["unit"] % 2 == side], **COLUMNS) for side in (0, 1)]
    found = difference(*effects, names=("even", "odd"))
    errors = [effect.overall().std_error for effect in effects]
    assert found.std_error == pytest.approx(np.hypot(*errors))
    assert found.n_shared == 0
    assert "No unit or cluster serves in both." in found.summary()


def test_unequal_errors_of_subgroups_add_up_whether_or_not_labels_are_read():
    frame = panel()
    effects = [estimate_att(frame[frame["unit"] % 2 == side], **COLUMNS, errors="unequal") for side in (0, 1)]
    read, told = difference(*effects), difference(*effects, independent=True)
    assert read.std_error == pytest.approx(np.hypot(*(effect.overall().std_error for effect in effects)))
    assert (read.std_error, read.p_value) == pytest.approx((told.std_error, told.p_value))


def test_labels_that_coincide_by_accident_can_be_said_to_do_so():
    effects = [estimate_att(panel(seed=seed), **COLUMNS) for seed in (1, 2)]
    independent = difference(*effects, independent=True)
    assert independent.std_error == pytest.approx(np.hypot(*(effect.overall().std_error for effect in effects)))
    assert independent.n_shared is None
    assert "taken to be independent" in independent.summary()
    assert difference(*effects).std_error != pytest.approx(independent.std_error)


def test_labels_count_and_not_the_order_or_the_kind_of_rows():
    frame = panel()
    named = frame.assign(unit="u" + frame["unit"].astype(str).str.zfill(3))
    shuffled = named.sample(frac=1, random_state=1)
    plain, text = (difference(*apart(each)) for each in (frame, shuffled))
    assert text.std_error == pytest.approx(plain.std_error)
    assert text.n_shared == plain.n_shared == 40
    # Numbers in one file and text in the other are nobody's label in both.
    first, second = apart(frame)[0], apart(frame.assign(unit=frame["unit"].astype(str)))[1]
    assert difference(first, second).n_shared == 0


def test_units_that_one_result_leaves_out_shift_nobody():
    """Units treated from the first period on serve in neither result, but stand first in the second's file."""
    frame = panel()
    always = frame[frame["adopted"] == 3].assign(unit=lambda rows: rows["unit"] - 1000, adopted=1)
    first, second = apart(frame)
    longer = pd.concat([always, frame[frame["adopted"].isin([4, 0])]])
    same = estimate_att(longer, **COLUMNS, comparison="never_treated")
    assert difference(first, same).std_error == pytest.approx(difference(first, second).std_error)


def test_unequal_errors_have_the_spread_of_one_panel_of_both():
    """A start cohort and the never treated of both make the same strata as in one panel."""
    frame = panel()
    asked = {"errors": "unequal"}
    found = difference(*apart(frame, **asked), average=(0, 0))
    whole = estimate_att(frame, **COLUMNS, comparison="never_treated", **asked)
    table = whole.table()
    weights = np.where(table["event_time"] == 0, np.where(table["adopted"] == 3, 1.0, -1.0), 0.0)
    expected = whole.combine(weights)
    assert found.std_error == pytest.approx(expected.std_error)
    assert found.p_value == pytest.approx(expected.p_value)


def test_t_takes_the_degrees_of_freedom_of_the_smaller_result():
    frame = panel()
    frame = frame[~frame["unit"].between(20, 33)]  # six units that start in 4
    normal, t = (difference(*apart(frame, quantile=quantile)) for quantile in ("normal", "t"))
    # Quantiles of 97.5 %: 2.571 with 5 degrees of freedom, 1.960 of the normal.
    width = [(found.ci_high - found.ci_low) / found.std_error / 2 for found in (normal, t)]
    assert width == pytest.approx([1.960, 2.571], abs=1e-3)


def test_a_difference_is_told_in_words_table_and_figure():
    found = difference(*apart(panel()), names=("the early", "the late"))
    assert isinstance(found, Difference)
    assert "for the early and" in found.summary()
    assert "which the interval allows for: about 40." in found.summary()
    told = "cannot tell which is the larger" in found.summary()
    assert told == (found.ci_low <= 0 <= found.ci_high)
    table = found.table()
    assert table["name"].tolist() == ["the early", "the late", "difference"]
    assert table["att"].iloc[0] - table["att"].iloc[1] == pytest.approx(table["att"].iloc[2])
    assert [label.get_text() for label in found.plot().get_yticklabels()] == ["the early", "the late", "Difference"]
    assert repr(found).startswith("<Difference: y, the early less the late: ")
    json.dumps(found.to_dict(), allow_nan=False)


def test_results_that_always_move_together_have_no_interval_of_their_difference():
    one = apart(panel())[0]
    same = difference(one, one)
    assert same.difference == 0 and np.isnan([same.std_error, same.ci_low, same.p_value]).all()
    assert "a difference of 0.00, without an error: whatever moves the one" in same.summary()
    assert "not available" not in same.summary() and "(no interval;" in repr(same)


def test_what_rounding_leaves_of_their_difference_is_no_error():
    one = apart(panel())[0]
    shifted = apart(panel().assign(y=lambda rows: rows["y"] + 1 / 3))[0]
    same = difference(one, shifted)
    assert same.difference == pytest.approx(0, abs=1e-12) and np.isnan([same.std_error, same.p_value]).all()


def test_few_units_are_not_shown():
    frame = panel()
    frame = frame[~frame["unit"].between(20, 33)]
    found = difference(*apart(frame))
    assert "not shown" in repr(found)
    assert not found.plot().containers


def test_a_difference_is_not_estimated_where_an_average_is_not():
    frame = panel()
    lone = frame[~frame["unit"].between(21, 39)]
    found = difference(*apart(lone), names=("many", "one"))
    assert isinstance(found, NotEstimated)
    assert found.reason.startswith("one: a single unit is treated")


def test_what_does_not_go_together_is_refused():
    frame = panel()
    one, other = apart(frame)
    with pytest.raises(ConfigError, match="Did you mean 'simple'"):
        difference(one, other, "simpel")
    with pytest.raises(ConfigError, match=r"confidence is .* estimate both alike"):
        difference(one, apart(frame, confidence=0.9)[1])
    with pytest.raises(ConfigError, match="clustered by"):
        difference(one, apart(frame, cluster="area")[1])
    with pytest.raises(ConfigError, match="two different words"):
        difference(one, other, names="ab")
    clustered = {"sample": "cross_sections", "cluster": ["area", "worker"]}
    sections = [estimate_att(frame, **COLUMNS, **clustered) for _ in range(2)]
    with pytest.raises(ConfigError, match="cross-sections"):
        difference(*sections)
    assert difference(*sections, independent=True).difference == pytest.approx(0)


def test_rows_that_a_match_numbers_are_nobody_in_another_match():
    frame = panel().query("adopted in (0, 3)").rename(columns={"unit": "row", "period": "event_time"})
    frame = frame.assign(event_time=frame["event_time"] - 3, start_cohort="one", weight=1.0, family=frame["row"])
    frame["adopted"] = np.where(frame["adopted"] == 3, 0, np.nan)

    class Stack:
        def event_time_frame(self, matched, outcome, columns):
            return frame

    class Match:
        unit = "family"

    asked = {"outcome": "y", "baseline": 1}
    rows = estimate_att(Stack(), Match(), **asked)
    with pytest.raises(ConfigError, match="numbered within each match"):
        difference(rows, rows)
    families = estimate_att(Stack(), Match(), **asked, cluster="family")
    assert difference(families, families).difference == 0
