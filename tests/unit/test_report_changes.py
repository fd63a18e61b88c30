"""What changed between two releases: what is said and drawn, what few families hide, and what went in."""

from dataclasses import replace

import pytest

from tests.editions import CONTENT, INPUTS, MENTORS, edition, lost, told
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.report.changes import brief_words, causes_words, changes_words
from tf_eval.report.figures import draw_changes
from tf_eval.report.moved import effects_of
from tf_eval.runs import what_changed, why_changed

BEFORE = edition(told(), told(MENTORS))
FEW = "Where a number of families may have moved by fewer than 10, the one before is not told."


def changed(*pages, before=BEFORE):
    return publish(what_changed(before, edition(*pages, key="1")))


def caused(*pages, before=BEFORE, **other):
    return publish(why_changed(before, edition(*pages, key="1", **other)))


def test_the_first_release_has_nothing_to_be_compared_with():
    first = publish(what_changed(None, BEFORE))
    assert changes_words(first.payload) == "This is the first release, so there is nothing to compare it with."
    assert "<table" not in str(to_html(first)) and "<table" not in str(to_html(publish(why_changed(None, BEFORE))))


def test_where_nothing_moved_it_says_so_and_draws_nothing():
    same = changed(told(), told(MENTORS))
    assert changes_words(same.payload) == (
        "Since the release of 30 November 2026, no answer on an intervention changed. "
        "None of the 10 effects that both releases tell moved."
    )
    assert "<img" not in str(to_html(same)) and "Every effect, moved or not" in str(to_html(same))


def test_an_answer_that_changed_is_named_as_it_was_and_as_it_is():
    words = brief_words(changed(told(word="promising"), told(MENTORS)).payload)
    assert "the answer changed on 1 of 2 interventions: Family intervention project (from works to promising)." in words


@pytest.mark.parametrize(
    ("effect", "said", "headline"),
    [
        (-60, "1 moved, none of them out of the range", "What moved stayed within the range that was told before"),
        (-75, "told before: Family intervention project (ASB incidents).", "1 of 1 effects left the range that was"),
    ],
)
def test_an_effect_that_moved_is_told_and_drawn_and_so_is_whether_it_moved_far(effect, said, headline):
    facts = changed(told(effect=effect), told(MENTORS)).payload
    assert said in changes_words(facts)
    drawing = draw_changes([each for each in effects_of(facts) if each.is_moved])
    assert drawing.headline.startswith(headline)
    assert f"Family intervention project, ASB incidents: before 41 fewer, now {-effect} fewer" in drawing.alt


def test_interventions_come_and_go_and_fail():
    words = brief_words(changed(told(), lost()).payload)
    assert words.endswith("no answer on an intervention changed. Could not be made this time: Volunteer mentors.")
    assert brief_words(changed(told()).payload).endswith("No longer looked at: Volunteer mentors.")
    new = told("parenting_programme")
    assert brief_words(changed(told(), told(MENTORS), new).payload).endswith("New: Parenting programme.")
    again = changed(told(), told(MENTORS), before=edition(told(), lost()))
    assert brief_words(again.payload).endswith("no answer on an intervention changed. Back again: Volunteer mentors.")
    of_county = replace(lost(), name="what_works", label="What works", is_evaluation=False)
    assert brief_words(changed(told(), of_county).payload).endswith(
        "Volunteer mentors. Could not be made this time: What works."
    )


@pytest.mark.parametrize(
    ("before", "now", "is_told"),
    [
        (163, 163, False),  # shown as 165, twice
        (163, 169, False),  # 165 and 170
        (163, 173, False),  # 165 and 175: behind them may be 167 and 173
        (163, 178, True),  # 165 and 180: at the least 167 and 178
        (178, 163, True),
    ],
)
def test_a_number_of_families_that_moved_by_a_few_is_not_set_beside_the_one_before(before, now, is_told):
    released = changed(told(families=now), before=edition(told(families=before)))
    (row,) = released.payload["rows"]
    assert (row["n_treated"]["before"] is not None) == is_told
    assert ("about as many" in str(to_html(released))) and (FEW in released.notes), "the like families did not move"


def test_a_number_that_is_confidential_stays_so():
    released = changed(told(families=7), before=edition(told(families=8)))
    (row,) = released.payload["rows"]
    assert row["n_treated"] == {"before": "[c]", "after": "[c]"}
    assert all(each.before["effect"] in ("[c]", "[x]") for each in effects_of(released.payload))
    assert not [each for each in effects_of(released.payload) if each.is_far]


@pytest.mark.parametrize(
    ("inputs", "extracts", "said"),
    [
        ({}, {}, "Nothing that goes into the pages changed."),
        (
            {"county": "2"},
            {"police": "2"},
            "Not as they were: the agencies' data (police). Nothing else changed, so whatever moved, moved because of",
        ),
        ({"county": "2"}, {}, "Not as they were: the agencies' data. Nothing else changed"),
        (
            {"county": "2", "code": "2"},
            {"schools": "2"},
            "(schools) and the programs that work the numbers out. More than one",
        ),
        ({"lock": "2"}, {}, "the software that the programs rest on"),
    ],
)
def test_what_went_in_is_held_against_what_went_in_before(inputs, extracts, said):
    both = [told(inputs={**INPUTS, **inputs}), told(MENTORS, inputs={**INPUTS, **inputs})]
    released = caused(*both, extracts={**BEFORE.extracts, **extracts})
    assert said in causes_words(released.payload)
    assert "The version of Python" in str(to_html(released))


def test_what_went_into_a_page_that_could_not_be_made_is_told_too():
    mended = told(MENTORS, inputs={**INPUTS, "plan": "2"})
    released = caused(told(), mended, before=edition(told(), lost()))
    assert "Not as they were: the plans (Volunteer mentors). Nothing else" in causes_words(released.payload)
    assert released.payload["plans"] == []


def test_of_a_plan_each_clause_that_changed_is_shown():
    plan = {**CONTENT["plan"], "matching": {"ratio": 2, "caliper": 0.2}}
    one = told(inputs={**INPUTS, "plan": "2"}, content={"plan": plan, "rests_on": {"the programme": "b"}})
    released = caused(one, told(MENTORS))
    assert "the plans (Family intervention project)" in causes_words(released.payload)
    (row,) = released.payload["plans"]
    assert [(each["clause"], each["registered"], each["present"]) for each in row["clauses"]] == [
        ("matching.ratio", "3", "2"),
        ("definition of the programme", "a", "b"),
    ]
    assert "What changed in the plan: Family intervention project" in str(to_html(released))
