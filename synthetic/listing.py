"""An agency's table before it is written: rows in the contract's words, whom each is about, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthetic.files import references
from synthetic.layout import Layout

Columns = Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Listing:
    """Rows in the order of the file.

    ``columns`` holds what the layout writes and, unwritten, ``person``: the true person of each row (-1: nobody).
    ``origin`` says which of the ``flawless`` rows each row comes from, so that draws stay with their row whatever is
    added or left out; ``added`` marks rows that are copies of others. A copy with draws of its own has the origin of
    the other plus ``flawless``. ``faults`` marks the rows that each kind of
    fault befell.
    """

    layout: Layout
    columns: Columns
    flawless: int
    origin: np.ndarray
    added: np.ndarray
    faults: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def person(self) -> np.ndarray:
        return self.columns["person"]

    def changed(self, kind: str, rows: np.ndarray, **values: np.ndarray) -> "Listing":
        """Return the listing with other values in some rows (by number), marked as a fault of this kind."""
        columns = dict(self.columns)
        for name, new in values.items():
            columns[name] = columns[name].copy()
            columns[name][rows] = new
        return replace(self, columns=columns).marked(kind, rows)

    def marked(self, kind: str, rows: np.ndarray) -> "Listing":
        """Return the listing with some rows (by number) marked as a fault of this kind."""
        marks = self.faults.get(kind, np.zeros(len(self), dtype=bool)).copy()
        marks[rows] = True
        return replace(self, faults={**self.faults, kind: marks})

    def without(self, rows: np.ndarray) -> "Listing":
        """Return the listing without the rows where ``rows`` is true."""
        return self._taken(np.flatnonzero(~rows))

    def with_copies(self, parents: np.ndarray, kind: str | None = None, **values: np.ndarray) -> "Listing":
        """Return the listing with a copy below each of ``parents`` (row numbers), with other values in the copies.

        The copies are marked as a fault of this ``kind``; without one they are part of a pattern.
        """
        own = np.arange(len(self))
        longer = self._taken(np.concatenate([own, parents]))
        copies = np.arange(len(self), len(longer))
        longer.added[copies] = True
        for name, new in values.items():
            longer.columns[name][copies] = new
        if kind is not None:
            longer = longer.marked(kind, copies)
        return longer._taken(np.argsort(np.concatenate([own, parents]), kind="stable"))

    def next_references(self, number: int) -> np.ndarray:
        """Return so many references that no row has; the layout must have references."""
        return references(self.layout.reference, number, first=self.flawless + int(self.added.sum()) + 1)

    def with_own_draws(self, rows: np.ndarray) -> "Listing":
        """Return the listing in which these copies (row numbers) are rows like others, with draws of their own."""
        origin, added = self.origin.copy(), self.added.copy()
        origin[rows] += self.flawless
        added[rows] = False
        return replace(self, origin=origin, added=added)

    def _taken(self, rows: np.ndarray) -> "Listing":
        return Listing(
            layout=self.layout,
            flawless=self.flawless,
            columns={name: values[rows] for name, values in self.columns.items()},
            origin=self.origin[rows],
            added=self.added[rows],
            faults={kind: marks[rows] for kind, marks in self.faults.items()},
        )


def listing(layout: Layout, columns: Columns) -> Listing:
    """Return the flawless listing of some columns, with running references if the layout has them."""
    rows = len(columns["person"])
    numbered = {"reference": references(layout.reference, rows)} if layout.reference else {}
    return Listing(layout, {**columns, **numbered}, rows, np.arange(rows), np.zeros(rows, dtype=bool), {})
