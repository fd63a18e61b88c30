"""How far long work has come, for those who wait for it."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

Thing = TypeVar("Thing")
DELAY = 2.0  # seconds


def progress(work: Iterable[Thing], *, total: int | None = None, doing: str | None = None) -> Iterator[Thing]:
    """Yield what ``work`` yields, beside a bar of how many there are so far, and out of how many where that is known.

    The bar is text on the error stream, so that JupyterLab needs no extension for it and no page takes it over; work of
    less than two seconds has none. ``doing`` says what is being done.
    """
    yield from tqdm(work, total=total, desc=doing, delay=DELAY)
