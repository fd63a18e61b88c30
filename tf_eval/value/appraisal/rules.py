"""The terms of an appraisal, priced: what each outcome is worth and what each intervention costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tf_eval import project
from tf_eval.cohort.words import listed
from tf_eval.data.strict_model import place, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.did.plain import plain
from tf_eval.errors import ConfigError, raise_all, unknown
from tf_eval.matching.display import so_many
from tf_eval.value.appraisal.delivery import PricedDelivery
from tf_eval.value.appraisal.double_counting import counted_twice
from tf_eval.value.appraisal.terms import AppraisalTerms
from tf_eval.value.appraisal.worth import Priced
from tf_eval.value.prices import UnitCost, UnitCosts, load_unit_costs
from tf_eval.value.prices.unit_cost import RAG_WORDS

APPRAISAL_FILE = "params/appraisals/oxfordshire_2012.yaml"


@dataclass(frozen=True, eq=False, repr=False)
class AppraisalRules:
    """What an appraisal assumes, at one year's prices.

    Attributes:
        terms: what the file says.
        library: the unit costs that it names.
        priced: every worth with its price, in the file's order.
    """

    terms: AppraisalTerms
    library: UnitCosts
    priced: tuple[Priced, ...]

    def delivery(self, intervention: str, intensity: str | None = None) -> PricedDelivery:
        """Return what an intervention costs; without an ``intensity`` the one that the file names first.

        Raises:
            ConfigError: the file has no such intervention or intensity.
        """
        known = self.terms.delivery
        if intervention not in known:
            raise ConfigError(f"{self.terms.name}: {unknown('delivery cost of', intervention, known)}")
        asked = known[intervention]
        chosen = next(iter(asked.intensities)) if intensity is None else intensity
        raise_all(ConfigError, f"{self.terms.name}: {intervention}", asked.intensity_problems(chosen))
        factor = self.library.deflators.factor(asked.price_year, self.terms.prices_of)
        return PricedDelivery(
            intervention=intervention,
            intensity=chosen,
            by_month=asked.by_month(chosen, self._unit_cost, factor),
            paid_by=asked.paid_by,
            optimism=self.terms.optimism_bias.of(asked.confidence),
            low=asked.low,
            high=asked.high,
        )

    def table(self) -> pd.DataFrame:
        """Return what each outcome is worth: one row per unit cost, with its price and its rating."""
        return pd.DataFrame([_row(one) for one in self.priced])

    def delivery_table(self) -> pd.DataFrame:
        """Return what each intervention costs per family by intensity, undiscounted and without optimism bias."""
        asked = [(name, intensity) for name, one in self.terms.delivery.items() for intensity in one.intensities]
        found = [self.delivery(*one) for one in asked]
        return pd.DataFrame(
            [
                {
                    "intervention": one.intervention,
                    "intensity": one.intensity,
                    "cost_per_family": float(one.by_month.sum()),
                    "months": len(one.by_month),
                    "optimism": one.optimism,
                    "price_year": self.terms.prices_of,
                }
                for one in found
            ]
        )

    def summary(self) -> str:
        terms = self.terms
        red = sorted({one.cost.code for one in self.priced if one.cost.rag == "R"})
        weak = f" Rated red, old or weak, by their database: {listed(red)}." if red else ""
        return (
            f"{terms.title}: {so_many(len(terms.outcomes), 'outcome')} and "
            f"{so_many(len(terms.delivery), 'intervention')} at {terms.prices_of} prices, over "
            f"{terms.horizon.months} months; {terms.persistence.words}.{weak}"
        )

    def to_dict(self) -> dict[str, Any]:
        worth = [plain(row) for row in self.table().to_dict("records")]
        return {"terms": self.terms.model_dump(mode="json"), "worth": worth}

    def __repr__(self) -> str:
        return f"<AppraisalRules: {self.terms.title}>"

    def _unit_cost(self, code: str, edition: str | None) -> UnitCost:
        return self.library.uprate(self.library.cost(code, edition), self.terms.prices_of)


def load_appraisal(path: str | Path = APPRAISAL_FILE, *, unit_costs: UnitCosts | None = None) -> AppraisalRules:
    """Return the rules of an appraisal, priced.

    Args:
        path: the file.
        unit_costs: the library that it names costs of; by default the project's (``load_unit_costs``).

    Raises:
        ConfigError: what is wrong with the file, all of it: an unknown key, unit cost or share, a price by event where
            months are given, a benefit that is counted twice.
        InputError: there is no such file.
    """
    found = project.locate(path, "file of an appraisal")
    terms = validate(AppraisalTerms, load_yaml(found), found)
    return price(terms, load_unit_costs() if unit_costs is None else unit_costs, found)


def price(terms: AppraisalTerms, library: UnitCosts, where: Path | str) -> AppraisalRules:
    """Return terms with their prices; raises as ``load_appraisal`` does, with the file that they are from."""
    name = where.name if isinstance(where, Path) else where
    priced: list[Priced] = []
    problems = [*_price_worths(terms, library, where, priced), *_delivery_problems(terms, library, where)]
    raise_all(ConfigError, name, [*problems, *counted_twice(priced, library.overlaps)])
    return AppraisalRules(terms, library, tuple(priced))


def _price_worths(terms: AppraisalTerms, library: UnitCosts, where: Path | str, priced: list[Priced]) -> Iterator[str]:
    """Add every worth with its price, and yield what is wrong with those that have none."""
    for outcome, asked in terms.outcomes.items():
        for number, worth in enumerate(asked.worth):
            at = place(("outcomes", outcome, "worth", number), where)
            try:
                cost = library.uprate(library.cost(worth.unit_cost, worth.edition), terms.prices_of)
            except ConfigError as problem:
                yield f"{at}: {problem}"
                continue
            yield from (f"{at}: {problem}" for problem in worth.problems(cost))
            priced.append(Priced(outcome, worth, cost, terms.optimism_bias.of(worth.confidence)))


def _delivery_problems(terms: AppraisalTerms, library: UnitCosts, where: Path | str) -> Iterator[str]:
    for intervention, asked in terms.delivery.items():
        at = place(("delivery", intervention), where)
        try:
            library.deflators.factor(asked.price_year, terms.prices_of)
            for part in asked.bought():
                cost = library.uprate(library.cost(part.unit_cost, part.edition), terms.prices_of)
                yield from (f"{at}: {problem}" for problem in part.problems(cost))
        except ConfigError as problem:
            yield f"{at}: {problem}"


def _row(priced: Priced) -> dict[str, Any]:
    worth, cost = priced.worth, priced.cost
    return {
        "outcome": priced.outcome,
        "unit_cost": cost.code,
        "edition": cost.edition,
        "description": cost.description,
        "rag": RAG_WORDS[cost.rag],
        "kind": cost.kind,
        "price": priced.price,
        "counted": priced.kept,
        "confidence": worth.confidence,
        "optimism": priced.optimism,
        "cashable": priced.cashable,
        "price_year": cost.price_year,
        "source": cost.source,
        "reading": worth.reading,
    }
