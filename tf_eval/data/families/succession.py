"""Succession: which family goes on where, when children move between households."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field


@dataclass(eq=False)
class _Family:
    """One family: where it lives or last lived, since when, and who was in it the day before something changed.

    ``since`` is None while it rests; ``children`` says of each child whether it was away, looked after elsewhere.
    """

    number: int
    household: int | None = None
    since: int | None = None
    children: dict[int, bool] = field(default_factory=dict)
    adults: frozenset[int] = frozenset()


class Succession:
    """The families of households between which children move, followed from one change to the next.

    ``tenures`` are the families' times in households so far ended, as (family, household, first day, end); families
    are numbered from 1 in the order in which they come into being. Days are whole numbers.

    Args:
        adults: who lives as an adult in each household, as (first day, end, person).
    """

    def __init__(self, adults: Mapping[int, Sequence[tuple[int, int, int]]]) -> None:
        self.tenures: list[tuple[int, int, int, int]] = []
        self._adult_stays = adults
        self._families = 0
        self._children: dict[int, dict[int, bool]] = {}
        self._household: dict[int, int] = {}
        self._family: dict[int, _Family] = {}
        self._rested: dict[int, list[_Family]] = {}

    def change(
        self, day: int, *, leaving: Iterable[tuple[int, int]], arriving: Iterable[tuple[int, int, bool]]
    ) -> None:
        """Take note of the children who leave and arrive on one day; days come in order.

        Args:
            day: the first day on which they have left and have arrived.
            leaving: child and household.
            arriving: child, household, and whether the child is away, only counted there.
        """
        leaving, arriving = list(leaving), list(arriving)
        touched = {household for _, household, *_ in (*leaving, *arriving)}
        families = [self._as_it_was(household, day) for household in touched if household in self._family]
        self._move(leaving, arriving)
        claims: dict[int, list[_Family]] = {}
        for family in families:
            claims.setdefault(self._destination(family, day), []).append(family)
        self._decide(claims, day)
        self._begin(touched, day)

    def _as_it_was(self, household: int, day: int) -> _Family:
        """Take a family out of its household, with those who were in it the day before."""
        family = self._family.pop(household)
        family.children = dict(self._children[household])
        family.adults = self._adults(household, day - 1)
        return family

    def _move(self, leaving: list[tuple[int, int]], arriving: list[tuple[int, int, bool]]) -> None:
        for child, household in leaving:
            del self._children[household][child]
            del self._household[child]
        for child, household, is_away in arriving:
            self._children.setdefault(household, {})[child] = is_away
            self._household[child] = household

    def _destination(self, family: _Family, day: int) -> int | None:
        """Return the household in which a family goes on; None where none of its children are left."""
        followers = Counter(self._household[child] for child in family.children if child in self._household)
        # Children back from care do not take the family's number to a home that none of the family is in.
        followed = [
            household
            for household in followers
            if household == family.household or self._kin(family, household, day) or self._from_home(family, household)
        ]
        return max(
            followed,
            key=lambda household: (
                followers[household],
                len(self._kin(family, household, day)),
                household == family.household,
                -min(self._children[household]),
            ),
            default=None,
        )

    def _decide(self, claims: Mapping[int | None, list[_Family]], day: int) -> None:
        """Let one family go on in each household, and the others rest."""
        for household, rivals in claims.items():
            heir = None if household is None else self._first_of(rivals, household, day)
            for family in rivals:
                if family.household != household or family is not heir:
                    self._end_tenure(family, day)
                if family is heir:
                    self._settle(family, household, day)
                else:
                    self._rest(family)

    def _begin(self, touched: set[int], day: int) -> None:
        """Give a household of children without a family the one that returns there, or else a new one."""
        occupied = [household for household in touched if self._children.get(household)]
        without = [household for household in occupied if household not in self._family]
        for household in sorted(without, key=lambda household: min(self._children[household])):
            people = self._children[household].keys() | self._adults(household, day)
            resting = {family for person in people for family in self._rested.get(person, ())}
            returning = [family for family in resting if self._returns(family, household, day)]
            family = self._first_of(returning, household, day) if returning else self._new()
            self._wake(family)
            self._settle(family, household, day)

    def _returns(self, family: _Family, household: int, day: int) -> bool:
        """Whether half of a resting family's children and one of its adults are there; in its own home also grown up.

        Grown up and elsewhere, children have families of their own.
        """
        people: Set[int] = self._children[household].keys()
        if family.household == household:
            people = people | self._adults(household, day)
        has_adult = not family.adults or bool(self._kin(family, household, day))
        return has_adult and 2 * len(family.children.keys() & people) >= len(family.children)

    def _first_of(self, families: Iterable[_Family], household: int, day: int) -> _Family:
        """Return the family with most children in a household; of equals one with an adult there; then the earliest."""
        return max(
            families,
            key=lambda family: (
                len(family.children.keys() & self._children[household].keys()),
                bool(self._kin(family, household, day)),
                -family.number,
            ),
        )

    def _kin(self, family: _Family, household: int, day: int) -> frozenset[int]:
        return family.adults & self._adults(household, day)

    def _from_home(self, family: _Family, household: int) -> bool:
        return any(not away and self._household.get(child) == household for child, away in family.children.items())

    def _adults(self, household: int, day: int) -> frozenset[int]:
        stays = self._adult_stays.get(household, ())
        return frozenset(person for start, end, person in stays if start <= day < end)

    def _new(self) -> _Family:
        self._families += 1
        return _Family(self._families)

    def _settle(self, family: _Family, household: int, day: int) -> None:
        if family.since is None:
            family.household, family.since = household, day
        self._family[household] = family

    def _end_tenure(self, family: _Family, day: int) -> None:
        self.tenures.append((family.number, family.household, family.since, day))
        family.since = None

    def _rest(self, family: _Family) -> None:
        for child in family.children:
            self._rested.setdefault(child, []).append(family)

    def _wake(self, family: _Family) -> None:
        for child in family.children:
            self._rested[child].remove(family)
