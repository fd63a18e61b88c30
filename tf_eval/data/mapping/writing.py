"""Write the draft of an entry as YAML in which every guess has its evidence behind it."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from tf_eval.data.mapping.codes import FEWEST_ROWS, TODO, Codes
from tf_eval.data.mapping.entry import Entry
from tf_eval.data.mapping.profile import Profile
from tf_eval.data.mapping.words import is_plain
from tf_eval.data.mapping.written_dates import DateFormat

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*")
_READ_AS_SOMETHING_ELSE = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def scalar(text: str) -> str:
    """Return a text as YAML, in quotes wherever it could be read as anything else."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _READ_AS_SOMETHING_ELSE
    return text if plain else json.dumps(text, ensure_ascii=False)


def heading(file: str) -> str:
    """Return the comment that stands above a draft."""
    return (
        f"# A draft from {scalar(file)}: behind each line stands what it rests on. Mend what says TODO, ask where it\n"
        "# says ask, then put it under 'sources:' in the sources file.\n"
    )


def lines(entry: Entry) -> Iterator[str]:
    """Yield the lines of one entry of a sources file: of a statutory return only what its layout does not say."""
    first, *others = _keys(entry)
    yield f"  - {first.lstrip()}"
    yield from others


def _keys(entry: Entry) -> Iterator[str]:
    layout, rows = entry.feed.layout, _counted(entry.rows, "row")
    if layout:
        about = f"all its headings are here; {rows}; read its notes in params/layouts/{layout}.yaml"
        yield _line("    layout", layout, about)
    yield _line("    agency", scalar(entry.agency or TODO), "" if entry.agency else "who sent it, in one word")
    yield _line("    file", scalar(entry.file))
    if not layout:
        yield _line("    table", entry.feed.table.name, f"{entry.feed.evidence}; {rows}")
    yield from _format(entry)
    yield from _date_format(entry)
    if entry.feed.table.of_persons:
        yield _line("    agreement", TODO, "the reference of the data sharing agreement")
    yield from _covers(entry)
    yield from _columns(entry)
    yield from _constants(entry)
    yield from _codes(entry)
    if entry.unique:
        yield _line(
            "    unique", f"[{scalar(entry.unique)}]", f"{entry.rows:,} different values in {entry.rows:,} rows"
        )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _line(key: str, value: str, comment: str = "") -> str:
    return f"{key}: {value}" + (f"  # {comment}" if comment else "")


def _format(entry: Entry) -> Iterator[str]:
    given, declared = entry.layout.model_dump(exclude_defaults=True), entry.feed.declared.get("format", {})
    if declared.get("type") == given["type"]:
        given = {key: value for key, value in given.items() if declared.get(key) != value}
    pairs = [f"{key}: {value if isinstance(value, int) else scalar(value)}" for key, value in given.items()]
    if pairs:
        yield _line("    format", f"{{{', '.join(pairs)}}}", entry.layout_evidence)


def _date_format(entry: Entry) -> Iterator[str]:
    found = entry.date_format
    if found is None or found.written == entry.feed.declared.get("date_format"):
        return
    yield _line("    date_format", json.dumps(found.written), "; ".join(_about_format(found)))


def _about_format(found: DateFormat) -> Iterator[str]:
    if found.held:
        yield f"{found.held:,} are held as dates, which need no format"
    if found.fit.looked_at:
        what = "of the texts " if found.held else ""
        others = f"also {' and '.join(found.also)}: ask" if found.also else "no other format does"
        yield f"{what}{found.fit}; {others if found.also or found.fit.share == 1 else 'no other format fits more'}"


def _covers(entry: Entry) -> Iterator[str]:
    if not entry.feed.table.needs_covers:
        return
    ask = "ask the agency: where it sent all there was, no rows are a zero, elsewhere they are missing"
    if entry.seen is None:
        yield _line("    covers", TODO, ask)
        return
    covers = entry.seen.covers
    outside = f", {_counted(entry.seen.outside, 'date')} outside" if entry.seen.outside else ""
    yield _line("    covers", f"{{start: {covers.start}, end: {covers.end}}}", f"TODO: the months seen{outside}; {ask}")


def _columns(entry: Entry) -> Iterator[str]:
    declared = entry.feed.declared.get("columns", {})
    headings = {name: found.profile.heading for name, found in entry.feed.matches.items()}
    told = [name for name, heading in headings.items() if declared.get(name) != heading]
    if told:
        yield "    columns:"
    for name in told:
        yield _line(f"      {name}", scalar(headings[name]), entry.evidence(name))


def _constants(entry: Entry) -> Iterator[str]:
    if entry.constants:
        yield "    constants:"
    for name, (word, evidence) in entry.constants.items():
        yield _line(f"      {name}", scalar(word), evidence)


def _codes(entry: Entry) -> Iterator[str]:
    declared = entry.feed.declared.get("codes", {})
    told = [line for name, found in entry.codes.items() for line in _codes_of(name, found, declared.get(name, {}))]
    if not all(line.lstrip().startswith("#") for line in told):
        yield "    codes:"
    yield from told


def _codes_of(name: str, found: Codes, declared: Mapping[str, str]) -> Iterator[str]:
    if found.listed:
        yield _listed(name, found)
        return
    words = {code: word for code, word in found.words.items() if declared.get(code) != word}
    if words:
        yield f"      {name}:"
    for code, word in words.items():
        yield _line(f"        {scalar(code)}", scalar(word), _about(code, word, found))
    if found.hidden:
        yield (
            f"      # {name}: not shown are values in fewer than {FEWEST_ROWS} rows or with no form of a code "
            f"({found.hidden:,}): ask the agency for its list"
        )


def _listed(name: str, found: Codes) -> str:
    values = _counted(found.hidden, "different value")
    return _line(f"      {name}", f"[{TODO}]", f"free text, {values}: only the words listed here are let through")


def _about(code: str, word: str, found: Codes) -> str:
    if word == TODO:
        return _counted(found.rows[code], "row") if code in found.rows else "no value could be shown"
    if word:
        return ""
    return f"taken for nothing; {_counted(found.rows[code], 'row')}" if code in found.rows else "not known"


def described(column: Profile, hint: str, abbreviated: Collection[str] = ()) -> str:
    """Return a column's heading, or its place where the heading could name somebody, with what it seems to hold."""
    may_be_shown = is_plain(column.heading) or column.heading in abbreviated
    shown = scalar(column.heading) if may_be_shown else f"column {column.number}"
    return f"{shown} ({hint})" if hint else shown


def not_mapped(columns: Iterable[str]) -> Iterator[str]:
    """Yield the comment that names the columns which no entry uses."""
    if named := ", ".join(columns):
        yield f"    # not mapped: {named}"
