"""Whom the answer is about, as a page may say it: means stay behind the gate, and few left out look like none."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.matching import describe_population, match
from tf_eval.release import publish
from tf_eval.release.views import PopulationRow, PopulationView
from tf_eval.report import to_html
from tf_eval.report.figures import draw_population

ROWS = (PopulationRow("ASB incidents", -0.081, 0.912), PopulationRow("Children in the family", 0.134, -1.31))


def population(studied: int, left_out: int, rows=ROWS) -> PopulationView:
    return PopulationView(rows, studied, left_out, notable=0.1)


def test_differences_of_both_groups_are_shown_side_by_side():
    released = publish(population(210, 22))
    assert released.payload["rows"] == [
        {"label": "ASB incidents", "studied": -0.08, "left_out": 0.91},
        {"label": "Children in the family", "studied": 0.13, "left_out": -1.31},
    ]
    html = to_html(released)
    assert "The answer is about the others." in html
    assert "in one characteristic, children in the family: it is 0.13 standard deviations higher among them." in html
    assert html.count("<table") == 1 and 'alt="Dot chart of 2 standardised differences' in html


def test_where_hardly_anything_moved_that_is_said():
    rows = (PopulationRow("ASB incidents", -0.081, 0.912),)
    html = to_html(publish(population(210, 22, rows)))
    assert "on no characteristic do the families studied differ from all with this support by more than 0.1" in html


@pytest.mark.parametrize(
    ("left_out", "rows"), [(0, (PopulationRow("ASB incidents", 0.0, None),)), (3, ROWS), (9, ROWS)]
)
def test_nobody_left_out_and_a_few_are_the_same_to_a_reader(left_out, rows):
    """Of a few, what moved tells the mean: families studied and all are known to within 5."""
    few = publish(population(210, left_out, rows))
    assert few.to_dict() == publish(population(210, 5)).to_dict()
    assert few.payload["rows"] == [] and draw_population(few.payload) is None
    html = to_html(few)
    assert "None of the families with this support, or fewer than 10 of them, were left out" in html
    assert "<table" not in html and "<img" not in html


def test_a_few_studied_are_not_shown_either():
    released = publish(population(8, 40))
    assert released.payload["rows"] == []
    assert "fewer than 10 families with this support" in to_html(released)


def test_a_match_passes_the_gate_without_its_means():
    random = np.random.default_rng(8)
    need = random.normal(size=600)
    started = random.random(600) < 1 / (1 + np.exp(1.5 - 1.5 * need))
    frame = pd.DataFrame({"need": need, "started": started})
    described = describe_population(match(frame, on="need", treated="started", caliper=0.02), labels={"need": "Need"})
    released = publish(described)
    (row,) = released.payload["rows"]
    found = described.table().iloc[0]
    assert row == {"label": "Need", "studied": round(found["shift"], 2), "left_out": round(found["shift_left_out"], 2)}
    assert row["left_out"] > 0.5, "those left out are the neediest"


def test_the_figure_says_who_is_who():
    drawing = draw_population(publish(population(210, 22)).payload)
    assert drawing.headline == "Families studied differ from all with this support on 1 of 2 characteristics"
    assert "studied" in drawing.svg and "left out" in drawing.svg
    assert drawing.alt.endswith("Those left out differ most by \u22121.31, in: Children in the family.")
