"""What a programme may ask of a family: a small closed family of frozen pieces, each of which says itself in words.

A piece holds no data and knows no engine. It is compared and hashed by value, so that a condition which stands twice
in a programme is decided once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tf_eval.cohort.words import events, in_a_spell
from tf_eval.errors import ConfigError, raise_all, unknown

SHARES = ("unauthorised", "authorised")
COUNTED_BY = ("family", "person")


@dataclass(frozen=True)
class EventCount:
    """At least so many events of these kinds in the last months or terms.

    An event counts from its own day on. In months it counts until the same day of the month ``months`` later, which is
    outside: 1 April 2012 counts up to and including 31 March 2013. In terms it counts while the term it fell in (or
    that ended last before it) is among the last ``terms`` that have begun.

    Args:
        kinds: kinds of event, as the contract names them.
        at_least: how many.
        months, terms: the look-back; exactly one of the two.
        by: ``"family"`` counts over all members, ``"person"`` asks for one member with that many.
        under_age: count only events on whose date the person was younger than this (years).
    """

    kinds: tuple[str, ...]
    at_least: int = 1
    months: int | None = None
    terms: int | None = None
    by: Literal["family", "person"] = "family"
    under_age: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", _words(self.kinds))
        problems = _kind_problems(self.kinds) + _whole("at_least", self.at_least)
        if (self.months is None) == (self.terms is None):
            problems.append("give either months or terms")
        for name in ("months", "terms", "under_age"):
            problems += _whole(name, getattr(self, name)) if getattr(self, name) is not None else []
        if self.by not in COUNTED_BY:
            problems.append(unknown("way of counting by", self.by, COUNTED_BY))
        raise_all(ConfigError, "event_count", problems)

    def sentence(self, names: Mapping["Node", str] | None = None) -> str:
        window = f"{self.months} months" if self.months else f"{self.terms} consecutive terms"
        who = "the family" if self.by == "family" else "one member of the family"
        age = f" at an age under {self.under_age}" if self.under_age else ""
        return f"{who} had {events(self.kinds, self.at_least)}{age} in the last {window}"


@dataclass(frozen=True)
class OpenSpell:
    """A member of the family is in a spell of one of these kinds (and details) on the day: start <= day < end."""

    kinds: tuple[str, ...]
    details: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", _words(self.kinds))
        problems = _kind_problems(self.kinds)
        if self.details is not None:
            object.__setattr__(self, "details", _words(self.details))
            problems += [] if self.details else ["details must name at least one, or be left out"]
        raise_all(ConfigError, "open_spell", problems)

    def sentence(self, names: Mapping["Node", str] | None = None) -> str:
        details = f" ({', '.join(self.details)})" if self.details else ""
        return f"a member of the family is {in_a_spell(self.kinds)}{details} on the day"


@dataclass(frozen=True)
class TermShare:
    """A child's sessions of one sort as a share of the possible ones, over the last consecutive terms that have ended.

    The sums over all the terms are compared, not the share of each; terms of the calendar in which the child was on no
    school's roll add nothing. A term counts from the day after its last day.
    """

    numerator: Literal["unauthorised", "authorised"] = "unauthorised"
    at_least: float = 0.15
    terms: int = 3

    def __post_init__(self) -> None:
        problems = _whole("terms", self.terms)
        if self.numerator not in SHARES:
            problems.append(unknown("sort of sessions", self.numerator, SHARES))
        if isinstance(self.at_least, bool) or not isinstance(self.at_least, int | float) or not 0 < self.at_least <= 1:
            problems.append("at_least must be a share above 0 and up to 1, such as 0.15")
        raise_all(ConfigError, "term_share", problems)

    @property
    def threshold(self) -> Fraction:
        """The share as an exact fraction, so that 15 of 100 sessions is 15 % on every engine."""
        return Fraction(str(self.at_least))

    def sentence(self, names: Mapping["Node", str] | None = None) -> str:
        share = f"{float(self.threshold * 100):g}%"
        return (
            f"a child's {self.numerator} absence was at least {share} of possible sessions "
            f"over the last {self.terms} consecutive terms"
        )


@dataclass(frozen=True)
class AtLeast:
    """At least ``k`` of the parts are met."""

    k: int
    parts: tuple["Node", ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        raise_all(ConfigError, "at_least", _group_problems(self.k, self.parts))

    def sentence(self, names: Mapping["Node", str] | None = None) -> str:
        return f"at least {self.k} of {_joined(self.parts, names)}"


@dataclass(frozen=True)
class AnyOf:
    """One of the parts is met, or several."""

    parts: tuple["Node", ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        raise_all(ConfigError, "any_of", _group_problems(1, self.parts))

    @property
    def k(self) -> int:
        return 1

    def sentence(self, names: Mapping["Node", str] | None = None) -> str:
        return f"any of {_joined(self.parts, names)}"


@dataclass(frozen=True)
class AllOf:
    """All of the parts are met on the same day."""

    parts: tuple["Node", ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        raise_all(ConfigError, "all_of", _group_problems(len(self.parts), self.parts))

    @property
    def k(self) -> int:
        return len(self.parts)

    def sentence(self, names: Mapping["Node", str] | None = None) -> str:
        return f"all of {_joined(self.parts, names)}"


Leaf = EventCount | OpenSpell | TermShare
Group = AtLeast | AnyOf | AllOf
Node = Leaf | Group


def leaves(node: Node) -> list[Leaf]:
    """Return the conditions on records under a node, in their order, each once."""
    if isinstance(node, Leaf):
        return [node]
    return list(dict.fromkeys(leaf for part in node.parts for leaf in leaves(part)))


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(word, str) for word in value):
        raise ConfigError("kinds and details must be lists of words")
    return tuple(value)


def _kind_problems(kinds: tuple[str, ...]) -> list[str]:
    return [] if kinds else ["kinds must name at least one kind of record"]


def _whole(name: str, value: object) -> list[str]:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return [] if whole else [f"{name} must be a whole number of 1 or more"]


def _group_problems(k: object, parts: tuple[Node, ...]) -> list[str]:
    if not parts:
        return ["there must be at least one part"]
    problems = _whole("k", k)
    if not problems and k > len(parts):
        problems.append(f"k is {k}, but there are only {len(parts)} parts")
    if len(set(parts)) < len(parts):
        problems.append("the same part stands twice, and would be counted twice")
    return problems


def _joined(parts: tuple[Node, ...], names: Mapping[Node, str] | None) -> str:
    known = names or {}
    return "(" + "; ".join(known.get(part) or part.sentence(known) for part in parts) + ")"
