"""How well a heading names a column of the contract, by a dictionary of the headings that agencies' systems use."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from tf_eval.data.yaml_file import load_yaml

EXACT, HELD, NEAR = 3, 2, 1
NEAR_ENOUGH = 0.85
_SHORTEST_NEAR = 5  # letters; of shorter words too many are near
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


@dataclass(frozen=True)
class Naming:
    """How a heading names a column: the better, the higher ``score``; ``evidence`` says it in words."""

    score: int
    evidence: str


@cache
def dictionary() -> Mapping[str, Any]:
    """Return what ``headings.yaml`` says."""
    return load_yaml(Path(__file__).with_name("headings.yaml"))


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a heading in small letters: DateOfBirth, date_of_birth and DATE OF BIRTH are the same."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return tuple(re.findall(r"[a-z]+|[0-9]+", _HUMP.sub(" ", plain).lower()))


def naming(heading: str, column: str, table: str) -> Naming | None:
    """Return how a heading names a column of a table of the contract, or None."""
    words = tokens(heading)
    best = max((_compare(words, tokens(known)) for known in _headings_of(column, table)), default=0)
    if best < EXACT and "".join(words) in _unmistakable():  # a date of birth holds the word date and is no other date
        return None
    if best < HELD and column == "local_id" and is_person_number(words):
        best = HELD
    evidence = {EXACT: "by its name", HELD: "by a part of its name", NEAR: "its name is near to a usual one: check"}
    return Naming(best, evidence[best]) if best else None


def is_person_number(words: Iterable[str]) -> bool:
    """Whether a heading speaks of the number of a person, as NOMINAL_REF does."""
    words = set(words)
    return bool(words & _set("people")) and is_reference(words)


def is_reference(words: Iterable[str]) -> bool:
    """Whether a heading speaks of a number or reference of anything."""
    return bool(set(words) & _set("numbers"))


def is_bare_number(words: Iterable[str]) -> bool:
    """Whether a heading says that it is a number and nothing else, as ID and Ref No do."""
    words = set(words)
    return bool(words) and words <= _set("numbers")


def is_known_word(word: str) -> bool:
    """Whether a word stands in any heading of the dictionary."""
    return word in _vocabulary()


def is_plain(text: str) -> bool:
    """Whether a text is made of nothing but words of the dictionary and small numbers, so that it names nobody."""
    words = tokens(text)
    is_known = all(word in _plain_words() or (word.isdigit() and len(word) <= 2) for word in words)
    return bool(words) and (is_known or "".join(words) in _plain_words())


def kind_told_by(words: Iterable[str], table: str) -> tuple[str, str] | None:
    """Return the kind that one of the words tells, and that word; None where none does."""
    words = list(words)
    for kind, telling in dictionary()["kinds"].get(table, {}).items():
        for word in words:
            if word in telling:
                return kind, word
    return None


@cache
def _set(part: str) -> frozenset[str]:
    return frozenset(dictionary()[part])


@cache
def _vocabulary() -> frozenset[str]:
    tables = dictionary()["headings"].values()
    headings = (heading for table in tables for known in table.values() for heading in known)
    return _set("people") | _set("numbers") | {word for heading in headings for word in tokens(heading)}


@cache
def _plain_words() -> frozenset[str]:
    kinds = dictionary()["kinds"].values()
    telling = {word for table in kinds for words in table.values() for word in words}
    joined = {
        "".join(tokens(known))
        for table in dictionary()["headings"].values()
        for names in table.values()
        for known in names
    }
    return _vocabulary() | telling | joined | _set("plain")


@cache
def _unmistakable() -> frozenset[str]:
    headings = dictionary()["headings"]
    known = (name for part in ("every", "person_record") for names in headings[part].values() for name in names)
    return frozenset("".join(tokens(name)) for name in known)


def _headings_of(column: str, table: str) -> list[str]:
    headings = dictionary()["headings"]
    return [*headings.get(table, {}).get(column, []), *headings["every"].get(column, [])]


def _compare(words: tuple[str, ...], known: tuple[str, ...]) -> int:
    joined, known_joined = "".join(words), "".join(known)
    if joined == known_joined:
        return EXACT
    if set(known) <= set(words) and len(known_joined) > 2 and known_joined not in _set("alone"):
        return HELD
    if min(len(joined), len(known_joined)) < _SHORTEST_NEAR:
        return 0
    return NEAR if SequenceMatcher(None, joined, known_joined).ratio() >= NEAR_ENOUGH else 0
