"""Tables of a page: where a cell may break over lines."""

import pytest

from tf_eval.report.tables import Column, html_table


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("13 to 18", "13\xa0to\xa018"),
        ("\u22121.9 to \u22120.4", "\u22121.9\xa0to\xa0\u22120.4"),
        ("\u00a35,800 to \u2212\u00a310,000", "\u00a35,800\xa0to\xa0\u2212\u2060\u00a310,000"),
        ("4 of 15", "4\xa0of\xa015"),
        ("not within the time looked at", "not within the time looked at"),
        ("\u00a3100 to be paid", "\u00a3100 to be paid"),
    ],
)
def test_both_ends_of_an_interval_stay_on_one_line(cell, shown):
    html = html_table("c", (Column("a", "A", numeric=False), Column("b", "B")), [{"a": "Row", "b": cell}])
    assert f'<td class="n">{shown}</td>' in html
    assert html.tables[0].lines == (("Row", cell),), "files have plain spaces"
