"""The rules of verdicts as data: what decides, what is refused, and that nothing beside the table decides."""

from html import unescape

import pytest
import yaml

from tests.spec.test_evidence_verdicts import ABOUT, BAD, GOOD, measured
from tf_eval.data.strict_model import validate
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.evidence import VerdictRules, judge, load_verdict_rules
from tf_eval.evidence.conditions import possible_facts
from tf_eval.evidence.rules_file import RULES_FILE
from tf_eval.release import publish
from tf_eval.report import to_html

OTHERWISE = {"name": "rest", "when": [], "verdict": "cannot tell", "reason": "Unclear.", "would_change": "More."}
WHOLE = {"any_of": ["may do harm", "works", "promising"], "all_of": ["no effect worth having"]}


def rule(name, when, verdict="works", reason="So it is."):
    return {"name": name, "when": when, "verdict": verdict, "reason": reason, "would_change": "Nothing."}


def table(*rules, whole=WHOLE, **settings):
    whole = {**whole, "otherwise": "cannot tell"}
    document = {"level": 0.05, "multiplicity": "holm", "rules": [*rules, OTHERWISE], "whole": whole}
    return validate(VerdictRules, {**document, **settings}, "rules")


def test_the_projects_rules_are_read():
    assert [one.name for one in load_verdict_rules().rules][-1] == "too uncertain"


def test_the_table_decides_and_nothing_beside_it():
    """Whatever can be the case, another table gives another verdict: there is no rule left in the code."""
    harm = table(whole={"any_of": [], "all_of": []}, rules=[{**OTHERWISE, "verdict": "cannot tell"}])
    effects = [measured("a", -60), measured("b", 60), measured("c", 0, 5), measured("d", -60, detection=True)]
    assert {row.word for row in judge(effects, about=ABOUT, rules=harm).outcomes} == {"cannot tell"}
    all_work = table(rules=[{**OTHERWISE, "verdict": "works"}])
    effects[0].headline = NotEstimated("no month")
    assert {row.word for row in judge(effects, about=ABOUT, rules=all_work, checks=[BAD]).outcomes} == {"works"}


def test_every_case_is_decided_and_every_rule_decides_one():
    rules = load_verdict_rules()
    assert {rules.decide(facts).name for facts in possible_facts()} == {one.name for one in rules.rules}


@pytest.mark.parametrize(
    ("effect", "checks", "name"),
    [
        (measured(value=-60), [GOOD], "clear benefit"),
        (measured(value=-60), [BAD], "benefit, in doubt"),
        (measured(value=-15, error=5), [GOOD], "small benefit"),
        (measured(value=60), [GOOD], "clear harm"),
        (measured(value=60), [BAD], "harm, in doubt"),
        (measured(value=0, error=5), [GOOD], "too small to matter"),
        (measured(value=60, detection=True), [GOOD], "who is looking"),
        (measured(value=0, error=30), [GOOD], "too uncertain"),
    ],
)
def test_a_verdict_names_the_rule_that_decided_and_what_would_change_it(effect, checks, name):
    row = judge([effect], about=ABOUT, checks=checks).table().iloc[0]
    assert row["rule"] == name
    assert row["would_change"] == next(one.would_change for one in load_verdict_rules().rules if one.name == name)


def test_the_whole_verdict_says_what_would_change_it_once():
    clear, large = (measured(name, value=-60) for name in ("one", "two"))
    verdict = judge([clear, large, measured("nil", 0, 5)], about=ABOUT, checks=[GOOD])
    assert verdict.would_change == (verdict.outcomes[0].rule.would_change,)
    assert verdict.to_dict()["would_change"] == list(verdict.would_change)


@pytest.mark.parametrize("value", [60, -60])
def test_what_depends_on_who_is_looking_is_told_alike_whichever_way_it_went(value):
    (row,) = judge([measured(value=value, detection=True)], about=ABOUT, checks=[GOOD]).outcomes
    assert "up or down" in row.reason
    assert "interval does not include no change" in row.rule.words


def test_a_doubt_is_named_in_the_reason():
    (row,) = judge([measured(value=-60)], about=ABOUT, checks=[BAD]).outcomes
    assert row.reason.endswith("But a check was not passed: that the groups were alike before the start.")


def test_the_level_is_the_tables():
    # p = 0.028
    effect = measured(value=-22)
    assert judge([effect], about=ABOUT, rules=load_verdict_rules()).word == "works"
    stricter = load_verdict_rules().model_copy(update={"level": 0.01})
    assert judge([effect], about=ABOUT, rules=stricter).word == "cannot tell"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([rule("one", ["clear_benefit"]), rule("two", ["clear_benefit", "moved"])], "'two' can never be reached"),
        ([rule("one", ["not_estimated", "moved"])], "'one' can never be reached"),
        ([rule("one", ["within_smallest_worthwhile", "at_least_worthwhile"])], "'one' can never be reached"),
        # Between them they take every effect that is clear.
        (
            [rule("up", ["clear_benefit"]), rule("down", ["clear_harm"]), rule("three", ["clear_harm", "moved"])],
            "'three' can never be reached",
        ),
        ([rule("all", [])], "'rest' can never be reached"),
        ([rule("one", ["clear_benefitt"])], "no condition 'clear_benefitt'. Did you mean 'clear_benefit'?"),
        ([rule("one", ["moved"], verdict="work")], "no verdict 'work'. Did you mean 'works'?"),
        ([rule("one", ["moved"], reason="That {failed_check}.")], "must name a_check_failed"),
        ([rule("one", ["moved"], reason="That {who}.")], "and nothing else"),
        ([rule("rest", ["moved"])], "Two rules have the name 'rest'"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(rules, message):
    with pytest.raises(ConfigError) as caught:
        table(*rules)
    assert message in str(caught.value)


def test_a_case_that_falls_through_is_refused():
    with pytest.raises(ConfigError, match="has to be for all other cases"):
        table(rules=[rule("one", ["moved"])])


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ({"any_of": ["works"], "all_of": ["works"]}, "'works' stands twice"),
        ({"any_of": [], "all_of": ["promising"]}, "'works' has no place"),
    ],
)
def test_a_verdict_has_one_place_in_the_whole(whole, message):
    with pytest.raises(ConfigError, match=message):
        table(rule("one", ["moved"]), whole=whole)


def test_all_problems_of_a_file_come_in_one_message_with_their_lines(tmp_path):
    with open(RULES_FILE, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    document["rules"][0]["verdict"] = "cannot say"
    document["multiplicity"] = "none"
    (tmp_path / "verdicts.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"(?s)line 2, multiplicity.*entry 1 of rules, verdict: no verdict"):
        load_verdict_rules(tmp_path / "verdicts.yaml")


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match="no such file of rules"):
        load_verdict_rules("params/verdict.yaml")


def test_the_rules_and_what_would_change_a_verdict_are_on_the_page():
    rules = load_verdict_rules()
    html = unescape(to_html(publish(rules)))
    for one in rules.rules:
        assert one.name in html and one.words in html and one.would_change in html
    assert "below 0.05" in html and "Holm" in html
