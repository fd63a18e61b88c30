"""The site by outcome: for each, what every intervention was found to do, made from the verdicts that a site tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.release.released import Released
from tf_eval.release.shorthand import is_number
from tf_eval.report.downloads import Book, Download, downloads_of, to_sheet
from tf_eval.report.figures import draw_outcome
from tf_eval.report.figures.outcome import FINDINGS
from tf_eval.report.markup import Filled, fill, style
from tf_eval.report.numerals import number
from tf_eval.report.page_files import Imprint, titled
from tf_eval.report.tables import Column, html_table
from tf_eval.report.unjudged import UNJUDGED, is_unjudged
from tf_eval.report.verdicts import badge, figure, outcome_cells
from tf_eval.report.words import capital, effect_sentence, unit_words, verdict_words

NAME = "outcomes"
IMPRINT = Imprint()
LABEL = "All outcomes"
HEADING = "What was looked at, and what was found?"
WANTED = {"fall": "A fall is what is wanted.", "rise": "A rise is what is wanted."}
SENSITIVE = " It depends on who is looking: by itself it is neither harm nor benefit."

_COLUMNS = (
    Column("intervention", "Intervention", numeric=False),
    Column("verdict", "Verdict", numeric=False),
    Column("effect", "Effect"),
    Column("interval", "95% interval"),
    Column("base_rate", "Without it"),
    Column("relative", "Relative change"),
    Column("smallest_worthwhile", "Smallest worth having"),
    Column("decides", "Has a say in the verdict", numeric=False),
)

Rows = Sequence[Mapping[str, Any]]
Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class ByOutcome:
    """The page by outcome as HTML, and its tables as files."""

    html: str
    downloads: tuple[Download, ...]


def render_outcomes(
    verdicts: Mapping[str, Released], *, stamp: str, imprint: Imprint = IMPRINT, facts: Facts = ()
) -> ByOutcome:
    """Return the page of every outcome that was looked at, in alphabetical order, each with an anchor of its own.

    Arguments: ``verdicts`` by the name of the intervention's page, in the order in which they are shown; ``facts`` say
    where the numbers of all of them come from.
    """
    outcomes = [_section(rows, imprint.notes) for rows in _by_outcome(verdicts)]
    files = _files([section["table"] for section in outcomes], imprint, facts, _notes(verdicts))
    html = fill(
        "outcomes.html.j2",
        style=style(),
        made_up=imprint.made_up,
        place=imprint.place,
        heading=HEADING,
        summary=_summary(outcomes, len(verdicts)),
        outcomes=outcomes,
        notes=_notes(verdicts),
        downloads=files,
        stamp=stamp,
    )
    return ByOutcome(str(html), files)


def anchor(outcome: str) -> str:
    """Return where on the page an outcome stands."""
    return f"outcome-{outcome}"


def _by_outcome(verdicts: Mapping[str, Released]) -> list[Rows]:
    """Return the rows of each outcome, with the page and the name of their intervention."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for page, verdict in verdicts.items():
        for row in verdict.payload["rows"]:
            found.setdefault(row["outcome"], []).append({**row, "page": page, "intervention": verdict.payload["label"]})
    return sorted(found.values(), key=lambda rows: (rows[0]["label"].lower(), rows[0]["outcome"]))


def _section(rows: Rows, notes: Mapping[str, str]) -> dict[str, Any]:
    first = rows[0]
    return {
        "anchor": anchor(first["outcome"]),
        "label": first["label"],
        "note": notes.get(first["outcome"], ""),
        "basis": _basis(rows),
        "found": _found(rows),
        "is_clear": any(row["verdict"] in FINDINGS for row in rows),
        "figure": figure(draw_outcome(rows)),
        "rows": [_told(row) for row in rows],
        "table": _table(rows),
    }


def _basis(rows: Rows) -> str:
    """Say what the numbers are, which way is good, and how small a change is too small."""
    first = rows[0]
    measure = unit_words(first["unit"]).measure.format(label=first["label"])
    smallest = {row["smallest_worthwhile"] for row in rows}
    told = f" The smallest change worth having is {number(*smallest)}." if len(smallest) == 1 else ""
    sensitive = SENSITIVE * first["detection_sensitive"]
    return f"{measure}. {WANTED[first['good_direction']]}{told * is_number(first['smallest_worthwhile'])}{sensitive}"


def _found(rows: Rows) -> str:
    """Name the interventions with a finding or a change, for the list at the top; say so where there is none."""
    named = {
        verdict_words(verdict).name: [row["intervention"] for row in rows if row["verdict"] == verdict]
        for verdict in FINDINGS
    }
    named[capital(UNJUDGED)] = [row["intervention"] for row in rows if is_unjudged(row)]
    said = [f"{what}: {listed(who)}" for what, who in named.items() if who]
    return ". ".join(said) or "nothing clear"


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "href": f"evaluations/{row['page']}.html",
        "intervention": row["intervention"],
        "badge": badge(row["verdict"]),
        "sentence": effect_sentence({**row, "outcome_label": row["label"]}),
        "reason": row["reason"],
        "secondary": not row["primary"],
    }


def _table(rows: Rows) -> Filled:
    lines = [
        {
            **outcome_cells(row),
            "intervention": row["intervention"],
            "decides": "yes" if row["primary"] else "no",
        }
        for row in rows
    ]
    return html_table(f"{rows[0]['label']}: every intervention, {unit_words(rows[0]['unit']).axis}", _COLUMNS, lines)


def _summary(outcomes: Sequence[Mapping[str, Any]], interventions: int) -> str:
    clear = [in_sentence(section["label"]) for section in outcomes if section["is_clear"]]
    found = f"There is a finding, good or bad, on {listed(clear)}." if clear else "There is no clear finding on any."
    return (
        f"{len(outcomes)} {'outcome was' if len(outcomes) == 1 else 'outcomes were'} looked at, for {interventions} "
        f"{'intervention' if interventions == 1 else 'interventions'}. {found}"
    )


def _notes(verdicts: Mapping[str, Released]) -> tuple[str, ...]:
    """Return why something is hidden, each reason once."""
    return tuple(dict.fromkeys(note for verdict in verdicts.values() for note in verdict.notes))


def _files(tables: Sequence[Filled], imprint: Imprint, facts: Facts, notes: tuple[str, ...]) -> tuple[Download, ...]:
    book = Book(
        name=NAME,
        title=titled(LABEL, imprint.place, dict(facts)),
        about=tuple(filter(None, ("What each intervention was found to do, outcome by outcome.", imprint.made_up))),
        facts=tuple(facts),
        notes=notes,
        publisher=imprint.publisher,
        sheets=tuple(to_sheet(table) for html in tables for table in html.tables),
    )
    return downloads_of(book)
