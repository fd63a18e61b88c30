"""What a match and its balance show, and to whom."""

import json
import re
from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tf_eval.matching import Arms, check_balance, effective_sample_size, match, smd
from tf_eval.matching.methods import METHODS
from tf_eval.matching.wording import WORDS


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(11)
    size = 2000
    need = random.normal(size=size)
    return pd.DataFrame(
        {
            "started": random.random(size) < 1 / (1 + np.exp(2 - need)),
            "need": need,
            "lone_parent": random.random(size) < 0.4,
            "district": pd.Categorical(random.choice(["north", "south", "west"], size)),
            "family_id": np.arange(size) + 7_000_000,
        }
    )


@pytest.fixture(scope="module")
def matched(frame):
    return match(frame, on=["need", "lone_parent", "district"], treated="started", unit="family_id", caliper=0.2)


@dataclass
class SomeArms:
    frame: pd.DataFrame
    treated: str = "started"
    unit: str | None = "family_id"
    risk_set: str | None = None


def test_arms_give_the_same_match_as_keywords(frame, matched):
    arms = SomeArms(frame)
    assert isinstance(arms, Arms)
    found = match(arms, on=["need", "lone_parent", "district"], caliper=0.2)
    pd.testing.assert_frame_equal(found.frame, matched.frame)
    assert (found.unit, found.treated) == ("family_id", "started")


def test_a_covariate_of_arms_brings_the_column_that_says_where_it_was_filled_in(frame):
    filled = frame.assign(absence=frame["need"].clip(0), absence_missing=(frame["need"] < 0).astype(float))
    arms = SomeArms(filled)
    arms.companions = {"absence": "absence_missing", "years_at_school": "years_at_school_missing"}
    assert match(arms, on=["absence", "district"]).design.on == ("absence", "district", "absence_missing")
    assert match(filled, on="absence", treated="started").design.on == ("absence",)  # only what is named


def test_keywords_win_over_arms(frame):
    other = frame.assign(refused=~frame["started"])
    assert match(SomeArms(other), on="need", treated="refused").treated == "refused"


def test_the_design_is_echoed(matched):
    assert matched.design.to_dict() == {
        "on": ["need", "lone_parent", "district"],
        "treated": "started",
        "exact": [],
        "method": "nearest",
        "ratio": 1,
        "caliper": 0.2,
        "caliper_scale": "linear_predictor",
        "score": None,
        "order": "largest",
        "risk_set": None,
        "unit": "family_id",
        "reuse": False,
        "min_ratio": None,
        "max_ratio": None,
        "calipers": {},
        "calipers_sd": {},
        "anti_exact": [],
        "distance": "score",
        "distance_on": [],
        "missing": "refuse",
        "score_model": "logistic",
        "penalty": None,
        "folds": None,
        "common_support": "none",
        "seed": None,
        "estimand": "att",
        "moments": 1,
        "tolerance": 0.02,
        "cutpoints": {},
        "k_to_k": False,
        "subclasses": 6,
    }


def test_added_columns(matched):
    rows = matched.frame
    np.testing.assert_allclose(rows["propensity_score"], 1 / (1 + np.exp(-rows["score"])))
    assert rows.groupby("set_id")["started"].agg(["sum", "size"]).eq([1, 2]).all(axis=None)


def test_repr_shows_no_row_and_no_exact_count(matched):
    exact = int(matched.frame["started"].sum())
    assert exact % 5, "the fixture has to have a count that rounding changes"
    for result in (matched, matched.everyone, check_balance(matched)):
        assert str(exact) not in repr(result)
        assert "7000" not in repr(result)
    assert re.search(r"about \d+ treated, about \d+ comparison", repr(matched))


def test_small_counts_are_not_shown(frame):
    few = pd.concat([frame[frame["started"]].iloc[:3], frame[~frame["started"]]])
    shown = match(few, on="need", treated="started")
    assert "fewer than 10" in repr(shown)
    assert "fewer than 10" in shown.summary()


def test_dictionaries_are_json(matched):
    balance = check_balance(matched)
    text = json.dumps([matched.to_dict(), balance.to_dict()], allow_nan=False)
    assert not re.search(r"\b700[01]\d{3}\b", text), "no family's identifier"


def test_results_are_frozen_and_tables_are_copies(matched):
    with pytest.raises(FrozenInstanceError):
        matched.treated = "x"
    balance = check_balance(matched)
    table = balance.table()
    table["smd_after"] = 99.0
    assert abs(balance.worst["smd_after"]) < 1


def test_every_level_of_a_category_is_compared(matched):
    labels = check_balance(matched, labels={"district": "District", "lone_parent": "Lone parent"}).table()["label"]
    assert labels.tolist() == ["need", "Lone parent", "District: north", "District: south", "District: west"]


def test_the_verdict_on_balance(matched):
    balance = check_balance(matched)
    assert balance.passed
    assert "are alike" in balance.summary()
    strict = check_balance(matched, threshold=1e-9, limit=1e-9)
    assert not strict.passed
    assert "are not alike enough" in strict.summary()
    assert balance.worst["label"] in balance.summary()


def test_groups_of_which_most_characteristics_differ_a_little_are_only_roughly_alike(matched):
    loose = check_balance(matched, threshold=1e-9, limit=10)
    assert loose.passed
    assert "are roughly alike: 0 of" in loose.summary()


def test_one_difference_beyond_the_limit_fails_even_if_the_rest_are_alike(frame):
    many = frame.assign(**{f"noise{number}": frame["need"] * 0 + (frame.index % 7) for number in range(30)})
    found = match(many, on=["need", *(f"noise{number}" for number in range(30))], treated="started", score="family_id")
    balance = check_balance(found)
    assert balance.to_dict()["within_threshold"] > 0.9
    assert abs(balance.worst["smd_after"]) > 0.25
    assert not balance.passed


def test_sizes(matched):
    sizes = matched.table().set_index(["arm", "size"])["rows"]
    assert sizes["treated", "all"] == sizes["treated", "matched"] + sizes["treated", "dropped"]
    assert sizes["treated", "dropped"] == len(matched.dropped)
    assert sizes["comparison", "effective"] == pytest.approx(check_balance(matched).effective["comparison"])


@pytest.mark.parametrize("draw", [lambda matched: matched, check_balance], ids=["overlap", "love"])
def test_plots_belong_to_no_window_and_take_axes(matched, draw):
    result = draw(matched)
    assert result.plot().get_title(loc="left")
    mine = Figure().subplots()
    assert result.plot(mine) is mine


def test_overlap_leaves_small_bins_empty(frame):
    few = pd.concat([frame[frame["started"]].iloc[:9], frame[~frame["started"]]])
    drawn = match(few, on="need", treated="started").plot()
    heights = [patch.get_data().values for patch in drawn.patches]
    assert all((height <= 0).all() for height in heights), "nine treated rows fill no bin of ten"


def test_plain_functions():
    treated = np.array([True, True, True, False, False])
    assert smd(np.array([1.0, 2.0, 3.0, 1.0, 2.0]), treated) == pytest.approx(0.5)
    assert smd(np.array([1, 1, 0, 0, 0]), treated) == pytest.approx((2 / 3) / np.sqrt(2 / 9))
    assert smd(np.array([1.0, 2.0, 3.0, 1.0, 2.0]), treated, np.array([1, 1, 1, 0, 2])) == pytest.approx(0.0)
    assert smd(np.full(5, 0.1), treated) == 0.0
    assert smd(np.array([4.0, 4.0, 4.0, 1.0, 1.0]), treated) > 1, (
        "treated that do not vary: the whole sample's yardstick"
    )
    assert effective_sample_size(np.array([1, 1, 1, 1])) == 4
    assert effective_sample_size(np.array([3, 1])) == pytest.approx(1.6)
    assert effective_sample_size(np.zeros(3)) == 0


def test_where_the_treated_do_not_vary_the_whole_sample_is_the_yardstick():
    """Five times a fifth is a little less than one: the treated, who all have 1, must not seem to vary."""
    values, treated = np.array([2 / 3] * 17 + [1.0] * 6), np.array([False] * 17 + [True] * 6)
    assert smd(values, treated) == pytest.approx(smd(3 * values, treated))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            {"caliper": 0.2, "exact": "district", "ratio": 3},
            "1:3 nearest neighbour matching without reuse, by the linear predictor of a logistic propensity score, "
            "the score within 0.2 standard deviations, alike in 'district', treated rows with the largest scores "
            "first, for the effect on the treated. "
            "Covariates: 'need', 'lone_parent'.",
        ),
        (
            {"distance": "mahalanobis", "distance_on": "need", "calipers": {"need": 0.5}, "reuse": True},
            "1:1 nearest neighbour matching with reuse, by Mahalanobis distance of 'need', 'need' within 0.5, ",
        ),
        ({"method": "entropy_balancing", "moments": 2}, "Entropy balancing of means and squares, for the effect on"),
        ({"method": "overlap", "common_support": "treated"}, "treated rows without a counterpart in score left out"),
        ({"method": "exact", "on": "lone_parent", "estimand": "ate"}, "Exact matching, for the effect on both arms"),
        ({"order": "smallest"}, "treated rows with the smallest scores first"),
        ({"order": "closest"}, "the closest pairs first"),
        ({"order": "random", "seed": 7}, "treated rows in random order (seed 7)"),
        ({"order": "data"}, "treated rows in the order of the data"),
        ({"method": "coarsened_exact", "k_to_k": True}, "in pairs, the closest pairs first"),
        ({"method": "subclassification", "subclasses": 5}, "Subclassification into 5 parts, by the linear"),
    ],
)
def test_a_match_says_what_it_was_asked(frame, asked, words):
    found = match(frame, **{"on": ["need", "lone_parent"], "treated": "started", **asked}).summary()
    assert words in found.split(" Of about ")[0]


def test_where_no_choice_takes_from_another_there_is_no_order_to_tell(frame):
    for asked in ({"reuse": True}, {"method": "full"}, {"method": "optimal", "on": "lone_parent"}):
        assert "first" not in match(frame, **{"on": "need", "treated": "started", **asked}).summary()


@pytest.mark.parametrize(
    ("asked", "formed"),
    [
        ({"method": "subclassification", "subclasses": 5}, "comparison rows in 5 subclasses."),
        ({"method": "exact", "on": "district"}, "comparison rows in 3 sets."),
        ({"method": "coarsened_exact", "on": "lone_parent"}, "comparison rows in 2 sets."),
        ({"method": "quick"}, r"comparison rows in about \d+[05] sets\."),
        ({"method": "full"}, r"comparison rows in about \d+[05] sets\."),
        ({"method": "nearest", "ratio": 2}, "comparison rows[.]"),
        ({"method": "overlap"}, "comparison rows[.]"),
    ],
)
def test_a_match_says_how_many_sets_it_formed(frame, asked, formed):
    found = match(frame, **{"on": ["need", "lone_parent"], "treated": "started", **asked})
    assert re.search(formed, found.summary())


def test_a_number_of_sets_that_tells_how_few_were_treated_is_not_told(frame):
    """An arm of three rows makes three subclasses at most."""
    few = pd.concat([frame[frame["started"]].iloc[:3], frame[~frame["started"]]])
    found = match(few, on="need", treated="started", method="subclassification")
    assert found.frame["set_id"].nunique() == 3
    assert "in fewer than 10 subclasses" in found.summary()


def test_coarsened_exact_matching_says_how_numbers_were_cut(frame):
    numbers = frame.assign(months=np.arange(len(frame)) % 24, lone_parent=frame["lone_parent"].astype(int))
    cuts = {"need": [0.25, -1], "months": 4}
    asked = {"on": ["need", "months", "lone_parent", "district"], "treated": "started", "method": "coarsened_exact"}
    assert match(numbers, **asked, cutpoints=cuts).notes[0] == (
        "How numbers were cut: 'need' at -1 and 0.25; 'months' into 4 bins of equal width."
    )
    # Sturges: log2(2000) + 1, rounded up, is 12; 0/1 stays as it is, and so does a covariate in one bin.
    assert match(numbers, **asked, cutpoints={"need": 1}).notes[0] == (
        "How numbers were cut: 'need' not at all; 'months' into 12 bins of equal width (rule 'sturges')."
    )
    assert "cut" not in match(numbers, **{**asked, "on": ["lone_parent", "district"]}).summary()


def test_what_weights_count_for_is_said_once_and_of_the_arm_that_has_them(frame):
    asked = {"on": ["need", "lone_parent"], "treated": "started", "method": "inverse_probability"}
    told = {estimand: match(frame, **asked, estimand=estimand).summary() for estimand in ("att", "atc", "ate")}
    assert all(text.count("equal weight") == 1 for text in told.values())
    assert "By their weights the comparison rows count for as much as about" in told["att"]
    assert "By their weights the treated rows count for as much as about" in told["atc"]
    assert "of equal weight, and the comparison rows for as much as about" in told["ate"]
    assert "weight" not in match(frame, on="need", treated="started").summary()


def test_rows_of_few_units_are_few(frame):
    """Thirty treated rows of three families are three families."""
    treated = frame[frame["started"]].iloc[:30].assign(family_id=np.arange(30) % 3)
    few = pd.concat([treated, frame[~frame["started"]]])
    found = match(few, on="need", treated="started", unit="family_id", method="entropy_balancing")
    assert "Of treated rows of fewer than 10 units, those of fewer than 10 units were compared" in found.summary()
    assert "treated of fewer than 10 units, about" in repr(found)
    for shown in (found.summary(), repr(found)):
        assert "about 30" not in shown
    assert "about 30 treated" in repr(match(few, on="need", treated="started", method="entropy_balancing"))


def test_every_method_has_words():
    assert set(WORDS) == set(METHODS)


def test_a_number_stays_one_where_an_arm_has_only_0_and_1_of_it():
    """The variance of a yes/no is p(1 - p), without the correction for the size of the sample that a number has."""
    children = pd.DataFrame(
        {"started": [1, 1, 1, 0, 0, 0], "children": [0, 1, 1, 0, 2, 5], "score": [1, 2, 3, 1, 2, 3]}
    )
    row = check_balance(match(children, on="children", treated="started", score="score")).table().iloc[0]
    treated, compared = (np.var(arm, ddof=1) for arm in ([0, 1, 1], [0, 2, 5]))
    assert row["variance_ratio_before"] == row["variance_ratio_after"] == pytest.approx(treated / compared)
    assert row["smd_before"] == pytest.approx((2 / 3 - 7 / 3) / np.sqrt(treated))


def test_balance_says_whose_standard_deviation_it_is_in(matched):
    balance = check_balance(matched, sd="pooled")
    assert balance.to_dict()["sd"] == "pooled"
    assert balance.table()["smd_after"].abs().max() != check_balance(matched).table()["smd_after"].abs().max()


def test_the_summary_says_how_many_characteristics_there_are(matched):
    assert "of 5 characteristics" in check_balance(matched).summary()
