"""Data as it comes: what is put right is said, what cannot be used is refused in one message."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att
from tf_eval.errors import ConfigError, InputError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def panel(never: float = np.nan) -> pd.DataFrame:
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(12), 4), "period": np.tile([5, 6, 7, 8], 12)})
    return frame.assign(adopted=np.where(frame["unit"] < 5, 7.0, never), y=random.normal(size=48))


@pytest.mark.parametrize(("never", "word"), [(np.nan, "missing"), (0, "0"), (np.inf, "infinity")])
def test_every_coding_of_never_is_understood_and_stated(never, word):
    effect = estimate_att(panel(never), **COLUMNS)
    assert effect.notes[0] == f"Never treated, coded as {word}: 7 units."
    assert effect.overall().att == estimate_att(panel(), **COLUMNS).overall().att


def test_a_missing_pandas_period_is_never():
    frame = panel()
    adopted = pd.PeriodIndex(np.where(frame["adopted"].isna(), "NaT", "2020-07"), freq="M")
    months = frame.assign(period=pd.PeriodIndex.from_fields(year=[2020] * 48, month=frame["period"], freq="M"))
    assert estimate_att(months.assign(adopted=adopted), **COLUMNS).overall().att == pytest.approx(
        estimate_att(frame, **COLUMNS).overall().att
    )


def test_zero_is_a_start_where_periods_are_event_times():
    frame = panel().assign(period=lambda frame: frame["period"] - 7, adopted=lambda frame: frame["adopted"] - 7)
    assert estimate_att(frame, **COLUMNS).overall().att == estimate_att(panel(), **COLUMNS).overall().att


def test_treated_from_the_first_period_are_left_out_and_counted():
    frame = panel()
    frame.loc[frame["unit"] == 0, "adopted"] = 5
    effect = estimate_att(frame, **COLUMNS)
    assert effect.overall().n_treated == 4
    assert effect.notes[1].startswith("Left out: 1 units treated from the first period on")


def test_adopters_after_the_last_period_serve_as_never_treated():
    frame = panel()
    frame.loc[frame["unit"] == 11, "adopted"] = 20
    for comparison in ("never_treated", "not_yet_treated"):
        effect = estimate_att(frame, **COLUMNS, comparison=comparison)
        assert effect.overall().n_comparison == 7


def test_monthly_dates_count_in_months():
    def dates(months):
        return pd.to_datetime([None if np.isnan(month) else f"2011-{month:02.0f}-15" for month in months])

    frame = panel().assign(period=lambda frame: dates(frame["period"]), adopted=lambda frame: dates(frame["adopted"]))
    effect = estimate_att(frame, **COLUMNS)
    assert effect.time_unit == "month"
    assert effect.overall().att == estimate_att(panel(), **COLUMNS).overall().att
    assert effect.table()["adopted"].unique().tolist() == [pd.Timestamp("2011-07-01")]


def test_the_callers_frame_is_not_changed():
    frame = panel()
    before = frame.copy()
    estimate_att(frame, **COLUMNS)
    pd.testing.assert_frame_equal(frame, before)


def test_a_column_that_is_not_there_is_named_with_its_near_miss():
    with pytest.raises(InputError, match=r"no column 'perid'\. Did you mean 'period'"):
        estimate_att(panel(), **{**COLUMNS, "period": "perid"})


def test_all_faults_come_in_one_message():
    frame = panel().assign(y="many", period=lambda frame: frame["period"] + 0.5)
    with pytest.raises(InputError) as caught:
        estimate_att(frame, **COLUMNS)
    assert "outcome 'y' is not numeric" in str(caught.value)
    assert "holds fractions" in str(caught.value)


def faulty(**changes) -> pd.DataFrame:
    frame = panel().assign(w=1.0, region="a")
    for column, value in changes.items():
        frame[column] = frame[column].astype(object) if isinstance(value, str) else frame[column]
        frame.loc[1, column] = value
    return frame


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (faulty(period=5), "1 rows repeat a unit and period"),
        (faulty(adopted=8), "adopted 'adopted' changes within 1 units"),
        (faulty(w=2.0), "weights 'w' changes within 1 units"),
        (faulty(w=-1.0), "missing or negative in 1 rows"),
        (faulty(region="b"), "cluster 'region' changes within 1 units"),
        (faulty(y=np.inf), "infinite"),
        (panel().assign(w=1.0, region=None), "column 'region' is missing in 48 rows"),
        (panel().assign(w=1.0, region="a", adopted=np.nan), "no treated unit"),
        (panel().assign(w=1.0, region=panel()["unit"], adopted=5), "treated from the first period on"),
        (panel().assign(w=1.0, region="a").iloc[:0], "no rows"),
        (panel().assign(w=1.0, region="a"), "single cluster"),
    ],
)
def test_what_cannot_be_used_is_refused(frame, words):
    with pytest.raises(InputError, match=words):
        estimate_att(frame, **COLUMNS, weights="w", cluster="region")


def test_options_that_cannot_be_honoured_are_refused_together():
    with pytest.raises(ConfigError) as caught:
        estimate_att(panel(), **COLUMNS, method="doubly_robsut", baseline=0, anticipation=-1, confidence=95)
    message = str(caught.value)
    assert "Did you mean 'doubly_robust'" in message
    assert all(word in message for word in ("4 problems", "baseline", "anticipation", "confidence"))


def test_columns_must_be_named_for_a_plain_frame():
    with pytest.raises(ConfigError, match="unit is not given"):
        estimate_att(panel(), outcome="y", period="period", adopted="adopted")


def test_something_else_than_a_panel_is_refused():
    with pytest.raises(InputError, match="a list; a DataFrame or a panel is needed"):
        estimate_att([1, 2], outcome="y")


def test_a_placebo_band_must_lie_before_treatment():
    with pytest.raises(ConfigError, match="before treatment"):
        estimate_att(panel(), **COLUMNS).placebo(-2, 1)


def test_weights_of_a_combination_must_fit():
    with pytest.raises(ConfigError, match="one per row"):
        estimate_att(panel(), **COLUMNS).combine([1.0])


def test_few_treated_clusters_are_said_aloud():
    assert "Only 5 clusters hold treated units" in estimate_att(panel(), **COLUMNS).notes[-1]


def with_covariate() -> pd.DataFrame:
    random = np.random.default_rng(6)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(60), 4), "period": np.tile([5, 6, 7, 8], 60)})
    size = np.repeat(random.gamma(3.0, size=60), 4)
    return frame.assign(size=size, adopted=np.where(frame["unit"] % 3 == 0, 7.0, 0), y=random.normal(size=240) + size)


def test_a_formula_is_the_columns_that_it_makes():
    frame = with_covariate()
    written = estimate_att(frame, **COLUMNS, covariates="~ size + I(size ** 2) + np.log(size)")
    made = frame.assign(square=frame["size"] ** 2, log=np.log(frame["size"]))
    by_name = estimate_att(made, **COLUMNS, covariates=["size", "square", "log"])
    pd.testing.assert_frame_equal(written.table(), by_name.table())


def test_a_formula_needs_what_its_columns_are_made_of():
    frame = with_covariate().assign(group="a")
    frame.loc[frame["unit"] % 2 == 0, "group"] = "b"
    frame.loc[frame["unit"] == 7, "group"] = None
    effect = estimate_att(frame, **COLUMNS, covariates="~ C(group)")
    assert "0 treated and 1 comparison units" in effect.notes[-1]


@pytest.mark.parametrize(
    ("formula", "words"), [("~ size +", "cannot be read"), ("~ sise", "Did you mean 'size'"), ("~ foo(size)", "foo")]
)
def test_a_formula_that_makes_no_sense_is_refused(formula, words):
    with pytest.raises((ConfigError, InputError), match=words):
        estimate_att(with_covariate(), **COLUMNS, covariates=formula)
