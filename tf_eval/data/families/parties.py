"""Parties: who moved into a shared home together, and so which of its residents are one household."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import inf
from operator import attrgetter

from tf_eval.data.families.joined_homes import MOST_ADULTS
from tf_eval.data.families.spans import MONTH

_MOTHERHOOD = (14 * 365, 50 * 366)  # days of age at which women give birth


@dataclass(frozen=True)
class Resident:
    """Somebody who lives in a shared home on each day in [came, gone).

    Days are whole numbers; ``gone`` is infinite for who still lives there, ``birth`` and ``of_age`` are None where
    nobody knows. Residents with one number of ``companions`` lived together elsewhere.
    """

    person: int
    companions: int
    came: int
    gone: float
    birth: int | None
    of_age: int | None
    sex: str | None

    @property
    def came_grown(self) -> bool:
        return self.of_age is None or self.of_age <= self.came

    @property
    def is_born_here(self) -> bool:
        return self.birth is not None and self.came - self.birth <= MONTH

    def is_there(self, day: int) -> bool:
        return self.came <= day < self.gone

    def is_child(self, day: int) -> bool:
        return self.of_age is not None and self.of_age > day

    def may_be_mother_of(self, child: "Resident") -> bool:
        if self.sex == "male" or self.birth is None or child.birth is None:
            return False
        return _MOTHERHOOD[0] <= child.birth - self.birth <= _MOTHERHOOD[1]


Party = list[Resident]


def households(residents: Sequence[Resident], *, has_many_adults: bool) -> list[Party]:
    """Return the households of a home, in the order in which they came; none where it cannot be told from one.

    Args:
        residents: everybody who ever lived there.
        has_many_adults: whether more adults than one household has ever lived there at once.
    """
    found: list[Party] = []
    for party in sorted(_parties(residents), key=lambda party: (_first_day(party), _is_birth(party), _first(party))):
        host = _host(party, found, has_many_adults)
        if host is None:
            found.append(party)
        else:
            host += party
    return found if _are_several(found) else []


def crowd_households(residents: Sequence[Resident]) -> list[Party]:
    """Return the households with a child in a crowd: companions, for in a crowd one day may be anybody's."""
    return [
        party
        for party in _by_companions(residents)
        if _is_whole(party) and sum(resident.came_grown for resident in party) <= MOST_ADULTS
    ]


def _parties(residents: Sequence[Resident]) -> list[Party]:
    """Return companions together with those who came on the same day, or within a month of them and no others."""
    parties = _by_companions(residents)
    for day in sorted({resident.came for resident in residents if not resident.is_born_here}):
        today = [party for party in parties if any(one.came == day and not one.is_born_here for one in party)]
        # Two whole households that moved in on one day (into a new building, or by the first day of a register)
        # and never lived together elsewhere stay two.
        if sum(map(_is_whole, today)) <= 1:
            parties = _joined(parties, today)
    for part in [party for party in parties if not _is_whole(party)]:
        parties = _joined(parties, _came_with(part, parties))
    return parties


def _by_companions(residents: Sequence[Resident]) -> list[Party]:
    ordered = sorted(residents, key=attrgetter("companions", "came", "person"))
    return [list(party) for _, party in groupby(ordered, key=attrgetter("companions"))]


def _joined(parties: list[Party], some: Sequence[Party]) -> list[Party]:
    """Return the parties with some of them made one."""
    others = [party for party in parties if not any(party is one for one in some)]
    return [*others, [one for party in some for one in party]] if some else others


def _came_with(part: Party, parties: list[Party]) -> list[Party]:
    """Return part of a household and the only party that came within a month of it, if they make a whole one."""
    if not any(part is party for party in parties) or _is_birth(part):
        return []
    near = [
        party
        for party in parties
        if party is not part and not _is_birth(party) and abs(_first_day(party) - _first_day(part)) <= MONTH
    ]
    return [*near, part] if len(near) == 1 and _is_whole(near[0] + part) else []


def _host(party: Party, found: list[Party], has_many_adults: bool) -> Party | None:
    """Return the household that a party joins; None where it is one of its own."""
    day = _first_day(party)
    present = [household for household in found if any(one.is_there(day) for one in household)]
    if _is_birth(party) or not any(one.came_grown for one in party):
        return _of_mother(min(party, key=attrgetter("came", "person")), present)
    if has_many_adults:
        # Lodgers come alone, and so do those who marry a grown child of the home.
        married = [household for household in present if _has_grown_child(household, day)]
        return married[-1] if married and len(party) == 1 else None
    if _is_whole(party):
        return next((household for household in present if not _is_whole(household)), None)
    return present[-1] if 1 <= len(present) <= 2 else None


def _of_mother(child: Resident, present: list[Party]) -> Party | None:
    """Return the household of a child's likeliest mother: an adult who leaves on the same day, or who came last."""
    adults = [
        (
            one.gone == child.gone < inf,
            one.may_be_mother_of(child),
            one.came,
            min(one.gone, child.gone),
            -one.person,
            household,
        )
        for household in present
        for one in household
        if one.is_there(child.came) and not one.is_child(child.came)
    ]
    return max(adults)[-1] if adults else None


def _are_several(found: list[Party]) -> bool:
    """Whether two whole households live with their children at the same time and are not those of one couple."""
    together = [pair for pair in combinations(filter(_is_whole, found), 2) if _have_children_at_once(*pair)]
    return bool(together) and not (len(found) == 2 and _may_be_couple(*found))


def _have_children_at_once(one: Party, other: Party) -> bool:
    start, end = zip(*map(_childhood, (one, other)), strict=True)
    return min(end) - max(start) > MONTH


def _childhood(household: Party) -> tuple[int, float]:
    """Return the time in which there is a child."""
    children = [one for one in household if not one.came_grown]
    return min(one.came for one in children), max(min(one.gone, one.of_age) for one in children)


def _may_be_couple(one: Party, other: Party) -> bool:
    """Whether two households may have become one: there is one adult in each, and neither leaves without the other."""
    day = max(_first_day(one), _first_day(other))
    adults = [sum(resident.came_grown and resident.is_there(day) for resident in party) for party in (one, other)]
    last, later = sorted(max(resident.gone for resident in party) for party in (one, other))
    return adults == [1, 1] and (last == later or later - last <= MONTH)


def _is_whole(party: Party) -> bool:
    return any(one.came_grown for one in party) and not all(one.came_grown for one in party)


def _is_birth(party: Party) -> bool:
    day = _first_day(party)
    return all(one.is_born_here for one in party if one.came <= day + MONTH)


def _first_day(party: Party) -> int:
    return min(one.came for one in party)


def _first(party: Party) -> int:
    return min(one.person for one in party)


def _has_grown_child(household: Party, day: int) -> bool:
    return any(one.is_there(day) and not one.came_grown and not one.is_child(day) for one in household)
