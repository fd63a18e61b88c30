"""The rules for one cell alone, and how its text becomes a typed value."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tf_eval.data import dates
from tf_eval.data.checking.rules import EARLIEST, LATEST, SQL_TYPES, Rule
from tf_eval.data.contract import Column
from tf_eval.data.source import Covers, Source
from tf_eval.data.sql import literal, words

LONGEST_TEXT = 255
# Blanks of any width, and the marks of no width that come along when text is copied from a page or a document.
_BLANKS = r"[\p{Z}\t\x{200b}-\x{200f}\x{2060}\x{feff}]+"
# A court decides months after the offence and a return arrives terms after the absence, but not years after all else.
MOST_RECORDED_AFTER = timedelta(days=2 * 365)
# With the second set of control characters, which is what Windows text becomes when it is read as latin-1, the marks
# that nobody sees, and the character that stands for one that was lost.
CONTROL_CHARACTERS = r"[\x00-\x1f\x7f-\x{9f}\p{Cf}\x{fffd}]"
FORMULA = r"(?s)[=+@-][\p{L}(].*|#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!).*"
CUT_SHORT = r"[0-9]+([.,][0-9]+)?E\+[0-9]+"  # 1.00E+11, which is what a spreadsheet makes of long numbers
_FORMS = {"integer": r"-?[0-9]{1,9}(\.0+)?", "number": r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "boolean": "true|false"}
# A cell that swallowed others, and somebody who is not born yet: there the row itself cannot be used.
TEXT_TOO_LONG, AFTER_COVERED_TIME = "text too long", "after the covered time"
DATE_FORMAT = "date format"
_ABOUT_THE_ROW = (TEXT_TOO_LONG, AFTER_COVERED_TIME)
_NOT_KNOWN = "a word for 'not known' is mapped to '' under codes"
_SHOULD_BE = {
    "integer": f"must be a whole number; {_NOT_KNOWN}",
    "number": f"must be a plain number; {_NOT_KNOWN}",
    "boolean": "must be true or false, or mapped by codes",
}


def trimmed(raw: str) -> str:
    """Return the SQL of a cell's text without blanks around it; null where nothing is left."""
    return f"nullif(regexp_replace({raw}, '^{_BLANKS}|{_BLANKS}$', '', 'g'), '')"


def given(source: Source, column: Column) -> str:
    """Return the SQL of a column's trimmed text, null where empty."""
    if column.name == "agency":
        return literal(source.agency)
    if column.name in source.constants:
        return trimmed(literal(source.constants[column.name]))
    return trimmed(f"raw_{column.name}") if column.name in source.columns else "NULL::VARCHAR"


def typed(source: Source, column: Column) -> str:
    """Return the SQL of a column's value, null where its text has not the declared form."""
    text = _coded(source, column)
    if column.type == "text":
        return text
    form, value = _FORMS.get(column.type, ""), f"try_cast(try_cast({text} AS DOUBLE) AS {SQL_TYPES[column.type]})"
    if column.type == "boolean":
        value = f"try_cast({text} AS BOOLEAN)"
    if column.type == "date":
        written = date_format_of(source)
        form, value = dates.regex(written), f"try_strptime({text}, {literal(written)})::DATE"
    return f"CASE WHEN regexp_full_match({text}, {literal(form)}) THEN {value} END"


def date_format_of(source: Source) -> str:
    """Return how the dates of a source are written."""
    return source.date_format or "%Y-%m-%d"


def _coded(source: Source, column: Column) -> str:
    """Return the SQL of a column's text in the contract's words, null where a code is not known."""
    text, codes = f"given_{column.name}", source.codes.get(column.name)
    if not codes or column.name not in source.columns:
        return text
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(word)}" for code, word in codes.items())
    other = "" if is_coded(source, column) else f"ELSE {text} "
    return f"nullif(CASE {text} {cases} {other}END, '')"  # a code for '' says that the agency does not know


def is_coded(source: Source, column: Column) -> bool:
    """Whether the codes list all that a column may hold, not only the dates or numbers that stand for nothing."""
    codes = source.codes.get(column.name, {})
    return bool(codes) and (column.type in ("text", "boolean") or any(codes.values()))


def column_rules(source: Source, column: Column, horizon: date | None) -> list[Rule]:
    """Return the rules for one column's cells.

    Args:
        source: the entry of the sources file.
        column: one of the contract's columns.
        horizon: the day on which the county's covered time ends; for sources that do not say what they cover.
    """
    if column.name in source.columns:
        rules = [*_filled_rules(source, column), *_text_rules(source, column), *_range_rules(source, column, horizon)]
        return [replace(rule, spares_row=column.spared and rule.name not in _ABOUT_THE_ROW) for rule in rules]
    return list(_filled_rules(source, column)) if given(source, column) == "NULL::VARCHAR" else []


def is_free_text(source: Source, column: Column) -> bool:
    """Whether no other rule says what the column's text may look like."""
    return column.type == "text" and not (column.name in source.codes or column.vocabulary or column.pattern)


def _filled_rules(source: Source, column: Column) -> Iterator[Rule]:
    if not column.required:
        return
    not_known = [code for code, word in source.codes.get(column.name, {}).items() if not word]
    said = f" OR given_{column.name} IN ({words(not_known)})" if not_known else ""
    yield Rule(column.name, "missing value", f"given_{column.name} IS NULL{said}", "ask the agency to fill it in")


def _text_rules(source: Source, column: Column) -> Iterator[Rule]:
    if is_free_text(source, column):
        yield from _free_text_rules(column.name)
    elif is_coded(source, column) or column.vocabulary:
        yield _code_rule(source, column)
    if column.type == "date":
        yield from _written_date_rules(source, column)
    elif column.type != "text":
        condition = f"{_coded(source, column)} IS NOT NULL AND {column.name} IS NULL"
        name = "not a number" if column.type != "boolean" else "not true or false"
        yield Rule(column.name, name, condition, _SHOULD_BE[column.type])


def _free_text_rules(name: str) -> Iterator[Rule]:
    text = f"given_{name}"
    advice = "the cell holds a line break or a character that cannot be printed; ask for a clean export"
    yield Rule(name, "control character", f"regexp_matches({text}, '{CONTROL_CHARACTERS}')", advice)
    advice = f"a cell may hold {LONGEST_TEXT} characters; has a quote mark or a delimiter gone missing?"
    yield Rule(name, TEXT_TOO_LONG, f"length({text}) > {LONGEST_TEXT}", advice)
    advice = "a spreadsheet has written a number in short, so that many look alike; ask for an export as text"
    yield Rule(name, "number cut short", f"regexp_full_match({text}, '{CUT_SHORT}')", advice)
    advice = "the cell holds a formula or the error of one, not what it stood for; ask for an export of plain values"
    yield Rule(name, "formula", f"regexp_full_match({text}, '{FORMULA}')", advice)


def _code_rule(source: Source, column: Column) -> Rule:
    text = f"given_{column.name}"
    advice = f"add the code under codes: {column.name} in the sources file, or have it corrected"
    known = source.codes.get(column.name) or column.vocabulary
    return Rule(column.name, "unknown code", f"{text} NOT IN ({words(known)})", advice)


def _written_date_rules(source: Source, column: Column) -> Iterator[Rule]:
    """Yield the rules for how a date is written; whoever meets 31/02/2012 must not look for another format."""
    text, written = _coded(source, column), date_format_of(source)
    unread = f"{text} IS NOT NULL AND {column.name} IS NULL AND NOT {_is_of_later_millennium(source, column)}"
    has_form = f"regexp_full_match({text}, {literal(dates.regex(written))})"
    advice = f"a date must be written {written}, such as {dates.example(written)}; {_NOT_KNOWN}"
    yield Rule(column.name, DATE_FORMAT, f"{unread} AND NOT {has_form}", advice)
    advice = "the calendar has no such day, such as 31 February; ask for the right one"
    yield Rule(column.name, "no such day", f"{unread} AND {has_form}", advice)


def _range_rules(source: Source, column: Column, horizon: date | None) -> Iterator[Rule]:
    name = column.name
    if column.type == "date":
        yield from _date_rules(source, column, horizon)
    if column.minimum is not None:
        yield Rule(name, "out of range", f"{name} < {column.minimum}", f"must be at least {column.minimum}")
    if column.maximum is not None:
        yield Rule(name, "out of range", f"{name} > {column.maximum}", f"must be at most {column.maximum}")
    if column.pattern:
        condition = f"NOT regexp_full_match({name}, {literal(column.pattern)})"
        yield Rule(name, "wrong form", condition, f"must have the form {column.pattern}, such as 2011/12")


def _date_rules(source: Source, column: Column, horizon: date | None) -> Iterator[Rule]:
    """Yield the rules for the days on which a date may lie."""
    name = column.name
    is_far = f"({name} >= DATE {literal(LATEST)}) IS TRUE"
    condition = f"({is_far} OR {_is_of_later_millennium(source, column)})"
    advice = "if this means an open end, map it to '' under codes"
    yield Rule(name, "date far in the future", condition, advice)
    rule = _date_range(source, column, horizon)
    if column.within == "before_end" and not source.contract.needs_covers:
        end = possible_days(source, column, horizon)[-1].end
        is_later = f"({name} >= DATE {literal(end)}) IS TRUE"
        advice = "nothing to do: it is used once the covered time reaches it"
        yield Rule(name, AFTER_COVERED_TIME, f"{is_later} AND NOT {is_far}", advice)
        is_far = is_later
    yield Rule(name, rule.name, f"{rule.broken_if} AND NOT {is_far}", rule.advice)


def _is_of_later_millennium(source: Source, column: Column) -> str:
    """Return the SQL condition that a text is a date that no register can hold, such as the year 9999."""
    written = dates.regex(date_format_of(source)).replace("[12][0-9]{3}", "[3-9][0-9]{3}")
    text = _coded(source, column)
    parsed = f"try_strptime({text}, {literal(date_format_of(source))})"
    return f"coalesce(regexp_full_match({text}, {literal(written)}) AND {parsed} IS NOT NULL, FALSE)"


def _date_range(source: Source, column: Column, horizon: date | None) -> Rule:
    """Return the rule for the days on which a date may lie."""
    periods = possible_days(source, column, horizon)
    inside = " OR ".join(
        f"{column.name} >= DATE {literal(part.start)} AND {column.name} < DATE {literal(part.end)}" for part in periods
    )
    spans = " or ".join(f"from {part.start} to {part.end - timedelta(days=1)}" for part in periods)
    advice = f"must lie {spans}; see covers in the sources file"
    return Rule(column.name, "date out of range", f"NOT ({inside})", advice)


def possible_days(source: Source, column: Column, horizon: date | None) -> tuple[Covers, ...]:
    """Return the periods in which a column's dates may lie.

    What happened lies in the covered time, or before its end; an end may be foreseen; a record may be made some time
    after what it is about.
    """
    end = source.extent.end if source.extent else horizon or LATEST
    if column.within == "covered" and source.covers:
        return source.covers
    if column.name == "recorded_on":
        return (Covers(start=EARLIEST, end=min(max(end, horizon or end) + MOST_RECORDED_AFTER, LATEST)),)
    return (Covers(start=EARLIEST, end=LATEST if column.within == "plausible" else end),)
