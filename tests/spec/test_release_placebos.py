"""What was found where there is nothing, as a page may say it: rounded, and nothing of what rests on few."""

from dataclasses import replace

import pytest

from tf_eval.release import publish
from tf_eval.release.placebos import Found, Interval, PlaceboRow, PlacebosView
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


def view(*rows: PlaceboRow) -> PlacebosView:
    return PlacebosView(rows, True, "In 4 tests of these 1 found a change.")


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
    assert "\u2212123\n(\u2212166 to \u221280)" in html and "\u2212118\n(\u2212171 to \u221266)" in html
    assert "under 0.01" in html and ">0.02<" in html
    assert "1 of 4" in html and "0 of 1" in html and "95%" in html


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
