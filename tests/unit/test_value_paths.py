"""Effects by month for an appraisal: what was estimated, drawn together, and what is taken where it is missing."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.cohort import load_outcomes
from tf_eval.did import draw_jointly, estimate_att
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence import OutcomeEffect
from tf_eval.value import appraise, effect_paths, load_appraisal

COLUMNS = {"unit": "family", "period": "month", "adopted": "start", "cluster": "family"}
FAMILIES, TREATED, START, MONTHS = 120, 50, 12, 24
STEPS = ((0, 0), (1, 5), (6, 11))


def panel(seed: int = 1, treated: int = TREATED) -> pd.DataFrame:
    """Families by months with two outcomes that hang together; both fall by 0.5 from month 3 after the start."""
    random = np.random.default_rng(seed)
    family, month = np.repeat(np.arange(FAMILIES), MONTHS), np.tile(np.arange(MONTHS), FAMILIES)
    start = np.where(family < treated, START, np.inf)
    shared = random.normal(size=len(family))
    late = month >= start + 3
    outcomes = {name: shared + random.normal(size=len(family)) - 0.5 * late for name in ("a", "b")}
    return pd.DataFrame({"family": family, "month": month, "start": start, **outcomes})


def estimates(frame: pd.DataFrame, **asked):
    return {name: estimate_att(frame, outcome=name, baseline=12, **COLUMNS, **asked) for name in ("a", "b")}


def without(frame: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Leave the outcome b out at some event times."""
    gone = frame["month"].sub(START).between(first, last)
    return frame.assign(b=frame["b"].where(~gone))


@pytest.fixture(scope="module")
def effects():
    return estimates(panel())


def test_every_month_of_a_step_has_the_mean_effect_over_it(effects):
    found = effect_paths(effects, steps=STEPS, seed=1)
    band = effects["a"].band(1, 5)
    assert found.effects[0, 1:6] == pytest.approx(band.att)
    assert found.effects.shape == (2, 12)
    assert found.last == (11, 11)


def test_draws_hang_together_as_the_outcomes_do(effects):
    found = effect_paths(effects, steps=STEPS, seed=1, draws=4_000)
    joint = draw_jointly(effects, list(STEPS), seed=1, draws=99)
    drawn = np.cov(found.deviations[:, :, [0, 1, 6]].reshape(4_000, -1).T)
    errors = np.sqrt(np.diag(joint.covariance))
    # A correlation is known to 1 / sqrt(4,000) = 0.016, and four times that is hardly ever reached by chance.
    assert drawn / np.outer(errors, errors) == pytest.approx(joint.covariance / np.outer(errors, errors), abs=0.07)
    assert drawn[1, 4] > 0.2 * errors[1] * errors[4]


def test_with_few_degrees_of_freedom_draws_reach_further():
    few = panel(treated=8)
    normal, t = (estimates(few, quantile=quantile) for quantile in ("normal", "t"))
    drawn = [effect_paths(one, steps=STEPS, seed=1, draws=8_000).deviations[:, 0, 1].std() for one in (normal, t)]
    freedom = t["a"].band(1, 5).degrees_of_freedom
    assert freedom < 10
    # The standard deviation of 8,000 draws of so heavy a t is known to about 2 %.
    assert drawn[1] / drawn[0] == pytest.approx(np.sqrt(freedom / (freedom - 2)), abs=0.06)


def test_what_is_missing_at_first_counts_as_no_effect_and_is_told():
    found = effect_paths(estimates(without(panel(), 0, 5)), steps=STEPS, seed=1)
    assert (found.effects[1, :6] == 0).all() and (found.deviations[:, 1, :6] == 0).all()
    assert found.notes == ("b: of the first 6 months no effect could be estimated, and none is counted.",)


def test_what_is_missing_at_last_ends_the_follow_up():
    assert effect_paths(estimates(without(panel(), 6, 11)), steps=STEPS, seed=1).last == (11, 5)


def test_steps_that_stand_for_a_part_of_the_treated_are_told():
    frame = panel()
    half = frame["family"] < TREATED // 2
    frame = frame.assign(start=np.where(half, START + 6, frame["start"]))
    notes = effect_paths(estimates(frame), steps=STEPS, seed=1).notes
    assert notes[0] == "a: months 6 to 11 rest on only a part of those with support, about 40% of them."


def test_an_outcome_with_a_gap_is_not_valued_and_says_why():
    found = effect_paths(estimates(without(panel(), 1, 5)), steps=STEPS, seed=1)
    assert found.outcomes == ("a",)
    assert found.not_estimated["b"].startswith("an effect between others is missing")


def test_an_outcome_brings_its_label_and_unit():
    outcome = load_outcomes()["asb_incident"]
    frame = panel().rename(columns={"a": "asb_incident"})
    estimate = estimate_att(frame, outcome="asb_incident", baseline=12, **COLUMNS)
    effect = OutcomeEffect(outcome, estimate, (1, 11), 60.0, NotEstimated("not asked for"))
    told = effect_paths({"asb_incident": effect}, steps=STEPS, seed=1).told["asb_incident"]
    assert (told.label, told.scale) == ("ASB incidents", 1200)
    assert told.base_rate == effect.headline.base_rate


def test_the_fewest_units_are_known(effects):
    found = effect_paths(effects, steps=STEPS, seed=1)
    assert found.fewest == TREATED
    assert found.is_shown


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"steps": ((0, 0), (2, 5))}, "must follow each other from event time 0 on"),
        ({"steps": ((1, 5),)}, "must follow each other"),
        ({"steps": ((3, 1),)}, "pairs of event times"),
        ({"draws": 9}, "draws"),
    ],
)
def test_what_cannot_be_asked_is_refused(effects, asked, told):
    with pytest.raises(ConfigError, match=told):
        effect_paths(effects, **{"steps": STEPS, "seed": 1, **asked})


def test_where_nothing_is_estimated_nothing_is_valued():
    effect = estimate_att(without(panel(), 0, 11), outcome="b", baseline=12, **COLUMNS)
    found = effect_paths({"b": effect}, steps=STEPS, seed=1)
    assert isinstance(found, NotEstimated)
    assert found.reason.startswith("none of the effects is: ")
    asked = {"intervention": "volunteer_mentors", "seed": 1}
    assert isinstance(appraise({"b": effect}, load_appraisal(), **asked), NotEstimated)
