"""Which statutory returns an extract is: for these a layout says nearly all of the entry."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tf_eval.data.contract import PERSON_RECORD, TABLES, Table
from tf_eval.data.layouts import fill_in, matching_layouts
from tf_eval.data.mapping.matching import Match, match
from tf_eval.data.mapping.profile import Profile
from tf_eval.data.mapping.tables import Feed, Matches
from tf_eval.data.mapping.words import EXACT


def with_returns(found: Sequence[Feed], columns: Sequence[Profile]) -> tuple[list[Feed], list[str]]:
    """Return what an extract may feed with statutory layouts in place of what its headings tell, and what is to ask.

    Args:
        found: what the extract may feed by its headings alone.
        columns: the extract's columns.
    """
    tables = {feed.table.name for feed in found}
    statutory = [feed for feed in _returns(columns) if feed.table.name in tables or _speaks_its_codes(feed)]
    replaced = {feed.table is PERSON_RECORD for feed in statutory}
    others = [feed for feed in found if (feed.table is PERSON_RECORD) not in replaced]
    feeds = sorted([*statutory, *others], key=lambda feed: feed.table is not PERSON_RECORD)
    return feeds, list(_alternatives(statutory))


def _returns(columns: Sequence[Profile]) -> Iterator[Feed]:
    """Yield each layout all of whose headings are here; one whose person's number is not the agency's own is none."""
    for name, written in matching_layouts([column.heading for column in columns]).items():
        declared = fill_in({"layout": name})
        table = TABLES[declared["table"]]
        by_name = match(table, columns)
        if "local_id" in by_name and by_name["local_id"].profile.heading == written["local_id"]:
            matches = _told(written, declared, columns) | _more(by_name, written, declared)
            yield Feed(table, _in_order(table, matches), "", name, declared)


def _told(written: Mapping[str, str], declared: Mapping[str, Any], columns: Sequence[Profile]) -> dict[str, Match]:
    """Return the columns that the layout has."""
    profiles = {column.heading: column for column in columns}
    evidence = {name: f"the layout has {heading}" for name, heading in declared["columns"].items()}
    return {name: Match(name, profiles[heading], EXACT, evidence[name]) for name, heading in written.items()}


def _more(by_name: Matches, written: Mapping[str, str], declared: Mapping[str, Any]) -> dict[str, Match]:
    """Return the columns that the layout leaves out and this extract has all the same, such as names."""
    told = {*written, *declared.get("constants", {})}
    used = set(written.values())
    return {name: found for name, found in by_name.items() if name not in told and found.profile.heading not in used}


def _in_order(table: Table, matches: Matches) -> dict[str, Match]:
    return {name: matches[name] for name in table.column_names if name in matches}


def _speaks_its_codes(feed: Feed) -> bool:
    """Whether the values bear a layout out whose table the headings alone do not tell; a list of persons has one."""
    codes = feed.declared.get("codes", {}).items()
    fits = [feed.matches[name].profile.fit(lambda code, known=known: code in known) for name, known in codes]
    return feed.table is not PERSON_RECORD and all(fit.is_most for fit in fits)


def _alternatives(statutory: Sequence[Feed]) -> Iterator[str]:
    for table in {feed.table.name: None for feed in statutory}:
        names = [feed.layout for feed in statutory if feed.table.name == table]
        if len(names) > 1:
            yield f"these are the headings of {' and '.join(names)}: read their notes on which to use, and keep that."
