"""What a programme may ask of a family: a small closed family of frozen pieces, each of which says itself in words.

A piece holds no data and knows no engine. It is compared and hashed by value, so that a condition which stands twice
in a programme is decided once. A family is, on every day, its members of that day: what a person did or was counts for
the family they belong to on the day that is asked about, and no longer for the one they have left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tf_eval.cohort.ages import Ages
from tf_eval.cohort.lookback import MOST, Lookback
from tf_eval.cohort.vocabulary import unknown_details, unknown_events, unknown_spells
from tf_eval.cohort.whole import whole_number
from tf_eval.cohort.words import counted, either, events, in_a_spell, of_the_family, plural, with_article
from tf_eval.errors import ConfigError, raise_all, unknown

SHARES = {"unauthorised": "unauthorised absence", "authorised": "authorised absence", "all": "absence"}
COUNTED_BY = ("family", "person")
NOMINATION = "concern"

Names = Mapping["Node", str]


class _LooksBack:
    """What has the fields days, months and terms."""

    @property
    def lookback(self) -> Lookback:
        return Lookback(self.days, self.months, self.terms)


class _OfAges:
    """What has the fields from_age and under_age."""

    @property
    def ages(self) -> Ages:
        return Ages(self.from_age, self.under_age)


@dataclass(frozen=True)
class EventCount(_LooksBack, _OfAges):
    """At least so many events of these kinds in the look-back.

    Args:
        kinds: kinds of event, as the contract names them.
        at_least: how many.
        days, months, terms: the look-back, see ``Lookback``; one of the three.
        by: ``"family"`` counts over all members, ``"person"`` asks for one member with that many.
        from_age, under_age: count only events on whose date the person had such an age (years).
    """

    kinds: tuple[str, ...]
    at_least: int = 1
    days: int | None = None
    months: int | None = None
    terms: int | None = None
    by: Literal["family", "person"] = "family"
    from_age: int | None = None
    under_age: int | None = None

    def __post_init__(self) -> None:
        _freeze(self, "event_count", "kinds")
        problems = _at_least_one("kinds", self.kinds) + whole_number("at_least", self.at_least)
        problems += self.lookback.problems(needed=True) + self.ages.problems() + unknown_events("kinds", self.kinds)
        if self.by not in COUNTED_BY:
            problems.append(unknown("way of counting by", self.by, COUNTED_BY))
        if NOMINATION in self.kinds:
            problems.append(f"'{NOMINATION}' is an agency's nomination of a family; use the piece 'nomination'")
        raise_all(ConfigError, "event_count", problems)

    def sentence(self, names: Names | None = None) -> str:
        who = f"one {of_the_family(self.ages.noun())}"
        if self.by == "family":
            people = of_the_family(plural(self.ages.noun()))
            who = f"{people}{' together' * (self.at_least > 1)}" if self.ages else "the family"
        return f"{who} had {events(self.kinds, self.at_least)} {self.lookback.sentence()}"


@dataclass(frozen=True)
class InSpell(_LooksBack, _OfAges):
    """A member of the family is in a spell of one of these kinds on the day, or was in the look-back.

    A spell covers the days start <= day < end, and with a look-back each of its days is looked back at.

    Args:
        kinds: kinds of spell, as the contract names them.
        details: the only details that count (which benefit, for one); None: all.
        days, months, terms: the look-back; none of the three: on the day itself.
        from_age, under_age: only days on which the person has such an age (years) count.
        preceded_by: kinds of event of which the same person had one by the first day of the spell. A person of whom no
            such event is known may have had it before the records begin, so that it cannot be told.
    """

    kinds: tuple[str, ...]
    details: tuple[str, ...] | None = None
    days: int | None = None
    months: int | None = None
    terms: int | None = None
    from_age: int | None = None
    under_age: int | None = None
    preceded_by: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("details", "preceded_by") if getattr(self, name) is not None]
        _freeze(self, "in_spell", "kinds", *given)
        problems = [problem for name in ("kinds", *given) for problem in _at_least_one(name, getattr(self, name))]
        problems += self.lookback.problems(needed=False) + self.ages.problems()
        raise_all(ConfigError, "in_spell", problems + self._unknown_words())

    def _unknown_words(self) -> list[str]:
        problems = unknown_spells("kinds", self.kinds) + unknown_events("preceded_by", self.preceded_by or ())
        return problems + (unknown_details(self.kinds, self.details) if self.details else [])

    def sentence(self, names: Names | None = None) -> str:
        who = with_article(of_the_family(self.ages.noun()))
        verb = f"was, at some time {self.lookback.sentence()}," if self.lookback else "is now"
        details = f" ({', '.join(self.details)})" if self.details else ""
        earlier = either([with_article(counted(kind)) for kind in self.preceded_by or ()])
        return f"{who} {verb} {in_a_spell(self.kinds)}{details}{f', after {earlier}' if earlier else ''}"


@dataclass(frozen=True)
class TermShare:
    """A child's sessions missed as a share of the possible ones, over the last consecutive terms that have ended.

    The sums over all the terms are compared, not the share of each; terms of the calendar in which the child was on no
    school's roll add nothing. A term counts from the day after its last day.

    Args:
        numerator: which absence: ``"unauthorised"``, ``"authorised"`` or ``"all"``.
        at_least: the share, above 0 and up to 1.
        terms: how many consecutive terms.
    """

    numerator: Literal["unauthorised", "authorised", "all"] = "unauthorised"
    at_least: float = 0.15
    terms: int = 3

    def __post_init__(self) -> None:
        problems = whole_number("terms", self.terms, at_most=MOST["terms"])
        if self.numerator not in tuple(SHARES):
            problems.append(unknown("sort of absence", self.numerator, SHARES))
        if isinstance(self.at_least, bool) or not isinstance(self.at_least, int | float) or not 0 < self.at_least <= 1:
            problems.append("at_least must be a share above 0 and up to 1, such as 0.15")
        raise_all(ConfigError, "term_share", problems)

    @property
    def threshold(self) -> Fraction:
        """The share as an exact fraction, so that 15 of 100 sessions is 15 % on every engine."""
        return Fraction(str(self.at_least))

    def sentence(self, names: Names | None = None) -> str:
        share = f"{float(self.threshold * 100):g}%"
        terms = "term that has ended" if self.terms == 1 else f"{self.terms} consecutive terms that have ended"
        return f"a child's {SHARES[self.numerator]} was at least {share} of possible sessions over the last {terms}"


@dataclass(frozen=True)
class Member(_OfAges):
    """The family has at least so many members of such an age (years) on the day.

    Ages are known by the month: somebody comes of an age for the whole of a month, see ``data/layout.py``.
    """

    from_age: int | None = None
    under_age: int | None = None
    at_least: int = 1

    def __post_init__(self) -> None:
        problems = self.ages.problems() + whole_number("at_least", self.at_least)
        problems += [] if self.ages else ["give from_age, under_age or both"]
        raise_all(ConfigError, "member", problems)

    def sentence(self, names: Names | None = None) -> str:
        noun = self.ages.noun()
        return (
            f"the family has {with_article(noun) if self.at_least == 1 else f'{self.at_least} or more {plural(noun)}'}"
        )


@dataclass(frozen=True)
class Nomination(_LooksBack):
    """An agency has put a member of the family forward as a cause of concern, in the look-back.

    Args:
        agencies: the agencies whose nomination counts, as the sources file names them; None: any.
        days, months, terms: the look-back, see ``Lookback``; one of the three.
    """

    agencies: tuple[str, ...] | None = None
    days: int | None = None
    months: int | None = None
    terms: int | None = None

    def __post_init__(self) -> None:
        _freeze(self, "nomination", *["agencies"] * (self.agencies is not None))
        problems = [] if self.agencies is None else _at_least_one("agencies", self.agencies)
        raise_all(ConfigError, "nomination", problems + self.lookback.problems(needed=True))

    def sentence(self, names: Names | None = None) -> str:
        agencies = either([agency.replace("_", " ") for agency in self.agencies]) if self.agencies else "an agency"
        return f"{agencies} put the family forward as a cause of concern {self.lookback.sentence()}"


@dataclass(frozen=True)
class AtLeast:
    """At least ``k`` of the parts are met."""

    k: int
    parts: tuple["Node", ...]

    def __post_init__(self) -> None:
        _freeze_parts(self, "at_least")
        raise_all(ConfigError, "at_least", _group_problems(self.k, self.parts))

    @property
    def heading(self) -> str:
        return f"at least {self.k} of these"

    def sentence(self, names: Names | None = None) -> str:
        return _group_sentence(self, "or", names)


@dataclass(frozen=True)
class AnyOf:
    """One of the parts is met, or several."""

    parts: tuple["Node", ...]

    def __post_init__(self) -> None:
        _freeze_parts(self, "any_of")
        raise_all(ConfigError, "any_of", _group_problems(1, self.parts))

    @property
    def k(self) -> int:
        return 1

    @property
    def heading(self) -> str:
        return "one of these"

    def sentence(self, names: Names | None = None) -> str:
        return _group_sentence(self, "or", names)


@dataclass(frozen=True)
class AllOf:
    """All of the parts are met on the same day."""

    parts: tuple["Node", ...]

    def __post_init__(self) -> None:
        _freeze_parts(self, "all_of")
        raise_all(ConfigError, "all_of", _group_problems(len(self.parts), self.parts))

    @property
    def k(self) -> int:
        return len(self.parts)

    @property
    def heading(self) -> str:
        return "all of these"

    def sentence(self, names: Names | None = None) -> str:
        return _group_sentence(self, "and", names)


Leaf = EventCount | InSpell | TermShare | Member | Nomination
Group = AtLeast | AnyOf | AllOf
Node = Leaf | Group


def leaves(node: Node) -> list[Leaf]:
    """Return the conditions on records under a node, in their order, each once."""
    if isinstance(node, Leaf):
        return [node]
    return list(dict.fromkeys(leaf for part in node.parts for leaf in leaves(part)))


def needs_calendar(node: Node) -> bool:
    """Whether a node asks for school terms."""
    return any(getattr(leaf, "terms", None) for leaf in leaves(node))


def _freeze(leaf: Leaf, piece: str, *names: str) -> None:
    """Turn lists of words into tuples."""
    raise_all(ConfigError, piece, [problem for name in names for problem in _no_list(name, getattr(leaf, name))])
    for name in names:
        object.__setattr__(leaf, name, tuple(getattr(leaf, name)))


def _freeze_parts(group: Group, piece: str) -> None:
    """Turn a list of parts into a tuple."""
    pieces = isinstance(group.parts, Sequence) and all(isinstance(part, Node) for part in group.parts)
    raise_all(ConfigError, piece, [] if pieces else ["parts must be a list of pieces, such as EventCount"])
    object.__setattr__(group, "parts", tuple(group.parts))


def _no_list(name: str, value: object) -> list[str]:
    if isinstance(value, str):
        return [f"{name} must be a list of words; write [{value}]"]
    words = isinstance(value, Sequence) and all(isinstance(word, str) for word in value)
    return [] if words else [f"{name} must be a list of words"]


def _at_least_one(name: str, words: tuple[str, ...]) -> list[str]:
    return [] if words else [f"{name} must name at least one"]


def _group_problems(k: object, parts: tuple[Node, ...]) -> list[str]:
    if not parts:
        return ["there must be at least one part"]
    problems = whole_number("k", k)
    if not problems and k > len(parts):
        problems.append(f"k is {k}, but there are only {len(parts)} parts")
    if len(set(parts)) < len(parts):
        problems.append("the same part stands twice, and would be counted twice")
    return problems


def _group_sentence(group: Group, link: str, names: Names | None) -> str:
    """Return a group's heading and its parts; a group within it stands in brackets, for both have semicolons."""
    *parts, last = [_part_sentence(part, names or {}) for part in group.parts]
    return f"{group.heading}: {'; '.join([*parts, f'{link} {last}' if parts else last])}"


def _part_sentence(part: Node, names: Names) -> str:
    if part in names:
        return names[part]
    return f"({part.sentence(names)})" if isinstance(part, Group) else part.sentence(names)
