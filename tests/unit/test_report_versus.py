"""One intervention against another on a page: the words for either side, and nothing that gives a small count away."""

import re
from dataclasses import replace

import pytest

from tests.two_supports import draw_two
from tf_eval.release import publish
from tf_eval.release.for_whom import ForWhomView
from tf_eval.release.subgroups import PartRow, SubgroupRow, SubgroupsView
from tf_eval.release.versus import ApartRow, CostRow, EitherView, SizeCell, VersusRow, VersusView
from tf_eval.release.views import BalanceRow, BalanceView
from tf_eval.report import to_html
from tf_eval.report.county_pages import CountyPage, entries
from tf_eval.report.figures import draw_either, draw_versus
from tf_eval.report.versus_words import versus_words

TITLES = ("Family project", "Mentors")
AMONG = "That is so for families that might have had either, in months 1 to 12."


def cell(effect=-80.0, reach=50.0, base=200.0, treated=120, comparison=60):
    numbers = (None,) * 3 if effect is None else (effect, effect - reach, effect + reach)
    return SizeCell(*numbers, base, treated, comparison)


def apart(band="headline", clear=True, **changed):
    cells = {"first": cell(-120), "second": cell(-40), "own": cell(base=None), "direct": cell()}
    return ApartRow(band, **{**cells, **changed}, clear=clear)


def row(standing="better", better=0, headline=None, **changed):
    named = {"outcome": "asb", "label": "ASB incidents", "unit": "per_100_families_a_year", "good_direction": "fall"}
    given = {"smallest_worthwhile": 60.0, "reason": "So it is.", "bands": (apart("1 to 6"), apart("7 to 12", False))}
    return VersusRow(**{**named, **given, **changed}, standing=standing, better=better, headline=headline or apart())


ABSENCE = {"outcome": "absence", "label": "Unauthorised absence", "unit": "percentage_points"}
COSTS = (CostRow(TITLES[0], 7692.2, 5769.1, 10384.5, "2014/15"), CostRow(TITLES[1], 1774.0, 1774.0, 1774.0, "2014/15"))


def released(*rows, costs=()):
    return publish(VersusView("Project or mentors", "Which is better?", TITLES, (1, 12), rows, costs))


def text(release):
    return " ".join(re.sub(r"<[^>]+>", " ", str(to_html(release))).split())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [row()],
            "Family project did better than mentors on ASB incidents (80 fewer a year for every 100 families, between "
            f"30 and 130 fewer). {AMONG}",
        ),
        (
            [row(better=1, headline=apart(direct=cell(80.0)))],
            "Mentors did better than family project on ASB incidents (80 fewer a year for every 100 families, between "
            f"30 and 130 fewer). {AMONG}",
        ),
        (
            [row(better=1, headline=apart(direct=cell(-2.0, 1.5, 20.0)), good_direction="rise", **ABSENCE)],
            "Mentors did better than family project on unauthorised absence (2.0 points higher, between 0.5 and 3.5 "
            f"higher). {AMONG}",
        ),
        (
            [row("about the same", None)],
            f"The two did about the same on ASB incidents. {AMONG}",
        ),
        (
            [row(), row("about the same", None, **ABSENCE)],
            f"between 30 and 130 fewer). They did about the same on unauthorised absence. {AMONG}",
        ),
        ([row("cannot tell", None)], "Nobody can tell from the records which is better on ASB incidents."),
    ],
)
def test_the_first_screen_says_which_is_better_and_by_how_much(rows, said):
    assert versus_words(released(*rows).payload).endswith(said)


def test_where_nobody_can_tell_nothing_else_is_said():
    said = versus_words(released(row("cannot tell", None), row("cannot tell", None, **ABSENCE)).payload)
    assert said == "Nobody can tell from the records which is better on ASB incidents and unauthorised absence."


def test_the_difference_stands_beside_what_the_second_came_to():
    told = text(released(row()))
    assert (
        "Family project rather than mentors: about 80 fewer ASB incidents a year for every 100 families (between 30 "
        "and 130 fewer), against about 200 with mentors. So it is."
    ) in told


def test_cost_stands_beside_it_with_its_range_or_not_at_all():
    told = text(released(row(), costs=COSTS))
    assert (
        "Support for a family costs about £7,700 (family project, between £5,800 and £10,000) and about £1,800 "
        "(mentors). Prices are those of 2014/15."
    ) in told
    assert "Support for a family costs" not in text(released(row()))


@pytest.mark.parametrize("name", ["first", "second", "own", "direct"])
@pytest.mark.parametrize("arm", ["treated", "comparison"])
def test_with_few_families_behind_any_number_none_of_the_row_is_shown(name, arm):
    """Any two of the effects and their difference would show the third."""
    few = apart(**{name: cell(**{arm: 9})})
    release = released(row(headline=few), row(**ABSENCE))
    hidden, shown = release.payload["rows"]
    assert {hidden["headline"][each]["effect"] for each in ("first", "second", "own", "direct")} == {"[c]"}
    assert (hidden["standing"], hidden["better"], hidden["headline"]["clear"]) == ("[c]", None, None)
    assert hidden["bands"][0]["direct"]["effect"] == -80 and shown["standing"] == "better"
    assert draw_versus({**release.payload, "rows": [hidden]}) is None
    told = text(release)
    assert "What can be said of ASB incidents is confidential" in told and "So it is." in told
    assert told.count("So it is.") == 1, "the reason would tell which way it went"


def test_what_could_not_be_estimated_is_not_available_and_hides_nothing():
    none = apart(direct=cell(None, base=None, treated=0, comparison=0), clear=False)
    release = released(row("cannot tell", None, headline=none))
    headline = release.payload["rows"][0]["headline"]
    assert headline["direct"]["effect"] == "[x]" and headline["first"]["effect"] == -120
    assert "difference for families that might have had either [x]" in draw_versus(release.payload).alt
    assert "So it is." in text(release) and "Family project rather than" not in text(release)


def test_the_figure_has_words_for_it():
    drawing = draw_versus(released(row(), row("cannot tell", None, **ABSENCE)).payload)
    assert drawing.headline == "Better: family project on ASB incidents"
    assert "family project 120 fewer (between 70 and 170 fewer), mentors 40 fewer" in drawing.alt
    assert "difference for families that might have had either 80 fewer" in drawing.alt
    none = draw_versus(released(row("about the same", None)).payload)
    assert none.headline == "Neither is clearly better on any of these outcomes"


def test_the_figure_writes_each_number_with_its_unit_and_names_its_places():
    written = re.findall(r"<text[^>]*>([^<]*)</text>", draw_versus(released(row()).payload).svg)
    assert [words for words in written if "fewer" in words] == ["120 fewer", "40 fewer", "80 fewer", "80 fewer"]
    assert written.count("0") == 2
    assert written.count("worth") == written.count("having") == 3 and "as much" in written


def test_the_first_page_of_a_site_says_it_too():
    (entry,) = entries([CountyPage("head_to_head", "", released(row(), costs=COSTS))])
    assert entry["heading"] == "One against the other"
    assert "did better than mentors" in entry["words"][0] and "Support for a family costs" in entry["words"][0]


BALANCE = BalanceView((BalanceRow("ASB incidents", 0.9, 0.01), BalanceRow("Children", -0.04, 0.02)), 122, 71)


def test_how_unlike_the_families_are_is_told_with_who_had_more():
    told = text(publish(EitherView(TITLES, BALANCE)))
    assert (
        "Before the start, families with family project differed from families with mentors in 1 of 2 respects, most "
        "in ASB incidents, of which those with family project had more. As they are weighed, they count for about 120 "
        "families with family project and about 70 with mentors, and are alike in all of these."
    ) in told
    turned = replace(BALANCE, rows=(BalanceRow("ASB incidents", -0.9, 0.2),))
    told = text(publish(EitherView(TITLES, turned)))
    assert "those with mentors had more" in told and "and differ in 1 of them still" in told


@pytest.mark.parametrize("sizes", [(9, 71), (122, 9)])
def test_of_few_families_it_is_not_shown_how_unlike_they_are(sizes):
    few = replace(BALANCE, n_treated=sizes[0], n_comparison=sizes[1])
    release = publish(EitherView(TITLES, few))
    assert {row[name] for row in release.payload["rows"] for name in ("before", "after")} == {"[c]"}
    assert draw_either(release.payload) is None and "is not shown" in text(release)


def test_where_nobody_might_have_had_either_the_page_says_why():
    told = text(publish(EitherView(TITLES, None, "too few started the one or the other")))
    assert told.startswith("Nobody can say what either would have done for")
    assert told.endswith("families: too few started the one or the other.")


def part(name, effect=-40.0, families=60):
    size = (None,) * 4 if effect is None else (effect, effect - 30, effect + 30, 200.0)
    return PartRow(name, *size, None, None, None, families, families if effect is not None else 0, 3 * families)


def by_part(*parts, **changed):
    found = {"difference": -60.0, "low": -100.0, "high": -20.0, "differs": False, "as_expected": None}
    named = {"outcome": "asb", "label": "ASB incidents", "unit": "per_100_families_a_year", "subgroup": "many children"}
    given = {"others": "few children", **named, **found, **changed}
    return SubgroupsView((SubgroupRow(**given, parts=parts),), "", 20)


def for_whom(first, second, direct, reason=""):
    return publish(ForWhomView(TITLES, first, second, direct, 20, reason))


BOTH = by_part(part("many"), part("few"))


def test_parts_stand_side_by_side_with_what_is_between_the_two():
    release = for_whom(BOTH, by_part(part("many", -10.0), part("few", None)), BOTH)
    many, few = release.payload["rows"][0]["parts"]
    assert [many[name]["effect"] for name in ("first", "second", "direct")] == [-40, -10, -40]
    assert few["second"]["effect"] == "[x]"
    told = text(release)
    assert "Between many children and few children there is no difference beyond chance in which of the two" in told
    assert "fewer than 20 families with the one or with the other" in told


def test_a_difference_that_is_not_the_same_for_all_is_told_with_its_size():
    told = text(for_whom(BOTH, BOTH, by_part(part("many"), part("few"), differs=True)))
    assert (
        "On ASB incidents the difference between family project and mentors is not the same for many children and few "
        "children: among the former 60 fewer (between 20 and 100 fewer) a year for every 100 families."
    ) in told


@pytest.mark.parametrize("place", range(3))
def test_a_part_that_is_hidden_in_one_is_hidden_in_all(place):
    views = [BOTH, BOTH, BOTH]
    views[place] = by_part(part("many"), part("few", families=9))
    (row,) = for_whom(*views).payload["rows"]
    _, few = row["parts"]
    assert {few[name]["effect"] for name in ("first", "second", "direct")} == {"[c]"}
    assert (row["difference"], row["differs"]) == ("[c]", None)


def test_without_families_that_might_have_had_either_both_stand_alone():
    release = for_whom(BOTH, BOTH, None, "too few started the one or the other")
    assert release.payload["rows"][0]["parts"][0]["direct"]["effect"] == "[x]"
    assert "For whom the one is better could not be looked at: too few started" in text(release)


def test_groups_that_nobody_declared_are_not_looked_at():
    empty = SubgroupsView((), "", 20)
    assert "declared no groups of families in common" in text(for_whom(empty, empty, empty))


def test_results_pass_the_gate_as_they_are():
    town = draw_two(6, first=-0.5, second=-0.1)
    versus, parts = publish(town.versus()), publish(town.for_whom())
    assert versus.payload["rows"][0]["standing"] == "better" and versus.payload["label"] == "Family project or Mentors"
    assert "<img" in str(to_html(versus)) and "ASB incidents in a table" in str(to_html(parts))
