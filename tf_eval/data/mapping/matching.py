"""Match the headings of an extract to the columns of one table of the contract, by names and by values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tf_eval.data.contract import PERSON_RECORD, Column, Table
from tf_eval.data.mapping.codes import MOST_CODES, known_codes
from tf_eval.data.mapping.profile import IDENTIFIERS, Fit, Profile
from tf_eval.data.mapping.shapes import (
    has_commas,
    is_academic_year,
    is_excel_day,
    is_number,
    is_postcode,
    is_uprn,
    is_whole_number,
)
from tf_eval.data.mapping.words import EXACT, HELD, NEAR, is_bare_number, is_plain, naming, tokens
from tf_eval.data.mapping.written_dates import has_two_digit_years, is_date

_NEARLY_ALL = 0.9
_ENOUGH_VALUES = 20  # to tell a column by its values alone
_FORMS = {"postcode": is_postcode, "academic_year": is_academic_year, "uprn": is_uprn}
_TELLING = (*IDENTIFIERS, "postcode", "academic_year")  # a check digit, or a form that nothing else has


@dataclass(frozen=True)
class Match:
    """A heading that may be a column of the contract: how well, and the evidence in words."""

    column: str
    profile: Profile
    score: float
    evidence: str


def match(table: Table, columns: Sequence[Profile]) -> Mapping[str, Match]:
    """Return the best heading for each column of a table of the contract; no heading stands for two of them.

    Only a number that agencies share (UPN, NHS number, NINO) may be the local_id as well, where there is no other.
    What is mapped is printed: a heading that is no usual one as it stands has to be plain words, or, where it is only
    near to one, to stand above values that bear it out.
    """
    wanted = [column for column in table.columns if column.name != "agency"]
    found = [_match(table, column, profile) for column in wanted for profile in columns]
    candidates = sorted(filter(None, found), key=lambda candidate: -candidate.score)  # stable: else the file's order
    chosen: dict[str, Match] = {}
    for candidate in candidates:
        taken = {known.profile.heading for known in chosen.values()}
        if candidate.column not in chosen and candidate.profile.heading not in taken:
            chosen[candidate.column] = candidate
    if "local_id" in table.column_names and "local_id" not in chosen:
        chosen |= _other_local_id(table, columns)
    return {name: chosen[name] for name in table.column_names if name in chosen}


def _match(table: Table, column: Column, profile: Profile) -> Match | None:
    named = naming(profile.heading, column.name, table.name)
    if named is None:
        return _by_values(column, profile)
    if named.score == HELD and not is_plain(profile.heading):
        return None
    fit, evidence = _value_fit(table, column, profile)
    if fit is None or (named.score == NEAR and not fit):
        return None
    return Match(column.name, profile, named.score + fit, ", ".join(filter(None, [named.evidence, evidence])))


def _value_fit(table: Table, column: Column, profile: Profile) -> tuple[float | None, str]:
    """Return what the values add to a name: None where they speak against it."""
    if not profile.filled:
        return 0.0, "but the column is empty"
    if column.type == "date":
        return (0.5, "") if is_date(profile) else (None, "")
    if fit := _form_fit(column.name, profile):
        return (0.5 if fit.share >= _NEARLY_ALL else 0.0), str(fit)
    if known := known_codes(table.name, column.name):
        if column.vocabulary and profile.distinct > MOST_CODES:
            return None, ""
        return (0.5 if profile.fit(lambda code: code.upper() in known).share >= _NEARLY_ALL else 0.0), ""
    if column.type in ("integer", "number"):
        is_typed = is_whole_number if column.type == "integer" else is_number
        return (0.5, "") if profile.fit(is_typed).share >= _NEARLY_ALL else (None, "")
    return 0.0, ""


def _form_fit(name: str, profile: Profile) -> Fit | None:
    """Return how many values have the form that a column's must have; None where it may have any."""
    if name in IDENTIFIERS:
        return profile.identifiers[name]
    return profile.fit(_FORMS[name]) if name in _FORMS else None


def _by_values(column: Column, profile: Profile) -> Match | None:
    """Return a match that rests on the values alone: a check digit or an unmistakable form in nearly all of them."""
    if column.name not in _TELLING or profile.filled < _ENOUGH_VALUES or not is_plain(profile.heading):
        return None
    fit = _form_fit(column.name, profile)
    if fit is None or fit.share < _NEARLY_ALL:
        return None
    return Match(column.name, profile, NEAR, f"by its values: {fit}")


def _other_local_id(table: Table, columns: Sequence[Profile]) -> dict[str, Match]:
    """Return a local_id that no heading clearly names: a mere ID or Ref, or a number that agencies share.

    In a list of persons a mere ID is the person's. Elsewhere one that differs in every row is more likely the event's.
    """
    bare = [profile for profile in columns if is_bare_number(tokens(profile.heading)) and profile.filled]
    likely = [profile for profile in bare if profile.is_unique == (table is PERSON_RECORD)]
    return _bare_local_id(likely) or _borrowed_local_id(columns) or _bare_local_id(bare)


def _bare_local_id(bare: Sequence[Profile]) -> dict[str, Match]:
    evidence = "a number that does not say of whom: check"
    return {"local_id": Match("local_id", bare[0], NEAR, evidence)} if bare else {}


def _borrowed_local_id(columns: Sequence[Profile]) -> dict[str, Match]:
    """Return the first number of a person that other agencies use too, to be the agency's own number."""
    for name in IDENTIFIERS:
        for profile in columns:
            named = naming(profile.heading, name, "person_record")
            if named and named.score == EXACT:
                return {"local_id": Match("local_id", profile, NEAR, f"no number of the agency's own, so the {name}")}
    return {}


def near_misses(profile: Profile) -> str:
    """Return what a column that was not mapped seems to hold all the same, and what to ask for; or nothing."""
    if not profile.filled:
        return "empty"
    if has_two_digit_years(profile):
        return "dates with a two-digit year: ask for four digits"
    if profile.filled >= _ENOUGH_VALUES and is_date(profile):
        return "dates"
    if "date" in tokens(profile.heading) and profile.fit(is_excel_day).is_most:
        return "days as Excel counts them: ask for dates"
    if profile.fit(has_commas).is_most:
        return "numbers with commas: ask for plain ones, such as 1234.5"
    return ""
