"""A library of unit costs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from tf_eval.cohort.words import listed
from tf_eval.errors import ConfigError, did_you_mean, unknown
from tf_eval.matching.display import so_many
from tf_eval.value.prices.deflators import Deflators
from tf_eval.value.prices.overlap import Overlap
from tf_eval.value.prices.unit_cost import RAG_WORDS, UnitCost


@dataclass(frozen=True, eq=False, repr=False)
class UnitCosts:
    """Unit costs by edition and code, with the deflators that bring them to one year's prices and what contains what.

    An old source stays old whatever its price is multiplied by: ``rag`` stands beside every value.
    """

    costs: tuple[UnitCost, ...]
    deflators: Deflators
    overlaps: tuple[Overlap, ...]

    def __len__(self) -> int:
        return len(self.costs)

    def __iter__(self) -> Iterator[UnitCost]:
        return iter(self.costs)

    def cost(self, code: str, edition: str | None = None) -> UnitCost:
        """Return one unit cost; a code that stands in several editions needs its ``edition``.

        Raises:
            ConfigError: there is none such, or it could be several.
        """
        of_code = [cost for cost in self.costs if cost.code == code]
        if not of_code:
            raise ConfigError(f"unit costs: {unknown('code', code, {cost.code for cost in self.costs})}")
        editions = [cost.edition for cost in of_code]
        if edition is None and len(of_code) > 1:
            told = listed([f"'{one}'" for one in editions])
            raise ConfigError(f"unit costs: the code '{code}' stands in the editions {told}; name one (edition=...).")
        found = [cost for cost in of_code if edition in (None, cost.edition)]
        if not found:
            known = did_you_mean(edition, editions)
            raise ConfigError(f"unit costs: the code '{code}' is not in an edition '{edition}'.{known}")
        return found[0]

    def uprate(self, cost: UnitCost, to: str) -> UnitCost:
        """Return a unit cost at the prices of another year, such as ``to="2014/15"``; raises as ``Deflators.level``."""
        factor = self.deflators.factor(cost.price_year, to)
        ends = {name: None if (end := getattr(cost, name)) is None else end * factor for name in ("low", "high")}
        return replace(cost, value=cost.value * factor, price_year=to, **ends)

    def table(self) -> pd.DataFrame:
        """Return one row per unit cost, at the prices of its own year."""
        return pd.DataFrame([cost.to_dict() for cost in self.costs])

    def overlap_table(self) -> pd.DataFrame:
        """Return which items contain which, one row each, and through whose share."""
        return pd.DataFrame([vars(overlap) for overlap in self.overlaps])

    def summary(self) -> str:
        rated = [RAG_WORDS[cost.rag] for cost in self.costs]
        ratings = listed([f"{rated.count(word)} {word}" for word in dict.fromkeys(RAG_WORDS.values())])
        editions = listed(list(dict.fromkeys(cost.edition for cost in self.costs)))
        return (
            f"{so_many(len(self), 'unit cost')} of the editions {editions}; by their database's rating {ratings}. "
            f"{self.deflators.summary()} Uprating does not cure an old source."
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "costs": [cost.to_dict() for cost in self.costs],
            "deflators": self.deflators.to_dict(),
            "overlaps": [vars(overlap) | {"through": list(overlap.through)} for overlap in self.overlaps],
        }

    def __repr__(self) -> str:
        return f"<UnitCosts: {so_many(len(self), 'unit cost')}>"
