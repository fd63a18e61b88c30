"""The sources file: which extracts make a county, and how each one's columns and codes map to the contract."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from posixpath import normpath
from typing import Any

from tf_eval import project
from tf_eval.data.agreements import Agreement
from tf_eval.data.checking.constants import wrong_constants
from tf_eval.data.contract import TABLES, Column
from tf_eval.data.formats import Name, SqlFormat
from tf_eval.data.layouts import with_layouts
from tf_eval.data.source import Source, written_out
from tf_eval.data.strict_model import StrictModel, place, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, did_you_mean, raise_all, unknown


class _SourcesFile(StrictModel):
    county: Name
    synthetic: bool = False
    extracts: Name
    agreements: tuple[Agreement, ...] = ()
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Sources:
    """A checked sources file: the county's name, the folder of its extracts, its agreements, and every source.

    ``synthetic`` says that its people are made up.
    """

    path: Path
    county: str
    extracts: Path
    agreements: tuple[Agreement, ...]
    entries: tuple[Source, ...]
    synthetic: bool = False

    def file_of(self, source: Source) -> Path:
        """Return where a source's file is."""
        return self.extracts / source.file

    @property
    def names(self) -> set[str]:
        """The names of all files and queries that some source reads."""
        return {source.file for source in self.entries}

    @property
    def short(self) -> str:
        """The path of the file itself, as the county keeps it."""
        return project.short(self.path)

    @property
    def horizon(self) -> date | None:
        """The day on which the last extract's covered time ends."""
        return _horizon(self.entries)


def load_sources(path: str | Path) -> Sources:
    """Return the checked sources file at ``path`` (relative paths are taken from the project's folder).

    Raises:
        ConfigError: everything that is wrong with the file, each with its line and its place.
    """
    found = project.locate(path, "sources file")
    written = with_layouts(load_yaml(found), found)
    if isinstance(written.get("sources"), list):
        written["sources"] = [written_out(entry) for entry in written["sources"]]
    document = validate(_SourcesFile, written, found)
    problems = [f"{place(_location(index, part), found)}: {text}" for index, part, text in _problems(document)]
    raise_all(ConfigError, found.name, problems)
    extracts = project.resolve(document.extracts)
    return Sources(found, document.county, extracts, document.agreements, document.sources, document.synthetic)


def _horizon(entries: Iterable[Source]) -> date | None:
    return max((period.end for source in entries for period in source.covers), default=None)


Problem = tuple[int | None, str, str]


def _location(index: int | None, part: str) -> tuple[str | int, ...]:
    return (*(("sources", index) if index is not None else ()), *part.split("."))


def _problems(document: _SourcesFile) -> Iterator[Problem]:
    """Yield what no single field shows: the place of each problem and what it is."""
    for index, source in enumerate(document.sources):
        if source.table not in TABLES:
            yield index, "table", unknown("table", source.table, TABLES)
            continue
        for check in _CHECKS:
            for where, text in check(source):
                yield index, where, text
        for name, text in wrong_constants(source, _horizon(document.sources)):
            yield index, f"constants.{name}", text
    yield from _missing_tables(document)
    yield from _missing_agreements(document)
    yield from _files_told_apart(document)


def _missing_agreements(document: _SourcesFile) -> Iterator[Problem]:
    """Whatever is about people comes under an agreement that the file describes."""
    known = [agreement.reference for agreement in document.agreements]
    for twice in sorted({reference for reference in known if known.count(reference) > 1}):
        yield None, "agreements", f"'{twice}' is described twice; keep one."
    for index, source in enumerate(document.sources):
        if source.agreement is not None and source.agreement not in known:
            yield index, "agreement", unknown("agreement", source.agreement, known)
        elif source.agreement is not None and source.table == "term":
            yield index, "agreement", "term dates are about nobody and outlive agreements; name none."
        elif source.agreement is None and source.table in TABLES and source.contract.of_persons:
            yield index, "agreement", "name the data sharing agreement that the extract comes under."


def _files_told_apart(document: _SourcesFile) -> Iterator[Problem]:
    """A file is deleted under one agreement, and a query's rows are kept under its name."""
    first: dict[str, Source] = {}
    for index, source in enumerate(document.sources):
        known = first.setdefault(source.file, source)
        if Path(source.file).is_absolute() or ".." in Path(source.file).parts:
            yield index, "file", "name a file inside the folder of the extracts."
        elif normpath(source.file) != source.file or "\\" in source.file:
            yield index, "file", "write the name plainly, without './', doubled or backward slashes."
        if (source.table == "term") != (known.table == "term"):
            yield index, "file", f"'{source.file}' has term dates and people, and is deleted with them; split it."
        elif source.agreement != known.agreement:
            yield index, "agreement", f"'{source.file}' comes under {known.agreement} above; a file has one agreement."
        is_query = isinstance(source.format, SqlFormat) or isinstance(known.format, SqlFormat)
        if is_query and (source.format, source.date_format) != (known.format, known.date_format):
            yield index, "file", f"'{source.file}' is another query above; give each query a name of its own."


def _missing_tables(document: _SourcesFile) -> Iterator[Problem]:
    """Every agency needs its person records, attendance needs the terms."""
    if not document.sources:
        yield None, "sources", "there is none; name at least one extract."
    with_persons = {source.agency for source in document.sources if source.table == "person_record"}
    without = {source.agency for source in document.sources if source.table != "term"} - with_persons
    for agency in sorted(without):
        yield None, "sources", f"the agency '{agency}' has no source of table person_record, so nobody could be linked."
    tables = {source.table for source in document.sources}
    if "attendance" in tables and "term" not in tables:
        yield None, "sources", "attendance needs the dates of the school terms: add a source of table term."


Found = Iterator[tuple[str, str]]


def _check_columns(source: Source) -> Found:
    table = source.contract
    known = [name for name in table.column_names if name != "agency"]
    for part, names in (("columns", source.columns), ("constants", source.constants), ("codes", source.codes)):
        for name in names:
            if name not in known:
                yield part, unknown(f"column of table {table.name}", name, known)
    for name in sorted(set(source.columns) & set(source.constants)):
        yield "constants", f"'{name}' is mapped in columns as well; keep one of them."
    given = {"agency", *source.columns, *source.constants}
    for column in table.columns:
        if column.required and column.name not in given:
            yield "columns", f"'{column.name}' is needed for table {table.name} and not mapped."
    if table.one_of and not given.intersection(table.one_of):
        yield "columns", f"{' or '.join(map(repr, table.one_of))} is needed for table {table.name}; neither is mapped."


def _check_codes(source: Source) -> Found:
    for name, codes in source.codes.items():
        if name not in source.contract.column_names:
            continue
        if name not in source.columns:
            yield f"codes.{name}", "the column is not mapped, so its codes are never used."
        if source.contract.column(name).type == "date" and any(codes.values()):
            yield f"codes.{name}", "a date that stands for nothing is mapped to ''; no date is mapped to another."
            continue
        yield from _wrong_words(f"codes.{name}", source.contract.column(name), filter(None, codes.values()))
    for column in source.contract.columns:
        if column.listed and column.name in source.columns and column.name not in source.codes:
            yield "codes", f"'{column.name}' is free text: list the words it may hold, as {column.name}: [One, Other]."
    for name, word in source.constants.items():
        if name in source.contract.column_names:
            yield from _wrong_words(f"constants.{name}", source.contract.column(name), [word])


def _wrong_words(where: str, column: Column, words: Any) -> Found:
    for word in sorted({word for word in words if column.vocabulary and word not in column.vocabulary}):
        yield where, f"'{word}' is no {column.name} of the contract.{did_you_mean(word, column.vocabulary)}"


def _check_dates(source: Source) -> Found:
    has_dates = any(column.type == "date" and column.name in source.columns for column in source.contract.columns)
    if has_dates and not source.date_format:
        yield "date_format", "the extract has dates; declare how they are written, such as '%d/%m/%Y'."
    if source.contract.needs_covers and not source.covers:
        yield "covers", f"table {source.table} needs the days that the extract covers: {{start: ..., end: ...}}."
    for period in source.covers:
        if period.end <= period.start:
            yield "covers", "the end must come after the start."


def _check_left_out(source: Source) -> Found:
    for heading, words in source.leave_out.items():
        if not words:
            yield "leave_out", f"list the words of '{heading}' whose rows are left out."


_CHECKS: tuple[Callable[[Source], Found], ...] = (_check_columns, _check_codes, _check_dates, _check_left_out)
