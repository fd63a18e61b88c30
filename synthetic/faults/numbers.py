"""National numbers left blank or mistyped."""

from collections.abc import Iterator

import numpy as np

from synthetic.faults.scene import Scene
from synthetic.listing import Listing

_NUMBERS = ("nhs_number", "nino", "upn")
# Only these have a check digit that tells of the mistake.
_WITH_CHECK_DIGIT = ("nhs_number", "upn")
_TYPED_DIGITS = slice(2, 9)


def leave_out(scene: Scene, listing: Listing) -> Listing:
    """Leave one of the numbers out that a record would hold."""
    held = _held(listing, _NUMBERS)
    strike = scene.strike("missing_identifier", listing, held.any(axis=1))
    for name, rows, _ in _chosen(held, _NUMBERS, strike.rows, strike.luck):
        listing = listing.changed("missing_identifier", rows, **{name: ""})
    return listing


def mistype(scene: Scene, listing: Listing) -> Listing:
    """Get a digit of a number wrong, so that its check digit (NHS number) or letter (UPN) no longer fits."""
    held = _held(listing, _WITH_CHECK_DIGIT)
    strike = scene.strike("mistyped_identifier", listing, held.any(axis=1))
    for name, rows, luck in _chosen(held, _WITH_CHECK_DIGIT, strike.rows, strike.luck):
        numbers = [with_wrong_digit(*row) for row in zip(listing.columns[name][rows], *luck[:, 1:].T, strict=True)]
        listing = listing.changed("mistyped_identifier", rows, **{name: np.array(numbers, dtype=object)})
    return listing


def with_wrong_digit(number: str, place: float, digit: float) -> str:
    """Return ``number`` with one digit replaced; ``place`` and ``digit`` are uniforms that choose which and by what."""
    typed = range(len(number))[_TYPED_DIGITS]
    at = typed[int(place * len(typed))]
    wrong = (int(number[at]) + 1 + int(digit * 9)) % 10
    return f"{number[:at]}{wrong}{number[at + 1 :]}"


def _held(listing: Listing, names: tuple[str, ...]) -> np.ndarray:
    """Return rows x names: the record holds this number."""
    nothing = np.zeros(len(listing), dtype=bool)
    return np.stack([listing.columns[name] != "" if name in listing.columns else nothing for name in names], axis=1)


def _chosen(
    held: np.ndarray, names: tuple[str, ...], rows: np.ndarray, luck: np.ndarray
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Choose one of the held numbers in each row: yield each name with the rows where it was chosen, and their luck."""
    place = np.floor(luck[:, 0] * held[rows].sum(axis=1))
    choice = (held[rows].cumsum(axis=1) > place[:, None]).argmax(axis=1)
    for number, name in enumerate(names):
        mine = choice == number
        if mine.any():
            yield name, rows[mine], luck[mine]
