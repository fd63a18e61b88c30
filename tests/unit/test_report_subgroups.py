"""For whom, where and by whom, on a page: what was found with its size, no small count, nothing of the undeclared."""

import re
from dataclasses import replace

import pytest

from tests.parts import draw_town
from tests.spec.test_evidence_subgroups import DISTRICT, MANY, MORE_FOR_MANY, PROVIDER
from tf_eval.errors import NotEstimated
from tf_eval.evidence import effects_by_subgroup
from tf_eval.release import Rules, publish
from tf_eval.release.subgroups import PartRow, SubgroupRow, SubgroupsView
from tf_eval.report import to_html


def part(name="Ash", effect=-40.0, families=60, seen=None, shrunk=None):
    size = (None,) * 4 if effect is None else (effect, effect - 30, effect + 30, 200.0)
    drawn = (None,) * 3 if shrunk is None else (shrunk, shrunk - 20, shrunk + 20)
    counts = families if seen is None else seen
    return PartRow(name, *size, *drawn, families, counts if effect is not None else 0, 3 * counts)


def row(*parts, **changed):
    found = {"difference": None, "low": None, "high": None, "differs": False, "as_expected": None, "others": None}
    named = {"outcome": "asb", "label": "ASB incidents", "unit": "per_100_families_a_year", "subgroup": "districts"}
    return SubgroupRow(**{**named, **found, "parts": parts, **changed})


def released(*rows):
    return publish(SubgroupsView(rows, "None of this changes the verdict.", 20))


SPLIT = {"subgroup": "families with many children", "others": "families with few", "difference": -60.0, "low": -100.0}
SPLIT |= {"high": -20.0, "differs": True}


def words(*rows):
    html = str(to_html(released(*rows)))
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_difference_is_told_with_its_side_its_size_and_what_was_expected():
    told = words(row(part("many"), part("few"), **SPLIT, as_expected=True))
    assert (
        "The effect on ASB incidents is lower among families with many children than among families with few, by 60 "
        "(from 20 to 100) a year for every 100 families, as the plan expected. None of this changes the verdict."
    ) in told
    assert "against what the plan expected" in words(row(part("a"), part("b"), **SPLIT, as_expected=False))


def test_what_was_not_found_is_told_once_for_all_outcomes():
    other = {"outcome": "absence", "label": "Unauthorised absence", "unit": "percentage_points"}
    told = words(row(part("Ash"), part("Elm")), row(part("Ash"), part("Elm"), **other))
    sentence = "No difference beyond chance between districts, in the effect on ASB incidents and unauthorised absence."
    assert told.count(sentence) == 1
    assert "Unauthorised absence: no difference beyond chance between districts" in told


def test_the_headline_names_the_parts_it_is_about_so_that_nobody_takes_it_for_the_effect():
    alike = row(part("many"), part("few"), **SPLIT | {"differs": False})
    told = words(row(part("Ash"), part("Elm")), alike)
    between = "between districts, nor between families with many children and others"
    assert f"ASB incidents: no difference beyond chance {between}" in told
    differing = words(row(part("Ash"), part("Elm")), row(part("many"), part("few"), **SPLIT))
    assert "ASB incidents: differs between families with many children and others" in differing


def test_parts_drawn_together_show_both_numbers_and_none_is_ranked():
    parts = [
        part(name, effect, shrunk=effect / 2 - 20)
        for name, effect in zip("DABC", (-60.0, -40.0, 0.0, -90.0), strict=True)
    ]
    told = released(row(*parts))
    html = str(to_html(told))
    assert [each["part"] for each in told.payload["rows"][0]["parts"]] == list("DABC")
    assert "drawn to the mean of its kind" in html and "drawn to the mean 50 fewer" in html
    assert "rank" not in html.lower() and "best" not in html.lower()


def test_without_drawing_together_the_figure_does_not_speak_of_it():
    assert "Filled" not in words(row(part("many"), part("few"), **SPLIT))


SMALL = part("Ash", families=80), part("Elm", families=40), part("Fir", None, families=7)


@pytest.mark.parametrize("families", [9, 3, 0])
def test_a_small_part_has_no_count(families):
    parts = (*SMALL[:2], part("Fir", None, families=families))
    (found,) = released(row(*parts)).payload["rows"]
    assert [each["families"] for each in found["parts"]] == [80, 40, "[c]"]
    assert [each["effect"] for each in found["parts"]] == [-40, -40, "[x]"]


def test_where_a_small_part_could_be_worked_out_another_is_hidden_and_what_is_said_of_all():
    exact = Rules(round_to=1)
    view = SubgroupsView((row(*SMALL, differs=True),), "None of this changes the verdict.", 20)
    (found,) = publish(view, rules=exact).payload["rows"]
    assert [each["families"] for each in found["parts"]] == [80, "[c]", "[c]"]
    assert [each["effect"] for each in found["parts"]] == [-40, "[c]", "[x]"]
    assert found["differs"] is None and found["suppressed"]
    assert "Nothing can be said of a difference between districts" in str(to_html(publish(view, rules=exact)))


def test_a_part_that_few_were_seen_in_is_hidden():
    (found,) = released(row(part("Ash"), part("Elm", seen=7), **SPLIT)).payload["rows"]
    assert [each["effect"] for each in found["parts"]] == [-40, "[c]"]
    assert (found["difference"], found["low"], found["differs"]) == ("[c]", "[c]", None)
    told = words(row(part("Ash"), part("Elm", seen=7), **SPLIT))
    assert "by 60" not in told and "fewer than 10 families with this support" in told


def test_parts_without_an_estimate_say_how_many_families_it_takes():
    told = words(row(part("Ash"), part("Elm"), part("Fir", None, families=15)))
    assert "not be estimated, above all where a part has fewer than 20 families with this support, or like ones" in told


def test_nothing_declared_is_a_sentence_alone():
    html = str(to_html(publish(effects_by_subgroup(None, draw_town(3, treated=60).matched, [], []))))
    assert "The plan declared no groups of families" in html
    assert "<img" not in html and "<table" not in html and "nothing to draw" not in html


def test_a_whole_result_goes_through_the_gate():
    town = draw_town(1, **MORE_FOR_MANY)
    found = effects_by_subgroup(town.panel, town.matched, town.measured(), [MANY, DISTRICT, PROVIDER])
    told = publish(found)
    html = str(to_html(told))
    shown = [each["families"] for row in told.payload["rows"] for each in row["parts"]]
    assert all(count == "[c]" or (count % 5 == 0 and count >= 10) for count in shown)
    assert "is lower among families with three or more children than among families with fewer children" in html
    assert html.count("<img") == 1, "all parts of an outcome stand in one figure"


def test_what_could_not_be_divided_is_told():
    town = draw_town(3, treated=60)
    (each,) = effects_by_subgroup(town.panel, town.matched, town.measured(), [DISTRICT]).rows
    none = replace(each, parts=(), interaction=NotEstimated("families are not matched in sets"))
    found = effects_by_subgroup(town.panel, town.matched, town.measured(), [DISTRICT])
    told = str(to_html(publish(replace(found, rows=(none,)))))
    assert "Nothing can be said of a difference between districts" in told and "nothing to draw" in told
