"""Places in a text as bits, against the same one by one."""

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.data.reading import places

PLACES = st.lists(st.booleans(), min_size=1, max_size=300) | st.integers(60, 4200).map(lambda n: [n % 7 == 0] * n)


@settings(max_examples=200, deadline=None)
@given(PLACES)
def test_places_are_counted_moved_and_taken_by_turns_as_one_by_one(marked):
    text = bytes(marked)
    listed = [place for place, is_marked in enumerate(marked) if is_marked]
    found = places.places_of(text, 1)
    assert (places.places_at(listed, len(text)) == found).all()
    assert (places.positions_of(found).tolist(), places.number_of(found)) == (listed, len(listed))
    assert places.last_of(found) == (listed[-1] if listed else -1)
    assert places.positions_of(places.next_to(found)).tolist() == [place + 1 for place in listed]
    assert places.positions_of(places.before(found)).tolist() == [place - 1 for place in listed if place]
    on = [place for place, turns in enumerate(accumulate(marked)) if turns % 2]
    assert [place for place in places.positions_of(places.by_turns(found)).tolist() if place < len(text)] == on
