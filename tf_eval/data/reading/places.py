"""Places in a text as bits, sixty-four to a word, so that what stands where is compared for the whole text at once.

Bit ``i`` of the words, the lowest first, is the byte ``i`` of the text; at least one bit is left over behind it.
"""

import numpy as np

BITS = 64
_ONE, _TOP, _ALL = np.uint64(1), np.uint64(BITS - 1), np.uint64(2**BITS - 1)


def places_of(text: bytes, *marks: int) -> np.ndarray:
    """Return the places (uint64 words) at which any of the bytes ``marks`` stands."""
    codes = np.frombuffer(text, np.uint8)
    found = codes == marks[0]
    for mark in marks[1:]:
        found |= codes == mark
    return _packed(found)


def places_at(positions: list[int], length: int) -> np.ndarray:
    """Return the places of these bytes of a text of that length."""
    found = np.zeros(length, bool)
    found[positions] = True
    return _packed(found)


def _packed(found: np.ndarray) -> np.ndarray:
    words = np.zeros(len(found) // BITS + 1, "<u8")
    octets = np.packbits(found, bitorder="little")
    words.view(np.uint8)[: len(octets)] = octets
    return words


def positions_of(places: np.ndarray) -> np.ndarray:
    """Return which bytes the places are, in order."""
    return np.flatnonzero(np.unpackbits(places.view(np.uint8), bitorder="little"))


def number_of(places: np.ndarray) -> int:
    """Return how many places there are."""
    return int(np.bitwise_count(places).sum())


def last_of(places: np.ndarray) -> int:
    """Return which byte the last place is; -1 without any."""
    words = np.flatnonzero(places)
    return BITS * int(words[-1]) + int(places[words[-1]]).bit_length() - 1 if len(words) else -1


def next_to(places: np.ndarray) -> np.ndarray:
    """Return the places one byte further on."""
    moved = places << _ONE
    moved[1:] |= places[:-1] >> _TOP
    return moved


def before(places: np.ndarray) -> np.ndarray:
    """Return the places one byte further back."""
    moved = places >> _ONE
    moved[:-1] |= places[1:] << _TOP
    return moved


def by_turns(places: np.ndarray) -> np.ndarray:
    """Return all places from the first to the one before the second, from the third to before the fourth, and so on."""
    on = places.copy()
    for step in (1, 2, 4, 8, 16, 32):
        on ^= on << np.uint64(step)
    is_on_at_end = np.bitwise_xor.accumulate(on >> _TOP).astype(bool)
    on[1:][is_on_at_end[:-1]] ^= _ALL
    return on
