"""One intervention against another, as the fragments of a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures import draw_either, draw_versus
from tf_eval.report.markup import fill
from tf_eval.report.money import pounds
from tf_eval.report.numerals import number, signed, span, with_range
from tf_eval.report.subgroups import parts_named
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure
from tf_eval.report.versus_words import cost_words, difference_words, either_words, for_whom_words, versus_words
from tf_eval.report.words import capital, unit_words

STANDING = {"better": "{} better", "about the same": "About the same", "cannot tell": "Cannot tell", "[c]": "[c]"}
CLEAR = {True: "yes", False: "no", None: ""}
OWN, DIRECT = "Difference, own families", "Difference, families that might have had either"


def versus_html(released: Released) -> Markup:
    """Return which of two interventions is better, without the question (which is the page's heading)."""
    facts = released.payload
    return fill(
        "versus.html.j2",
        sentence=versus_words(facts),
        figure=figure(draw_versus(facts)),
        costs=cost_words(facts["costs"]),
        rows=[_outcome(row, facts) for row in facts["rows"]],
        tables=dict(_tables(facts)),
        notes=released.notes,
    )


def standing_words(row: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Return what can be said of an outcome in a few words: "Volunteer mentors better", "Cannot tell"."""
    better = "" if row["better"] is None else facts["titles"][row["better"]]
    return STANDING[row["standing"]].format(better)


def _outcome(row: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, str]:
    return {
        "label": row["label"],
        "standing": standing_words(row, facts),
        "said": difference_words(row, facts),
        "reason": row["reason"],
    }


def _tables(facts: Mapping[str, Any]) -> Iterator[tuple[str, Markup]]:
    rows = facts["rows"]
    first, last = facts["months"]
    headlines = [
        {
            "outcome": _named(row),
            **_sizes(row["headline"]),
            "worthwhile": row["smallest_worthwhile"],
            "standing": standing_words(row, facts),
        }
        for row in rows
    ]
    columns = (
        Column("outcome", "Outcome and unit", numeric=False),
        Column("standing", "What can be said", numeric=False),
        *_columns(facts),
        Column("worthwhile", "Smallest worth having"),
    )
    caption = f"Effects with their 95% intervals, months {first} to {last}"
    yield "The numbers in a table", html_table(caption, columns, headlines)
    for row in rows:
        yield f"{row['label']} by months since the start", _bands(row, facts)
    if facts["costs"]:
        yield "What each costs", _costs(facts["costs"])


def _bands(row: Mapping[str, Any], facts: Mapping[str, Any]) -> Markup:
    lines = [{"band": band["band"], **_sizes(band), "clear": CLEAR[band["clear"]]} for band in row["bands"]]
    columns = (
        Column("band", "Months", numeric=False),
        *_columns(facts),
        Column("clear", "Clear", numeric=False),
    )
    caption = (
        f"{row['label']}, {unit_words(row['unit']).axis}: effects with their 95% intervals. Clear: beyond chance among "
        "families that might have had either, allowing for all months of all outcomes"
    )
    return html_table(caption, columns, lines)


def _columns(facts: Mapping[str, Any]) -> tuple[Column, ...]:
    named = zip(("first", "second"), facts["titles"], strict=True)
    return (
        *(Column(name, f"{title}, against like families") for name, title in named),
        Column("own", OWN),
        Column("direct", DIRECT),
    )


def _sizes(apart: Mapping[str, Any]) -> dict[str, str]:
    return {name: with_range(apart[name]) for name in ("first", "second", "own", "direct")}


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['label']}, {unit_words(row['unit']).axis}"


def _costs(costs: Sequence[Mapping[str, Any]]) -> Markup:
    columns = (
        Column("intervention", "Intervention", numeric=False),
        Column("cost", "Cost of a family"),
        Column("range", "Between"),
        Column("prices_of", "Prices of", numeric=False),
    )
    rows = [
        {**row, "cost": pounds(row["cost"]), "range": f"{pounds(row['low'])} to {pounds(row['high'])}"} for row in costs
    ]
    return html_table("What support costs a family, as the page of each has it", columns, rows)


def either_html(released: Released) -> Markup:
    """Return how unlike families with the one and with the other were, and how alike they are as weighed."""
    facts = released.payload
    drawing = draw_either(facts) if facts["rows"] else None
    tables = {"The numbers in a table": _differences(facts)} if facts["rows"] else {}
    return fill(
        "fragment.html.j2",
        kind="balance",
        lead=either_words(facts),
        fold="",
        figure=figure(drawing) if drawing else None,
        missing="",
        tables=tables,
        notes=released.notes,
    )


def _differences(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("label", "Known before the start", numeric=False),
        Column("before", "Difference as they are", decimals=2),
        Column("after", "Difference as weighed", decimals=2),
    )
    first, second = map(in_sentence, facts["titles"])
    counts = f"{number(facts['n_first'])} families with {first} and {number(facts['n_second'])} with {second}"
    caption = f"Standardised differences between {counts} (effective size); above 0 the first had more"
    return html_table(caption, columns, facts["rows"])


def for_whom_html(released: Released) -> Markup:
    """Return for whom the one is better and for whom the other, a table for each outcome."""
    facts = released.payload
    tables = {}
    for label in dict.fromkeys(row["label"] for row in facts["rows"]):
        rows = [row for row in facts["rows"] if row["label"] == label]
        tables[f"{label} in a table"] = _parts(label, rows, facts)
    return fill(
        "fragment.html.j2",
        kind="for-whom",
        lead=for_whom_words(facts),
        fold="",
        figure=None,
        missing="",
        tables=tables,
        notes=released.notes,
    )


def _parts(label: str, rows: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> Markup:
    first, second = facts["titles"]
    columns = (
        Column("part", "Part", numeric=False),
        Column("first_families", f"Families with {in_sentence(first)}"),
        Column("first", first),
        Column("second_families", f"Families with {in_sentence(second)}"),
        Column("second", second),
        Column("direct", DIRECT),
    )
    lines = [
        {
            **part,
            "part": capital(part["part"]),
            **{name: with_range(part[name]) for name in ("first", "second", "direct")},
        }
        for row in rows
        for part in row["parts"]
    ]
    told = [
        f"{capital(parts_named(row))}: {signed(row['difference'])} ({span(row['low'], row['high'])})"
        for row in rows
        if is_number(row["difference"])
    ]
    apart = f" The difference in the first part less that in the second: {listed(told)}." if told else ""
    caption = f"{label} by part, {unit_words(rows[0]['unit']).axis}, effects with their 95% intervals.{apart}"
    return html_table(caption, columns, lines)
