"""Groups of records that are one person, grown by the strongest link first and never against what is known.

Connected components take every link: a chain of plausible links then joins two people (precision 0.93 on hard
records). Here a link joins two groups only where the whole of both can be one person: nobody said that two of their
records are two people, each agency has one record of the person or strong evidence of a duplicate, and no two sound
identifiers of one kind differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

Pair = tuple[int, int]
# No check character guards these, so two that differ by one edit may be one identifier, mistyped.
UNGUARDED = frozenset({"nino"})


class Clusters:
    """A partition of records, numbered from 0, at first each for itself.

    Args:
        agency: the agency of each record.
        identifiers: by kind, the sound identifier of each record that has one.
    """

    def __init__(self, agency: Sequence[str], identifiers: Mapping[str, Mapping[int, str]]) -> None:
        self._agency = agency
        self._identifiers = identifiers
        self._apart: dict[int, set[int]] = defaultdict(set)
        self._twice: dict[int, set[int]] = defaultdict(set)
        self._group = list(range(len(agency)))
        self._members: dict[int, list[int]] = {}

    def keep_apart(self, pairs: Iterable[Pair]) -> None:
        """Never join the groups of these records from now on."""
        _note(self._apart, pairs)

    def allow_twice(self, pairs: Iterable[Pair]) -> None:
        """Take these records of one agency for one person twice, should a link join their groups."""
        _note(self._twice, pairs)

    def join(self, links: Iterable[Pair]) -> list[Pair]:
        """Join the groups of each link in turn where nothing speaks against it; return the links that joined any."""
        return [(one, other) for one, other in links if self._join(one, other)]

    def join_whatever(self, links: Iterable[Pair]) -> None:
        """Join the groups of each link in turn, as a clerk decided."""
        for one, other in links:
            self._merge(self._group[one], self._group[other])

    def numbers(self) -> np.ndarray:
        """Return the person of each record, numbered from 1 in the order of the first record."""
        _, first, member_of = np.unique(np.array(self._group), return_index=True, return_inverse=True)
        order = np.empty(len(first), dtype=np.int64)
        order[np.argsort(first)] = np.arange(1, len(first) + 1)
        return order[member_of]

    def _join(self, one: int, other: int) -> bool:
        first, second = self._group[one], self._group[other]
        if first == second or self._contradict(self._of(first), self._of(second)):
            return False
        self._merge(first, second)
        return True

    def _merge(self, first: int, second: int) -> None:
        if first == second:
            return
        small, large = sorted((first, second), key=lambda group: len(self._of(group)))
        moving = self._of(small)
        self._members[large] = self._of(large) + moving
        self._members.pop(small, None)
        for record in moving:
            self._group[record] = large

    def _of(self, group: int) -> list[int]:
        return self._members.get(group) or [group]

    def _contradict(self, some: list[int], others: list[int]) -> bool:
        return (
            self._are_kept_apart(some, others)
            or self._are_two_of_one_agency(some, others)
            or any(_differ(kind, value_of, some, others) for kind, value_of in self._identifiers.items())
        )

    def _are_kept_apart(self, some: list[int], others: list[int]) -> bool:
        return any(not self._apart[record].isdisjoint(others) for record in some if record in self._apart)

    def _are_two_of_one_agency(self, some: list[int], others: list[int]) -> bool:
        agency, twice = self._agency, self._twice
        return any(
            agency[one] == agency[other] and (one not in twice or other not in twice[one])
            for one in some
            for other in others
        )


def _note(known: dict[int, set[int]], pairs: Iterable[Pair]) -> None:
    for one, other in pairs:
        known[one].add(other)
        known[other].add(one)


def _differ(kind: str, value_of: Mapping[int, str], some: list[int], others: list[int]) -> bool:
    """Return whether both groups have identifiers of this kind and none of one is any of the other."""
    first = {value_of[record] for record in some if record in value_of}
    second = {value_of[record] for record in others if record in value_of}
    if not first or not second or not first.isdisjoint(second):
        return False
    return kind not in UNGUARDED or not any(_one_edit(one, other) for one in first for other in second)


def _one_edit(one: str, other: str) -> bool:
    """Return whether two codes of one length differ in one character or in the order of two neighbours."""
    different = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or len(different) > 2:
        return False
    if len(different) < 2:
        return True
    first, second = different
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]
