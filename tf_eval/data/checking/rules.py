"""The rules that a row of an extract must keep, declared once as SQL over its text and its typed values.

Every column of the contract stands in three forms: ``raw_NAME``, the extract's text as it came; ``given_NAME``, the
same trimmed, or null; ``NAME``, its typed value, null wherever the text cannot be read. A rule is a condition under
which a row breaks it; a condition that is null is not met. ``columns.py`` has the rules for one cell alone, this file
those for a row, which may also look at what it refers to: the person record (``known_person``, ``born``) and the
school term (``known_term``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tf_eval.data.contract import ACADEMIC_YEAR, ATTENDANCE, PERSON_RECORD, TERM
from tf_eval.data.source import Source
from tf_eval.data.sql import literal, words

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
SQL_TYPES = {"text": "VARCHAR", "date": "DATE", "integer": "INTEGER", "number": "DOUBLE", "boolean": "BOOLEAN"}
# Children's services are told of a child before it is born; nobody else records what somebody unborn did.
DAYS_BEFORE_BIRTH = {"concern": 300}
NO_PERSON = "no person record"
_OF_A_TOTAL = r"(?i)(grand |sub-?)?totals?( .*|:.*)?|sum|(row )?count:?|rows:?|end of (file|report|data).*"


@dataclass(frozen=True)
class Rule:
    """One rule: the column it is about, its name, the SQL condition that breaks it, and what to do.

    ``spares_row``: the cell that breaks it is left empty, and the row is used without it.
    """

    column: str
    name: str
    broken_if: str
    advice: str
    spares_row: bool = False


def row_rules(source: Source) -> list[Rule]:
    """Return the rules for the rows of a source that look at more than one cell of a row."""
    own = _OWN_RULES.get(source.table, lambda: iter(()))()
    return [*_key_rules(source), *rules_within_row(source), *_date_rules(source), *own, *_person_rules(source)]


def rules_within_row(source: Source) -> list[Rule]:
    """Return those of them that look at nothing but the row's own columns of the contract."""
    return [*_kind_rules(source), *_order_rules(source)]


def references(source: Source) -> str:
    """Return the SQL joins of a row, by its typed values, with what it refers to; they never repeat a row."""
    joins = ""
    if _has_person(source):
        joins += f"""
            LEFT JOIN (
                SELECT local_id AS known_person, birth_date AS born
                FROM loaded_person_record WHERE agency = {literal(source.agency)}
            ) AS known_persons ON known_person = local_id"""
    if source.contract is ATTENDANCE:
        joins += """
            LEFT JOIN (SELECT academic_year AS known_year, term AS known_term FROM loaded_term) AS known_terms
            ON known_year = academic_year AND known_term = term"""
    return joins


def _has_person(source: Source) -> bool:
    return source.contract.of_persons and source.contract is not PERSON_RECORD


def keys_of(source: Source) -> list[str]:
    """Return the names under which the columns declared ``unique`` stand in the extract."""
    return [f"key_{number}" for number in range(len(source.unique))]


def choosers_of(source: Source) -> list[str]:
    """Return the names under which the columns that say which rows are left out stand in the extract."""
    return [f"chooser_{number}" for number in range(len(source.leave_out))]


def _key_rules(source: Source) -> Iterator[Rule]:
    keys = keys_of(source)
    if keys:
        advice = "the sources file says that this column tells rows apart (unique); ask the agency to fill it in"
        yield Rule(keys[0], "missing value", " AND ".join(f"{key} IS NULL" for key in keys), advice)


def _kind_rules(source: Source) -> Iterator[Rule]:
    """Yield the rules for words that depend on the row's kind."""
    given = {*source.columns, *source.constants}
    for column in source.contract.columns:
        for kind, allowed in column.by_kind.items() if column.name in given else ():
            condition = f"kind = {literal(kind)} AND coalesce({column.name} NOT IN ({words(allowed)}), TRUE)"
            yield Rule(column.name, "unknown code", condition, f"for {kind} it must be one of {', '.join(allowed)}")


def _order_rules(source: Source) -> Iterator[Rule]:
    for first, second in source.contract.in_order:
        yield Rule(second, "end before start", f"{second} < {first}", f"{second} must not come before {first}")


def _date_rules(source: Source) -> Iterator[Rule]:
    names = source.contract.one_of
    if names:
        advice = f"neither {' nor '.join(names)} has a date, so that the row stands nowhere in time; ask for the dates"
        yield Rule(names[-1], "no date", " AND ".join(f"{name} IS NULL" for name in names), advice)


def _attendance_rules() -> Iterator[Rule]:
    yield Rule(
        "possible",
        "more absent than possible",
        "authorised::BIGINT + unauthorised > possible",
        "authorised and unauthorised sessions together cannot exceed the possible ones",
    )
    yield Rule(
        "term",
        "unknown term",
        f"regexp_full_match(academic_year, {literal(ACADEMIC_YEAR)}) AND term BETWEEN 1 AND 3 AND known_term IS NULL",
        "the term is not in the file of term dates; add it there or correct the row",
    )


def _person_record_rules() -> Iterator[Rule]:
    names = " AND ".join(f"NOT coalesce(regexp_matches({name}, '\\p{{L}}'), FALSE)" for name in ("forename", "surname"))
    condition = f"regexp_full_match(local_id, {literal(_OF_A_TOTAL)}) AND {names} AND birth_date IS NULL"
    yield Rule("local_id", "total row", condition, "the row counts others and is nobody's record; nothing to do")


def _event_rules() -> Iterator[Rule]:
    kinds = "".join(f" WHEN {literal(kind)} THEN {days}" for kind, days in DAYS_BEFORE_BIRTH.items())
    yield Rule(
        "date",
        "before birth",
        f"date < born - CASE kind{kinds} ELSE 0 END",
        "the person's record says a later birth date; find out which of the two dates is right",
    )


_OWN_RULES: dict[str, Callable[[], Iterator[Rule]]] = {
    "person_record": _person_record_rules,
    "attendance": _attendance_rules,
    "event": _event_rules,
}


def _person_rules(source: Source) -> Iterator[Rule]:
    if _has_person(source):
        yield Rule(
            "local_id",
            NO_PERSON,
            "local_id IS NOT NULL AND known_person IS NULL",
            "no usable person record of this agency has this local_id; ask for the missing person records",
        )


def key_of(source: Source) -> tuple[str, ...]:
    """Return the contract's columns that no two rows of a source may share; empty where rows may repeat.

    Columns that the sources file declares as ``unique`` take the place of the contract's key, but not where other
    rows refer to this one by it.
    """
    is_referred_to = source.contract in (PERSON_RECORD, TERM)
    return source.contract.key if is_referred_to or not source.unique else ()
