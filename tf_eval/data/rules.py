"""The rules that a row of an extract must keep, declared once as SQL over its text and its typed values.

Every column of the contract stands in three forms: ``raw_NAME``, the extract's text as it came; ``given_NAME``, the
same trimmed, or null; ``NAME``, its typed value, null wherever the text cannot be read. A rule is a condition under
which a row breaks it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tf_eval.data import dates
from tf_eval.data.contract import ACADEMIC_YEAR, Column, Table
from tf_eval.data.sources import Covers, Source
from tf_eval.data.sql import literal, words

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
SQL_TYPES = {"text": "VARCHAR", "date": "DATE", "integer": "INTEGER", "number": "DOUBLE", "boolean": "BOOLEAN"}
_CONTROL_CHARACTERS = r"[\x00-\x1f\x7f]"
_SHAPES = {"integer": r"-?[0-9]{1,9}(\.0+)?", "number": r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "boolean": "true|false"}
_SHOULD_BE = {"integer": "a whole number", "number": "a plain number", "boolean": "true or false, or mapped by codes"}


@dataclass(frozen=True)
class Rule:
    """One rule: the column it is about, its name, the SQL condition that breaks it, and what to do."""

    column: str
    name: str
    broken_if: str
    advice: str


def rules_of(source: Source, horizon: date | None) -> list[Rule]:
    """Return every rule for the rows of a source, but for those that compare rows with one another.

    Args:
        source: the entry of the sources file.
        horizon: the day on which the county's covered time ends; for sources that do not say what they cover.
    """
    covers = source.covers or Covers(start=EARLIEST, end=horizon or LATEST)
    rules = [rule for column in source.contract.columns for rule in _column_rules(source, column, covers)]
    return rules + list(_table_rules(source.contract))


def given(source: Source, column: Column) -> str:
    """Return the SQL of a column's trimmed text, null where empty."""
    if column.name == "agency":
        return literal(source.agency)
    if column.name in source.constants:
        return literal(source.constants[column.name])
    if column.name in source.columns:
        return f"nullif(trim(raw_{column.name}, ' ' || chr(9) || chr(160)), '')"
    return "NULL::VARCHAR"


def coded(source: Source, column: Column) -> str:
    """Return the SQL of a column's text in the contract's words, null where a code is not known."""
    text = f"given_{column.name}"
    codes = source.codes.get(column.name)
    if not codes or column.name not in source.columns:
        return text
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(word)}" for code, word in codes.items())
    return f"CASE {text} {cases} END"


def typed(source: Source, column: Column) -> str:
    """Return the SQL of a column's value, null where its text has not the declared form."""
    text = coded(source, column)
    if column.type == "text":
        return text
    if column.type == "date":
        shape = dates.regex(source.date_format or "%Y-%m-%d")
        parsed = f"try_strptime({text}, {literal(source.date_format or '%Y-%m-%d')})::DATE"
    else:
        shape, parsed = _SHAPES[column.type], f"try_cast(try_cast({text} AS DOUBLE) AS {SQL_TYPES[column.type]})"
    if column.type == "boolean":
        parsed = f"try_cast({text} AS BOOLEAN)"
    return f"CASE WHEN regexp_full_match({text}, {literal(shape)}) THEN {parsed} END"


def _column_rules(source: Source, column: Column, covers: Covers) -> Iterator[Rule]:
    name, text = column.name, f"given_{column.name}"
    if column.required:
        yield Rule(name, "missing value", f"{text} IS NULL", "ask the agency to fill it in")
    if name not in source.columns:
        return
    if _is_free_text(source, column):
        advice = "the cell holds a line break or a character that cannot be printed; ask for a clean export"
        yield Rule(name, "control character", f"regexp_matches({text}, '{_CONTROL_CHARACTERS}')", advice)
    if name in source.codes:
        yield Rule(name, "unknown code", f"{text} IS NOT NULL AND {coded(source, column)} IS NULL", _map_code(column))
    elif column.vocabulary:
        condition = f"{text} NOT IN ({words(column.vocabulary)})"
        yield Rule(name, "unknown code", condition, _map_code(column))
    if column.type != "text":
        condition = f"{coded(source, column)} IS NOT NULL AND {name} IS NULL"
        yield Rule(name, *_form(source, column, condition))
    yield from _range_rules(column, covers)


def _is_free_text(source: Source, column: Column) -> bool:
    """Whether no other rule says what the column's text may look like."""
    return column.type == "text" and not (column.name in source.codes or column.vocabulary or column.pattern)


def _map_code(column: Column) -> str:
    return f"add the code under codes: {column.name} in the sources file, or have it corrected"


def _form(source: Source, column: Column, condition: str) -> tuple[str, str, str]:
    """Return the name, the condition and the advice of the rule for a value's written form."""
    if column.type != "date":
        return "not a number" if column.type != "boolean" else "not true or false", condition, _SHOULD_BE[column.type]
    written = source.date_format or "%Y-%m-%d"
    return "date format", condition, f"a date must be written {written}, such as {dates.example(written)}"


def _range_rules(column: Column, covers: Covers) -> Iterator[Rule]:
    name = column.name
    if column.type == "date":
        yield _date_range(column, covers)
    if column.minimum is not None:
        yield Rule(name, "out of range", f"{name} < {column.minimum}", f"must be at least {column.minimum}")
    if column.maximum is not None:
        yield Rule(name, "out of range", f"{name} > {column.maximum}", f"must be at most {column.maximum}")
    if column.pattern:
        condition = f"NOT regexp_full_match({name}, {literal(column.pattern)})"
        yield Rule(name, "wrong form", condition, f"must have the form {column.pattern}, such as 2011/12")
    for kind, allowed in column.by_kind.items():
        condition = f"kind = {literal(kind)} AND ({name} IS NULL OR {name} NOT IN ({words(allowed)}))"
        yield Rule(name, "unknown code", condition, f"for {kind} it must be one of {', '.join(allowed)}")


def _date_range(column: Column, covers: Covers) -> Rule:
    """Return the rule for the days on which a date may lie: [first, end)."""
    first = covers.start if column.within == "covered" else EARLIEST
    end = LATEST if column.within == "plausible" else covers.end
    advice = f"must lie from {first} to {end - timedelta(days=1)}; see covers in the sources file"
    condition = f"{column.name} < DATE {literal(first)} OR {column.name} >= DATE {literal(end)}"
    return Rule(column.name, "date out of range", condition, advice)


def _table_rules(table: Table) -> Iterator[Rule]:
    for first, second in table.in_order:
        yield Rule(second, "end before start", f"{second} < {first}", f"{second} must not come before {first}")
    yield from _OWN_RULES.get(table.name, lambda: iter(()))()


def _attendance_rules() -> Iterator[Rule]:
    yield Rule(
        "possible",
        "more absent than possible",
        "authorised + unauthorised > possible",
        "authorised and unauthorised sessions together cannot exceed the possible ones",
    )
    yield Rule(
        "term",
        "unknown term",
        f"regexp_full_match(academic_year, {literal(ACADEMIC_YEAR)}) AND term BETWEEN 1 AND 3"
        " AND (academic_year, term) NOT IN (SELECT (academic_year, term) FROM loaded_term)",
        "the term is not in the file of term dates; add it there or correct the row",
    )


_OWN_RULES: dict[str, Callable[[], Iterator[Rule]]] = {"attendance": _attendance_rules}


def orphan_rule(source: Source) -> Rule | None:
    """Return the rule that a row's person has a record of the same agency; None where the table is not about people."""
    if not source.contract.of_persons or source.table == "person_record":
        return None
    persons = f"SELECT local_id FROM loaded_person_record WHERE agency = {literal(source.agency)}"
    return Rule(
        "local_id",
        "no person record",
        f"local_id NOT IN ({persons})",
        "no usable person record of this agency has this local_id; ask for the missing person records",
    )
