"""Whoever reads a page needs no more schooling than somebody of about twelve."""

import pytest

from tests.conftest import PROJECT
from tests.reading import prose, reading_age, running_text
from tests.unit.test_report_sentences import OPENS, opened, rows
from tf_eval.report.words import GLOSSARY, VERDICT_WORDS, verdict_meaning

# The one to start from makes no page.
NOTEBOOKS = sorted({*(PROJECT / "notebooks").glob("*.ipynb")} - {PROJECT / "notebooks" / "start.ipynb"})
# Years: a page as a whole, and each cell of it.
AGE, OLDEST = 12.0, 13.5
# A sentence of numbers has its unit, its range and the names of outcomes ("unauthorised absence"), which are not ours.
OF_NUMBERS = 12.5


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_prose_of_a_page_can_be_read_at_about_twelve(notebook):
    parts = prose(notebook)
    ages = {name: round(reading_age(text), 1) for name, text in parts.items()}
    assert reading_age(" ".join(parts.values())) <= AGE, ages
    assert {name: age for name, age in ages.items() if age > OLDEST} == {}


@pytest.mark.parametrize("table", ["effects", "frequencies"])
def test_the_sentences_of_effects_can_be_read_at_about_twelve(table):
    said = [opened(verdict, cells[-1]) for cells in rows(table) for verdict in OPENS]
    assert reading_age(" ".join(said)) <= OF_NUMBERS


def test_the_words_that_explain_can_be_read_at_about_twelve():
    assert reading_age(" ".join(GLOSSARY.values())) <= AGE
    assert reading_age(" ".join(verdict_meaning(verdict) for verdict in VERDICT_WORDS)) <= AGE


def test_a_hard_text_is_found_to_be_hard():
    hard = "Heterogeneity-robust estimation necessitates conditional parallel counterfactual trajectories."
    assert reading_age(hard) > 20 > 10 > reading_age("The dog ran home. The cat did not. It was late.")


def test_running_text_leaves_out_what_stands_aside():
    html = "<p>One <b>two</b>.</p><figure><p>three</p></figure><ul><li>four<span popover>five</span></li></ul>"
    assert running_text(html) == "One two. four."
