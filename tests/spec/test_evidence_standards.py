"""How strong evidence is by the standards that others read: never above the design, and less for each failed check."""

import json
from dataclasses import replace

import pytest

from tests.spec.test_evidence_verdicts import ABOUT, measured
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence import Check, judge, score_standards

BALANCE = Check("The groups were alike before the start", True, "They were.", "balance")
SUPPORT = Check("Nearly all families could be compared", True, "They could.", "support")
FAMILIES = Check("Enough families were studied", True, "They were.", "families")
PRE_TREND = Check("The groups moved alike before the start", True, "They did.", "pre_trend")
ATTRITION = Check("As many were followed in both groups", True, "They were.", "attrition")
ALL = (BALANCE, SUPPORT, FAMILIES, PRE_TREND, ATTRITION)
SCORES = ("Maryland Scientific Methods Scale", "Early Intervention Foundation rating", "Nesta standards of evidence")


def failing(*kinds):
    return [replace(check, passed=check.kind not in kinds) for check in ALL]


def scored(value=-60, error=10, checks=ALL, **options):
    return score_standards(judge([measured(value=value, error=error)], about=ABOUT, checks=checks), **options)


def scores(standards):
    return tuple(row.score for row in standards.rows)


def test_a_change_for_the_better_with_every_check_passed_earns_the_most_that_one_study_can():
    standards = scored()
    assert tuple(row.standard for row in standards.rows) == SCORES
    assert scores(standards) == ("3", "3", "3")
    assert all(row.reasons == () and row.source for row in standards.rows)


@pytest.mark.parametrize("kind", ["balance", "support", "pre_trend", "attrition"])
def test_each_failed_check_lowers_and_is_the_reason(kind):
    standards = scored(checks=failing(kind))
    assert scores(standards) == ("2", "2", "2")
    (name,) = (check.name for check in ALL if check.kind == kind)
    for row in standards.rows:
        assert row.reasons == (f"It was not shown that {name[0].lower()}{name[1:]}.",)
        assert row.most == "3"


def test_two_failed_checks_lower_twice_and_never_below_the_lowest_level():
    assert scores(scored(checks=failing("balance", "pre_trend")))[0] == "1"
    assert scores(scored(checks=failing("balance", "pre_trend", "support", "attrition")))[0] == "1"


def test_a_check_that_two_outcomes_fail_lowers_once():
    bad = replace(PRE_TREND, passed=False)
    effects = [measured(name, value=-60, checks=(bad,)) for name in ("one", "two")]
    assert score_standards(judge(effects, about=ABOUT, checks=[BALANCE])).rows[0].score == "2"


def test_the_checks_of_an_outcome_that_did_not_decide_lower_nothing():
    nil = measured("nil", value=0, error=5, checks=(replace(PRE_TREND, passed=False),))
    effects = [measured("better", value=-60), nil]
    assert scores(score_standards(judge(effects, about=ABOUT, checks=[BALANCE]))) == ("3", "3", "3")


def test_likeness_that_no_check_looked_at_is_not_shown():
    standards = scored(checks=[check for check in ALL if check.kind != "balance"])
    assert scores(standards) == ("2", "2", "2")
    assert standards.rows[0].reasons == ("It was not shown that the groups were alike before the start.",)
    assert scored(checks=[], design="before_after").rows[0].reasons == ()


def test_the_checks_of_an_outcome_without_an_estimate_lower_nothing_that_was_found():
    lost = measured("lost", checks=(replace(PRE_TREND, passed=False),))
    lost.headline = NotEstimated("no month")
    effects = [measured("unclear", value=0, error=30), lost]
    assert score_standards(judge(effects, about=ABOUT, checks=[BALANCE])).rows[0].score == "3"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        # a small change is as well shown as a large one: the standards rate strength, not size
        ({"value": -15, "error": 5}, ("3", "3", "3")),
        # a null result of a rigorous study is "no effect", and the design as good as it was
        ({"value": 0, "error": 5}, ("3", "NE", "1")),
        ({"value": 60}, ("3", "NE", "1")),
        # not knowing is not knowing of no effect
        ({"value": 0, "error": 30}, ("3", "NL2", "1")),
    ],
)
def test_what_was_found_counts_where_the_standard_asks_for_it(options, expected):
    assert scores(scored(**options)) == expected


def test_a_null_result_that_failed_a_check_is_no_finding_of_no_effect():
    assert scores(scored(value=0, error=5, checks=failing("balance"))) == ("2", "NL2", "1")


def test_small_arms_count_for_nothing_with_the_early_intervention_foundation():
    few = measured(value=-60)
    few.headline = replace(few.headline, n_treated=19)
    standards = score_standards(judge([few], about=ABOUT, checks=ALL))
    assert scores(standards) == ("3", "NL2", "2")
    assert "fewer than 20 families" in standards.rows[1].reasons[0]
    # As they are weighed there may be too few of many.
    assert scores(scored(checks=failing("families"))) == ("3", "NL2", "2")


def test_without_an_estimate_there_is_nothing_to_score():
    effect = measured()
    effect.headline = NotEstimated("no month")
    standards = score_standards(judge([effect], about=ABOUT, checks=ALL))
    assert scores(standards) == ("not scored", "NL2", "1")


@pytest.mark.parametrize(("design", "most"), [("before_after", ("1", "2", "2")), ("matched_after", ("2", "2", "3"))])
def test_no_score_is_above_what_the_design_can_earn(design, most):
    standards = scored(design=design)
    assert tuple(row.most for row in standards.rows) == most == scores(standards)


def test_an_unknown_design_is_refused():
    with pytest.raises(ConfigError, match="no design 'matched_did'"):
        scored(design="matched_did")


def test_the_conflict_between_sources_and_what_was_not_examined_are_told():
    notes = " ".join(scored(checks=[BALANCE]).notes)
    assert "June 2016" in notes and "replications" in notes
    assert "No check here looks at how many could be compared, whether they moved alike before and who was" in notes
    assert "No check" not in " ".join(scored().notes)


def test_the_result_is_a_table_a_sentence_and_json():
    standards = scored(checks=failing("balance"))
    assert list(standards.table().columns) == ["standard", "score", "most", "meaning", "reasons", "source"]
    assert "Maryland Scientific Methods Scale 2 (at most 3)" in standards.summary()
    assert json.loads(json.dumps(standards.to_dict())) == standards.to_dict()
