"""What a match of several arms means, on tables small enough to work out by hand, and what it refuses."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.errors import ConfigError, EstimationError, InputError, NotEstimated
from tf_eval.matching import check_arms, check_balance, compare_arms, match_arms, restrict, rosenbaum_bounds
from tf_eval.matching.arms.design import ArmsDesign
from tf_eval.matching.arms.sample import read_arms
from tf_eval.matching.arms.scored import score_arms
from tf_eval.matching.arms.vector import match_vectors
from tf_eval.matching.arms.weighting import weigh_arms
from tf_eval.matching.auditing.arms import audit_arms
from tf_eval.matching.score.support import outside_all

# Of those with x = 0 a quarter, a quarter and a half are in arms a, b and c; with x = 1 a third, a sixth and a half.
SHARES = pd.DataFrame({"arm": list("abccaabccc"), "x": [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]})
METHODS = ("vector", "pairwise", "inverse_probability", "overlap")
SAID = {"on": ["need", "trouble"], "arm": "arm", "reference": "fip"}


def families(size: int = 600, seed: int = 1) -> pd.DataFrame:
    """Families in three arms, of which those in need are more often in the first."""
    random = np.random.default_rng(seed)
    need = random.normal(size=(size, 2))
    chance = np.column_stack([need @ [0.7, 0.2] - 0.8, need @ [0.1, -0.5] - 1.0, np.zeros(size)])
    arm = (chance + random.gumbel(size=chance.shape)).argmax(axis=1)
    outcome = need @ [1.0, 0.5] - np.array([1.0, 0.4, 0.0])[arm] + random.normal(size=size)
    named = {"arm": np.array(["fip", "mentor", "none"])[arm], "district": random.choice(["north", "south"], size)}
    columns = {"need": need[:, 0], "trouble": need[:, 1], **named, "incidents": outcome}
    return pd.DataFrame(columns, index=[f"row {number}" for number in range(size)])


@pytest.mark.parametrize(
    ("method", "estimand", "expected"),
    [
        # a weighs 1; b by the odds of a, 1 and 2, scaled to two rows; c 1/2 twice and 2/3 three times, to five.
        ("inverse_probability", "att", {"a": [1, 1, 1], "b": [2 / 3, 4 / 3], "c": [5 / 6] * 2 + [10 / 9] * 3}),
        # a 4, 3 and 3, scaled to three rows; b 4 and 6, to two; c always 2.
        ("inverse_probability", "ate", {"a": [1.2, 0.9, 0.9], "b": [0.8, 1.2], "c": [1] * 5}),
        # That times 1/(4 + 4 + 2) where x = 0, and 1/(3 + 6 + 2) where x = 1.
        (
            "overlap",
            "ato",
            {"a": [66 / 52, 45 / 52, 45 / 52], "b": [44 / 52, 60 / 52], "c": [55 / 52] * 2 + [50 / 52] * 3},
        ),
    ],
)
def test_weights_by_hand(method, estimand, expected):
    found = match_arms(SHARES, on="x", arm="arm", reference="a", method=method, estimand=estimand).frame
    for arm, weights in expected.items():
        np.testing.assert_allclose(found.loc[found["arm"] == arm, "weight"], weights, atol=1e-9)


def test_the_scores_are_the_shares_where_each_value_has_its_own():
    found = match_arms(SHARES, on="x", arm="arm", reference="a", method="overlap").propensity
    np.testing.assert_allclose(found.loc[0, ["a", "b", "c"]].to_numpy(), [1 / 4, 1 / 4, 1 / 2], atol=1e-9)
    np.testing.assert_allclose(found.loc[9, ["a", "b", "c"]].to_numpy(), [1 / 3, 1 / 6, 1 / 2], atol=1e-9)


def test_the_common_support_is_a_rectangle_over_all_arms():
    scores = np.array([[0.0, 5.0], [2.0, 3.0], [1.0, 4.0], [3.0, 2.0], [1.5, 9.0], [2.5, 3.5]])
    # Of the first score the arms have 0 to 2, 1 to 3 and 1.5 to 2.5: 1.5 to 2 is common. Of the second, 3.5 to 4.
    arm = np.array([0, 0, 1, 1, 2, 2])
    assert outside_all(scores[:, :1], arm).tolist() == [True, False, True, True, False, True]
    assert outside_all(scores[:, 1:], arm).tolist() == [True, True, False, True, True, False]


def test_arms_come_with_the_reference_first_and_then_from_the_fewest_rows_to_the_most():
    found = match_arms(SHARES, on="x", arm="arm", reference="c", method="overlap")
    assert found.arms == ("c", "b", "a")
    assert list(found.pairs) == [("c", "b"), ("c", "a"), ("b", "a")]


@pytest.mark.parametrize("method", METHODS)
def test_rows_outside_of_the_scores_of_all_arms_are_left_out_and_told_of(method):
    frame = families()
    found = match_arms(frame, **SAID, method=method)
    outside = found.dropped["reason"] == "outside of the scores that all arms have"
    assert outside.any()
    assert any(note.startswith("Rows outside of the scores that all arms have were left out") for note in found.notes)
    assert len(found.propensity) == len(frame) - outside.sum()
    assert not found.frame.index.isin(found.dropped.index[outside]).any()
    everybody = match_arms(frame, **SAID, method=method, common_support=False)
    assert len(everybody.propensity) == len(frame) and not everybody.notes[: method != "pairwise"]


def test_a_score_is_fitted_anew_to_those_who_stay():
    frame = families()
    inside = match_arms(frame, **SAID, method="overlap").propensity
    again = match_arms(frame.loc[inside.index], **SAID, method="overlap", common_support=False).propensity
    pd.testing.assert_frame_equal(inside, again, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_weights_of_each_arm_sum_to_its_rows_and_the_frame_is_the_callers(method):
    frame = families()
    before = frame.copy()
    found = match_arms(frame, **SAID, exact="district", method=method, caliper=None)
    pd.testing.assert_frame_equal(frame, before)
    assert found.frame.index.tolist() == [label for label in frame.index if label in set(found.frame.index)]
    assert list(accepted(found).frame.columns[: frame.shape[1]]) == list(frame.columns)
    totals = found.frame.groupby("arm")["weight"].agg(["sum", "size"])
    np.testing.assert_allclose(totals["sum"], totals["size"])
    assert ("set_id" in found.frame) == (method == "vector")


def test_all_arms_weigh_the_same_in_each_exact_cell():
    found = match_arms(families(), **SAID, exact="district", method="inverse_probability").frame
    shares = found.pivot_table(index="district", columns="arm", values="weight", aggfunc="sum")
    np.testing.assert_allclose((shares / shares.sum()).T, np.tile(shares["fip"] / shares["fip"].sum(), (3, 1)))


def test_a_cell_that_lacks_an_arm_takes_no_part():
    frame = families()
    frame["district"] = np.where((frame["arm"] != "mentor") & (frame["need"] > 1), "hill", "vale")
    found = match_arms(frame, **SAID, exact="district", method="overlap")
    assert set(found.frame["district"]) == {"vale"}
    reasons = found.dropped.loc[found.dropped["district"] == "hill", "reason"]
    assert "an arm has no row in the exact cell" in set(reasons)


def test_each_two_arms_are_a_match_like_any_other():
    frame = families()
    frame["family"] = frame.index
    found = match_arms(frame, **SAID, unit="family", caliper=0.25)
    for pair in accepted(found).pairs.values():
        assert check_balance(pair).passed
        assert len(rosenbaum_bounds(pair, "incidents", alternative="lower").table())
        assert len(restrict(pair, frame[["family"]])) == len(pair.frame)
    rows = found.pairs["fip", "mentor"].frame
    assert rows.groupby("set_id")["arm"].agg(set).tolist() == [{"fip", "mentor"}] * (len(rows) // 2)


@pytest.mark.parametrize("method", ["vector", "pairwise", "overlap"])
def test_no_outcome_is_in_reach_before_balance_is_accepted(method):
    found = match_arms(families(), **SAID, method=method)
    for rows in (found.frame, found.dropped, *(pair.frame for pair in found.pairs.values())):
        assert "incidents" not in rows and "district" not in rows
    with pytest.raises(EstimationError, match=r"compare_arms: outcomes stay out of reach .* check_arms\(matched\)"):
        compare_arms(found, "incidents")
    opened = accepted(found)
    for before, after in ((found, opened), *((found.pairs[two], opened.pairs[two]) for two in found.pairs)):
        for closed, rows in ((before.frame, after.frame), (before.dropped, after.dropped)):
            pd.testing.assert_frame_equal(rows[closed.columns], closed)
            pd.testing.assert_series_equal(rows["incidents"], families().loc[rows.index, "incidents"])


def test_who_accepts_arms_that_are_not_alike_says_why():
    found = match_arms(families(), **SAID, method="overlap")
    strict = check_arms(found, threshold=1e-12, limit=1e-12)
    with pytest.raises(EstimationError, match=r"differ in .* \('.*' and '.*'\) by .*because="):
        strict.accept()
    opened = strict.accept(because="the board asked")
    assert "Outcomes were read because the board asked." in opened.summary()
    assert "Outcomes were read because the board asked." in compare_arms(opened, "incidents").summary()
    assert opened.to_dict()["accepted"]["because"] == "the board asked"


def test_rows_without_a_partner_in_every_arm_have_a_reason():
    frame = families()
    found = match_arms(frame, **SAID, caliper=0.05)
    reference = found.dropped[found.dropped["arm"] == "fip"]
    known = {f"'{arm}': {why}" for arm in ("mentor", "none") for why in ("no comparison within the caliper", TAKEN)}
    assert set(reference["reason"]) <= known | {"outside of the scores that all arms have"}
    assert len(found.frame) + len(found.dropped) == len(frame)


TAKEN = "every comparison within reach was already taken"


def test_the_balance_of_a_covariate_is_that_of_the_two_arms_furthest_apart():
    frame = families()
    balance = check_arms(match_arms(frame, **SAID, method="overlap", common_support=False), labels={"need": "Need"})
    means, scale = frame.groupby("arm")["need"].mean(), frame.loc[frame["arm"] == "fip", "need"].std()
    largest = balance.largest().set_index("label").loc["Need"]
    assert largest["smd_before"] == pytest.approx((means.max() - means.min()) / scale)
    assert balance.passed and largest["smd_after"] < largest["smd_before"] / 5
    assert len(balance.table()) == 6
    assert "on 2 of 2 characteristics" in balance.summary()


def test_a_difference_beyond_the_limit_fails():
    found = match_arms(families(), **SAID)
    balance = check_arms(found, threshold=0.01, limit=0.02)
    assert not balance.passed
    assert "not alike enough" in balance.summary()
    with pytest.raises(ConfigError, match="threshold must be above 0"):
        check_arms(found, threshold=0.3)


@pytest.mark.parametrize("method", METHODS)
def test_differences_head_to_head(method):
    found = match_arms(families(), **SAID, method=method)
    effects = compare_arms(accepted(found), "incidents", method="regression")
    table = effects.table()
    assert list(zip(table["first"], table["second"], strict=True)) == list(found.pairs)
    np.testing.assert_allclose(table["estimate"], table["first_mean"] - table["second_mean"])
    assert (table["simultaneous_low"] < table["ci_low"]).all() and (table["ci_high"] < table["simultaneous_high"]).all()
    json.dumps([found.to_dict(), check_arms(found).to_dict(), effects.to_dict()], allow_nan=False)
    assert "'fip' rather than 'mentor'" in effects.summary()


def test_differences_of_sets_of_every_arm_add_up():
    table = (
        compare_arms(accepted(match_arms(families(), **SAID)), "incidents")
        .table()
        .set_index(["first", "second"])["estimate"]
    )
    assert table["fip", "none"] == pytest.approx(table["fip", "mentor"] + table["mentor", "none"])


def test_the_simultaneous_interval_is_the_plain_one_at_a_level_shared_out():
    found = match_arms(families(), **SAID)
    table, strict = (
        compare_arms(accepted(found), "incidents").table(),
        compare_arms(accepted(found), "incidents", level=1 - 0.05 / 3).table(),
    )
    for end in ("low", "high"):
        np.testing.assert_allclose(table[f"simultaneous_{end}"], strict[f"ci_{end}"])


def test_what_cannot_be_estimated_has_a_reason():
    found = match_arms(families().assign(same=1.0), **SAID)
    effects = compare_arms(accepted(found), "same")
    assert all(isinstance(effect, NotEstimated) for effect in effects.effects.values())
    assert effects.table()["reason"].notna().all() and effects.table()["estimate"].isna().all()
    assert "was not estimated" in effects.summary()
    json.dumps(effects.to_dict(), allow_nan=False)
    assert len(effects.plot().get_yticklabels()) == 3


def test_no_number_of_fewer_than_ten_rows_is_shown():
    found = match_arms(SHARES.assign(y=[*range(9), 3.5]), on="x", arm="arm", reference="a", method="overlap")
    for shown in (found.summary(), repr(found)):
        assert "fewer than 10" in shown and "about 5" not in shown
    effects = compare_arms(accepted(found), "y")
    assert "is not shown" in effects.summary() and "interval" not in effects.summary()
    assert len(effects.plot().lines) == 2  # the line at 0, and no estimate


@pytest.mark.parametrize("method", METHODS)
def test_figures_say_what_they_show(method):
    found = match_arms(families(), **SAID, method=method)
    by = "matching" if method in ("vector", "pairwise") else "weighting"
    assert f"after {by}" in check_arms(found).plot().get_title(loc="left")
    assert [label.get_text() for label in found.plot().get_yticklabels()] == ["fip", "mentor", "none"]
    names = [label.get_text() for label in compare_arms(accepted(found), "incidents").plot().get_yticklabels()]
    assert names == ["fip rather than mentor", "fip rather than none", "mentor rather than none"]


def test_missing_values_are_filled_in_where_asked_and_told_of():
    frame = families()
    frame.iloc[:40, 0] = np.nan
    with pytest.raises(InputError, match="missing values in 'need'"):
        match_arms(frame, **SAID)
    for method in METHODS:
        found = match_arms(frame, **SAID, method=method, missing="indicator")
        assert found.notes[0].startswith("Missing values of 'need' were filled in by the mean (yes/no")
        assert "need: (missing)" in set(check_arms(found).table()["label"])


def test_arms_that_can_be_told_apart_take_a_prior_and_say_so():
    frame = families().query("abs(need) < 1")
    frame["sure"] = (frame["arm"] == "fip") & (frame["need"] > 0)
    found = match_arms(frame, on=["need", "sure"], arm="arm", reference="none", method="overlap", common_support=False)
    assert any("weak prior" in note for note in found.notes)


def test_a_row_that_carries_much_is_told_of():
    frame = families()
    frame["need"] += 1.5 * (frame["arm"] == "fip")
    found = match_arms(frame, **SAID, method="inverse_probability", common_support=False)
    assert any(note.startswith("A single 'mentor' row carries") for note in found.notes)


def test_covariates_may_have_the_names_that_scores_have_within():
    frame = families()
    named = frame.rename(columns={"need": "score_2", "district": "score_3"})
    asked = {"arm": "arm", "reference": "fip", "caliper": 0.5}
    found = match_arms(named, on=["score_2", "trouble"], exact="score_3", **asked).frame
    plain = match_arms(frame, on=["need", "trouble"], exact="district", **asked).frame
    assert found["set_id"].equals(plain["set_id"])


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"reference": "fipp"}, InputError, "no arm 'fipp'. Did you mean 'fip'"),
        ({"arm": "arms"}, InputError, "no column 'arms'. Did you mean 'arm'"),
        ({"on": ["need", "arm"]}, ConfigError, "cannot be in on as well"),
        ({"exact": "arm"}, ConfigError, "cannot be in exact as well"),
        ({"unit": "arm"}, ConfigError, "cannot be in unit as well"),
        ({"on": []}, ConfigError, "at least one covariate"),
        ({"method": "vectors"}, ConfigError, "no method 'vectors'. Did you mean 'vector'"),
        ({"method": "overlap", "caliper": 0.2}, ConfigError, "has no use for 'caliper'"),
        ({"method": "overlap", "estimand": "att"}, ConfigError, "cannot answer for estimand 'att', but for 'ato'"),
        ({"estimand": "ate"}, ConfigError, "cannot answer for estimand 'ate', but for 'att'"),
        ({"caliper": -1}, ConfigError, "caliper must be a number"),
        ({"missing": "drop"}, ConfigError, "no missing 'drop'"),
        ({"unit": "family"}, InputError, "a unit has rows in several arms"),
        ({"arm": "few"}, InputError, "arm 'rare' has fewer than 2 rows"),
        ({"arm": "lost"}, InputError, "'lost' is missing in some rows"),
        ({"arm": "alone"}, InputError, "names one arm only"),
        ({"on": "text_of_many"}, InputError, "levels"),
    ],
)
def test_what_cannot_be_asked_is_refused(changed, error, said):
    frame = families()
    frame["family"] = np.arange(len(frame)) // 2
    frame["few"] = np.where(np.arange(len(frame)) == 0, "rare", frame["arm"])
    frame["lost"] = frame["arm"].where(frame["need"] > -2)
    frame["alone"] = "fip"
    frame["text_of_many"] = [f"text {number}" for number in range(len(frame))]
    with pytest.raises(error, match=said):
        match_arms(frame, **(SAID | changed))


def test_columns_that_are_added_may_not_be_there():
    for name in ("score", "in_first_arm", "weight"):
        with pytest.raises(InputError, match=f"already has a column '{name}'"):
            match_arms(families().assign(**{name: 1}), **SAID)
    with pytest.raises(InputError, match="data must be a DataFrame"):
        match_arms([1, 2], **SAID)


def test_nobody_in_reach_is_an_error_that_says_between_whom():
    with pytest.raises(EstimationError, match=r"'fip' beside 'mentor': .*within the caliper.* wider caliper"):
        match_arms(families(60), **SAID, caliper=1e-9)
    apart = families().assign(need=lambda rows: rows["need"] + 100 * (rows["arm"] == "fip"))
    with pytest.raises(EstimationError, match="has scores that all arms have"):
        match_arms(apart, **SAID)
    with pytest.raises(EstimationError, match="no exact cell has rows of all arms"):
        match_arms(families(), **(SAID | {"exact": "need", "method": "overlap"}))


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"method": "randomisation"}, ConfigError, "no method 'randomisation'"),
        ({"outcome": "arm"}, ConfigError, "names the arm of each row"),
        ({"outcome": "need"}, InputError, "was used by the match"),
        ({"level": 2}, ConfigError, "level must be between 0 and 1"),
    ],
)
def test_effects_that_cannot_be_asked_are_refused(changed, error, said):
    found = match_arms(families(), **SAID)
    with pytest.raises(error, match=said):
        compare_arms(accepted(found), **({"outcome": "incidents"} | changed))


def scored_families(method: str, **options):
    frame = families()
    design = ArmsDesign(("need", "trouble"), "arm", "fip", exact=("district",), method=method, **options)
    return score_arms(read_arms(frame, design))[0]


def test_the_audit_finds_what_is_wrong_with_sets():
    scored = scored_families("vector", caliper=0.25)
    formed = match_vectors(scored)
    audit_arms(scored, formed)
    exchanged = formed.set_id.copy()
    ends = [np.flatnonzero((exchanged == number) & (scored.sample.arm == 1))[0] for number in (0, exchanged.max())]
    exchanged[ends] = exchanged[ends[::-1]]
    short = np.where(np.arange(len(exchanged)) == ends[0], -1, formed.set_id)
    for set_id, said in ((exchanged, "further from the reference row"), (short, "one row of every arm")):
        with pytest.raises(EstimationError, match=said):
            audit_arms(scored, replace(formed, set_id=set_id))
    with pytest.raises(EstimationError, match="other than 1"):
        audit_arms(scored, replace(formed, weight=2 * formed.weight))
    crossed = replace(scored, sample=replace(scored.sample, exact_cell=np.arange(len(formed.weight))))
    with pytest.raises(EstimationError, match="crosses exact cells"):
        audit_arms(crossed, formed)
    shared = replace(scored, sample=replace(scored.sample, unit=np.zeros(len(formed.weight), dtype=int)))
    with pytest.raises(EstimationError, match="unit serves more than once"):
        audit_arms(shared, formed)


def test_the_audit_finds_what_is_wrong_with_weights():
    scored = scored_families("inverse_probability")
    formed = weigh_arms(scored)
    audit_arms(scored, formed)
    tilted = formed.weight * np.where(scored.sample.exact_cell == 0, 1.5, 1.0)
    broken = {
        "negative or infinite": -formed.weight,
        "do not sum to its rows": 2 * formed.weight,
        "more in one arm than in another": np.where(scored.sample.arm == 1, tilted, formed.weight),
        "does not weigh 1": tilted,
        "an arm takes no part": np.where(scored.sample.arm == 2, 0.0, formed.weight),
    }
    for said, weight in broken.items():
        with pytest.raises(EstimationError, match=said):
            audit_arms(scored, replace(formed, weight=weight))
