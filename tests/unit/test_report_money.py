"""Pounds as a page writes them: against a cost, and never with a line's end between sign and amount."""

import pytest

from tf_eval.report.markup import fill
from tf_eval.report.money import pounds, pounds_against, pounds_against_range
from tf_eval.report.tables import Column, html_table


def test_no_line_breaks_between_a_minus_and_a_pound_and_no_file_has_the_sign_against_it():
    table = html_table(
        "Lost", (Column("what", "What"), Column("amount", "Amount")), [{"what": "a", "amount": pounds(-50)}]
    )
    page = fill("fragment.html.j2", kind="x", lead=f"It loses {pounds(-50)}.", fold="", figure=None, missing="",
                tables={"A table": table}, notes=())  # fmt: skip
    assert page.count("\u2212\u2060£50") == 2 and "\u2212£" not in page
    assert page.tables[0].lines == (("a", "\u2212£50"),)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-3600, 3400, "between £3,600 less and £3,400 more"),
        (-8200, -2000, "between £2,000 and £8,200 less"),
        (0, 50, "between £0 and £50 more"),
    ],
)
def test_an_interval_against_a_cost_says_less_and_more(low, high, told):
    assert pounds_against_range({"low": low, "high": high}) == told


@pytest.mark.parametrize(
    ("amount", "told"), [(1100, "£1,100 more than it"), (-120, "£120 less than it"), (0, "as much as it")]
)
def test_an_amount_against_a_cost_says_less_or_more(amount, told):
    assert pounds_against(amount, "it") == told
