"""Families identified and allocated by district, as a table of a page."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tf_eval.release.shorthand import NOT_AVAILABLE, is_number
from tf_eval.report.figures.allocation import named
from tf_eval.report.numerals import number, signed
from tf_eval.report.tables import Column, html_table

_COLUMNS = (
    Column("district", "District", numeric=False),
    Column("identified", "Families that qualify"),
    Column("allocated", "Families allocated"),
    Column("extrapolated", "Even share of the number for all"),
    Column("difference", "Qualify less even share"),
)


def allocation_table(facts: Mapping[str, Any]) -> Markup:
    """Return a row for each district and period: identified, allocated, and an even share of the number for all.

    What is available for none of them has no column.
    """
    rows = [{**row, "district": named(row), "difference": signed(row["difference"])} for row in facts["rows"]]
    columns = [column for column in _COLUMNS if any(row[column.name] != NOT_AVAILABLE for row in facts["rows"])]
    caption = f"Families that qualify ({number(facts['identified'])} in all)"
    caption += (
        f" and families allocated ({number(facts['allocated'])} in all)." if is_number(facts["allocated"]) else "."
    )
    sources = f" Allocated numbers: {'; '.join(facts['sources'])}." if facts["sources"] else ""
    return html_table(f"{caption}{sources}", columns, rows)
