"""The result of an appraisal: what support costs, what it saves, whom, and how sure that is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.did.plain import plain, plain_value
from tf_eval.evidence import Word
from tf_eval.matching.display import few, not_shown
from tf_eval.matching.figure import leave_empty
from tf_eval.value.appraisal.break_even import BreakEven
from tf_eval.value.appraisal.figure import draw_tornado, draw_waterfall
from tf_eval.value.appraisal.measures import measures_of
from tf_eval.value.appraisal.paths import EffectPaths
from tf_eval.value.appraisal.rules import AppraisalRules
from tf_eval.value.appraisal.spread import Spread
from tf_eval.value.appraisal.tornado import Swing
from tf_eval.value.appraisal.valuing import Inputs
from tf_eval.value.appraisal.words import pounds, told_chance, told_payback, told_range, told_spread
from tf_eval.value.prices.unit_cost import RAG_WORDS


@dataclass(frozen=True, eq=False, repr=False)
class Appraisal:
    """Costs and benefits of one intervention per family, at present value.

    Intervals are of the effects alone: what prices, costs and scenarios add is in ``tornado()`` and
    ``scenario_table()``. Where the verdict is "cannot tell" all that rests on effects is a range, and what would be a
    point is missing: means, chances and the break-even multiple.

    Attributes:
        rules, inputs, paths: what was assumed, what of it served, and the effects.
        verdict: what the evidence says; None where nobody said.
        measures: by the names of ``MEASURES``.
        chances: the share of draws in which ``net_fiscal`` and ``net_public`` are above nought.
        agencies: what each pays, saves and has net; savings add up to those of all kinds, payments to the cost.
        outcomes: what each outcome comes to, over all kinds.
        scenarios: the measures, if effects stop, decay or last after follow-up.
        swings: what each assumption moves, the largest first.
        break_even: the lasting change of each outcome that would pay by itself.
        break_even_multiple: how many times as large all effects would have to be.
        cashable_known: the share of what the purse saves of which it is known whether it can be cashed.
    """

    rules: AppraisalRules
    inputs: Inputs
    paths: EffectPaths
    verdict: Word | None
    measures: Mapping[str, Spread]
    chances: Mapping[str, float]
    agencies: Mapping[str, Mapping[str, Spread]]
    outcomes: Mapping[str, Spread]
    scenarios: Mapping[str, Mapping[str, Spread]]
    swings: tuple[Swing, ...]
    break_even: tuple[BreakEven, ...]
    break_even_multiple: float
    cashable_known: float

    @property
    def is_range(self) -> bool:
        """Whether the verdict allows no point."""
        return self.verdict is Word.CANNOT_TELL

    @property
    def design(self) -> dict[str, Any]:
        terms, inputs = self.rules.terms, self.inputs
        return {
            "rules": terms.name,
            "prices_of": terms.prices_of,
            "months": inputs.months,
            "intervention": inputs.delivery.intervention,
            "intensity": inputs.delivery.intensity,
            "scenario": inputs.persistence.scenario,
            "verdict": None if self.verdict is None else str(self.verdict),
            "outcomes": [self.paths.told[name].label for name in self.outcomes],
            "not_valued": dict(self.not_valued),
            "draws": len(self.paths.deviations),
        }

    @property
    def not_valued(self) -> Mapping[str, str]:
        """Return the outcomes that count for nothing here, with the reason."""
        worth = {
            name: "the rules have no worth for it"
            for name in self.paths.outcomes
            if name not in self.rules.terms.outcomes
        }
        absent = {
            name: "no effect was given"
            for name in self.rules.terms.outcomes
            if name not in self.paths.outcomes and name not in (self.paths.not_estimated or {})
        }
        return {**(self.paths.not_estimated or {}), **worth, **absent}

    @property
    def labels_not_valued(self) -> list[str]:
        return [self._label(name) for name in self.not_valued]

    def table(self) -> pd.DataFrame:
        """Return one row per measure: pounds per family at present value, ratios, and months until it is paid back."""
        rows = [
            {"measure": name, "label": label, **vars(one), "chance_above_0": self.chances.get(name, math.nan)}
            for name, label, one in measures_of(self.measures)
        ]
        return pd.DataFrame(rows)

    def agency_table(self) -> pd.DataFrame:
        """Return who pays and who saves, one row per agency, in pounds per family at present value."""
        rows = []
        for payer, parts in self.agencies.items():
            ends = {f"{name}_{end}": value for name, one in parts.items() for end, value in vars(one).items()}
            rows.append({"agency": payer, **ends})
        return pd.DataFrame(rows)

    def outcome_table(self) -> pd.DataFrame:
        """Return what each outcome comes to, in pounds per family at present value, with how its prices are rated."""
        return pd.DataFrame(
            [
                {
                    "outcome": name,
                    "label": self._label(name),
                    **vars(one),
                    "rated": ", ".join(self._ratings(name)),
                    "note": self.rules.terms.outcomes[name].note,
                }
                for name, one in self.outcomes.items()
            ]
        )

    def scenario_table(self) -> pd.DataFrame:
        """Return the measures under each scenario of what becomes of effects after follow-up."""
        return pd.DataFrame(
            [
                {"scenario": scenario, "measure": name, "label": label, **vars(one)}
                for scenario, found in self.scenarios.items()
                for name, label, one in measures_of(found)
            ]
        )

    def tornado(self) -> pd.DataFrame:
        """Return what each assumption moves the net value for the purse by, the largest first."""
        return pd.DataFrame([swing.to_dict() for swing in self.swings])

    def break_even_table(self) -> pd.DataFrame:
        """Return the lasting change of each outcome that would pay for the support by itself."""
        return pd.DataFrame([one.to_dict() for one in self.break_even])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what it costs, what each agency saves, and what is left; ranges alone where the verdict cannot tell."""
        if not self.paths.is_shown:
            return leave_empty(ax, "What it costs and saves", self.paths.smallest_shown)
        return draw_waterfall(self.agencies, self.measures["net_public"], self._measured, self.is_range, ax)

    def plot_tornado(self, ax: Axes | None = None) -> Axes:
        """Draw which assumptions move the net value for the purse most."""
        if not self.paths.is_shown:
            return leave_empty(ax, "What moves the result", self.paths.smallest_shown)
        return draw_tornado(self.swings, self._measured, ax)

    def summary(self) -> str:
        """Return what it costs and saves, the chance that it pays, and what that rests on most."""
        if not self.paths.is_shown:
            return f"What it saves is {not_shown(self.paths.smallest_shown)}"
        told = self._told_range if self.is_range else self._told_points
        return f"{self._told_cost} {told} {self._told_caveat}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "design": self.design,
            "measures": {name: one.to_dict() for name, one in self.measures.items()},
            "chances": plain(self.chances),
            "agencies": _records(self.agency_table()),
            "outcomes": _records(self.outcome_table()),
            "scenarios": _records(self.scenario_table()),
            "tornado": _records(self.tornado()),
            "break_even": _records(self.break_even_table()),
            "break_even_multiple": plain_value(self.break_even_multiple),
            "cashable_known": self.cashable_known,
            "notes": list(self.paths.notes),
        }

    def __repr__(self) -> str:
        if not self.paths.is_shown:
            return f"<Appraisal: {self._called}: not shown, for {few(self.paths.smallest_shown)}>"
        return f"<Appraisal: {self._called}: net for the purse {told_range(self.measures['net_fiscal'])} per family>"

    @property
    def _called(self) -> str:
        return self.inputs.delivery.intervention.replace("_", " ")

    @property
    def _measured(self) -> str:
        prices = self.rules.terms.prices_of
        return f"Pounds per family over {self.inputs.months} months, present value at {prices} prices"

    @property
    def _told_cost(self) -> str:
        cost, intensity = pounds(self.measures["cost"].mean), self.inputs.delivery.intensity.replace("_", " ")
        return (
            f"{self._called.capitalize()} ({intensity}) costs {cost} a family, at {self.rules.terms.prices_of} prices "
            "and with optimism bias."
        )

    @property
    def _told_range(self) -> str:
        net, ratio = self.measures["net_fiscal"], self.measures["ratio_fiscal"]
        return (
            "The verdict is that the evidence cannot tell whether it works, so that there is a range and no one "
            f"number: over {self.inputs.months} months the public purse may have anything from {told_range(net)} a "
            f"family net of that cost, or {told_range(ratio)} back for every £1."
        )

    @property
    def _told_points(self) -> str:
        found = self.measures
        doubt = "" if self.verdict else " No verdict was given on whether it works."
        return (
            f"Over {self.inputs.months} months the public purse saves an estimated {told_spread(found['fiscal'])} a "
            f"family: net of that cost {told_spread(found['net_fiscal'])}, or {told_spread(found['ratio_fiscal'])} "
            f"back for every £1. {told_chance(self.chances['net_fiscal'])} "
            f"{told_payback(found['payback_months'], self.inputs.months)}{doubt}"
        )

    @property
    def _told_caveat(self) -> str:
        unseen = self.inputs.persistence.words
        first = self.swings[0].name[:1].lower() + self.swings[0].name[1:]
        missing = f" Not valued: {listed(self.labels_not_valued)}." if self.not_valued else ""
        return (
            f"The interval is that of the effects alone; it is assumed that {unseen}. What moves the result most: "
            f"{first}.{self._told_red}{missing}"
        )

    @property
    def _told_red(self) -> str:
        red = [in_sentence(self._label(name)) for name in self.outcomes if "red" in self._ratings(name)]
        return f" Rated red, old or weak, by their database: the prices of {listed(red)}." if red else ""

    def _ratings(self, outcome: str) -> list[str]:
        own = [RAG_WORDS[one.cost.rag] for one in self.inputs.priced if one.outcome == outcome]
        return list(dict.fromkeys(own))

    def _label(self, name: str) -> str:
        known = self.rules.terms.outcomes
        return known[name].label if name in known else name.replace("_", " ")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [plain(row) for row in table.to_dict("records")]
