"""What each verdict means: an estimate in, a word out. The smallest change worth having is 20 throughout."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tf_eval.did import estimate_att
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.plain_outcome import PlainOutcome
from tf_eval.evidence.verdict import Subject, judge

ABOUT = Subject("mentors", "Mentors", "Do mentors help?", "A volunteer visits.")
GOOD = Check("The groups were alike before the start", True, "They were.")
BAD = Check("The groups were alike before the start", False, "They were not.")


def measured(name="asb_incident", value=0.0, error=10.0, detection=False, checks=()):
    """An outcome that ought to fall, measured with this value and standard error."""
    size = EffectSize(
        value=value,
        low=value - 1.96 * error,
        high=value + 1.96 * error,
        std_error=error,
        p_value=2 * stats.norm.sf(abs(value) / error),
        base_rate=100.0,
        n_treated=100,
        n_comparison=300,
    )
    return SimpleNamespace(
        outcome=SimpleNamespace(name=name, label=name, detection_sensitive=detection),
        headline=size,
        checks=checks,
        smallest_worthwhile=20.0,
        is_harm=lambda change: change > 0,
    )


@pytest.mark.parametrize(
    ("value", "error", "check", "word"),
    [
        (-40, 10, GOOD, "works"),  # clear of zero, and worth having
        (-40, 10, BAD, "promising"),  # the same, but the groups were not alike
        (-15, 5, GOOD, "promising"),  # clear of zero, but smaller than worth having
        (+40, 10, GOOD, "may do harm"),
        (+40, 10, BAD, "may do harm"),  # a doubt does not silence a warning
        (-2, 5, GOOD, "no effect worth having"),  # the whole interval lies within 20 of nothing
        (-10, 2, GOOD, "no effect worth having"),  # clear of zero, but all of it too small to matter
        (+10, 2, GOOD, "no effect worth having"),
        (-2, 30, GOOD, "cannot tell"),  # nothing found, because little could be
        (-15, 10, GOOD, "cannot tell"),  # p about 0.13
    ],
)
def test_one_outcome(value, error, check, word):
    verdict = judge([measured(value=value, error=error)], about=ABOUT, checks=[check])
    assert verdict.word == word
    assert verdict.outcomes[0].word == word


def test_a_failed_check_of_the_outcome_itself_counts_too():
    verdict = judge([measured(value=-40, checks=(BAD,))], about=ABOUT, checks=[GOOD])
    assert verdict.word == "promising"


def test_a_check_that_names_an_outcome_counts_for_that_one_alone():
    doubted = Check("Ways agree", False, "They do not.", outcome="first")
    both = [measured("first", value=-40), measured("second", value=-40)]
    verdict = judge(both, about=ABOUT, checks=[GOOD, doubted])
    assert [row.word for row in verdict.outcomes] == ["promising", "works"]
    assert verdict.checks == (GOOD,), "it is no check of the whole design"
    assert doubted in verdict.outcomes[0].checks


def test_a_check_of_an_outcome_that_was_not_measured_is_refused():
    with pytest.raises(EstimationError, match=r"judge: checks: .*Did you mean 'first'"):
        judge([measured("first")], about=ABOUT, checks=[Check("Ways agree", False, "No.", outcome="frist")])


def test_many_outcomes_ask_more_of_each():
    # p = 0.028 alone is clear of zero; among five outcomes it is not.
    one = measured("first", value=-22, error=10)
    rest = [measured(f"other_{number}", value=0, error=30) for number in range(4)]
    assert judge([one], about=ABOUT).outcomes[0].word == "works"
    assert judge([one, *rest], about=ABOUT).outcomes[0].word == "cannot tell"


@pytest.mark.parametrize("value", [-80, 80])
def test_an_outcome_sensitive_to_detection_never_decides(value):
    verdict = judge([measured(value=value, detection=True)], about=ABOUT, checks=[GOOD])
    assert verdict.word == "cannot tell"
    assert "recorded" in verdict.outcomes[0].reason
    assert verdict.outcomes[0].p_adjusted is None


@pytest.mark.parametrize("error", [1, 30])
def test_an_outcome_sensitive_to_detection_stands_in_no_verdicts_way(error):
    rest = [measured("nil", value=0, error=5)]
    seen = measured("seen", value=-60, error=error, detection=True)
    assert judge([*rest, seen], about=ABOUT, checks=[GOOD]).word == "no effect worth having"


def test_an_outcome_sensitive_to_detection_makes_the_others_no_harder():
    alone = judge([measured(value=-25)], about=ABOUT).outcomes[0].p_adjusted
    beside = judge([measured(value=-25), measured("seen", value=0, detection=True)], about=ABOUT).outcomes[0].p_adjusted
    assert alone == beside


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([(-60, 10), (+60, 10)], "may do harm"),  # harm before benefit
        ([(-60, 10), (0, 5)], "works"),
        ([(0, 5), (0, 5)], "no effect worth having"),
        ([(0, 5), (0, 30)], "cannot tell"),  # one outcome that cannot tell is enough
    ],
)
def test_the_intervention_as_a_whole(values, word):
    effects = [measured(f"outcome_{number}", value=v, error=e) for number, (v, e) in enumerate(values)]
    assert judge(effects, about=ABOUT, checks=[GOOD]).word == word


def test_harm_and_benefit_are_both_told():
    verdict = judge([measured("better", value=-60), measured("worse", value=60)], about=ABOUT)
    assert any(reason.outcome == "worse" for reason in verdict.reasons)
    assert any("did better on: better" in reason.text for reason in verdict.reasons)


def test_what_was_not_estimated_says_why():
    effect = measured()
    effect.headline = NotEstimated("fewer than two families")
    verdict = judge([effect], about=ABOUT)
    assert verdict.word == "cannot tell"
    assert "fewer than two families" in verdict.outcomes[0].reason


def test_a_failed_check_is_a_reason():
    reasons = judge([measured(value=-40)], about=ABOUT, checks=[BAD]).reasons
    assert any("They were not." in reason.text for reason in reasons)


@pytest.mark.parametrize(("value", "word"), [(-60, "no effect worth having"), (+60, "no effect worth having")])
def test_a_secondary_outcome_never_decides(value, word):
    verdict = judge([measured("named", error=5), measured("other", value=value)], about=ABOUT, primary=["named"])
    assert verdict.word == word
    assert [row.primary for row in verdict.outcomes] == [True, False]
    assert verdict.design["primary"] == ["named"]


def test_a_secondary_outcome_that_may_have_become_worse_is_told():
    one, other = measured("named", value=-60), measured("other", value=60)
    verdict = judge([one, other], about=ABOUT, primary=["named"])
    assert verdict.word == "works"
    assert any(reason.outcome == "other" and "changed for the worse" in reason.text for reason in verdict.reasons)
    assert judge([one, other], about=ABOUT).word == "may do harm", "as a primary outcome it decides"


def test_the_allowance_of_a_primary_outcome_is_for_the_primary_ones_and_of_a_secondary_one_for_all():
    # p = 0.028 each: alone it is clear of zero, among three (0.083) it is not.
    effects = [measured(name, value=-22, error=10) for name in ("named", "second", "third")]
    verdict = judge(effects, about=ABOUT, primary=["named"])
    assert [row.word for row in verdict.outcomes] == ["works", "cannot tell", "cannot tell"]
    plain = effects[0].headline.p_value
    assert [row.p_adjusted for row in verdict.outcomes] == pytest.approx([plain, 3 * plain, 3 * plain])


def test_left_out_every_outcome_is_primary():
    effects = [measured("first", value=-25), measured("second", value=5)]
    assert judge(effects, about=ABOUT).to_dict() == judge(effects, about=ABOUT, primary=["first", "second"]).to_dict()


def test_a_primary_outcome_that_depends_on_who_is_looking_does_not_decide_either():
    effects = [measured("seen", value=-60, detection=True), measured("other", value=-60)]
    assert judge(effects, about=ABOUT, primary=["seen"]).word == "cannot tell"


@pytest.mark.parametrize(
    ("primary", "told"), [([], "names no outcome"), (["asb_incidents"], "Did you mean 'asb_incident'")]
)
def test_primary_outcomes_have_to_be_there(primary, told):
    with pytest.raises(EstimationError, match=told):
        judge([measured()], about=ABOUT, primary=primary)


def test_nothing_to_judge_is_refused():
    with pytest.raises(EstimationError, match="no measured outcome"):
        judge([], about=ABOUT)


def test_the_same_outcome_twice_is_refused():
    with pytest.raises(EstimationError, match="given twice"):
        judge([measured(), measured()], about=ABOUT)


def test_the_smallest_change_that_could_be_found():
    # Eight in ten studies of this size find a true change of 2.80 standard errors (Cohen 1988).
    size = measured(error=10).headline
    power = stats.norm.sf(1.96 - size.minimum_detectable / 10)
    assert power == pytest.approx(0.8, abs=1e-4)


def area_panel(treated: int) -> pd.DataFrame:
    """Return a panel of 6 months in which ``treated`` of 60 units start in the fourth."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(60), 6), "month": np.tile(np.arange(1, 7), 60)})
    frame["start"] = np.where(frame["unit"] < treated, 4.0, np.nan)
    return frame.assign(y=random.normal(size=360))


def effect_on(treated: int) -> OutcomeEffect:
    columns = {"outcome": "y", "unit": "unit", "period": "month", "adopted": "start"}
    estimate = estimate_att(area_panel(treated), **columns, quantile="t")
    outcome = PlainOutcome("y", "Police calls", "calls", smallest_worthwhile=20.0, good_direction="fall", scale=100.0)
    return OutcomeEffect(outcome, estimate, (0, 1), 20.0, NotEstimated("not asked"))


def test_the_smallest_change_that_could_be_found_is_larger_with_few_families():
    # With t of 11 degrees of freedom, those of 12 families, it is what the noncentral t asks for.
    size = effect_on(12).headline
    power = stats.nct.sf(stats.t.ppf(0.975, 11), 11, size.minimum_detectable / size.std_error)
    assert power == pytest.approx(0.8, abs=1e-4)


def test_a_summary_tells_no_effect_on_few_families():
    assert "not shown, for a group has fewer than 10" in effect_on(9).summary()
    assert "95% interval" in effect_on(10).summary()
