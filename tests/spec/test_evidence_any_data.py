"""Estimates on anybody's data frame: from a panel or a match of one's own to a verdict and its page."""

import numpy as np
import pandas as pd
import pytest

import tf_eval as tf
from tests.accepted import accepted
from tf_eval.did import PreTrends
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence.outcome_effect import MOVED_ALIKE
from tf_eval.evidence.plain_effect import own_pre_trends
from tf_eval.release import publish
from tf_eval.report import to_html

ABOUT = tf.Subject("training", "Training", "Does training pay?", "A job for a year.")
WAGE = tf.PlainOutcome("wage", "Wages", "dollars", smallest_worthwhile=50, good_direction="rise")
LOG_WAGE = tf.PlainOutcome("log_wage", "Wages", "percent", smallest_worthwhile=5, good_direction="rise")
COLUMNS = {"outcome": "wage", "unit": "person", "period": "year", "adopted": "start"}
YEARS = np.arange(2000, 2008)


def panel(effect=100.0, treated=60, drift=0.0, starts=(2004,), seed=1):
    """Return 160 people over eight years, of whom some start; ``drift`` is how far these part from others a year."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"person": np.repeat(np.arange(160), 8), "year": np.tile(YEARS, 160)})
    chosen = np.resize(starts, 160).astype(float)
    frame["start"] = np.where(frame["person"] < treated, chosen[frame["person"]], np.nan)
    level = random.normal(1000, 50, size=160)[frame["person"]]
    moved = np.where(frame["start"].notna(), drift * (frame["year"] - 2000), 0.0)
    wage = level + moved + np.where(frame["year"] >= frame["start"], effect, 0) + random.normal(0, 30, len(frame))
    return frame.assign(wage=wage, log_wage=np.log(wage))


def estimated(frame=None, **options):
    return tf.estimate_att(panel() if frame is None else frame, **{**COLUMNS, "quantile": "t", **options})


def people(effect=100.0, seed=1):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"person": np.arange(200), "trained": np.arange(200) < 60, "age": random.normal(40, 8, 200)})
    return frame.assign(wage=900 + 2 * frame["age"] + effect * frame["trained"] + random.normal(0, 40, 200))


def matched_effect(effect=100.0):
    matched = accepted(tf.match(people(effect), treated="trained", on=["age"], unit="person"))
    return tf.estimate_effect(matched, "wage")


def judged(*effects):
    return tf.judge(effects, about=ABOUT)


@pytest.mark.parametrize(
    ("planted", "word"), [(100, "works"), (-100, "may do harm"), (0, "no effect worth having"), (50, "promising")]
)
def test_a_panel_of_ones_own_has_a_verdict(planted, word):
    verdict = judged(tf.outcome_effect(estimated(panel(planted)), WAGE, follow_up=(0, 3)))
    assert verdict.word == word
    assert verdict.outcomes[0].measured.headline.value == pytest.approx(planted, abs=16)  # three errors


def test_without_a_follow_up_the_headline_is_the_overall_effect():
    estimate = estimated(panel(starts=(2003, 2005)))
    size, overall = tf.outcome_effect(estimate, WAGE).headline, estimate.overall()
    assert (size.value, size.low, size.base_rate) == (overall.att, overall.ci_low, overall.counterfactual_mean)


def test_its_own_checks_are_how_both_groups_moved_and_how_many_there_were():
    measured = tf.outcome_effect(estimated(), WAGE)
    assert [(check.name, check.passed) for check in measured.checks] == [
        (MOVED_ALIKE, True),
        ("Enough units were studied", True),
    ]
    few = tf.outcome_effect(estimated(panel(treated=15)), WAGE)
    assert [check.passed for check in few.checks] == [True, False]


def test_groups_that_parted_before_the_start_are_no_proof():
    verdict = judged(tf.outcome_effect(estimated(panel(drift=25)), WAGE, follow_up=(0, 3)))
    assert verdict.word == "promising"
    assert "the groups moved alike before the start" in str(verdict.reasons[0])


def test_only_event_times_that_half_of_the_treated_reach_are_tested():
    # Those who start in 2002 are seen for two years before, the others for six.
    test = own_pre_trends(estimated(panel(starts=(2002, 2002, 2006))))
    assert [where["first"] for where in test.estimates.where] == [-1]


def test_the_base_itself_is_no_part_of_the_test():
    universal = own_pre_trends(estimated(baseline="universal"))
    assert universal.degrees_of_freedom == 3  # of the four years before the start one is the base


def test_with_a_base_window_the_bands_before_it_are_tested():
    estimate = estimated(panel(starts=(2006,)), baseline=2)
    assert own_pre_trends(estimate).p_value == estimate.pre_trends().p_value


def test_another_test_can_stand_in_where_the_estimate_is_fitted_to_what_was_before():
    frame = panel(drift=25).assign(once=lambda wide: wide.groupby("person")["wage"].transform("first"))
    other = estimated(frame).pre_trends()
    assert isinstance(other, PreTrends)
    measured = tf.outcome_effect(estimated(frame, covariates=["once"]), WAGE, pre_trends=other)
    assert not measured.checks[0].passed


def test_a_reason_that_somebody_gives_is_told_on_the_page_and_an_estimators_is_not():
    given = NotEstimated("wages before were matched on")
    told = publish(judged(tf.outcome_effect(estimated(), WAGE, pre_trends=given)))
    assert told.payload["checks"][0]["detail"] == "This could not be examined: wages before were matched on."
    own = panel(starts=(2001,))  # one year before, so nothing to test
    hidden = publish(judged(tf.outcome_effect(estimated(own), WAGE)))
    assert "too few units were observed for long enough" in hidden.payload["checks"][0]["detail"]


def test_nobody_is_counted_of_a_match_because_its_own_checks_do():
    frame = panel()
    first = frame[frame["year"] == 2000].assign(trained=lambda wide: wide["start"].notna())
    matched = accepted(tf.match(first, treated="trained", on=["wage"], unit="person"))
    estimate = tf.estimate_att(frame, matched, outcome="wage", period="year", adopted="start")
    measured = tf.outcome_effect(estimate, WAGE)
    assert [check.name for check in measured.checks] == [MOVED_ALIKE]
    checks = tf.design_checks(tf.check_balance(matched), matched, whom="people")
    assert {"Nearly all people could be compared", "Enough people were studied"} <= {check.name for check in checks}


def test_an_effect_at_one_point_in_time_is_at_most_promising():
    measured = tf.outcome_effect(matched_effect(), WAGE)
    assert judged(measured).word == "promising"
    assert "seen once" in measured.checks[0].detail
    assert measured.headline.value == pytest.approx(100, abs=21)  # three errors
    assert judged(tf.outcome_effect(matched_effect(-100), WAGE)).word == "may do harm"
    given = tf.outcome_effect(matched_effect(), WAGE, pre_trends=NotEstimated("nobody was asked before"))
    assert "nobody was asked before" in given.checks[0].detail
    assert judged(tf.outcome_effect(matched_effect(), WAGE, pre_trends=own_pre_trends(estimated()))).word == "works"
    assert "It holds only if" in measured.summary() and len(measured.table()) == 1


def test_a_single_treated_unit_says_nothing():
    measured = tf.outcome_effect(estimated(panel(treated=1), smallest_shown=1), WAGE, follow_up=(0, 3))
    verdict = judged(measured)
    assert verdict.word == "cannot tell" and "a single unit is treated" in verdict.outcomes[0].reason
    page = to_html(publish(verdict))
    assert "Too few units to estimate this." in page and "amilies" not in page


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: tf.outcome_effect(estimated(outcome="log_wage"), WAGE), "of 'log_wage', the outcome is 'wage'"),
        (lambda: tf.outcome_effect(estimated(confidence=0.9), WAGE), "intervals of 95%"),
        (lambda: tf.outcome_effect(matched_effect(), WAGE, follow_up=(0, 3)), "has no follow_up"),
        (lambda: tf.outcome_effect(estimated(outcome="log_wage"), LOG_WAGE, naive=None), "leave naive out"),
        (lambda: tf.outcome_effect(NotEstimated("too few"), WAGE), "no estimate to judge: too few"),
        (lambda: tf.outcome_effect(panel(), WAGE), "estimate_att or estimate_effect"),
    ],
)
def test_what_does_not_fit_is_refused(call, told):
    with pytest.raises(ConfigError, match=told):
        call()


def test_all_that_is_wrong_with_an_outcome_is_told_at_once():
    with pytest.raises(ConfigError) as refused:
        tf.PlainOutcome("wage", "", "dollars", smallest_worthwhile=0, good_direction="up", scale=-1)
    said = str(refused.value)
    assert all(name in said for name in ("label", "smallest_worthwhile", "scale", "good_direction"))


def test_a_page_tells_dollars_with_their_base_rate_and_speaks_of_no_families():
    released = publish(judged(tf.outcome_effect(estimated(), WAGE, follow_up=(0, 3))))
    page = to_html(released)
    assert f"about ${released.payload['facts']['base_rate']:,} without it" in page
    assert "amilies" not in page and "Those with it did better than others like them without it" in page


def test_logarithms_are_told_in_percent_and_have_no_base_rate():
    measured = tf.outcome_effect(estimated(outcome="log_wage"), LOG_WAGE, follow_up=(0, 3))
    assert measured.headline.value == pytest.approx(10, abs=2)  # 100 dollars of 1,000, three errors
    logs = measured.estimate.band(0, 3)
    assert measured.headline.high == pytest.approx(100 * (np.exp(logs.ci_high) - 1))
    assert measured.headline.p_value == logs.p_value and "without the intervention" not in measured.summary()
    payload = publish(judged(measured)).payload
    assert payload["facts"]["base_rate"] == "[x]" and payload["rows"][0]["effect"] == round(measured.headline.value, 1)


@pytest.mark.parametrize(
    ("unit", "told"),
    [("of_100_people", r"outcomes\.wage\.scale: 1 does not fit, .* Set it to 100"), ("dolars", "'dollars'")],
)
def test_a_unit_that_a_page_does_not_know_or_another_scale_is_refused(unit, told):
    outcome = tf.PlainOutcome("wage", "Wages", unit, smallest_worthwhile=5, good_direction="rise")
    with pytest.raises(ConfigError, match=told):
        publish(judged(tf.outcome_effect(estimated(), outcome)))


def test_an_effect_on_few_units_is_hidden():
    page = publish(judged(tf.outcome_effect(estimated(panel(treated=9)), WAGE)))
    assert page.payload["rows"][0]["effect"] == "[c]" and "fewer than 10 units with it" in str(page.payload)


def test_a_share_that_few_people_have_is_hidden():
    frame = panel()
    random = np.random.default_rng(2)
    rare = frame.assign(wage=random.random(len(frame)) < 0.02 + 0.5 * (frame["year"] >= frame["start"]))
    share = tf.PlainOutcome("wage", "People with a prize", "of_100_people", 5, "rise", scale=100)
    facts = publish(judged(tf.outcome_effect(estimated(rare.astype({"wage": float})), share))).payload["facts"]
    assert facts["base_rate"] == "[c]" and 40 < facts["effect"] < 60


def test_an_event_study_is_told_by_the_step_of_its_panel():
    frame = panel()
    dates = {
        name: pd.to_datetime(frame[name].astype("Int64").astype("string"), format="%Y") for name in ("year", "start")
    }
    released = publish(tf.outcome_effect(estimated(frame.assign(**dates)), WAGE).event_study)
    assert (released.payload["period"], released.payload["baseline"]) == ("year", [-1, -1])
    page = to_html(released)
    assert "Wages, year by year" in page and "Difference between those with it and others like them" in page
    assert "onth" not in page


def test_the_strength_of_the_evidence_can_be_scored_too():
    standards = tf.score_standards(judged(tf.outcome_effect(estimated(), WAGE, follow_up=(0, 3))))
    assert [row.score for row in standards.rows]
