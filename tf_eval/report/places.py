"""What several places come to together, in words and as a table made from released facts."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.report.numerals import signed, span
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import interval_words, short_effect, unit_words

NONE = "Nothing can be said of other places: {reason}."

_COLUMNS = (
    Column("intervention", "Intervention", numeric=False),
    Column("outcome", "Outcome and unit", numeric=False),
    Column("places", "Places", numeric=False),
    Column("effect", "Mean effect"),
    Column("interval", "95% interval"),
    Column("elsewhere", "Another place may expect"),
)


def places_words(facts: Mapping[str, Any]) -> str:
    """Say what each intervention came to over places; where there are none, why."""
    if not facts["rows"]:
        return NONE.format(reason=facts["reason"])
    return " ".join(_sentence(row) for row in facts["rows"])


def _sentence(row: Mapping[str, Any]) -> str:
    size = short_effect(row["unit"], row["effect"])
    doubt = interval_words(row["unit"], row["ci_low"], row["ci_high"])
    what = f"{row['intervention']}, {in_sentence(row['label'])}"
    return f"{what}: {size} on average over {listed(row['places'])} ({doubt})."


def places_table(facts: Mapping[str, Any]) -> Markup:
    """Return a row for each intervention and outcome that several places looked at."""
    rows = [
        {
            "intervention": row["intervention"],
            "outcome": f"{row['label']}, {unit_words(row['unit']).axis}",
            "places": listed(row["places"]),
            "effect": signed(row["effect"]),
            "interval": span(row["ci_low"], row["ci_high"]),
            "elsewhere": span(row["elsewhere_low"], row["elsewhere_high"]),
        }
        for row in facts["rows"]
    ]
    caption = "Mean effects over places, made from the estimates that they have released"
    return html_table(caption, _COLUMNS, rows)
