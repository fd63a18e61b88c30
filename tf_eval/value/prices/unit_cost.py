"""What one event, or some time in a state, costs, and whom."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

WEEKS_A_YEAR = 52.0
KINDS = ("fiscal", "economic", "social", "cost")
RAG_WORDS = {"R": "red", "A": "amber", "G": "green", "": "not rated"}


@dataclass(frozen=True)
class Basis:
    """What a price is of: so many ``months`` in a state, or (None) one event."""

    months: float | None

    @property
    def is_event(self) -> bool:
        return self.months is None


EVENT = Basis(None)
UNITS: Mapping[str, Basis] = {
    **dict.fromkeys(("incident", "action", "contract", "application", "enquiry", "session", "participant"), EVENT),
    **dict.fromkeys(("child", "hour"), EVENT),
    **dict.fromkeys(("person-year", "claimant-year", "child-year"), Basis(12.0)),
    "6 months": Basis(6.0),
    "person-month": Basis(1.0),
    "household-week": Basis(12.0 / WEEKS_A_YEAR),
}


@dataclass(frozen=True, repr=False)
class UnitCost:
    """One row of a unit cost database.

    Attributes:
        edition, code: what tells it from others; the same code can be another item in another edition.
        value: pounds for one ``unit``, at the prices of ``price_year``; ``low`` and ``high`` where the source has them.
        kind: ``fiscal`` (what the public purse spends), ``economic`` (what families and firms have or lose), ``social``
            (wellbeing, valued in money), or ``cost`` of giving support.
        shares: of who saves it (who pays, of a cost), adding up to 1.
        cashable: the share of a saving that could be taken out of a budget; None where it is not known.
        rag: how good the source is by the database's own rating: R, A, G or nothing. Uprating does not mend an old one.
        source, read_in: where the number is from, and where it was read.
    """

    edition: str
    code: str
    theme: str
    description: str
    unit: str
    value: float
    low: float | None
    high: float | None
    price_year: str
    kind: str
    shares: Mapping[str, float]
    cashable: float | None
    rag: str
    source: str
    read_in: str

    @property
    def basis(self) -> Basis:
        return UNITS[self.unit]

    @property
    def called(self) -> str:
        return f"{self.code} (edition {self.edition})"

    def summary(self) -> str:
        who = ", ".join(f"{payer} {share:.0%}" for payer, share in self.shares.items())
        return (
            f"{self.called}, {self.description}: £{self.value:,.2f} per {self.unit} at {self.price_year} prices "
            f"({self.kind}: {who}; {RAG_WORDS[self.rag]}). {self.source}."
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __repr__(self) -> str:
        return f"<UnitCost: {self.called}, £{self.value:,.2f} per {self.unit} at {self.price_year} prices>"
