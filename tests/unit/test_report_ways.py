"""One effect in several ways on a page: what is drawn, and what few families hide."""

import pytest

from tf_eval.release import publish
from tf_eval.release.ways import WayRow, WaysView
from tf_eval.report import to_html
from tf_eval.report.figures import draw_ways

COUNT = "per_100_families_a_year"
SENTENCE = "3 ways of estimating that rest on different assumptions differ by no more than chance would make them."


def ways(families=150, effects=(-30.0, -25.0, -41.0), agree=True):
    names = ("as planned", "imputation", "history-adjusted")
    rows = [
        WayRow(name, "something holds", value, value and value - 20, value and value + 20, value, -9.0, 9.0, n, 480)
        for name, value, n in zip(names, effects, (150, 150, families), strict=True)
    ]
    return publish(WaysView("asb", "ASB incidents", COUNT, tuple(rows), 0.9925, agree, SENTENCE))


@pytest.mark.parametrize(("agree", "headline"), [(True, "no more than chance"), (False, "more than chance")])
def test_the_headline_is_what_the_check_says(agree, headline):
    drawing = draw_ways(ways(agree=agree).payload)
    assert drawing.headline == f"ASB incidents: the ways differ by {headline} would make them"
    assert drawing.alt.count(";") == 2 and "as planned: 30 fewer" in drawing.alt


def test_the_table_has_what_each_assumes_and_no_distance_of_the_planned_one_from_itself():
    html = to_html(ways())
    assert SENTENCE not in html and SENTENCE in to_html(ways(agree=False)), "the headline says that they agree"
    assert "As planned" in html and "something holds" in html
    assert html.count("\u22129\xa0to\xa09") == 2


def test_intervals_of_distances_say_how_sure_they_are_and_that_the_check_goes_by_them():
    assert "99.25% interval of it" in to_html(ways())
    assert "judged by 99.25% intervals of their distances" in draw_ways(ways().payload).measure


def test_a_way_on_few_families_is_hidden_and_so_is_what_is_said_of_all():
    released = ways(families=7)
    assert [row["effect"] for row in released.payload["rows"]] == [-30, -25, "[c]"]
    assert released.payload["sentence"] == "" and released.payload["agree"] is None
    assert SENTENCE not in to_html(released)
    assert draw_ways(released.payload).headline == "ASB incidents: the effect in 2 ways", "of all three nothing is said"


def test_where_a_single_way_could_be_estimated_nothing_is_drawn():
    alone = ways(effects=(-30.0, None, None), agree=False)
    assert draw_ways(alone.payload) is None
    assert "There is nothing to draw here" in to_html(alone)
