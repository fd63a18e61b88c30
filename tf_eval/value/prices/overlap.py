"""Which unit cost has another in it, so that both together would count something twice."""

from dataclasses import dataclass

from tf_eval.value.prices.unit_cost import UnitCost


@dataclass(frozen=True)
class Overlap:
    """An item that contains another, or all of a theme.

    Attributes:
        edition, code: the item that contains.
        contains: the code or the theme that is in it, of whatever edition.
        through: whose shares of the item hold it; without them nothing is counted twice.
        reading: why, in words.
    """

    edition: str
    code: str
    contains: str
    through: tuple[str, ...]
    reading: str

    def is_of(self, outer: UnitCost, inner: UnitCost) -> bool:
        """Say whether it is these two that overlap, ``inner`` within ``outer``."""
        if (self.edition, self.code) != (outer.edition, outer.code) or inner.code == outer.code:
            return False
        return inner.kind == outer.kind and self.contains in (inner.code, inner.theme)
