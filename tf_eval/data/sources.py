"""The sources file: which extracts make a county, and how each one's columns and codes map to the contract."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from tf_eval import project
from tf_eval.data import dates
from tf_eval.data.contract import TABLES, Column, Table
from tf_eval.data.strict_model import StrictModel, place, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError, did_you_mean, raise_all, unknown

# Numbers and true/false of a YAML file stand for the same text in an extract.
Word = Annotated[
    str, BeforeValidator(lambda value: str(value).lower() if isinstance(value, bool | int | float) else value)
]
Name = Annotated[str, StringConstraints(min_length=1)]


def _known_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ValueError(unknown("encoding", name, ("utf-8", "cp1252", "latin-1", "utf-16"))) from None
    return name


def _usable_date_format(text: str) -> str:
    problem = dates.problem_of(text)
    if problem:
        raise ValueError(problem)
    return text


class CsvFormat(StrictModel):
    """A text file with one row a line; nothing about it is guessed."""

    type: Literal["csv"]
    encoding: Annotated[str, AfterValidator(_known_encoding)]
    delimiter: Annotated[str, StringConstraints(pattern="^[\\t -~]$")]
    header_row: Annotated[int, Field(ge=1)] = 1


class ExcelFormat(StrictModel):
    """One sheet of a workbook."""

    type: Literal["excel"]
    sheet: Name
    header_row: Annotated[int, Field(ge=1)] = 1


class ParquetFormat(StrictModel):
    """A Parquet file."""

    type: Literal["parquet"]


Format = CsvFormat | ExcelFormat | ParquetFormat


class Covers(StrictModel):
    """The days an extract covers: ``start`` is in, ``end`` is not."""

    start: date
    end: date


class Source(StrictModel):
    """How one file, or one part of a file, feeds one table of the contract.

    ``columns`` maps the contract's columns to the extract's, ``constants`` fills a column with one word, ``codes``
    translates an extract's codes; ``unique`` names the extract's columns that tell two rows apart, where the
    contract's own key does not (an incident number).
    """

    agency: Name
    file: Name
    table: Name
    format: Annotated[Format, Field(discriminator="type")]
    date_format: Annotated[str, AfterValidator(_usable_date_format)] | None = None
    covers: Covers | None = None
    columns: dict[str, Name]
    constants: dict[str, Word] = Field(default_factory=dict)
    codes: dict[str, dict[str, Word]] = Field(default_factory=dict)
    unique: tuple[Name, ...] = ()

    @property
    def contract(self) -> Table:
        """The table of the contract that this source feeds."""
        return TABLES[self.table]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that this source can hold; empty where it may hold all of its table's."""
        if "kind" in self.constants:
            return (self.constants["kind"],)
        return tuple(sorted(set(self.codes.get("kind", {}).values())))


class _SourcesFile(StrictModel):
    county: Name
    extracts: Name
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Sources:
    """A checked sources file: the county's name, the folder of its extracts, and every source."""

    path: Path
    county: str
    extracts: Path
    entries: tuple[Source, ...]

    def file_of(self, source: Source) -> Path:
        """Return where a source's file is."""
        return self.extracts / source.file

    @property
    def horizon(self) -> date | None:
        """The day on which the last extract's covered time ends."""
        return max((source.covers.end for source in self.entries if source.covers), default=None)


def load_sources(path: str | Path) -> Sources:
    """Return the checked sources file at ``path`` (relative paths are taken from the project's folder).

    Raises:
        ConfigError: everything that is wrong with the file, each with its place, such as ``sources[3].columns``.
    """
    found = project.locate(path, "sources file")
    document = validate(_SourcesFile, load_yaml(found), found.name)
    problems = [f"{_where(index, where)}: {text}" for index, where, text in _problems(document)]
    raise_all(ConfigError, found.name, problems)
    return Sources(found, document.county, project.resolve(document.extracts), document.sources)


Problem = tuple[int | None, str, str]


def _where(index: int | None, where: str) -> str:
    return place(("sources", index, *filter(None, [where]))) if index is not None else where


def _problems(document: _SourcesFile) -> Iterator[Problem]:
    """Yield what no single field shows: the place of each problem and what it is."""
    for index, source in enumerate(document.sources):
        if source.table not in TABLES:
            yield index, "table", unknown("table", source.table, TABLES)
            continue
        for check in _CHECKS:
            for where, text in check(source):
                yield index, where, text
    yield from _missing_tables(document)


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


def _check_codes(source: Source) -> Found:
    for name, codes in source.codes.items():
        if name not in source.contract.column_names:
            continue
        if name not in source.columns:
            yield f"codes.{name}", "the column is not mapped, so its codes are never used."
        yield from _wrong_words(f"codes.{name}", source.contract.column(name), codes.values())
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
    if source.covers and source.covers.end <= source.covers.start:
        yield "covers", "the end must come after the start."


_CHECKS: tuple[Callable[[Source], Found], ...] = (_check_columns, _check_codes, _check_dates)
