"""The listings with their faults, and the patterns that no single row shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from synthetic.layout import Layout
from synthetic.listing import Listing


@dataclass(frozen=True)
class Pattern:
    """A fault of a whole period: in which table of which agency (``layout``: None for all of them) and where."""

    kind: str
    agency: str
    layout: Layout | None
    place: str


@dataclass(frozen=True, eq=False)
class Planted:
    """The listings as they are written, each with marks on its faulty rows, and the patterns."""

    listings: Sequence[Listing]
    patterns: Sequence[Pattern] = ()
