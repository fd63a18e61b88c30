"""One entry of a sources file as far as it can be told from an extract."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tf_eval.data.formats import ExcelFormat, Format
from tf_eval.data.mapping.codes import TODO, Codes, codes_of
from tf_eval.data.mapping.covered_time import Seen, Term, seen_time
from tf_eval.data.mapping.opening import Opened
from tf_eval.data.mapping.profile import Profile
from tf_eval.data.mapping.tables import Feed
from tf_eval.data.mapping.words import is_plain, is_reference, kind_told_by, tokens
from tf_eval.data.mapping.written_dates import DateFormat, common_format, parse, second_format

_BENEFIT = "out_of_work_benefit"


@dataclass(frozen=True, eq=False)
class Entry:
    """What an extract says about one entry; ``constants`` maps a column to its word and the evidence for it."""

    agency: str | None
    file: str
    layout: Format
    layout_evidence: str
    rows: int
    feed: Feed
    date_format: DateFormat | None
    seen: Seen | None
    constants: Mapping[str, tuple[str, str]]
    codes: Mapping[str, Codes]
    unique: str | None

    def evidence(self, name: str) -> str:
        """Say why a heading is thought to be a column, and whether its dates fit the declared format."""
        match = self.feed.matches[name]
        if name == "local_id":
            return f"{match.evidence}; {match.profile.distinct:,} different ones"
        misfits = self._misfits(name)
        return f"{match.evidence}; {misfits}" if misfits else match.evidence

    def _misfits(self, name: str) -> str:
        """Say how many dates are not written as declared, and how else; nothing where all are."""
        column = self.feed.matches[name].profile
        if self.feed.table.column(name).type != "date" or self.date_format is None or not column.filled:
            return ""
        written = self.date_format.written
        fit = column.fit(lambda text: parse(text, written) is not None)
        if fit.share == 1:
            return ""
        second = second_format(column, written)
        others = f", {second[1]:,} look like {second[0]}: ask" if second else ": ask about the others"
        return f"{fit} {written}{others}"

    def questions(self) -> Iterator[str]:
        """Yield what a person has to ask or decide before the entry can be used."""
        table = self.feed.table.name
        if self.date_format and self.date_format.also:
            yield f"{table}: all dates fit {' and '.join([self.date_format.written, *self.date_format.also])}; ask."
        for name in self.feed.matches:
            if misfits := self._misfits(name):
                yield f"{table}, {name}: {misfits}."
        for name, (word, _) in self.constants.items():
            if word == TODO:
                yield f"{table}: no heading for {name}; say what it is for all rows, or map a column."
        for name, codes in self.codes.items():
            if codes.listed:
                yield f"{table}: words of {name} that may be let through, of {codes.hidden:,}: list them yourself."
                continue
            if codes.to_do:
                yield f"{table}: codes of {name} that are not known: {codes.to_do:,}; ask what they mean."
            if codes.hidden:
                yield f"{table}: values of {name} that are not shown: {codes.hidden:,}; ask for the list of codes."
        if self.feed.table.needs_covers:
            yield f"{table}: ask which days the extract covers."


def entry_of(opened: Opened, feed: Feed, columns: Sequence[Profile], *, agency: str | None, file: str) -> Entry:
    """Return the entry for one table that an opened extract may feed."""
    table, matches = feed.table, feed.matches
    used = {name: found.profile for name, found in matches.items()}
    of_dates = [column for name, column in used.items() if table.column(name).type == "date" and column.filled]
    date_format = common_format(of_dates, feed.declared.get("date_format"))
    declared = feed.declared.get("codes", {})
    codes = {name: codes_of(table, table.column(name), column, declared.get(name, {})) for name, column in used.items()}
    return Entry(
        agency=agency,
        file=file,
        layout=opened.layout,
        layout_evidence=opened.evidence,
        rows=opened.rows.num_rows,
        feed=feed,
        date_format=date_format,
        seen=seen_time(table.name, matches, date_format.written if date_format else "", _terms(opened, feed, codes)),
        constants=dict(_constants(opened.layout, feed, file)),
        codes={name: found for name, found in codes.items() if found},
        unique=None if table.key else _reference(columns, feed),
    )


def _terms(opened: Opened, feed: Feed, codes: Mapping[str, Codes | None]) -> set[Term]:
    """Return the school terms that the rows are about, as far as their codes are known."""
    if not {"academic_year", "term"} <= feed.matches.keys():
        return set()
    year, term = (feed.matches[name].profile.heading for name in ("academic_year", "term"))
    numbers = codes["term"].words if codes["term"] else {}
    pairs = opened.rows.group_by([year, term]).aggregate([]).to_pylist()
    said = [((pair[year] or "").strip()[:4], (pair[term] or "").strip()) for pair in pairs]
    known = [(begun, numbers.get(text, text)) for begun, text in said]
    return {(int(begun), int(number)) for begun, number in known if begun.isdecimal() and number.isdecimal()}


def _constants(layout: Format, feed: Feed, file: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what is needed and stands in no column, so that it is the same in all rows."""
    for column in feed.table.columns:
        given = {"agency", *feed.matches, *feed.declared.get("constants", {})}
        if not column.required or column.name in given:
            continue
        told = _told_kind(layout, feed, file) if column.name == "kind" else None
        yield column.name, told or (TODO, "stands in no column")


def _told_kind(layout: Format, feed: Feed, file: str) -> tuple[str, str] | None:
    """Return the kind that the benefits, the headings, the sheet or the name of the file tell."""
    if "detail" in feed.matches:
        return _BENEFIT, "by the column of benefits"
    headings = [match.profile.heading for match in feed.matches.values()]
    sheet = [layout.sheet] if isinstance(layout, ExcelFormat) else []
    for told_by, texts in (("a heading", headings), ("the name of the sheet or file", [*sheet, file])):
        found = kind_told_by([word for text in texts for word in tokens(text)], feed.table.name)
        if found:
            return found[0], f"by '{found[1]}' in {told_by}: check"
    return None


def _reference(columns: Sequence[Profile], feed: Feed) -> str | None:
    """Return a plain heading that speaks of a number, is no column of the contract and differs in every row."""
    used = {match.profile.heading for match in feed.matches.values()}
    for column in columns:
        names_number = is_reference(tokens(column.heading)) and is_plain(column.heading)
        if column.heading not in used and column.is_unique and names_number:
            return column.heading
    return None
