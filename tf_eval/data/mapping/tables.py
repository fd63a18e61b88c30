"""Which tables of the contract an extract may feed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tf_eval.data.contract import ATTENDANCE, EVENT, PERSON_RECORD, RESIDENCE, SPELL, SUPPORT, TERM, Table
from tf_eval.data.mapping.matching import Match, match
from tf_eval.data.mapping.profile import IDENTIFIERS, Profile

Matches = Mapping[str, Match]

_ONE_ROW_EACH = 0.9  # of the rows of a list of persons tell of another person
_WHO = ("forename", "surname", "birth_date", *IDENTIFIERS)  # two of them tell who somebody is
# What a table has to have to be thought of; a kind, a year and a term may be the same for the whole file.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "term": ("academic_year", "term", "start_date", "end_date"),
    "attendance": ("local_id", "possible", "authorised", "unauthorised"),
    "support": ("local_id", "intervention", "started"),
    "residence": ("local_id", "uprn", "start_date"),
    "spell": ("local_id", "start_date", "end_date"),
    "event": ("local_id", "date"),
}
# Of these a file feeds one at most, and the first that fits: a spell of support is no spell, its start no event.
_EITHER: tuple[Table, ...] = (TERM, ATTENDANCE, SUPPORT, RESIDENCE, SPELL, EVENT)


@dataclass(frozen=True)
class Feed:
    """A table that an extract may feed, and the heading for each of its columns.

    ``layout`` is the statutory layout by which it does, if any, and ``declared`` what that says already, as the parts
    of an entry of a sources file.
    """

    table: Table
    matches: Matches
    evidence: str
    layout: str = ""
    declared: Mapping[str, Any] = field(default_factory=dict)


def feeds(columns: Sequence[Profile]) -> tuple[list[Feed], list[str]]:
    """Return the tables that an extract with these columns may feed, and what else was seen."""
    persons = match(PERSON_RECORD, columns)
    found = [Feed(PERSON_RECORD, persons, _holding(persons))] if _is_list_of_persons(persons) else []
    for table in _EITHER:
        matches = match(table, columns)
        if _fits(table, matches, persons, is_list=bool(found)):
            found.append(Feed(table, matches, _holding(matches, _NEEDS[table.name])))
            break
    return found, list(_notes(persons, found))


def _is_list_of_persons(persons: Matches) -> bool:
    return _tells_who(persons) and _differing(persons) >= _ONE_ROW_EACH


def _tells_who(persons: Matches) -> bool:
    return "local_id" in persons and sum(name in persons for name in _WHO) >= 2


def _differing(matches: Matches) -> float:
    local_id = matches["local_id"].profile
    return local_id.distinct / local_id.rows


def _fits(table: Table, matches: Matches, persons: Matches, *, is_list: bool) -> bool:
    if table is TERM and "local_id" in persons:
        return False
    if table is EVENT and is_list:  # a date in a list of persons is rarely an event; an event has a kind too
        return {*_NEEDS["event"], "kind"} <= set(matches)
    return set(_NEEDS[table.name]) <= set(matches)


def _holding(matches: Matches, names: Sequence[str] = ()) -> str:
    """Say in words what makes a table likely."""
    shown = [name for name in (names or matches) if name in matches]
    return f"has {', '.join(shown)}"


def _notes(persons: Matches, found: Sequence[Feed]) -> Iterator[str]:
    tables = [feed.table.name for feed in found]
    if _tells_who(persons) and "person_record" not in tables:
        yield (
            "A person stands here in several rows. Ask the agency for a list with one row for each person: "
            "every agency needs a source of table person_record."
        )
    if "uprn" in persons and "residence" not in tables:
        yield "There is a UPRN and no date from which it is a home. Families are made of dated homes: ask for them."
