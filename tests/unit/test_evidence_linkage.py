"""Does the answer depend on how surely records are linked? What is said of three sets of estimates."""

from dataclasses import replace

import pytest

from tf_eval.cohort import load_outcomes
from tf_eval.errors import NotEstimated
from tf_eval.evidence import EffectSize, LinkageSensitivity
from tf_eval.release import publish

FALL = EffectSize(-20.0, -30.0, -10.0, 5.0, 0.001, 100.0, 158, 400)
NOTHING = replace(FALL, value=-8.0, low=-20.0, high=4.0)
FEW = replace(FALL, n_treated=8)


@pytest.fixture
def outcomes():
    return (load_outcomes()["asb_incident"],)


def sensitivity(outcomes, strict, standard, loose, same=()) -> LinkageSensitivity:
    sizes = {"strict": (strict,), "standard": (standard,), "loose": (loose,)}
    return LinkageSensitivity(outcomes, sizes, same)


def test_an_answer_that_holds_everywhere_depends_on_nothing(outcomes):
    found = sensitivity(outcomes, FALL, FALL, replace(FALL, value=-15.0))
    assert found.depends == ()
    assert found.summary().startswith("No answer changes when records")


@pytest.mark.parametrize(
    "other", [NOTHING, NotEstimated("too few families"), replace(FALL, low=10.0, high=30.0, value=20.0)]
)
def test_an_answer_that_changes_is_named(outcomes, other):
    found = sensitivity(outcomes, other, FALL, FALL)
    assert found.depends == (outcomes[0].label,)
    assert outcomes[0].label in found.summary()


def test_the_same_people_everywhere_leave_nothing_to_compare(outcomes):
    found = sensitivity(outcomes, FALL, FALL, FALL, same=("strict", "loose"))
    assert "to the same people" in found.summary()
    assert publish(found).payload["rows"] == []


def test_what_is_published_is_rounded_and_hides_what_rests_on_few(outcomes):
    rows = publish(sensitivity(outcomes, FEW, FALL, NOTHING)).payload["rows"]
    assert [row["linkage"] for row in rows] == ["strict", "standard", "loose"]
    assert rows[0]["effect"] == "[c]" and rows[1]["effect"] == -20


def test_the_table_has_a_row_for_each_outcome_and_way(outcomes):
    table = sensitivity(outcomes, NOTHING, FALL, FALL).table()
    assert table["linkage"].tolist() == ["strict", "standard", "loose"]
    assert table["value"].tolist() == [-8.0, -20.0, -20.0]
