"""For whom, where and by whom, in words and tables made from released facts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.report.numerals import number, signed, span
from tf_eval.report.tables import Column, html_table
from tf_eval.report.words import capital, level_words, unit_words

Rows = Sequence[Mapping[str, Any]]
EXPECTED = {True: ", as the plan expected", False: ", against what the plan expected", None: ""}
DIFFERS = {True: "yes", False: "no", None: "not told"}

_PARTS = (
    Column("part", "Part", numeric=False),
    Column("families", "Families with it"),
    Column("effect", "Effect"),
    Column("interval", "95% interval"),
    Column("base", "Without it"),
    Column("shrunk", "Drawn to the mean"),
    Column("shrunk_interval", "95% interval of it"),
)
_DIFFERENCES = (
    Column("outcome", "Outcome and unit", numeric=False),
    Column("between", "Between", numeric=False),
    Column("difference", "Difference"),
    Column("interval", "95% interval"),
    Column("differs", "Beyond chance", numeric=False),
)


def subgroups_words(facts: Mapping[str, Any]) -> str:
    """Say which parts differ and by how much, then between which nothing beyond chance was found."""
    rows = facts["rows"]
    found = [difference_words(row) for row in rows if row["differs"]]
    return " ".join([*found, *_not_found(rows), *_not_told(rows), facts["sentence"]])


def difference_words(row: Mapping[str, Any]) -> str:
    """Return the difference that was found between parts of one subgroup, with its size where there are two."""
    effect = f"The effect on {in_sentence(row['label'])}"
    if row["others"] is None:
        return f"{effect} differs by more than chance between {row['subgroup']}."
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    return (
        f"{effect} is {'higher' if row['difference'] > 0 else 'lower'} among {row['subgroup']} than among "
        f"{row['others']}, by {number(abs(row['difference']))} (from {number(low)} to {number(high)}) "
        f"{unit_words(row['unit']).axis}{EXPECTED[row['as_expected']]}."
    )


def parts_named(row: Mapping[str, Any]) -> str:
    """Return what is told apart, as it follows "between"."""
    return f"{row['subgroup']} and {row['others']}" if row["others"] else row["subgroup"]


def by_outcome(rows: Rows) -> list[Rows]:
    """Return the rows of each outcome, in the order given."""
    return [[row for row in rows if row["outcome"] == name] for name in dict.fromkeys(row["outcome"] for row in rows)]


def subgroups_tables(facts: Mapping[str, Any]) -> dict[str, Markup]:
    """Return a table of how parts differ, and one of the parts for each outcome."""
    if not facts["rows"]:
        return {}
    differences = [
        {
            "outcome": f"{row['label']}, {unit_words(row['unit']).axis}",
            "between": capital(parts_named(row)),
            "difference": signed(row["difference"]) if row["others"] else "",
            "interval": span(row["low"], row["high"]) if row["others"] else "",
            "differs": DIFFERS[row["differs"]],
        }
        for row in facts["rows"]
    ]
    caption = "Differences between parts, with Holm's allowance for all that were compared"
    tables = {"The differences in a table": html_table(caption, _DIFFERENCES, differences)}
    for rows in by_outcome(facts["rows"]):
        label, unit = rows[0]["label"], rows[0]["unit"]
        lines = [_line(part, row, unit) for row in rows for part in row["parts"]]
        tables[f"{label} in a table"] = html_table(f"{label} by part, {unit_words(unit).axis}", _PARTS, lines)
    return tables


def _line(part: Mapping[str, Any], row: Mapping[str, Any], unit: str) -> dict[str, Any]:
    has_shrunk = any(isinstance(each["shrunk"], int | float) for each in row["parts"])
    return {
        "part": capital(part["part"]),
        "families": part["families"],
        "effect": signed(part["effect"]),
        "interval": span(part["ci_low"], part["ci_high"]),
        "base": level_words(unit, part["base_rate"]),
        "shrunk": signed(part["shrunk"]) if has_shrunk else "",
        "shrunk_interval": span(part["shrunk_low"], part["shrunk_high"]) if has_shrunk else "",
    }


def _not_found(rows: Rows) -> Iterator[str]:
    for between, labels in _labels_by_parts(row for row in rows if row["differs"] is False):
        yield f"No difference beyond chance between {between}, in the effect on {listed(labels)}."


def _not_told(rows: Rows) -> Iterator[str]:
    for between, labels in _labels_by_parts(row for row in rows if row["differs"] is None):
        yield f"Nothing can be said of a difference between {between}, in the effect on {listed(labels)}."


def _labels_by_parts(rows: Iterator[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    labels: dict[str, list[str]] = {}
    for row in rows:
        labels.setdefault(parts_named(row), []).append(in_sentence(row["label"]))
    yield from labels.items()
