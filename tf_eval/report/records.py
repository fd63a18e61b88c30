"""Whether a county's records can be trusted: of the problem report what may be shown, as fragments of a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import listed
from tf_eval.release.records import SET_ASIDE
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures import draw_received, draw_unseen
from tf_eval.report.markup import fill
from tf_eval.report.numerals import number
from tf_eval.report.problem_power import released_power, unseen
from tf_eval.report.problem_words import (
    LEVELS,
    NOT_KNOWN,
    RULE_OF_DIFFERENCES,
    RULE_OF_NOT_KNOWN,
    agency_words,
    category_words,
    characteristic_words,
    records_words,
)
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure
from tf_eval.report.words import capital

FATES = {"used": "Used", "set_aside": "Set aside", "left_out": "Left out"}
SMALL_SHARE = 0.01  # of rows: a hundredth set aside is no reason for doubt by itself
LEFT_OUT = "of a kind that was not asked for"
NO_GAP = "no gap and no change in recording was found"


def received_html(released: Released) -> Markup:
    """Return whether the records can be trusted, with the months that each agency sent."""
    facts = released.payload
    drawing = draw_received(facts)
    return fill(
        "answer.html.j2",
        kind=released.kind,
        sentence=trust_words(facts),
        figure=figure(drawing) if drawing else None,
        words=[seen_words(facts)],
        tables={"Rows of each agency": _agencies(facts), "Months of each agency": _months(facts)},
        notes=released.notes,
    )


def trust_words(facts: Mapping[str, Any]) -> str:
    """Return in a sentence how much of what agencies sent could be used, and what was found in it."""
    found = facts["patterns"]
    gaps = f"{found} gap{'s' * (found > 1)} or change{'s' * (found > 1)} in recording" if found else NO_GAP
    told = f"{gaps} {'were' if found > 1 else 'was'} found" if found else gaps
    rows = facts["all"]["rows"]
    sent = f"{len(facts['agencies'])} agencies sent {f'about {number(rows)}' if is_number(rows) else 'some'} rows"
    return f"{_lead(facts)}: {sent}, {_used(facts['all'])}, and {told}."


def _lead(facts: Mapping[str, Any]) -> str:
    """What is found in whole files and periods is for people to judge; what is set aside is only less."""
    if facts["patterns"]:
        return "Mostly, and with care where something was found"
    aside, rows = facts["all"]["set_aside"], facts["all"]["rows"]
    few = not is_number(aside) or not is_number(rows) or aside <= SMALL_SHARE * rows
    return "Yes, as far as checks can tell" if few else "Mostly"


def _used(counts: Mapping[str, Any]) -> str:
    aside, left_out, rows = counts["set_aside"], counts["left_out"], counts["rows"]
    share = f" ({_percent(100 * aside / rows)}%)" if is_number(aside) and is_number(rows) else ""
    unused = [f"{_some(aside)}{share}"] if aside else []
    unused += [f"{_some(left_out)} {LEFT_OUT}"] if left_out else []
    return f"all but {listed(unused)} could be used" if unused else "all could be used"


def _some(rows: Any) -> str:
    return number(rows) if is_number(rows) else "a few"


def _percent(share: float) -> str:
    return f"{share:.1f}" if share >= 0.05 else "less than 0.1"


def seen_words(facts: Mapping[str, Any]) -> str:
    """Return how far the check could have seen."""
    others = facts["kinds"] - facts["seen"]
    return (
        f"In {facts['seen']} of {facts['kinds']} kinds of records a single missing month or term would have stood out "
        "in every district." + f" In the other {others} it could be missing unnoticed." * (others > 0)
    )


def _agencies(facts: Mapping[str, Any]) -> Markup:
    left_out = [row["left_out"] for row in facts["agencies"]]
    fates = {name: words for name, words in FATES.items() if name != "left_out" or any(left_out)}
    columns = (
        Column("agency", "Agency", numeric=False),
        Column("rows", "Rows sent"),
        *(Column(name, words) for name, words in fates.items()),
        Column("patterns", "Gaps and changes found"),
    )
    rows = [{**row, "agency": agency_words(row["agency"])} for row in facts["agencies"]]
    rows.append({**facts["all"], "agency": "All", "patterns": facts["patterns"]})
    told = f". Left out: rows {LEFT_OUT}" if "left_out" in fates else ""
    return html_table(f"Rows of records that each agency sent, and what became of them{told}", columns, rows)


def _months(facts: Mapping[str, Any]) -> Markup:
    columns = (
        Column("agency", "Agency", numeric=False),
        Column("kinds", "Records", numeric=False),
        Column("months", "Months", numeric=False),
    )
    rows = [
        {
            "agency": agency_words(row["agency"]),
            "kinds": records_words(row["kinds"]),
            "months": f"{row['first']} to {row['last']}",
        }
        for row in facts["covered"]
    ]
    return html_table("What each agency's records hold, and for which months", columns, rows)


def findings_html(released: Released) -> Markup:
    """Return what was found: gaps and changes of whole periods first, then why single rows were set aside or noted."""
    facts = released.payload
    aside = [row for row in facts["rules"] if row["severity"] == SET_ASIDE]
    noted = [row for row in facts["rules"] if row["severity"] != SET_ASIDE]
    tables = {}
    if facts["patterns"]:
        tables["Gaps and changes in recording"] = _patterns(facts["patterns"])
    if aside:
        tables["Why rows were set aside"] = _rules("Rows that could not be used", aside)
    if noted:
        tables["What was used and noted"] = _rules("Rows that were used although something was odd", noted)
    return fill(
        "fragment.html.j2",
        kind=released.kind,
        lead="" if tables else f"Nothing was set aside or noted, and {NO_GAP}.",
        fold="",
        figure=None,
        missing="",
        tables=tables,
        notes=released.notes,
    )


def _patterns(patterns: Sequence[Mapping[str, Any]]) -> Markup:
    columns = (
        Column("rule", "What was found", numeric=False),
        Column("agency", "Agency", numeric=False),
        Column("place", "Where and when", numeric=False),
        Column("detail", "What it looks like", numeric=False),
    )
    rows = [
        {
            "rule": capital(row["rule"]),
            "agency": agency_words(row["agency"]),
            "place": capital(row["place"].replace("_", " ")),
            "detail": capital(row["detail"]),
        }
        for row in patterns
    ]
    return html_table("Whole files and periods that look unlike the others", columns, rows)


def _rules(caption: str, rules: Sequence[Mapping[str, Any]]) -> Markup:
    columns = (
        Column("rule", "Why", numeric=False),
        Column("agencies", "Agencies", numeric=False),
        Column("rows", "Rows"),
    )
    rows = [
        {**row, "rule": capital(row["rule"]), "agencies": ", ".join(map(agency_words, row["agencies"]))}
        for row in rules
    ]
    return html_table(f"{caption}; a row can stand in several lines", columns, rows)


def links_html(released: Released) -> Markup:
    """Return how many people each way of linking makes, and the share of records linked, group by group."""
    facts = released.payload
    groups = dict.fromkeys(row["characteristic"] for row in facts["rows"])
    tables = {"People and families": _levels(facts)}
    levels = LEVELS if any(_differ(row) for row in facts["rows"]) else ()
    for group in groups:
        rows = [row for row in facts["rows"] if row["characteristic"] == group]
        tables[f"By {characteristic_words(group).lower()}"] = _rates(group, rows, levels)
    return fill(
        "fragment.html.j2",
        kind=released.kind,
        lead=" ".join(facts["sentences"]) or "No group of people is linked clearly less often than all others.",
        fold="",
        figure=None,
        missing="",
        tables=tables,
        notes=(*_notes_on_links(facts, levels), *released.notes),
    )


def _differ(row: Mapping[str, Any]) -> bool:
    return len({row[level] for level in LEVELS}) > 1


def _notes_on_links(facts: Mapping[str, Any], levels: Sequence[str]) -> Iterator[str]:
    if facts["rows"] and not levels:
        yield "Strict, standard and loose links come to the same in every group, so each is told once."
    few = f"fewer than {facts['fewest']}"
    yield f"Almost all: {few} records, or one in 200, are not linked. Few: {few} are."
    yield RULE_OF_DIFFERENCES
    if any(row["category"] == NOT_KNOWN for row in facts["rows"]):
        yield RULE_OF_NOT_KNOWN


def _levels(facts: Mapping[str, Any]) -> Markup:
    columns = (Column("level", "Links", numeric=False), Column("people", "People"), Column("families", "Families"))
    rows = [{**row, "level": capital(row["level"])} for row in facts["levels"]]
    return html_table("How many people and families the same records make, by how sure a link has to be", columns, rows)


def _rates(group: str, rows: Sequence[Mapping[str, Any]], levels: Sequence[str]) -> Markup:
    """Without ``levels`` all of them come to the same, and one column tells it."""
    heading = characteristic_words(group)
    columns = (
        Column("category", heading, numeric=False),
        Column("records", "Records"),
        *(Column(level, f"Linked, {level}") for level in levels),
        *([] if levels else [Column(LEVELS[0], "Linked")]),
    )
    lines = [
        {
            "category": capital(category_words(group, row["category"])),
            "records": row["records"],
            **{level: f"{row[level]}%" if is_number(row[level]) else row[level] for level in LEVELS},
        }
        for row in rows
    ]
    return html_table(f"Records linked to another agency's, by {heading.lower()}", columns, lines)


def unseen_html(released: Released) -> Markup:
    """Return the kinds of records of which a missing month or term may not be seen, and how long a gap would be."""
    facts = released.payload
    drawing = draw_unseen(facts)
    table = unseen(released_power(facts["rows"]))["table"]
    return fill(
        "fragment.html.j2",
        kind=released.kind,
        lead="" if table else "A single missing month or term would have been found everywhere.",
        fold="",
        figure=figure(drawing) if drawing else None,
        missing="",
        tables={"Kind by kind, with changes in recording": table} if table else {},
        notes=released.notes,
    )
