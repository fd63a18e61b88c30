"""Councils cannot share families, but they can share estimates: what is promised of pooling."""

import json
import math

import pandas as pd
import pytest

import tf_eval as tf
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.evidence import PooledEffect

COUNCILS = ("Kent", "Medway", "Surrey", "Essex", "Dorset", "Devon")


def released(values, errors=2.0, **columns) -> pd.DataFrame:
    return pd.DataFrame({"place": COUNCILS[: len(values)], "value": values, "std_error": errors, **columns})


SIX = released([-8.0, -3.0, -11.0, -2.0, -9.0, -4.0], unit="per 1,000", base_rate=40.0)


def test_words_tell_the_effect_then_what_another_place_may_expect_then_how_much_places_differ():
    """By hand: of equal errors the sum of squares, 66.83, gives tau² 66.83 / 5 - 4, and 66.83 / chi² - 4 its ends."""
    said = tf.pool_effects(SIX).summary()
    assert said == (
        "The mean effect over 6 places is -6.2 per 1,000 (95% interval -10.0 to -2.3), against 40.0 expected without. "
        "Another place like these may expect -16.2 to 3.9 (95% prediction interval). "
        "True effects differ between places by a standard deviation of 3.06 (95% interval 1.10 to 8.74)."
    )
    assert "significant" not in said


def test_each_intervention_outcome_and_band_is_pooled_by_itself():
    table = pd.concat(
        [SIX.assign(intervention="mentors", outcome=outcome, band="1 to 6") for outcome in ("exclusions", "absence")]
    )
    pooled = tf.pool_effects(table)
    assert pooled.table()["outcome"].tolist() == ["exclusions", "absence"]
    assert pooled.of("mentors", "absence", "1 to 6").found.effect == pytest.approx(-37 / 6)
    assert "(mentors, exclusions, 1 to 6)" in pooled.summary()
    with pytest.raises(ConfigError, match="Did you mean 'mentors, absence, 1 to 6'"):
        pooled.of("mentors", "absense", "1 to 6")


def test_one_place_has_its_own_estimate_and_predicts_nothing():
    pooled = tf.pool_effects(released([-8.0], 2.0, degrees_of_freedom=10)).of()
    assert (pooled.found.effect, pooled.found.std_error) == (-8.0, 2.0)
    assert pooled.found.ci_low == pytest.approx(-8 - 2 * 2.228139)  # t with 10 degrees of freedom
    assert isinstance(pooled.prediction, NotEstimated)
    assert "One place alone, Kent" in pooled.summary()
    assert "not known from so few" in pooled.summary()


@pytest.mark.parametrize("k", [2, 3])
def test_two_or_three_places_hardly_tell_how_places_differ(k):
    pooled = tf.pool_effects(SIX.iloc[:k]).of()
    assert f"From {k} places it can hardly be known how much places differ." in pooled.summary()
    assert bool(pooled.prediction) == (k == 3)


def test_places_that_agree_are_not_said_to_differ():
    said = tf.pool_effects(released([-5.0, -6.0, -4.0, -7.5, -3.0], 2.0)).summary()
    assert "differ no more than chance would make them; a standard deviation of true effects of up to" in said
    said = tf.pool_effects(released([-5.0, -5.01, -5.02, -5.03, -5.04], 2.0)).summary()
    assert "differ less than chance alone would make them" in said


def test_hidden_and_missing_estimates_are_left_out_counted_and_told():
    table = SIX.astype({"value": object})
    table.loc[1, "value"] = "[c]"
    table.loc[2, "std_error"] = math.nan
    pooled = tf.pool_effects(table)
    assert pooled.table()[["n_places", "n_left_out"]].iloc[0].tolist() == [4, 2]
    assert "Left out, for the effect or its error is hidden or missing: 2 estimates." in pooled.summary()
    assert pooled.notes[0].startswith("2 of 6 estimates are left out")
    from_file = table.astype(str).replace("nan", None)
    assert tf.pool_effects(from_file).of().found.effect == pooled.of().found.effect, "a file with [c] holds text"


def test_a_group_in_which_all_is_hidden_has_a_reason():
    table = pd.concat([SIX.assign(outcome="absence"), SIX.assign(outcome="exclusions", value="[c]")])
    pooled = tf.pool_effects(table)
    assert isinstance(pooled.of("exclusions"), NotEstimated)
    assert pooled.table()["reason"].notna().tolist() == [False, True]
    assert "exclusions Not estimated: no place has both" in pooled.summary()
    assert "Not estimated: 1 of 2." in pooled.plot().get_xlabel()


REFUSED = {
    "a place twice": (pd.concat([SIX, SIX.iloc[:1]]), {}, "'Kent' has 2 rows; keep one, or name the period"),
    "the same run twice": (
        pd.concat([SIX, SIX.iloc[:1]]).assign(year=2020),
        {"period": "year"},
        "'Kent' has periods that overlap",
    ),
    "years that overlap": (
        pd.concat([SIX.assign(a=2015, b=2018), SIX.iloc[:1].assign(a=2018, b=2020)]),
        {"period": ("a", "b")},
        "'Kent' has periods that overlap",
    ),
    "a place in two spellings": (SIX.assign(place=["Kent", "kent ", *COUNCILS[2:]]), {}, "look like one place"),
    "different units": (SIX.assign(unit=["days"] + ["per 1,000"] * 5), {}, "in different units, days, per 1,000"),
    "a unit for some": (SIX.assign(unit=[None] + ["per 1,000"] * 5), {}, "some have no unit"),
    "an error rounded to 0": (SIX.assign(std_error=[0.0] + [2.0] * 5), {}, "0 or below in 1 row; an error that was"),
    "truths for numbers": (SIX.assign(value=[True, False] * 3), {}, "value holds no number in 6 rows"),
    "words for numbers": (SIX.assign(value="some"), {}, "holds no number in 6 rows; hidden ones are written as"),
    "spans as text": (SIX.assign(year="2015-18"), {"period": "year"}, r"name two columns, period=\('first', 'last'\)"),
    "a span that runs backwards": (SIX.assign(a=2018, b=2015), {"period": ("a", "b")}, "lies before its first"),
    "no place": (SIX.assign(place=None), {}, "place is missing in 6 rows"),
    "no row": (SIX.iloc[:0], {}, "no row"),
    "another column": (SIX, {"effect": "valeu"}, "Did you mean 'value'"),
}


@pytest.mark.parametrize(("table", "options", "said"), REFUSED.values(), ids=REFUSED)
def test_what_must_not_be_pooled_is_refused_with_advice(table, options, said):
    with pytest.raises(InputError, match=said):
        tf.pool_effects(table, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"effect": ["value"]}, "named by text, not by a list"),
        ({"confidence": 95}, "between 0 and 1"),
        ({"method": "REML"}, "Did you mean 'reml'"),
        ({"period": ("a", "b", "c")}, "one column, or two"),
        ({"by": "place"}, "none of them twice"),
        ({"by": "tau"}, "which a column of results is called"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_advice(options, said):
    with pytest.raises(ConfigError, match=said):
        tf.pool_effects(SIX.assign(tau=1, a=1, b=1, c=1), **options)


def test_the_same_numbers_under_two_names_are_pointed_out():
    pooled = tf.pool_effects(released([-8.0, -8.0, -3.0]))
    assert pooled.notes == (
        "The same effect with the same error: Kent, Medway. If it is one study told twice, keep one of them.",
    )


def test_several_years_of_a_place_are_no_several_places():
    years = pd.concat([SIX.assign(year=2020), SIX.assign(year=2021)])
    pooled, once = tf.pool_effects(years, period="year"), tf.pool_effects(SIX.assign(std_error=2 / math.sqrt(2)))
    assert pooled.of().found.ci_low == pytest.approx(once.of().found.ci_low, rel=1e-12)
    assert pooled.of().places["n_periods"].tolist() == [2] * 6
    assert "Several periods of a place count as one estimate" in pooled.notes[-1] + pooled.notes[0]


def test_years_can_be_what_is_pooled():
    years = released([-8.0, -3.0, -6.0]).assign(year=[2019, 2020, 2021])
    assert tf.pool_effects(years, place="year").of().places["place"].tolist() == [2019, 2020, 2021]


def test_new_rows_replace_the_same_run_and_add_what_is_new():
    first = tf.pool_effects(SIX.iloc[:5].assign(year=2020), period="year")
    again = SIX.iloc[4:].assign(year=2020, value=[-1.0, -4.0])
    pooled = first.with_(again)
    assert pooled.notes[0] == "1 estimate replaced, 1 added."
    whole = SIX.assign(year=2020, value=[-8.0, -3.0, -11.0, -2.0, -1.0, -4.0])
    assert pooled.of().found.effect == pytest.approx(tf.pool_effects(whole).of().found.effect, rel=1e-12)
    assert len(first.estimates) == 5, "the older result stays as it was"
    with pytest.raises(InputError, match="overlap"):
        first.with_(pd.concat([again, again]))
    with pytest.raises(InputError, match="no column 'unit'"):
        first.with_(again.drop(columns="unit"))


def test_what_is_replaced_keeps_its_row_and_what_is_new_comes_last():
    first = tf.pool_effects(SIX.iloc[:4].assign(year=2020), period="year")
    pooled = first.with_(SIX.iloc[[5, 1, 4, 0]].assign(year=2020, value=[-1.0, -2.0, -3.0, -4.0]))
    assert pooled.of().places["place"].tolist() == [*COUNCILS[:4], "Devon", "Dorset"]
    assert pooled.of().places["effect"].tolist() == [-4.0, -2.0, -11.0, -2.0, -1.0, -3.0]


def test_a_row_of_another_span_of_the_same_place_is_no_replacement():
    spans = tf.pool_effects(SIX.assign(first=2015, last=2018), period=("first", "last"))
    with pytest.raises(InputError, match="'Kent' has periods that overlap"):
        spans.with_(SIX.iloc[:1].assign(first=2015, last=2019))
    later = spans.with_(SIX.iloc[:1].assign(first=2019, last=2020))
    assert later.of().places["n_periods"].tolist() == [2, 1, 1, 1, 1, 1]


def test_the_cumulative_table_ends_with_what_is_known_now():
    table = SIX.assign(year=[2021, 2019, 2020, 2020, 2022, 2019])
    pooled = tf.pool_effects(table, period="year")
    found = pooled.cumulative()
    assert found[["up_to", "n_places"]].values.tolist() == [[2019, 2], [2020, 4], [2021, 5], [2022, 6]]
    assert found["effect"].iloc[-1] == pytest.approx(pooled.of().found.effect, rel=1e-12)
    assert found["effect"].iloc[0] == pytest.approx(-3.5)
    with pytest.raises(ConfigError, match="name period"):
        tf.pool_effects(SIX).cumulative()


def test_dates_and_periods_have_an_order_too():
    dates = pd.to_datetime(["2021-01-01", "2019-01-01", "2020-01-01", "2020-01-01", "2022-01-01", "2019-01-01"])
    for column in (dates, dates.to_period("Y"), [when.date() for when in dates]):
        found = tf.pool_effects(SIX.assign(when=column), period="when").cumulative()
        assert found["n_places"].tolist() == [2, 4, 5, 6]


def test_each_place_is_left_out_in_turn():
    pooled = tf.pool_effects(SIX)
    left = pooled.leave_one_out().set_index("left_out")
    assert left.index.tolist() == [*COUNCILS]
    assert left.loc["Surrey", "effect"] == pytest.approx(tf.pool_effects(SIX.drop(index=2)).of().found.effect)
    assert tf.pool_effects(SIX.iloc[:1]).leave_one_out().empty


def test_the_forest_has_a_row_for_each_place_the_mean_and_another_place():
    ax = tf.pool_effects(SIX).plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == [*COUNCILS, "Mean", "Another place"]
    told = [text.get_text() for text in ax.texts]
    assert told[0] == "-8.0 (-11.9 to -4.1)"
    assert told[6].startswith("-6.2 (") and " (" not in told[7]
    assert ax.get_xlabel() == "Effect, per 1,000 (95% intervals)"
    assert len(ax.patches) == 1, "the diamond"


def test_groups_in_different_units_share_no_axis():
    table = pd.concat([SIX.assign(outcome="a"), SIX.assign(outcome="b", unit="days")])
    with pytest.raises(ConfigError, match="different units"):
        tf.pool_effects(table).plot()
    assert len(tf.pool_effects(table.assign(unit="days")).plot().texts) == 2


def test_results_are_json_and_tables_are_copies():
    pooled = tf.pool_effects(SIX.assign(outcome="absence"))
    told = json.loads(json.dumps(pooled.to_dict()))
    assert told["groups"][0]["outcome"] == "absence"
    assert [row["place"] for row in told["groups"][0]["places"]] == [*COUNCILS]
    assert told["design"]["method"] == "reml"
    table = pooled.of("absence").table()
    table["effect"] = 99.0
    assert pooled.of("absence").places["effect"].iloc[0] == -8.0
    assert isinstance(pooled.of("absence"), PooledEffect)
    assert repr(pooled) == "<PooledEffects: 1 group, 6 estimates>"


def test_the_callers_table_is_not_changed():
    table = SIX.astype({"value": object})
    before = table.copy(deep=True)
    tf.pool_effects(table).with_(SIX.iloc[:2])
    pd.testing.assert_frame_equal(table, before)


def test_a_place_known_far_better_than_the_others_does_no_harm():
    found = tf.pool_effects(SIX.assign(std_error=[1e-9, 1.0, 2.0, 3.0, 4.0, 5.0])).of().found
    assert 0 < found.tau_squared_error < math.inf
    assert 0 <= found.i_squared <= 1


def test_a_table_without_groups_has_one():
    with pytest.raises(ConfigError, match=r"there is one group, of\(\)"):
        tf.pool_effects(SIX).of("absence")
