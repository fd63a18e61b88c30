"""Which bytes of delimited text lie in quoted cells, found without parsing the rest."""

import numpy as np

from tf_eval.data.reading.places import BITS, before, by_turns, next_to, places_at, places_of, positions_of

QUOTE, NEWLINE, RETURN = b'"'[0], b"\n"[0], b"\r"[0]


class StrayQuote(Exception):
    """A quoted cell that begins at ``position`` and does not end where a cell may end."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


def quoted(text: bytes, delimiter: bytes) -> np.ndarray:
    """Return the places in quoted cells, their opening marks included, of a text that begins with a row.

    A quote mark opens a cell only as its first character; anywhere else in an unquoted cell it is a letter like any
    other. In a quoted cell two quote marks stand for one (RFC 4180, section 2), of which the first is left out. A cell
    that is still open goes on past the end of the text.

    Raises:
        StrayQuote: something other than a delimiter or the end of the row follows a quoted cell.
    """
    quotes, edges = places_of(text, QUOTE), places_of(text, delimiter[0], NEWLINE, RETURN)
    may_open, may_close = next_to(edges), before(edges)
    may_open[0] |= np.uint64(1)
    last, bit = divmod(len(text) - 1, BITS)
    may_close[last] |= np.uint64(1 << bit)
    # Taken in turn: marks open and close, and a doubled one closes and opens again. Right unless one is a letter.
    inside = by_turns(quotes)
    in_order = (inside & (may_open | next_to(quotes))) | (~inside & (may_close | before(quotes)))
    if not np.any(quotes & ~in_order):
        return inside
    return by_turns(places_at(_one_by_one(quotes, quotes & may_open, quotes & may_close), len(text)))


def _one_by_one(quotes: np.ndarray, may_open: np.ndarray, may_close: np.ndarray) -> list[int]:
    """Return the bytes that open and close cells in turn, where some quote mark is a letter of an unquoted cell."""
    marks, opening, closing = (positions_of(places).tolist() for places in (quotes, may_open, may_close))
    known, turning = set(marks), (set(opening), set(closing))
    turns: list[int] = []
    doubled = -1
    for mark in marks:
        is_open = len(turns) % 2
        if mark == doubled:
            continue
        if is_open and mark + 1 in known:
            doubled = mark + 1
        elif mark in turning[is_open]:
            turns.append(mark)
        elif is_open:
            raise StrayQuote(turns[-1])
    return turns
