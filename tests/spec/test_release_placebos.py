"""What was found where there is nothing, as a page may say it: rounded, and nothing of what rests on few."""

from dataclasses import replace

import pytest

from tf_eval.release import publish
from tf_eval.release.placebos import ControlRow, Found, Interval, PlaceboRow, PlacebosView
from tf_eval.report import to_html
from tf_eval.report.figures import draw_placebos

LOTS = tuple(Found(value, abs(value) > 50, 110, 320) for value in (-60.4, -3.2, 1.7, 12.9))
EARLY = (Found(-7.7, False, 210, 610), Found(None, False, 0, 0))
ROW = PlaceboRow(
    outcome="asb_incident",
    label="ASB incidents",
    unit="per_100_families_a_year",
    smallest_worthwhile=60,
    planned=Interval(-122.9, -166.3, -79.6, 2e-8),
    put_right=Interval(-118.4, -171.2, -65.6, 0.0213),
    by_lot=LOTS,
    too_early=EARLY,
    recovered=0.948,
    n_treated=210,
    n_comparison=615,
)
CONTROL = ControlRow(
    outcome="appendicitis",
    label="Hospital stays for appendicitis",
    unit="per_100_families_a_year",
    smallest_worthwhile=10,
    found=Interval(3.14, -4.0, 10.2, 0.391),
    base_rate=22.3,
    n_treated=210,
    n_comparison=615,
)


def view(*rows: PlaceboRow, controls: tuple[ControlRow, ...] = ()) -> PlacebosView:
    return PlacebosView(rows, True, "In 4 tests of these 1 found a change.", controls)


def test_effects_are_rounded_and_tests_counted():
    (row,) = publish(view(ROW)).payload["rows"]
    assert (row["planned"]["effect"], row["put_right"]["ci_low"]) == (-123, -171)
    assert (row["by_lot"]["found"], row["by_lot"]["tried"]) == (1, 4)
    assert row["too_early"] == {"tried": 1, "found": 0, "worth": [-0.13]}, "what could not be estimated is no test"
    assert row["put_right"]["worth_effect"] == pytest.approx(-1.97)


@pytest.mark.parametrize("few", [{"n_treated": 9}, {"n_comparison": 3}, {"by_lot": (*LOTS, Found(5.0, False, 8, 300))}])
def test_nothing_is_shown_of_an_outcome_that_rests_on_few(few):
    released = publish(view(ROW, replace(ROW, outcome="exclusion", label="Exclusions", **few)))
    shown, hidden = released.payload["rows"]
    assert shown["planned"]["effect"] == -123
    assert {hidden["planned"]["effect"], hidden["put_right"]["p_value"], hidden["recovered"]} == {"[c]"}
    assert hidden["by_lot"] == {"tried": 0, "found": 0, "worth": []}
    assert released.payload["sentence"] == "", "it counts all tests"
    html = to_html(released)
    assert "[c]" in html and "fewer than 10" in html


def test_the_page_shows_both_intervals_and_every_test():
    html = to_html(publish(view(ROW)))
    assert html.count("<table") == 2 and html.count("<img") == 1
    assert "\u2212123\n(\u2212166\xa0to\xa0\u221280)" in html and "\u2212118\n(\u2212171\xa0to\xa0\u221266)" in html
    assert "under 0.01" in html and ">0.02<" in html
    assert "1\xa0of\xa04" in html and "0\xa0of\xa01" in html and "95%" in html


def test_the_figure_says_how_often_something_was_found():
    drawing = draw_placebos(publish(view(ROW)).payload)
    assert drawing.headline == "In 5 tests of nothing the method found something once"
    assert "1 of 4 starts by lot found something" in drawing.alt
    assert "123 fewer as planned, 118 fewer put right" in drawing.alt
    for words in ("as planned", "put right", "start by lot", "start too early"):
        assert f">{words}<" in drawing.svg


def test_where_nothing_could_be_put_right_the_figure_and_the_table_say_so():
    unknown = Interval(None, None, None, None)
    released = publish(view(replace(ROW, put_right=unknown, recovered=None)))
    assert ">could not be estimated<" in draw_placebos(released.payload).svg
    assert "[x]" in to_html(released)


def test_where_no_test_could_be_made_there_is_no_figure():
    untried = replace(ROW, by_lot=(Found(None, False, 0, 0),), too_early=())
    released = publish(view(untried))
    assert draw_placebos(released.payload) is None
    assert "<img" not in to_html(released)


def test_what_cannot_change_has_a_lane_and_a_table_of_its_own():
    released = publish(view(ROW, controls=(CONTROL, replace(CONTROL, found=Interval(-21.2, -45, -2.1, 0.031)))))
    html, drawing = to_html(released), draw_placebos(released.payload)
    assert html.count("<table") == 3 and "Outcomes that this cannot change" in html
    assert "3\n(\u22124\xa0to\xa010)" in html and ">22<" in html and ">0.39<" in html
    assert drawing.headline == "In 7 tests of nothing the method found something 2 times"
    assert "hospital stays for appendicitis, which cannot change: 3 more (between 4 fewer and 10 more)" in drawing.alt
    assert drawing.svg.count(">cannot change<") == 2
    assert "Outcomes that this cannot change" not in to_html(publish(view(ROW)))


@pytest.mark.parametrize("few", [{"n_treated": 9}, {"n_comparison": 3}])
def test_nothing_is_shown_of_what_cannot_change_where_it_rests_on_few(few):
    released = publish(view(ROW, controls=(replace(CONTROL, **few, found=Interval(-21.2, -45, -2.1, 0.031)),)))
    (hidden,) = released.payload["controls"]
    assert {*hidden["found"].values(), hidden["base_rate"]} == {"[c]"} and not hidden["is_found"]
    assert released.payload["sentence"] == "", "it counts all tests"
    assert ">cannot change<" not in draw_placebos(released.payload).svg
    assert "fewer than 10" in to_html(released)


def test_a_level_that_few_have_is_hidden_and_the_effect_is_not():
    share = replace(CONTROL, unit="of_100_families", base_rate=1.2, found=Interval(0.4, -1.0, 1.8, 0.6))
    (row,) = publish(view(ROW, controls=(share,))).payload["controls"]
    assert row["base_rate"] == "[c]" and row["found"]["effect"] == 0.4


def test_a_control_that_could_not_be_estimated_is_not_available_and_hides_nothing():
    unknown = replace(CONTROL, found=Interval(None, None, None, None), base_rate=None, n_treated=0, n_comparison=0)
    released = publish(view(ROW, controls=(unknown,)))
    assert {*released.payload["controls"][0]["found"].values()} == {"[x]"} and released.payload["sentence"]
    assert draw_placebos(released.payload).headline == "In 5 tests of nothing the method found something once"
