"""Does the answer depend on how surely records are linked? What is said of three sets of estimates."""

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pandas as pd
import pytest

from tf_eval.cohort import load_outcomes
from tf_eval.errors import InputError, NotEstimated
from tf_eval.evidence import EffectSize, LinkageSensitivity, linkage, linkage_sensitivity
from tf_eval.matching import match
from tf_eval.release import publish
from tf_eval.report import to_html

ASB, EXCLUSION = (load_outcomes()[name] for name in ("asb_incident", "exclusion"))
FALL = EffectSize(-20.0, -30.0, -10.0, 5.0, 0.001, 100.0, 158, 400)
NOTHING = replace(FALL, value=-8.0, low=-20.0, high=4.0)
FEW = replace(FALL, n_treated=8)
LOST = NotEstimated("too few families")


def sensitivity(strict, standard, loose, anew=None, same=(), outcome=ASB) -> LinkageSensitivity:
    """One outcome at three ways of linking; ``anew`` are its effects with like families chosen anew."""
    rows = (strict, standard, loose), anew or (strict, standard, loose)
    held, chosen = ({name: (size,) for name, size in zip(linkage.LINKAGES, row, strict=True)} for row in rows)
    return LinkageSensitivity((outcome,), held, chosen, same_people=same)


def test_an_answer_that_holds_everywhere_depends_on_nothing():
    found = sensitivity(FALL, FALL, replace(FALL, value=-15.0))
    assert found.depends == ()
    assert found.summary().startswith("No answer changes when records")


@pytest.mark.parametrize("other", [NOTHING, LOST, replace(FALL, low=10.0, high=30.0, value=20.0)])
def test_an_answer_that_changes_is_named_as_inside_a_sentence(other):
    found = sensitivity(other, FALL, FALL, outcome=EXCLUSION)
    assert found.depends == (EXCLUSION.label,)
    assert "the answer on exclusions from school: whether" in found.summary()


def test_what_links_move_is_told_apart_from_what_the_choice_of_families_moves():
    found = sensitivity(replace(FALL, value=-21.0), FALL, FALL, anew=(replace(FALL, value=-15.8), FALL, FALL))
    assert found.moved_by_links == pytest.approx(1 / 20)
    assert found.moved_by_choice == pytest.approx(5.2 / 20)
    assert "by more than 5% of the width of its range" in found.summary()
    assert "by up to 26%: that is chance." in found.summary(), "a bound is rounded up"


def test_an_answer_that_hangs_on_the_choice_of_families_is_not_blamed_on_links():
    found = sensitivity(FALL, FALL, FALL, anew=(NOTHING, FALL, FALL), outcome=EXCLUSION)
    assert found.depends == ()
    assert "It can change the answer on exclusions from school." in found.summary()


def test_where_nothing_could_be_estimated_twice_no_move_is_told():
    assert "%" not in sensitivity(LOST, FALL, LOST).summary()


def test_the_same_people_everywhere_leave_nothing_to_compare():
    found = sensitivity(FALL, FALL, FALL, same=("strict", "loose"))
    assert "to the same people" in found.summary()
    released = publish(found)
    assert released.payload["rows"] == []
    assert "<table" not in to_html(released)


def test_what_is_published_is_rounded_and_hides_what_rests_on_few():
    released = publish(sensitivity(FEW, FALL, NOTHING))
    rows = released.payload["rows"]
    assert [(row["families"], row["linkage"]) for row in rows] == [
        (families, name) for families in ("same", "anew") for name in ("strict", "standard", "loose")
    ]
    assert rows[0]["effect"] == "[c]" and rows[1]["effect"] == -20
    assert released.payload["sentence"] == ""


def test_the_page_shows_both_choices_of_families_and_opens_with_the_same_ones():
    html = to_html(publish(sensitivity(LOST, FALL, FALL, anew=(LOST, FALL, replace(FALL, value=-15.0)))))
    same, anew = html.split("<details")[1:]
    assert same.startswith(" open><summary>The same families compared")
    assert anew.startswith("><summary>Like families found anew")
    assert "\u221215\n(" in anew and "\u221215\n(" not in same
    assert "[x] ([x])" not in html


def test_the_table_has_a_row_for_each_outcome_way_and_choice():
    table = sensitivity(NOTHING, FALL, FALL).table()
    assert table["linkage"].tolist() == ["strict", "standard", "loose"] * 2
    assert table["value"].tolist() == [-8.0, -20.0, -20.0] * 2


FRAME = """
family treated month need
A            1     1   5.0
B            1     1   9.0
c            0     1   5.1
d            0     1   7.0
e            0     1   4.7
"""


def arms(text: str) -> pd.DataFrame:
    header, *lines = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(lines, columns=header).astype({"treated": int, "month": int, "need": float})


@dataclass(frozen=True)
class Linked:
    """A county at one way of linking; it hands out the arms that this way comes to."""

    linkage: str
    frames: dict

    def with_linkage(self, name):
        return replace(self, linkage=name)

    def has_people_of(self, other):
        return self.frames[self.linkage] == other.frames[other.linkage]

    def arms(self, intervention, pools):
        if self.frames[self.linkage] is None:
            raise InputError("nobody started it")
        return arms(self.frames[self.linkage])


@pytest.fixture
def repeat(monkeypatch):
    """Repeat an evaluation whose "effect" is the sum of the needs that the matched comparison families have now."""
    matching = {"on": "need", "score": "need", "treated": "treated", "unit": "family", "risk_set": "month"}

    def measure(panel, matched, outcome):
        compared = matched.frame[matched.frame["treated"] == 0]
        return SimpleNamespace(outcome=outcome, headline=replace(FALL, value=float(compared["need"].sum())))

    def run(options=None, **frames):
        county = Linked("standard", {"standard": FRAME, "strict": FRAME, "loose": FRAME, **frames})
        asking = {**matching, **(options or {})}
        matched = match(arms(FRAME), **asking)
        asked = {"intervention": "mentors", "comparison": {"pools": ["waiting"]}, "matching": asking}
        effects = [measure(None, matched, ASB)]
        return linkage_sensitivity(county, None, matched, effects, **asked, measuring=lambda outcome: {})

    monkeypatch.setattr(linkage, "build_cohort", lambda county, programme, below_threshold: None)
    monkeypatch.setattr(
        linkage, "build_panel", lambda county, cohort, outcomes: SimpleNamespace(outcomes=(ASB,), arms=county.arms)
    )
    monkeypatch.setattr(linkage, "measure", measure)
    return run


def values(found, linkage):
    return [getattr(rows[linkage][0], "value", None) for rows in (found.same_families, found.matched_anew)]


def test_the_evaluations_own_pairs_are_held_and_beside_it_all_are_matched_anew(repeat):
    """A hair's breadth makes e nearer to A than c is: only who is matched anew changes partners."""
    found = repeat(strict=FRAME.replace("4.7", "4.95"))
    assert values(found, "standard") == pytest.approx([12.1, 12.1])
    assert values(found, "strict") == pytest.approx([12.1, 11.95])
    assert found.same_people == ("loose",)


def test_a_family_that_another_way_of_linking_does_not_know_is_replaced(repeat):
    found = repeat(loose=FRAME.replace("c   ", "f   ").replace("5.1", "5.2"))
    assert values(found, "loose") == pytest.approx([12.2, 12.2])


@pytest.mark.parametrize("options", [{"method": "inverse_probability"}, {"reuse": True}])
def test_what_cannot_begin_with_pairs_already_made_is_carried_out_anew(repeat, options):
    found = repeat(options, strict=FRAME.replace("4.7", "4.95"), loose=FRAME.replace("4.7", "4.2"))
    assert found.same_families == {}
    assert set(found.matched_anew) == {*linkage.LINKAGES}
    assert math.isnan(found.moved_by_choice)
    assert set(found.table()["families"]) == {"anew"}


def test_a_design_without_pairs_lays_what_moves_to_links_and_chance_together():
    rows = {"strict": (replace(FALL, value=-21.0),), "standard": (FALL,), "loose": (NOTHING,)}
    found = LinkageSensitivity((EXCLUSION,), {}, rows)
    assert found.depends == (EXCLUSION.label,)
    assert found.moved_by_links == pytest.approx(12 / 20)
    assert "by more than 60% of the width of its range" in found.summary()
    assert "links and of chance together" in found.summary() and "same families" not in found.summary()
    assert to_html(publish(found)).count("<details") == 1


def test_a_design_that_cannot_be_carried_out_is_not_estimated(repeat):
    found = repeat(loose=None)
    assert values(found, "loose") == [None, None]
    assert found.depends == (ASB.label,)
