"""However people come to a shared home and leave it: everybody has one household there, whatever their order."""

from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.data.families.parties import Resident, crowd_households, households

DAYS = st.integers(14_000, 14_400)
BIRTHS = st.none() | st.integers(0, 14_400)


@st.composite
def residents(draw: st.DrawFn) -> list[Resident]:
    """Draw up to twelve people, of whom many come on one day, some as companions and some by birth."""
    days = draw(st.lists(DAYS, min_size=1, max_size=4))
    found = []
    for person in range(draw(st.integers(1, 12))):
        birth = draw(BIRTHS)
        came = max(draw(st.sampled_from(days)), birth or 0)
        gone = draw(st.just(inf) | st.integers(came + 1, came + 400))
        of_age = None if birth is None else birth + 18 * 365
        sex = draw(st.sampled_from(["female", "male", None]))
        found.append(Resident(person, draw(st.integers(0, 5)) or 100 + person, came, gone, birth, of_age, sex))
    return found


def people(found: list[list[Resident]]) -> list[list[int]]:
    return [sorted(one.person for one in household) for household in found]


@settings(deadline=None)
@given(residents=residents(), has_many_adults=st.booleans(), order=st.randoms())
def test_everybody_is_in_one_household_or_nobody_is(residents, has_many_adults, order):
    found = people(households(residents, has_many_adults=has_many_adults))
    assert sorted(person for household in found for person in household) in ([], list(range(len(residents))))
    assert len(found) != 1
    order.shuffle(residents)
    assert people(households(residents, has_many_adults=has_many_adults)) == found


@settings(deadline=None)
@given(residents=residents())
def test_companions_are_never_parted(residents):
    for household in people(households(residents, has_many_adults=True)):
        groups = {residents[person].companions for person in household}
        assert household == [one.person for one in residents if one.companions in groups]


@settings(deadline=None)
@given(residents=residents())
def test_a_household_of_a_crowd_has_an_adult_and_a_child_and_companions_only(residents):
    for household in crowd_households(residents):
        assert len({one.companions for one in household}) == 1
        assert any(one.came_grown for one in household) and not all(one.came_grown for one in household)
