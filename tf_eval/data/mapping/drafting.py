"""Draft the entries of a sources file for an extract, for a person to finish.

This is the one place in the workbench where anything about an extract is guessed. Nothing reads an extract by a draft:
a person mends what is marked TODO, confirms the rest and puts it under ``sources:``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tf_eval.data.mapping.abbreviations import abbreviations
from tf_eval.data.mapping.entry import Entry, entry_of
from tf_eval.data.mapping.matching import near_misses
from tf_eval.data.mapping.opening import Opened, open_unknown
from tf_eval.data.mapping.profile import Profile, profiles
from tf_eval.data.mapping.returns import with_returns
from tf_eval.data.mapping.tables import feeds
from tf_eval.data.mapping.writing import described, heading, lines, not_mapped
from tf_eval.errors import InputError


@dataclass(frozen=True)
class Draft:
    """A first draft: ``text``, entries for the list ``sources`` of a sources file; ``notes``, what is left to ask."""

    text: str
    notes: tuple[str, ...]


def draft(path: Path, *, agency: str | None = None, sheet: str | None = None) -> Draft:
    """Return a first draft of the entries for an extract, from its headings and values.

    The draft holds headings, codes and months, and nothing about a person: of the values only known codes, and short
    ones that stand in at least ten rows of a column with few different values; of headings and sheets that are not
    used only those made of plain words, and abbreviations that are no name.

    Args:
        path: the extract; its format is told by its content, whatever its name is.
        agency: the agency that sent it; marked TODO where None.
        sheet: the one sheet of a workbook to look at; each in turn where None.

    Raises:
        InputError: the file is missing, is no table, has no row of headings, or feeds no table of the contract; the
            message says what was seen.
    """
    tables, notes = open_unknown(path, sheet)
    blocks: list[str] = []
    for opened in tables:
        block, more = _draft_one(opened, path.name, agency)
        blocks += [block] if block else []
        notes += more
    if not blocks:
        raise InputError(f"{path.name}: {' '.join(notes)}")
    return Draft("\n".join([heading(path.name), *blocks]), tuple(notes))


def _draft_one(opened: Opened, file: str, agency: str | None) -> tuple[str, list[str]]:
    """Return the entries of one table of a file, and the notes on it."""
    columns = profiles(opened.rows)
    by_headings, notes = feeds(columns)
    found, alternatives = with_returns(by_headings, columns)
    if not found:
        return "", [opened.told(_seen(columns))]
    entries = [entry_of(opened, feed, columns, agency=agency, file=file) for feed in found]
    text = [*(line for entry in entries for line in lines(entry)), *not_mapped(_unused(columns, entries))]
    questions = [question for entry in entries for question in entry.questions()]
    return "\n".join(text) + "\n", [opened.told(note) for note in [*notes, *alternatives, *questions]]


def _seen(columns: Sequence[Profile]) -> str:
    headings = ", ".join(described(column, near_misses(column)) for column in columns)
    return (
        f"{columns[0].rows:,} rows under the headings {headings} feed no table of the contract. Each needs a person's "
        "number, and beside it names or a birth date, a date, two dates, or sessions of school."
    )


def _unused(columns: Sequence[Profile], entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what may be said of each column that no entry uses."""
    used = {match.profile.heading for entry in entries for match in entry.feed.matches.values()}
    used |= {entry.unique for entry in entries if entry.unique}
    abbreviated = abbreviations(columns)
    for column in columns:
        if column.heading not in used:
            yield described(column, near_misses(column), abbreviated)
