"""Who qualifies for a programme, as fragments of a page: how many, by what, when, and what could not be told."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.allocation import allocation_table
from tf_eval.report.figures import draw_allocation, draw_criteria, draw_quarters
from tf_eval.report.figures.criteria import together
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number
from tf_eval.report.problem_words import agency_words, kind_words
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure
from tf_eval.report.words import capital

CLOCKS = {
    "happened": "A family counts by what had happened by then, even where the record of it came later.",
    "arrived": "A family counts by what agencies had on record by then, even where more had happened.",
}
NOBODY = "nobody sends it"
ONLY_WAY = "The one way"


def identification_html(released: Released) -> Markup:
    """Return how many families qualify, with a bar for each district beside the number allocated."""
    facts = released.payload
    drawing = draw_allocation(facts)
    return fill(
        "answer.html.j2",
        kind=released.kind,
        sentence=qualify_words(facts),
        figure=figure(drawing) if drawing else None,
        words=[said for said in (share_words(facts), CLOCKS[facts["clock"]]) if said],
        tables={"The numbers in a table": allocation_table(facts)},
        notes=released.notes,
    )


def qualify_words(facts: Mapping[str, Any]) -> str:
    """Return how many families qualified by when, and how many were allocated: what the first page says of it."""
    count = f"About {number(facts['identified'])}" if is_number(facts["identified"]) else "A confidential number of"
    said = f"{count} families met the criteria of {facts['scheme']} between {facts['first']} and {facts['last']}"
    if not is_number(facts["allocated"]):
        return f"{said}."
    if _covers_all(facts) and is_number(facts["identified"]):
        times = facts["identified"] / facts["allocated"]
        return f"{said}, {_times(times)} the {number(facts['allocated'])} that were allocated."
    return f"{said}. The number allocated, {number(facts['allocated'])}, is for another area than these records cover."


def _covers_all(facts: Mapping[str, Any]) -> bool:
    """An even share is made only where the records cover all of the area that the number is for."""
    return any(is_number(row["extrapolated"]) for row in facts["rows"])


def _times(times: float) -> str:
    return f"{times:.1f} times" if times >= 1.05 else f"{100 * times:.0f}% of"


def share_words(facts: Mapping[str, Any]) -> str:
    """Return how many qualified at once, and what an even share is."""
    at_once = facts["on_the_first_day"]
    said = f"About {number(at_once)} of them met the criteria on the first day. " if is_number(at_once) else ""
    if _covers_all(facts):
        said += (
            "An even share is what each district would get if the number allocated followed where families with "
            "children live. It is arithmetic, and no count of families in need."
        )
    return said.rstrip()


def criteria_html(released: Released) -> Markup:
    """Return what families met together, as a picture and in tables."""
    facts = released.payload
    drawing = draw_criteria(facts)
    return fill(
        "fragment.html.j2",
        kind=released.kind,
        lead=f"What fewer than {facts['fewest']} families met together is left out." if facts["others"] else "",
        fold="",
        figure=figure(drawing) if drawing else None,
        missing="",
        tables={
            "What families met together": _ways(facts),
            "Criterion by criterion": _each(facts),
            "What has to be met to be in": _routes(facts),
        },
        notes=released.notes,
    )


def _ways(facts: Mapping[str, Any]) -> Markup:
    columns = (Column("met", "Met together", numeric=False), Column("families", "Families"))
    rows = [{**way, "met": together(way, facts)} for way in facts["ways"]]
    return html_table("Families by what they met on the day on which they qualified", columns, rows)


def _routes(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("route", "The way in", numeric=False),
        Column("asks", "What it asks for", numeric=False),
        Column("families", "Families"),
    )
    rows = [{**row, "route": row["route"] or ONLY_WAY, "asks": capital(row["asks"])} for row in facts["routes"]]
    return html_table("By which way families are in; by the first of them, where several are met", columns, rows)


def _each(facts: Mapping[str, Any]) -> Markup:
    columns = (Column("title", "Criterion", numeric=False), Column("families", "Families that met it"))
    return html_table("Of the families that qualify; most met more than one", columns, facts["each"])


def quarters_html(released: Released) -> Markup:
    """Return when families came to qualify, district by district."""
    facts = released.payload
    drawing = draw_quarters(facts)
    so_far = f"The last quarter, {facts['times'][-1]}, is not over in the records." if facts["so_far"] else ""
    return fill(
        "fragment.html.j2",
        kind=released.kind,
        lead=so_far,
        fold="",
        figure=figure(drawing) if drawing else None,
        missing="" if drawing else "There is nothing to draw here: the numbers are confidential.",
        tables={"The numbers in a table": _quarters(facts)},
        notes=released.notes,
    )


def _quarters(facts: Mapping[str, Any]) -> Markup:
    """A row for each quarter: a column for each is more than a page is wide."""
    columns = (
        Column("time", "When", numeric=False),
        Column("all", "All"),
        *(Column(row["district"], row["district"]) for row in facts["districts"]),
    )
    rows = [
        {
            "time": f"On {name}" if place == 0 else name,
            "all": facts["all"][place],
            **{row["district"]: row["families"][place] for row in facts["districts"]},
        }
        for place, name in enumerate(facts["times"])
    ]
    return html_table("Families that came to qualify", columns, rows)


def untold_html(released: Released) -> Markup:
    """Return what could not be told for want of records, criterion by criterion."""
    facts = released.payload
    return fill(
        "fragment.html.j2",
        kind=released.kind,
        lead=untold_words(facts),
        fold="",
        figure=None,
        missing="",
        tables={
            "Families that could not be told": _untold(facts),
            "What each criterion asks for": _asked(facts),
            "The records that each criterion asks for": _sent(facts),
        },
        notes=(),
    )


def untold_words(facts: Mapping[str, Any]) -> str:
    """Return for which criteria some families could not be told, which records nobody sends, and what time has none."""
    told = [row for row in facts["criteria"] if is_number(row["cannot_tell"])]
    said = [f"{row['title']}: of about {number(row['cannot_tell'])} families it could not be told." for row in told]
    if not told:
        said = [f"Of every criterion it could be told of all families, or of all but fewer than {facts['fewest']}."]
    unsent = dict.fromkeys(
        kind_words(row["table"], row["kind"] or None) for row in facts["sent"] if not row["agencies"]
    )
    if unsent:
        said.append(f"Nobody sends these records, so that a criterion cannot be met by them: {', '.join(unsent)}.")
    (_, ends), (begin, end) = facts["programme"], facts["records"]
    if facts["begins_late"]:
        said.append(f"The records begin on {begin}, after the programme did.")
    if facts["ends_early"]:
        said.append(f"The records end on {end}, and the programme on {ends}: what came in between cannot be told.")
    return " ".join(said)


def _untold(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("title", "Criterion", numeric=False),
        Column("met", "Families that met it at some time"),
        Column("cannot_tell", "Could not be told"),
    )
    few = f"fewer than {facts['fewest']}"
    rows = [
        {**row, "cannot_tell": row["cannot_tell"] if is_number(row["cannot_tell"]) else few}
        for row in facts["criteria"]
    ]
    caption = f"Of {number(facts['criteria'][0]['assessed'])} families with children, in the programme's time"
    return html_table(caption, columns, rows)


def _asked(facts: Mapping[str, Any]) -> Markup:
    """A table of its own: beside numbers the text would have no room on a phone."""
    columns = (Column("title", "Criterion", numeric=False), Column("asks", "What it asks for", numeric=False))
    rows = [{**row, "asks": capital(row["asks"])} for row in facts["criteria"]]
    return html_table("What a family has to meet, criterion by criterion", columns, rows)


def _sent(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("criterion", "Criterion", numeric=False),
        Column("kind", "Records", numeric=False),
        Column("agencies", "Sent by", numeric=False),
        Column("time", "For", numeric=False),
    )
    rows = [
        {
            "criterion": row["criterion"],
            "kind": kind_words(row["table"], row["kind"] or None),
            "agencies": ", ".join(map(agency_words, row["agencies"])) or NOBODY,
            "time": f"{row['first']} to {row['last']}" if row["agencies"] else "no time",
        }
        for row in facts["sent"]
    ]
    return html_table("Who sends what the criteria ask for", columns, rows)
