"""What would have to be hidden, as a fragment of a page: words, and every yardstick in a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.report.numerals import percent, with_range
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import capital, unit_words

_COLUMNS = (
    Column("label", "Outcome", numeric=False),
    Column("effect", "Effect"),
    Column("times_drift", "Times the largest drift before"),
    Column("e_value_ci", "Times as likely, for the range"),
    Column("e_value", "Times as likely, for the effect"),
    Column("odds", "Times the odds of starting"),
    Column("share", "Share of what is left"),
)


def hidden_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what would explain away each effect that is there, and once of the others that nothing need."""
    found = [row for row in rows if row["is_found"]]
    others: dict[str, list[str]] = {}
    for row in rows:
        if row["sentences"] and not row["is_found"]:
            others.setdefault(" ".join(row["sentences"]), []).append(in_sentence(row["label"]))
    said = [f"{row['label']}: {' '.join(row['sentences'])}" for row in found]
    return " ".join([*said, *(f"{capital(listed(labels))}: {words}" for words, labels in others.items())])


def hidden_table(rows: Sequence[Mapping[str, Any]]) -> Markup:
    """Return a row for each outcome with every yardstick."""
    lines = [
        {
            **row,
            "label": f"{_named(row)}, {unit_words(row['unit']).axis}",
            "effect": with_range(row),
            "share": percent(row["share"]).lstrip("+"),
        }
        for row in rows
    ]
    return html_table("How large a hidden difference would have to be to explain each effect away", _COLUMNS, lines)


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['label']} (depends on who is looking)" if row["detection_sensitive"] else row["label"]
