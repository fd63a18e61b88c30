"""Find the row of headings, below whatever titles and notes stand above it."""

from collections import Counter
from collections.abc import Sequence

from tf_eval.data.mapping.codes import known_codes
from tf_eval.data.mapping.shapes import is_a_word, is_number
from tf_eval.data.mapping.words import is_known_word, tokens
from tf_eval.errors import InputError

DEEPEST = 30
_FEWEST_HEADINGS = 2
_SHARE_OF_THE_WIDTH = 0.6  # some headings may be empty
_SHARE_KNOWN = 0.3  # of the headings must hold a word of the dictionary


def header_row(where: str, rows: Sequence[Sequence[str]]) -> int:
    """Return the number of the row of headings, counted from 1.

    A row of values must never pass for headings, for headings are printed. So only the first row that is wide enough
    can be it; none of its cells may look like a number, a date or an identifier or stand again below itself; and some
    must hold a word that headings are known to use. Two that are alike are left for the reader to refuse.

    Raises:
        InputError: none of the first rows looks like headings.
    """
    width = _usual_width(rows)
    for index, row in enumerate(rows[:DEEPEST]):
        if len(_filled(row)) >= max(_FEWEST_HEADINGS, _SHARE_OF_THE_WIDTH * width):
            if _is_header(row, rows[index + 1 :]):
                return index + 1
            break
    shown = min(len(rows), DEEPEST)
    raise InputError(
        f"{where}: about {width} cells in a row, and no row of headings above the others in the first {shown} rows; "
        "ask for a table with one row of headings, or put it there."
    )


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the most usual number of filled cells; of equally usual ones the greatest."""
    widths = Counter(len(_filled(row)) for row in rows if _filled(row))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _is_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    headings = _filled(row)
    if not all(map(_may_be_heading, headings)):
        return False
    known = sum(any(is_known_word(word) for word in tokens(heading)) for heading in headings)
    return known >= _SHARE_KNOWN * len(headings) and not _stands_again(row, below)


def _may_be_heading(text: str) -> bool:
    is_sex = len(text) > 1 and text.upper() in known_codes("person_record", "sex")
    return is_a_word(text) and not is_number(text) and not is_sex


def _stands_again(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether one of the cells stands again in its own column, as values do; headings only return as a whole row."""
    others = [other for other in below if list(other) != list(row)]
    return any(
        cell.strip() and any(index < len(other) and other[index].strip() == cell.strip() for other in others)
        for index, cell in enumerate(row)
    )
