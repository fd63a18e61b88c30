"""The headings of an extract: told apart and found, and never quoted where they might be a person's record.

A file that came without its header has a person in the row that is declared as the header.
"""

from collections.abc import Sequence
from difflib import get_close_matches

from tf_eval.errors import InputError, raise_all

ROW_NUMBER = "row number"  # with a blank, so that it cannot hide a column called row_number
LEAST_FOUND = 0.5


def require_distinct(name: str, headings: Sequence[str]) -> None:
    """Refuse headings that SQL, which does not look at capitals, could not tell apart; empty ones are left out.

    Args:
        name: the extract.
        headings: one for each of its columns, from the first on.

    Raises:
        InputError: the places of all headings that are alike.
    """
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings, start=1):
        places.setdefault(heading.casefold(), []).append(place)
    own = places.pop(ROW_NUMBER, [])
    problems = [f"column {place} is called '{ROW_NUMBER}', as the row's own number is; rename it." for place in own]
    for heading, alike in places.items():
        if heading and len(alike) > 1:
            listed = f"{', '.join(map(str, alike[:-1]))} and {alike[-1]}"
            problems.append(f"columns {listed} have the same heading (capitals do not count); name each once.")
    raise_all(InputError, name, problems)


def folded(heading: str) -> str:
    """Return a heading without its blanks and capitals, which two exports of one system often write differently."""
    return "".join(heading.split()).casefold()


def require_headings(name: str, headings: Sequence[str], wanted: Sequence[str], header_row: int | None) -> None:
    """Refuse an extract without some of the wanted columns; of its own headings only a near miss is told.

    A heading in other capitals is not read as the wanted one: what is read stands in the sources file, word for word.

    Args:
        name: the extract.
        headings: what stands in its header.
        wanted: the headings that the sources file names.
        header_row: the row that is declared as the header; None where the names of columns are no row.

    Raises:
        InputError: the columns that are missing.
    """
    missing = [heading for heading in wanted if heading not in headings]
    near = {folded(heading) for heading in headings}
    unlike = [heading for heading in missing if folded(heading) not in near]
    if header_row is not None and len(unlike) > (1 - LEAST_FOUND) * len(wanted):
        raise InputError(
            f"{name}, header: row {header_row} has {len(headings)} headings, and {', '.join(map(repr, unlike))} "
            f"{'are' if len(unlike) > 1 else 'is'} not among them; is row {header_row} really the header?"
        )
    problems = [f"no column '{heading}'. {_near_miss(heading, headings)}".rstrip() for heading in missing]
    raise_all(InputError, f"{name}, header", problems)


def _near_miss(wanted: str, headings: Sequence[str]) -> str:
    for heading in headings:
        if folded(heading) == folded(wanted):
            return f"The file has '{heading}': write it so under columns."
    near = get_close_matches(wanted, headings, n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""
