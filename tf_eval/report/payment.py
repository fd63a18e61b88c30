"""What payment by results pays a council, as a fragment of a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.figures import draw_payment
from tf_eval.report.markup import fill
from tf_eval.report.money import pounds
from tf_eval.report.numerals import number
from tf_eval.report.tables import Column, html_table
from tf_eval.report.verdicts import figure

NO_MEASURE = "Money paid for results is no measure of what changed: families that nobody supports pass such tests, too."
_YEARS = (
    Column("year", "Financial year", numeric=False),
    Column("attached", "Families taken on"),
    Column("claimed", "Families first claimed"),
    Column("fees", "Paid for taking on"),
    Column("results", "Paid for results"),
    Column("forecast", "More expected for results"),
    Column("own", "The council's own money"),
)


def payment_html(released: Released) -> Markup:
    """Return the words, the money by year as a picture, and families and pounds in tables."""
    facts = released.payload
    drawing = draw_payment(facts)
    return fill(
        "fragment.html.j2",
        kind="payment",
        lead=brief_words(facts),
        fold="",
        figure=figure(drawing) if drawing else None,
        missing="",
        tables={"Year by year": _years(facts), "By which route": _routes(facts)},
        notes=(*doubts(facts), *released.notes),
    )


def brief_words(facts: Mapping[str, Any]) -> str:
    """Return how many families were taken on and claimed, and what was paid: the answer, on the first page too."""
    return " ".join(part for part in (_families(facts), _money(facts), NO_MEASURE) if part)


def _families(facts: Mapping[str, Any]) -> str:
    claimed = number(facts["claimed"]) if is_number(facts["claimed"]) else "a confidential number"
    taken_on = number(facts["attached"]) if is_number(facts["attached"]) else "A confidential number of"
    return (
        f"{taken_on} families qualified and were taken on by the rules of {facts['scheme']}. A result could be claimed "
        f"for {claimed} of them by {facts['until']}."
    )


def _money(facts: Mapping[str, Any]) -> str:
    if not (is_number(facts["fees_in_all"]) and is_number(facts["results_in_all"])):
        return ""
    paid = (
        f"That pays about {pounds(facts['fees_in_all'])} for taking them on and about "
        f"{pounds(facts['results_in_all'])} for results{_when(facts['years'])}."
    )
    return f"{paid} {_own(facts)}".rstrip()


def _own(facts: Mapping[str, Any]) -> str:
    """Return the council's own money, of which years it is, and of which it is not known."""
    if not is_number(facts["own_in_all"]):
        return ""
    known = [row for row in facts["years"] if is_number(row["own"])]
    said = f"The council's own money comes on top: {pounds(facts['own_in_all'])}{_when(known)}."
    missing = listed([row["year"] for row in facts["years"] if not is_number(row["own"])])
    return f"{said} That of {missing} is not known." if missing else said


def _when(years: Sequence[Mapping[str, Any]]) -> str:
    first, last = years[0]["year"], years[-1]["year"]
    return f" in {first}" if first == last else f" from {first} to {last}"


def doubts(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of the claims is not certain."""
    neutral = facts["by_neutral"]
    if is_number(neutral) and neutral:
        yield (
            f"For about {number(neutral)} families a part of the test could not be shown either way, because a child "
            "had left school. The rules here let them count."
        )
    if facts["to_check"]:
        clauses = listed([in_sentence(clause) for clause in facts["to_check"]])
        yield f"Not read in the scheme's own words, and to be compared with them before anything is claimed: {clauses}."


def _years(facts: Mapping[str, Any]) -> Markup:
    money = ("fees", "results", "forecast")
    rows = [{**row, **{name: pounds(row[name]) for name in money}, "own": _own_of(row)} for row in facts["years"]]
    source = f" The council's own money: {facts['own_source']}." if facts["own_source"] else ""
    return html_table(
        f"Families and pounds of each year, times the share of families that is funded.{source}", _YEARS, rows
    )


def _own_of(row: Mapping[str, Any]) -> str:
    return pounds(row["own"]) if is_number(row["own"]) else "not known"


def _routes(facts: Mapping[str, Any]) -> Markup:
    columns = (Column("title", "Route", numeric=False), Column("families", "Families that may be claimed"))
    return html_table("A family may be claimed by more than one route", columns, facts["routes"])
