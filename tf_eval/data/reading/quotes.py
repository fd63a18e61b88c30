"""Where the quoted cells of delimited text begin and end, found without parsing the rest."""

from dataclasses import dataclass

import numpy as np

QUOTE, NEWLINE, RETURN = b'"'[0], b"\n"[0], b"\r"[0]


class StrayQuote(Exception):
    """A quoted cell that begins at ``position`` and does not end where a cell may end."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


@dataclass(frozen=True, eq=False)
class QuotedCells:
    """Positions of the quote marks that open and close cells; a cell that is still open closes at the text's end."""

    opens: np.ndarray
    closes: np.ndarray

    def outside(self, positions: np.ndarray) -> np.ndarray:
        """Return those of the sorted positions that lie in no quoted cell."""
        opened = np.searchsorted(self.opens, positions)
        return positions[opened == np.searchsorted(self.closes, positions)]


def quoted_cells(text: bytes, delimiter: bytes) -> QuotedCells:
    """Return the quoted cells of a text that begins with a row.

    A quote mark opens a cell only as its first character; anywhere else in an unquoted cell it is a letter like any
    other. In a quoted cell two quote marks stand for one (RFC 4180, section 2).

    Raises:
        StrayQuote: something other than a delimiter or the end of the row follows a quoted cell.
    """
    codes = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    edges = (delimiter[0], NEWLINE, RETURN)
    # Taken in turn: marks open and close, and a doubled one closes and opens again. Right unless one is a letter.
    opens, closes = quotes[0::2], quotes[1::2]
    may_open = _is_in(codes, opens - 1, (*edges, QUOTE))
    may_close = _is_in(codes, closes + 1, (*edges, QUOTE))
    if may_open.all() and may_close.all():
        return QuotedCells(opens, _close_last(opens, closes, len(text)))
    return _one_by_one(codes, quotes, edges)


def _is_in(codes: np.ndarray, positions: np.ndarray, allowed: tuple[int, ...]) -> np.ndarray:
    """Return whether the bytes at the positions are allowed; before and after the text they are."""
    within = (positions >= 0) & (positions < len(codes))
    return ~within | np.isin(codes[np.clip(positions, 0, len(codes) - 1)], allowed)


def _close_last(opens: np.ndarray, closes: np.ndarray, end: int) -> np.ndarray:
    return closes if len(closes) == len(opens) else np.append(closes, end)


def _one_by_one(codes: np.ndarray, quotes: np.ndarray, edges: tuple[int, ...]) -> QuotedCells:
    """Return the same, where some quote mark is a letter of an unquoted cell."""
    marks = set(quotes.tolist())
    before, after = (_is_in(codes, quotes + step, edges).tolist() for step in (-1, 1))
    opens: list[int] = []
    closes: list[int] = []
    doubled = -1
    for mark, opening, closing in zip(quotes.tolist(), before, after, strict=True):
        if mark == doubled:
            continue
        if len(opens) == len(closes):
            if opening:
                opens.append(mark)
        elif mark + 1 in marks:
            doubled = mark + 1
        elif closing:
            closes.append(mark)
        else:
            raise StrayQuote(opens[-1])
    return QuotedCells(np.array(opens, np.int64), _close_last(np.array(opens), np.array(closes, np.int64), len(codes)))
