"""Which codes stand in a column, and what they are known to mean; nothing that is not a code is ever shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tf_eval.data.contract import Column, Table
from tf_eval.data.mapping.profile import Profile
from tf_eval.data.yaml_file import load_yaml

TODO = "TODO"
MOST_CODES = 40  # a column with more different values than this holds no codes
FEWEST_ROWS = 10  # a value that stands in fewer rows is shown only if it is a known code
_SHARE_KNOWN = 0.5  # of the rows, where letters that are no known code are shown: systems write names in capitals too
_READ_AS_THEY_ARE = ("date", "integer", "number")  # the types whose texts need no codes
_SHORT = re.compile(r"[A-Z0-9]{1,6}")
_OTHER_YEAR = re.compile(r"(?P<first>(19|20)[0-9]{2})[-/ ]?(20)?[0-9]{2}")


@dataclass(frozen=True)
class Codes:
    """The codes of a column.

    ``words`` maps each to its word of the contract, or to TODO; ``rows`` tells how often the ones to do and those that
    stand for nothing are there; ``hidden`` is the number of values that are not shown. ``listed``: free text, of which
    no value is shown.
    """

    words: Mapping[str, str]
    rows: Mapping[str, int]
    hidden: int
    listed: bool = False

    @property
    def to_do(self) -> int:
        """How many of the codes that are shown a person has still to map."""
        return sum(self.words[code] == TODO for code in self.rows)


@cache
def _all_codes() -> Mapping[str, Mapping[str, str]]:
    return load_yaml(Path(__file__).with_name("codes.yaml"))


def known_codes(table: str, column: str) -> Mapping[str, str]:
    """Return the known codes of a column, in capital letters, with the words they stand for."""
    codes = _all_codes()
    return codes.get(f"{table}.{column}", codes.get(column, {}))


def codes_of(table: Table, column: Column, profile: Profile, declared: Mapping[str, str]) -> Codes | None:
    """Return the codes of a mapped column, or None where it needs none: it holds no codes, or the contract's own words.

    A value is shown where it is a known code, or a short one (capitals and figures) that stands in at least
    ``FEWEST_ROWS`` rows of a column with few different values. Letters alone may be a name: they are shown only beside
    known codes. Of free text nothing is shown. Of dates and numbers only the placeholders are codes.

    Args:
        table: the table of the contract.
        column: one of its columns.
        profile: the extract's column that is mapped to it.
        declared: the codes that a statutory layout has for it.
    """
    if column.listed:
        return Codes({}, {}, profile.distinct, listed=True)
    known = _school_years(profile) if column.pattern else known_codes(table.name, column.name)
    known = {**known, **{code.upper(): word for code, word in declared.items()}}
    own_words = _own_words(column)
    speaks_the_contract = set(profile.counts) <= own_words
    if column.type in _READ_AS_THEY_ARE and (speaks_the_contract or not known):
        return Codes(dict.fromkeys(profile.nothing, ""), profile.nothing, 0) if profile.nothing else None
    if not (known or own_words) or (speaks_the_contract and not profile.nothing):
        return None
    return _coded(known | {word.upper(): word for word in own_words}, profile)


def _coded(known: Mapping[str, str], profile: Profile) -> Codes:
    shown = {code: known.get(code.upper(), TODO) for code in profile.counts if _may_be_shown(code, known, profile)}
    rows = {code: profile.counts[code] for code, word in shown.items() if word == TODO}
    nothing = dict.fromkeys(profile.nothing, "")
    return Codes(shown | nothing or {TODO: TODO}, {**rows, **profile.nothing}, profile.distinct - len(shown))


def _school_years(profile: Profile) -> dict[str, str]:
    """Return the academic years that are written in another way than 2011/12, such as 2011-12, 2011/2012 or 201112."""
    found = {code: _OTHER_YEAR.fullmatch(code) for code in profile.counts}
    years = {code: int(year["first"]) for code, year in found.items() if year}
    written = {code: f"{year}/{(year + 1) % 100:02d}" for code, year in years.items()}
    return {} if all(code == word for code, word in written.items()) else written


def _own_words(column: Column) -> set[str]:
    """Return the contract's own words for a column; a number of a term is one too."""
    if column.type == "boolean":
        return {"true", "false"}
    if column.minimum is not None and column.maximum is not None:
        return {str(number) for number in range(column.minimum, column.maximum + 1)}
    return {*column.vocabulary, *(word for words in column.by_kind.values() for word in words)}


def _may_be_shown(code: str, known: Mapping[str, str], profile: Profile) -> bool:
    if code.upper() in known:
        return True
    if profile.distinct > MOST_CODES or profile.counts[code] < FEWEST_ROWS or not _SHORT.fullmatch(code):
        return False
    has_both = not code.isalpha() and not code.isdigit()
    return has_both or len(code) == 1 or profile.fit(lambda other: other.upper() in known).share >= _SHARE_KNOWN
