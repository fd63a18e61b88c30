"""A long frame and a match of its units, estimated in one step: the match's weights and sets cannot be forgotten."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.did import estimate_att, naive_change
from tf_eval.errors import ConfigError, InputError
from tf_eval.matching import check_arms, match, match_arms, restrict

ASKED = {"period": "month", "adopted": "began", "outcome": "incidents", "baseline": 3}
MONTHS = range(1, 9)
BEGAN = 5


def people(seed=1, treated=30, others=90) -> pd.DataFrame:
    """Needier families are more often started, in month 5; one in six of the others starts by itself in month 7."""
    random = np.random.default_rng(seed)
    started = np.arange(treated + others) < treated
    later = ~started & (np.arange(treated + others) % 6 == 0)
    need = random.normal(started * 0.8, 1)
    began = np.select([started, later], [BEGAN, 7.0], np.nan)
    return pd.DataFrame({"family": np.arange(len(need)), "started": started, "need": need, "began": began})


def months(families: pd.DataFrame, effect=-2.0, seed=2) -> pd.DataFrame:
    """The needier a family, the faster it gets better by itself; what is done has its effect from its month on."""
    random = np.random.default_rng(seed)
    long = families[["family", "need", "began"]].merge(pd.DataFrame({"month": MONTHS}), how="cross")
    recovery = -1.5 * long["need"] * (long["month"] >= BEGAN)
    noise = random.normal(0, 0.5, len(long))
    long["incidents"] = 10 + 2 * long["need"] + recovery + effect * (long["month"] >= long["began"]) + noise
    return long.drop(columns="need")


def matched_of(families: pd.DataFrame, **options):
    return accepted(match(families, on="need", treated="started", unit="family", **options))


def by_hand(matched, long, **options):
    """What a careful person would write: restrict, and tell the estimator of everything that came along."""
    frame = restrict(matched, long)
    waiting = ~frame["started"] & (frame["began"] <= frame["month"])
    frame = frame.assign(began=frame["began"].where(frame["started"]), incidents=frame["incidents"].mask(waiting))
    return estimate_att(frame, **ASKED, unit="family", weights="weight", **options)


@pytest.mark.parametrize(
    ("options", "cluster"),
    [
        ({"caliper": 0.2, "ratio": 2}, "set_id"),
        ({"method": "full"}, "set_id"),
        ({"method": "entropy_balancing"}, "family"),
        ({"reuse": True}, "family"),
    ],
)
def test_it_is_what_restrict_weights_and_clusters_given_by_hand_give(options, cluster):
    families = people()
    matched, long = matched_of(families, **options), months(families)
    ours, theirs = estimate_att(long, matched, **ASKED), by_hand(matched, long, cluster=cluster)
    pd.testing.assert_frame_equal(ours.by_event_time().table(), theirs.by_event_time().table())
    assert (ours.design.weights, ours.design.cluster, ours.design.unit) == ("weight", cluster, "family")


def test_a_cluster_of_ones_own_is_kept():
    families = people()
    long = months(families).assign(district=lambda rows: rows["family"] % 12)
    effect = estimate_att(long, matched_of(families, ratio=2), **ASKED, cluster="district")
    assert effect.design.cluster == "district"


def test_a_comparison_family_serves_until_it_starts_and_is_no_treated_one_then():
    families = people()
    effect = estimate_att(months(families), matched_of(families, method="entropy_balancing"), **ASKED)
    assert effect.table()["adopted"].unique().tolist() == [BEGAN]
    compared = effect.by_event_time().table().set_index("event_time")["n_comparison"]
    assert compared.loc[[1, 2]].tolist() == [90, 75]


def test_without_the_match_the_answer_is_another():
    families = people()
    long = months(families)
    naive = estimate_att(long, **ASKED, unit="family").overall().att
    found = estimate_att(long, matched_of(families, method="entropy_balancing"), **ASKED).overall()
    assert found.ci_low < -2 < found.ci_high and abs(found.att + 2) < 0.3 < abs(naive + 2)


def risk_sets() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two start months; family 4 is compared in the first and starts in the second, 5 to 7 are at risk in both."""
    rows = [
        (1, 1, 5),
        (2, 1, 5),
        (3, 1, 7),
        (4, 1, 7),
        (4, 0, 5),
        *((who, 0, start) for who in (5, 6, 7) for start in (5, 7)),
    ]
    families = pd.DataFrame(rows, columns=["family", "started", "start"]).assign(need=0.0)
    began = {1: 5, 2: 5, 3: 7, 4: 7}
    long = pd.DataFrame([(who, month) for who in range(1, 8) for month in MONTHS], columns=["family", "month"])
    long["began"] = long["family"].map(began)
    long["incidents"] = long["family"] + long["month"] ** 2 - 3.0 * (long["month"] >= long["began"])
    return families, long


def test_families_of_several_risk_sets_serve_in_each_and_are_counted_once():
    families, long = risk_sets()
    matched = accepted(
        match(
            families,
            on="need",
            treated="started",
            unit="family",
            risk_set="start",
            score="need",
            method="inverse_probability",
        )
    )
    effect = estimate_att(long, matched, **ASKED)
    assert (effect.design.unit, effect.design.sets, effect.design.cluster) == ("matched_row", "start", "family")
    table = effect.table()
    assert table[["set", "adopted"]].drop_duplicates().to_numpy().tolist() == [[5, 5], [7, 7]]
    assert table.loc[table["event_time"] >= 0, "att"].tolist() == pytest.approx([-3.0] * 6)
    at_start = effect.by_event_time().table().set_index("event_time").loc[0]
    assert (at_start["n_treated"], at_start["n_comparison"]) == (4, 4)
    path = effect.paths().table().set_index("event_time").loc[0]
    assert (path["n_treated"], path["n_comparison"]) == (4, 4)


def test_before_and_after_is_of_the_matched_alone():
    families = people()
    matched = matched_of(families, caliper=0.1)
    naive = naive_change(months(families), matched, **ASKED, first=0, last=3)
    assert naive.n_treated == matched.frame["started"].sum() < families["started"].sum()


@pytest.mark.parametrize(
    ("match_options", "options", "told"),
    [
        ({}, {"weights": "weight"}, "weights come with the match; leave weights out"),
        ({}, {"unit": "household"}, "unit is 'household', but 'family' was matched"),
        ({"method": "overlap"}, {}, "the match is for estimand 'ato'"),
    ],
)
def test_options_that_contradict_the_match_are_refused(match_options, options, told):
    families = people()
    with pytest.raises(ConfigError, match=told):
        estimate_att(months(families), matched_of(families, **match_options), **ASKED, **options)


def test_two_arms_that_are_weighted_to_be_like_a_third_do_not_answer_for_the_treated():
    families = people()
    families["arm"] = np.select([families["started"], families["family"] % 2 == 0], ["fip", "mentor"], "none")
    arms = match_arms(families, on="need", arm="arm", reference="fip", unit="family", method="inverse_probability")
    pairs, long = check_arms(arms).accept(because="a test asks").pairs, months(families)
    of_reference = estimate_att(long, pairs["fip", "mentor"], **ASKED).by_event_time().table()
    assert of_reference["n_treated"].max() == (arms.frame["arm"] == "fip").sum()
    with pytest.raises(ConfigError, match="weighted to be like a third"):
        estimate_att(long, pairs[arms.arms[1:]], **ASKED)


def test_sets_beside_risk_sets_are_refused():
    families, long = risk_sets()
    matched = accepted(match(families, on="need", treated="started", unit="family", risk_set="start", method="exact"))
    with pytest.raises(ConfigError, match="sets are the risk sets of the match"):
        estimate_att(long.assign(place=1), matched, **ASKED, sets="place")


def test_a_match_without_units_is_refused():
    families = people()
    with pytest.raises(ConfigError, match="the match needs unit"):
        estimate_att(months(families), accepted(match(families, on="need", treated="started")), **ASKED, unit="family")


def test_treated_families_that_are_never_so_in_the_frame_are_refused():
    families = people()
    long = months(families)
    long["began"] = long["began"].where(long["family"] != 3)
    with pytest.raises(InputError, match="1 units were matched as treated, but are never so by 'began'"):
        estimate_att(long, matched_of(families, method="entropy_balancing"), **ASKED)


def test_the_frame_is_not_changed():
    families = people()
    long = months(families)
    before = long.copy()
    estimate_att(long, matched_of(families), **ASKED)
    pd.testing.assert_frame_equal(long, before)


class Stack:
    """Four start cohorts of four families each, every one compared with the same four, laid out in event time."""

    def event_time_frame(self, matched, outcome, columns) -> pd.DataFrame:
        random = np.random.default_rng(1)
        rows = pd.DataFrame({"row": range(32), "start_cohort": np.repeat(list("abcd"), 8)})
        treated = rows["row"] % 8 < 4
        rows["family"] = np.where(treated, rows["row"], 100 + rows["row"] % 8)
        rows = rows.assign(adopted=np.where(treated, 0.0, np.nan), weight=1.0)
        long = rows.merge(pd.DataFrame({"event_time": range(-3, 3)}), how="cross")
        return long.assign(**{outcome: random.normal(size=len(long))})


def test_notes_say_that_they_count_rows_of_a_match():
    asked = {"outcome": "y", "cluster": "family", "baseline": 3}
    notes = estimate_att(Stack(), SimpleNamespace(unit="family"), **asked).notes
    assert notes[0] == "Never treated, coded as missing: about 15 matched rows."
    families = people()
    own = estimate_att(months(families), matched_of(families, method="entropy_balancing"), **ASKED).notes
    assert any(note.startswith("Never treated, coded as missing") and note.endswith("units.") for note in own)


def test_no_cell_is_drawn_of_few_families_with_many_rows():
    asked = {"outcome": "y", "covariates": ["start_cohort"], "cluster": "family", "baseline": 3}
    told, hidden = (
        estimate_att(Stack(), SimpleNamespace(unit="family"), **asked, smallest_shown=least).plot_cells()
        for least in (4, 5)
    )
    assert [any(text.get_text() for text in ax.texts) for ax in (told, hidden)] == [True, False]


def test_what_cells_rest_on_is_counted_in_families_as_their_effects_are():
    asked = {"outcome": "y", "covariates": ["start_cohort"], "cluster": "family", "baseline": 3}
    told, hidden = (
        estimate_att(Stack(), SimpleNamespace(unit="family"), **asked, smallest_shown=least) for least in (4, 5)
    )
    table = told.overlap().table()
    assert (table[["n_treated", "n_comparison"]] == told.by_cell().table()[["n_treated", "n_comparison"]]).all(
        axis=None
    )
    # the four families of the comparison have a row in each of the four start cohorts, all of the same weight
    assert table["n_comparison"].tolist() == [4] * 6
    assert table["effective_sample_size"].to_numpy() == pytest.approx([4] * 6)
    assert table["largest_share"].to_numpy() == pytest.approx([1 / 4] * 6)
    for draw in (lambda effect: effect.overlap().plot(), lambda effect: effect.plot_weights()):
        assert [any(text.get_text() for text in draw(effect).texts) for effect in (told, hidden)] == [True, False]
