"""The first screen of an evaluation, and where the rest of its answer stands."""

import re
from dataclasses import replace

import nbformat.v4 as nb
import pytest

from tf_eval.errors import RunError
from tf_eval.release import Released, publish
from tf_eval.release import views as v
from tf_eval.report import render_page
from tf_eval.report.first_screen import cost_words, first_screen_html, sure_words

COUNT = "per_100_families_a_year"
GOOD, BAD = v.Check("The groups were alike", True, "Yes."), v.Check("Enough families were studied", False, "No.")
OTHER = v.Check("Both groups stayed in sight", False, "No.")


REASON = "The change is for the better."


def verdict(word="works", effect=(-41, -70, -12), checks=(GOOD, GOOD), families=150, **changes):
    estimate = dict(zip(("effect", "ci_low", "ci_high"), effect, strict=True))
    facts = v.SentenceFacts("ASB incidents", **estimate, base_rate=290, unit=COUNT)
    row = v.OutcomeRow("asb", "ASB incidents", COUNT, word, **estimate, base_rate=290, smallest_detectable=38)
    change = ("A check that is not passed.",)
    reason = (v.Reason("ASB incidents", REASON),)
    view = v.VerdictView("p", "P", "Does it?", word, facts, reason, tuple(checks), families, 480, (row,), "A worker.")
    return publish(replace(view, would_change=change, **changes))


def standards(*scores):
    rows = [{"standard": "S", "score": score, "most": "3"} for score in scores]
    return Released("standards", "Strength", {"rows": rows, "suppressed": ""})


def appraisal(low=5800, high=10400):
    return {"cost": 7700, "cost_low": low, "cost_high": high, "prices_of": "2014/15"}


@pytest.mark.parametrize(
    ("answer", "beside", "words"),
    [
        (
            verdict(),
            standards("3", "3"),
            "Fairly sure. About 41 fewer ASB incidents a year for every 100 families (between 12 and 70 fewer). "
            "It passed every check. On all 2 standards of evidence it scores as high as a study of this kind can.",
        ),
        (
            verdict("promising", checks=(GOOD, BAD)),
            standards("3", "2"),
            "Not sure yet. About 41 fewer ASB incidents a year for every 100 families (between 12 and 70 fewer). It "
            "passed 1 of 2 checks. Not passed: “Enough families were studied”. On 1 of 2 standards of evidence it "
            "scores as high as a study of this kind can.",
        ),
        (
            verdict("cannot tell", (-6, -60, 49), (BAD, OTHER)),
            standards("1"),
            "Not sure, one way or the other. About 6 fewer ASB incidents a year for every 100 families (between 60 "
            "fewer and 49 more, so perhaps no difference). A study of this size usually finds a change in ASB "
            "incidents of about 38 a year for every 100 families or more; a smaller one it can miss. It passed 0 of 2 "
            "checks. Not passed: “Enough families were studied” and “Both groups stayed in sight”. On none of 1 "
            "standards of evidence it scores as high as a study of this kind can.",
        ),
        (
            verdict("no effect worth having", (-2, -9, 5), (BAD, BAD, OTHER, GOOD)),
            None,
            "Fairly sure that it is too little to matter. About 2 fewer ASB incidents a year for every 100 families "
            "(between 9 fewer and 5 more, so perhaps no difference). It passed 1 of 4 checks.",
        ),
        (
            verdict("may do harm", (30, 9, 51), ()),
            None,
            "Sure enough to look into it. About 30 more ASB incidents a year for every 100 families (between 9 and 51 "
            "more).",
        ),
    ],
)
def test_how_sure_it_is(answer, beside, words):
    assert sure_words(answer.payload, beside) == words


def test_of_what_is_hidden_nothing_says_how_sure_it_is():
    assert sure_words(verdict(families=7).payload, standards("3")) == ""


def test_what_it_costs_has_its_range():
    assert cost_words(appraisal()) == (
        "About £7,700 for each family, or somewhere between £5,800 and £10,400, at 2014/15 prices."
    )
    assert cost_words(appraisal(7700, 7700)) == "About £7,700 for each family, at 2014/15 prices."


def shown(*released):
    outputs = [nb.new_output("display_data", data=one._repr_mimebundle_()) for one in released]
    return nb.new_code_cell("x", execution_count=1, outputs=outputs)


def page(*cells):
    return render_page(nb.new_notebook(cells=[shown(verdict()), *cells]), stamp="S")


def place(part, heading):
    return nb.new_markdown_cell(f"## {heading}", metadata={"tags": [f"answer_{part}"]})


def test_the_doubt_is_the_one_that_there_is():
    """A page that passed every check may not say that perhaps one was not passed."""
    shown_first = first_screen_html(verdict("promising"))
    assert f"without it. {REASON}" in shown_first and "or a check was not passed" not in shown_first


def test_an_effect_is_told_with_the_months_that_it_is_of():
    of_a_year = verdict(months=(1, 12)).payload
    assert "fewer). That is the mean over months 1 to 12 after the start." in sure_words(of_a_year)
    assert "after the start" not in sure_words(verdict().payload)


def test_parts_of_the_answer_stand_under_the_headings_that_name_them():
    html = page(
        place("tried", "Tried"), place("outcomes", "Changed"), place("reasons", "True"), place("would_change", "Mind")
    )
    said = ("<h2>Tried", "A worker.", "<h2>Changed", "The numbers for", "<h2>True", "2 of 2 checks passed", "<h2>Mind")
    order = [html.index(words) for words in said]
    assert order == sorted(order)
    assert html.index("A check that is not passed.") > order[-1]
    assert html.count("A worker.") == 1


def test_a_part_without_a_place_follows_the_first_screen():
    html = page(place("reasons", "True"))
    order = [html.index(words) for words in ("<h2>What was tried</h2>", "A worker.", "<h2>True</h2>")]
    assert order == sorted(order)


def test_a_place_with_nothing_to_stand_there_says_so():
    hidden = nb.new_notebook(cells=[shown(verdict(families=7)), place("would_change", "Mind")])
    assert "<h2>Mind</h2>\n<p>There is nothing to say of this here.</p>" in render_page(hidden, stamp="S")


def test_a_place_for_no_part_is_refused():
    with pytest.raises(RunError, match="outcome"):
        page(place("outcome", "Changed"))


def test_a_page_with_several_sections_has_links_to_each():
    html = page(*(nb.new_markdown_cell(f"## Part {name}\n\nWords.") for name in "ABC"))
    links = re.findall(r'<li><a href="#(part-\d)">(Part .)</a></li>', html)
    assert [name for _, name in links] == ["Part A", "Part B", "Part C"]
    assert all(f'<section id="{anchor}">\n<h2>{name}</h2>' in html for anchor, name in links)


def test_the_picture_is_described_as_it_is():
    (described,) = re.findall(r'alt="(Bar chart of ASB[^"]*)"', page())
    assert described.endswith("The bar with it is shorter than the bar without it.")
