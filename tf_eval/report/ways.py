"""The same effect in several ways, as a fragment of a page."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tf_eval.report.numerals import confidence, signed, span
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import unit_words

_COLUMNS = (
    Column("way", "Way of estimating", numeric=False),
    Column("assumes", "It is right if", numeric=False),
    Column("effect", "Effect"),
    Column("interval", "95% interval"),
    Column("apart", "Distance from the planned one"),
)


def ways_table(facts: Mapping[str, Any]) -> Markup:
    """Return a row for each way: what it assumes, its effect, and its distance from the planned one."""
    rows = [
        {
            "way": row["way"].capitalize(),
            "assumes": row["assumes"],
            "effect": signed(row["effect"]),
            "interval": span(row["ci_low"], row["ci_high"]),
            "apart": signed(row["apart"]) if place else "",
            "apart_interval": span(row["apart_low"], row["apart_high"]) if place else "",
        }
        for place, row in enumerate(facts["rows"])
    ]
    caption = f"{facts['label']}: the effect in {len(rows)} ways, {unit_words(facts['unit']).axis}"
    judged = Column("apart_interval", f"{confidence(facts['level'])} interval of it")
    return html_table(caption, (*_COLUMNS, judged), rows)
