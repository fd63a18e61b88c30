"""Results of the other rooms on their way through the gate, above all the ones that hardly hold anything."""

from dataclasses import replace
from types import SimpleNamespace

import nbformat.v4 as nb
import pytest

from tf_eval.cohort.outcomes import load_outcomes
from tf_eval.did import NaiveChange
from tf_eval.did.estimate import Estimate
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence import OutcomeEffect, Subject, judge, naive_story, score_standards
from tf_eval.release import publish
from tf_eval.report import render_page, to_html

TOLD = NotEstimated("a single treated or comparison unit: no error of its own")
ASB = load_outcomes()["asb_incident"]
ABOUT = Subject("volunteer_mentors", "Volunteer mentors", "Do families do better?", "A volunteer visits.")


class Estimated:
    """Stands for group-time effects that all say the same."""

    design = SimpleNamespace(window=12)
    time_unit = "month"

    def __init__(self, answer):
        self.answer = answer

    def band(self, first, last):
        return self.answer

    placebo = band

    def bands(self):
        return SimpleNamespace(where=[{"band": "1-6"}, {"band": "7-12"}], rows=[self.answer] * 2)

    def by_event_time(self):
        return SimpleNamespace(where=[{"event_time": time} for time in (-2, 1)], rows=[self.answer] * 2)


def effect(outcome=ASB, answer=TOLD, naive=TOLD):
    return OutcomeEffect(outcome, Estimated(answer), (1, 12), outcome.smallest_worthwhile, naive)


def naive_change(families):
    return NaiveChange("months 1 to 12", -0.1, 0.01, -0.12, -0.08, 0.01, 0.4, 0.3, families, None)


def nothing_estimated():
    measured = [effect(outcome) for outcome in load_outcomes().values()]
    results = [judge(measured, about=ABOUT), *(part for one in measured for part in (one.bands, one.event_study))]
    return [publish(result) for result in (*results, naive_story(measured))]


def test_an_evaluation_in_which_nothing_could_be_estimated_has_a_page_that_says_so():
    outputs = [nb.new_output("display_data", data=one._repr_mimebundle_()) for one in nothing_estimated()]
    cell = nb.new_code_cell("tf.publish(result)", execution_count=1, outputs=outputs)
    html = render_page(nb.new_notebook(cells=[cell]), stamp="now")
    assert "Cannot tell" in html and "Too few families to estimate this." in html
    assert "The effect on ASB incidents could not be estimated." in html
    assert "No outcome could be compared" in html.replace("no outcome", "No outcome")
    assert "single" not in html


def test_before_and_after_without_an_outcome_is_its_sentence_alone():
    released = publish(naive_story([effect()]))
    assert released.payload["rows"] == []
    html = to_html(released)
    assert "no outcome could be compared" in html and "<img" not in html and "<table" not in html


def test_an_estimate_on_few_families_is_hidden_beside_a_before_and_after_on_many():
    few = Estimate("months 1 to 12", {}, -0.03, 0.01, -0.05, -0.01, 0.01, 0.2, 0.23, 4, 200, 1.0, None)
    row = publish(naive_story([effect(answer=few, naive=naive_change(80))])).payload["rows"][0]
    assert (row["naive_change"], row["effect"], row["comparison_change"]) == (-120, "[c]", "[c]")


def test_the_good_direction_of_an_outcome_is_released():
    rising = effect(replace(ASB, good_direction="rise"))
    assert publish(judge([rising], about=ABOUT)).payload["rows"][0]["good_direction"] == "rise"


def test_money_is_refused_because_no_rule_says_yet_how_it_may_be_published():
    prices = {"prices": {"asb_incident": 35.0}, "price_year": "2012/13", "price_source": "a table of unit costs"}
    cost = replace(ASB, kind="money", scale=1.0, **prices)
    with pytest.raises(ConfigError, match=r"outcomes\.asb_incident\.kind: money has no rules yet"):
        publish(effect(cost).bands)


@pytest.mark.parametrize(("kind", "scale"), [("count", 100), ("count", 12), ("share", 1), ("state", 1200)])
def test_an_outcome_on_another_scale_than_its_page_is_refused(kind, scale):
    outcome = next(one for one in load_outcomes().values() if one.kind == kind)
    with pytest.raises(ConfigError, match=rf"{outcome.name}\.scale: {scale}"):
        publish(effect(replace(outcome, scale=scale)).bands)


def test_the_outcomes_of_the_project_fit_their_units():
    for outcome in load_outcomes().values():
        assert publish(effect(outcome).bands).payload["outcome"] == outcome.name


def judged(families, value=-0.1):
    size = Estimate(
        "months 1 to 12", {}, value, 0.01, value - 0.02, value + 0.02, 1e-9, 0.2, 0.3, families, 200, 1.0, None
    )
    return judge([effect(answer=size)], about=ABOUT)


def test_a_verdict_on_few_families_tells_neither_its_rule_nor_how_strong_it_is():
    few = judged(4)
    payload = publish(few).payload
    assert payload["would_change"] == [] and [row["rule"] for row in payload["rows"]] == ["[c]"]
    released = publish(score_standards(few))
    assert released.payload["rows"] == [] and "is not scored here" in to_html(released)


def test_a_verdict_tells_its_rule_what_would_change_it_and_how_strong_it_is():
    verdict = judged(60)
    payload = publish(verdict).payload
    (rule,) = {row.rule for row in verdict.outcomes}
    assert payload["would_change"] == [rule.would_change] and payload["rows"][0]["rule"] == rule.name
    html = to_html(publish(verdict))
    assert rule.would_change in html and rule.name in html
    told = to_html(publish(score_standards(verdict)))
    assert "Maryland Scientific Methods Scale" in told and "June 2016" in told
