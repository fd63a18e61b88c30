"""Figures: what their headlines claim, and that no label is cut or runs into its neighbour."""

import re

import pytest

from tf_eval.release import publish
from tf_eval.release import views as v
from tf_eval.report import to_html
from tf_eval.report.figures import draw_balance, draw_bands, draw_before_after, draw_event_study, draw_forest
from tf_eval.report.style import WIDTH, render, text_width, wrapped

COUNT = "per_100_families_a_year"
LONGEST = (
    "Families with a child on a protection plan or in care (share of months), last 12 months (large numbers damped)"
)


def words_of(drawing):
    """All text of a figure, in its order."""
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawing.svg))


def test_a_figure_is_lean_and_its_text_is_left_alone():
    def draw(figure, words):
        figure.add_subplot().plot([1 / 3, 2 / 3])
        figure.text(0.5, 0.5, words)

    svg = render(draw, "between  0.12345 and 1.98765", height=2)
    assert ">between  0.12345 and 1.98765</text>" in svg
    assert not re.search(r">\s+<", svg)
    assert not re.search(r"<[^>]*\.\d{3}", svg)


def bands(*intervals):
    rows = [
        v.BandRow(band, (low + high) / 2, low, high, 290, 150, 480)
        for band, (low, high) in zip(("1 to 6", "7 to 12", "13 to 18", "19 to 24"), intervals, strict=False)
    ]
    return draw_bands(publish(v.BandsView("asb", "ASB incidents", COUNT, tuple(rows))).payload)


FALL, RISE, OPEN = (-90, -20), (20, 90), (-40, 40)


@pytest.mark.parametrize(
    ("intervals", "headline"),
    [
        ([FALL, FALL, FALL, FALL], "ASB incidents: fewer in every period"),
        ([RISE, RISE], "ASB incidents: more in every period"),
        ([FALL, FALL, OPEN, OPEN], "ASB incidents: fewer in months 1 to 6 and 7 to 12, not clear in the others"),
        ([FALL, OPEN, OPEN, OPEN], "ASB incidents: fewer in months 1 to 6, not clear in the others"),
        ([RISE, OPEN, OPEN, OPEN], "ASB incidents: more in months 1 to 6, not clear in the others"),
        ([OPEN, OPEN, OPEN, FALL], "ASB incidents: no clear difference that lasts"),
        ([OPEN, FALL, OPEN, OPEN], "ASB incidents: no clear difference that lasts"),
        ([FALL, OPEN, OPEN, RISE], "ASB incidents: no clear difference that lasts"),
        ([OPEN, OPEN, OPEN, OPEN], "ASB incidents: no clear difference in any period"),
    ],
)
def test_a_late_period_alone_is_no_headline(intervals, headline):
    assert bands(*intervals).headline == headline


def test_an_event_study_finds_nothing_in_single_months():
    rows = [v.EventTimeRow(time, -50 - time if time > 0 else 5 - time, -90, -10, 150, 480) for time in range(-24, 25)]
    drawing = draw_event_study(publish(v.EventStudyView("asb", "ASB incidents", COUNT, tuple(rows))).payload)
    assert drawing.headline == "ASB incidents, month by month"
    assert "from month \u221224 to month 24" in drawing.alt
    assert "After the start the estimates lie between 51 and 74 fewer." in drawing.alt
    assert not re.search(r"clear|drift", drawing.headline + drawing.measure + drawing.alt)


def forest(*verdicts):
    row = {"base_rate": 290, "smallest_worthwhile": 60, "effect": -112, "ci_low": -154, "ci_high": -71}
    rows = tuple(v.OutcomeRow(str(n), f"Outcome {n}", COUNT, verdict, **row) for n, verdict in enumerate(verdicts))
    sentence = v.SentenceFacts("Outcome 0", -112, -154, -71, 290, COUNT)
    view = v.VerdictView("x", "X", "Does it?", verdicts[0], sentence, (), (), 163, 478, rows)
    return draw_forest(publish(view).payload)


def test_the_forest_claims_what_the_verdicts_claim():
    drawing = forest("works", "cannot tell", "promising", "cannot tell")
    assert drawing.headline == "Better: outcome 0; promising: outcome 2; 2 of 4 outcomes not settled"
    assert forest("may do harm").headline == "Perhaps worse: outcome 0"


def scale_of(*directions):
    """The words of a forest's axis, from left to right, and its dots as they are released."""
    row = {"base_rate": 290, "smallest_worthwhile": 60, "effect": 112, "ci_low": 71, "ci_high": 154}
    rows = tuple(
        v.OutcomeRow(str(n), "Outcome", COUNT, "works", **row, good_direction=way) for n, way in enumerate(directions)
    )
    sentence = v.SentenceFacts("Outcome", 112, 71, 154, 290, COUNT)
    view = v.VerdictView("x", "X", "Does it?", "works", sentence, (), (), 163, 478, rows)
    svg = draw_forest(publish(view).payload).svg
    places = {
        text: float(place)
        for place, text in re.findall(r'<text[^>]*?(?:x="|translate\()([\d.]+)[^>]*>([^<]*)</text>', svg)
    }
    return places


def test_the_forest_has_its_words_on_the_side_that_is_wanted():
    falls, rises, mixed = scale_of("fall"), scale_of("rise"), scale_of("fall", "rise")
    assert falls["having"] < falls["0"] < falls["worse"]
    assert rises["worse"] < rises["0"] < rises["having"]
    assert mixed["having"] < mixed["0"] < mixed["worse"]
    assert "\u2190 lower" in falls and "\u2190 lower" in rises and "\u2190 as wanted" in mixed


def test_no_label_is_cut():
    balance = v.BalanceView((v.BalanceRow(LONGEST, 0.61, 0.12), v.BalanceRow("Age", None, 0.3)), 163, 478)
    drawing = draw_balance(publish(balance).payload)
    assert LONGEST in words_of(drawing)
    assert drawing.headline == "Largest difference between the groups: 0.61 before matching, 0.3 after"
    naive = v.NaiveView((v.NaiveRow("a", LONGEST, COUNT, 9, 5, -1040, 3, 1200, 900, 1500),), 163, 478)
    assert LONGEST in words_of(draw_before_after(publish(naive).payload))


@pytest.mark.parametrize(("after", "told"), [(-0.1, True), (0.09, False)])
def test_where_a_difference_is_rounded_to_the_limit_of_what_is_alike_its_table_says_so(after, told):
    html = to_html(publish(v.BalanceView((v.BalanceRow("Age", 0.61, after),), 163, 478)))
    assert ("rounded, so that 0.10 may lie just beyond 0.1" in html) is told


def test_before_and_after_claims_more_only_where_it_lies_beyond_the_estimates_interval():
    rows = (
        v.NaiveRow("asb", "ASB incidents", COUNT, 419, 169, -250, -127, -123, -165, -81),
        v.NaiveRow("plan", "Police call-outs", COUNT, 12, 11, -1, -3, 2, -6, 10),
        v.NaiveRow("away", "Exclusions", COUNT, 12, 11, -1, -3, 2),
    )
    drawing = draw_before_after(publish(v.NaiveView(rows, 163, 478)).payload)
    assert (
        drawing.headline == "Before and after alone would have claimed more than the comparison does on 1 of 2 outcomes"
    )
    assert "before and after 250 fewer, estimate 123 fewer (between 81 and 165 fewer)" in drawing.alt
    assert "estimate 2 more (between 6 fewer and 10 more" in drawing.alt and drawing.alt.endswith("estimate 2 more.")
    alone = draw_before_after(publish(v.NaiveView(rows[2:], 163, 478)).payload)
    assert " on " not in alone.headline, "without an interval nothing is counted"


@pytest.mark.parametrize("by", ["matching", "weighting"])
def test_balance_is_said_to_be_after_what_was_done(by):
    other = {"matching": "weighting", "weighting": "matching"}[by]
    released = publish(v.BalanceView((v.BalanceRow("Age", 0.61, 0.12),), 163, 478, adjusted_by=by))
    drawing = draw_balance(released.payload)
    assert drawing.headline == f"Largest difference between the groups: 0.61 before {by}, 0.12 after"
    assert drawing.measure.endswith("The check is passed where none differs by more than 0.25.")
    shown = drawing.alt + words_of(drawing) + to_html(released)
    assert f"after {by}" in shown and other not in shown


@pytest.mark.parametrize("width", [0.8, 1.5, 4.0])
def test_lines_are_as_wide_as_they_may_be_and_hold_every_word(width):
    lines = wrapped(LONGEST, width=width, size=9.5)
    assert " ".join(lines) == LONGEST
    assert all(text_width(line, 9.5) <= width for line in lines)


def test_a_word_wider_than_its_room_keeps_a_line_of_its_own():
    assert wrapped("a " + "w" * 80 + " b", width=1, size=10) == ["a", "w" * 80, "b"]
    assert text_width("w" * 80, 10) > WIDTH
