"""Data as it comes: what is put right is said, what cannot be used is refused in one message."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import (
    decompose_twfe,
    estimate_att,
    estimate_by_dose,
    estimate_distribution,
    estimate_switching,
    naive_change,
    plan_power,
    two_way_fixed_effects,
)
from tf_eval.errors import ConfigError, InputError, NotEstimated

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def panel(never: float = np.nan) -> pd.DataFrame:
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(12), 4), "period": np.tile([5, 6, 7, 8], 12)})
    return frame.assign(adopted=np.where(frame["unit"] < 5, 7.0, never), y=random.normal(size=48))


@pytest.mark.parametrize(("never", "word"), [(np.nan, "missing"), (0, "0"), (np.inf, "infinity")])
def test_every_coding_of_never_is_understood_and_stated(never, word):
    effect = estimate_att(panel(never), **COLUMNS)
    assert effect.notes[0] == f"Never treated, coded as {word}: fewer than 10 units."
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


def test_zero_is_said_to_be_a_start_where_it_is_one_of_several_in_a_panel_from_period_zero():
    frame = panel(0).assign(period=lambda frame: frame["period"] - 5)
    frame["adopted"] = frame["adopted"].replace({7.0: 2.0})
    effect = estimate_att(pd.concat([frame, frame.assign(unit=frame["unit"] + 12)]), **COLUMNS)
    told = (
        "'adopted' of 0 is read as a start in period 0, not as never treated, for periods run from 0 on: about 15 units"
    )
    assert effect.notes[0].startswith(f"{told}. If they never start,") and told in effect.summary()
    assert not any("is read as" in note for note in estimate_att(panel(0), **COLUMNS).notes)
    started = panel().assign(period=lambda frame: frame["period"] - 7, adopted=lambda frame: frame["adopted"] - 7)
    assert not any("is read as" in note for note in estimate_att(started, **COLUMNS).notes)


def test_treated_from_the_first_period_are_left_out_and_counted():
    frame = panel()
    frame.loc[frame["unit"] == 0, "adopted"] = 5
    effect = estimate_att(frame, **COLUMNS)
    assert effect.overall().n_treated == 4
    assert effect.notes[1].startswith("Left out: fewer than 10 units treated from the first period on")
    assert effect.notes[1] in effect.summary()


@pytest.mark.parametrize("sample", ["panel", "cross_sections"])
def test_who_is_left_out_for_an_anticipation_is_not_said_to_be_treated_so_early(sample):
    frame = panel()
    frame.loc[frame["unit"] == 0, "adopted"] = frame["period"].min() + 1
    for anticipation, told in ((0, []), (1, [True])):
        notes = estimate_att(frame, **COLUMNS, sample=sample, anticipation=anticipation).notes
        ahead = "from the first period on (or within its anticipation); nothing is seen before it."
        assert [note.endswith(ahead) for note in notes if "from the first period on" in note] == told


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
    assert "Clusters that hold treated units: fewer than 10, so" in estimate_att(panel(), **COLUMNS).notes[-1]
    told = estimate_att(panel(), **COLUMNS, smallest_shown=1)
    assert "Clusters that hold treated units: 5, so" in told.notes[-1]
    assert "Clusters" not in told.summary()
    fewer = estimate_att(panel()[lambda rows: rows["unit"] > 0], **COLUMNS, smallest_shown=1)
    assert "Clusters that hold treated units: 4, so" in fewer.summary()


def test_nothing_is_said_of_few_clusters_where_no_cell_could_be_estimated():
    frame = panel().assign(z=lambda rows: rows["adopted"].notna() * 1.0)
    effect = estimate_att(frame, **COLUMNS, covariates="z")
    assert isinstance(effect.overall(), NotEstimated)
    assert not any("clusters" in note.lower() for note in effect.notes)


@pytest.mark.parametrize("method", ["sun_abraham", "synthetic"])
def test_a_comparison_that_a_method_does_not_make_is_said_to_have_no_part(method):
    told = f"comparison='not_yet_treated' has no part in method '{method}'"
    asked = estimate_att(panel(), **COLUMNS, method=method, comparison="not_yet_treated")
    assert asked.notes[-1].startswith(told)
    for effect in (
        estimate_att(panel(), **COLUMNS, method=method),
        estimate_att(panel(), **COLUMNS, comparison="not_yet_treated"),
    ):
        assert not any("has no part" in note for note in effect.notes)


@pytest.mark.parametrize(
    ("function", "options"),
    [
        (estimate_switching, {"treatment": "dose"}),
        (plan_power, {"treated": 5, "periods_after": 1}),
        (estimate_distribution, {"adopted": "adopted"}),
        (estimate_by_dose, {"adopted": "adopted", "dose": "dose"}),
        (two_way_fixed_effects, {"adopted": "adopted"}),
        (decompose_twfe, {"adopted": "adopted"}),
        (naive_change, {"adopted": "adopted"}),
    ],
)
def test_what_cannot_be_used_is_refused_in_the_name_of_the_function_that_was_asked(function, options):
    frame = panel().assign(dose=lambda rows: 1.0 + (rows["period"] >= rows["adopted"]))
    frame["dose"] = frame["dose"] if function is estimate_switching else 1.0
    asked = {name: value for name, value in COLUMNS.items() if name != "adopted"} | options
    with pytest.raises(InputError, match=f"^{function.__name__}: .*repeat a unit and period"):
        function(pd.concat([frame.assign(y=frame["unit"] % 5), frame.iloc[:2]]), **asked)


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
    effect = estimate_att(frame, **COLUMNS, covariates="~ C(group)", smallest_shown=1)
    assert "0 treated and 1 comparison units" in effect.notes[-1]


@pytest.mark.parametrize(
    ("formula", "words"), [("~ size +", "cannot be read"), ("~ sise", "Did you mean 'size'"), ("~ foo(size)", "foo")]
)
def test_a_formula_that_makes_no_sense_is_refused(formula, words):
    with pytest.raises((ConfigError, InputError), match=words):
        estimate_att(with_covariate(), **COLUMNS, covariates=formula)


def test_a_column_in_two_roles_is_complained_of_once():
    frame = panel().assign(unit=lambda rows: rows["unit"].where(rows["unit"] > 1))
    with pytest.raises(InputError) as refused:
        estimate_att(frame, **COLUMNS, cluster="unit")
    assert str(refused.value).count("'unit' is missing") == 1


def test_a_baseline_of_no_kind_is_told_both_kinds():
    with pytest.raises(ConfigError, match=r"universal, varying\. Or give a whole number"):
        estimate_att(panel(), **COLUMNS, baseline=2.0)


def test_rows_that_share_a_label_are_told_apart_where_a_formula_finds_some_missing():
    frame = panel().assign(x=lambda rows: np.sin(rows["unit"] * rows["period"]).where(rows["unit"] > 1))
    expected = estimate_att(frame, **COLUMNS, covariates="~ x").table()
    waves = frame.set_index(frame.groupby("period").cumcount())
    pd.testing.assert_frame_equal(estimate_att(waves, **COLUMNS, covariates="~ x").table(), expected)


def test_where_no_units_are_known_notes_count_rows():
    notes = estimate_att(panel(never=0), **{**COLUMNS, "unit": None}, sample="cross_sections", smallest_shown=1).notes
    assert notes[0].startswith("Never treated, coded as 0:") and notes[0].endswith(" rows.")
