"""How near these formulas and unit costs come to the national programme's own cost-benefit analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from tf_eval import project
from tf_eval.data.strict_model import StrictModel, validate
from tf_eval.data.yaml_file import load_yaml
from tf_eval.value.appraisal.appraisal import Appraisal
from tf_eval.value.appraisal.appraising import appraise
from tf_eval.value.appraisal.clause import Clause, Months, Sentence
from tf_eval.value.appraisal.paths import EffectPaths, paths_from
from tf_eval.value.appraisal.persistence import SCENARIOS
from tf_eval.value.appraisal.rules import load_appraisal

RULES_FILE = "params/appraisals/national_2019.yaml"
EFFECTS_FILE = "params/appraisals/national_2019_effects.yaml"
PROGRAMME = "national_programme"
RATIOS = {"fiscal": "ratio_fiscal", "economic": "ratio_public"}


class PublishedEffect(Clause):
    """A published change in the share of people with an outcome.

    Attributes:
        of: of ``children`` or ``adults``.
        shape: ``state``: the share at a time, which grows evenly until ``full_by_month`` and stays; ``event``: the
            share within all months together, spread evenly over them.
        comparison, programme: the shares, in percent.
    """

    of: Literal["children", "adults"]
    shape: Literal["state", "event"]
    comparison: float = Field(ge=0, le=100)
    programme: float = Field(ge=0, le=100)
    full_by_month: int | None = None

    def by_month(self, people: float, months: int) -> np.ndarray:
        """Return the change per family in each month, for so many people in a family."""
        change = people * (self.programme - self.comparison) / 100
        if self.shape == "event":
            return np.full(months, change / months)
        full = months if self.full_by_month is None else self.full_by_month
        return change * np.minimum(np.arange(months) / full, 1.0)


class PublishedEffects(StrictModel):
    """What was published, with how many people a family is taken to have."""

    published: Mapping[str, float]
    published_source: Sentence
    families: Mapping[str, float]
    families_source: Sentence
    months: Months
    effects: Mapping[str, PublishedEffect] = Field(min_length=1)
    why_not_nearer: tuple[Sentence, ...] = Field(min_length=1)

    def paths(self) -> EffectPaths:
        """Return the effects per family by month, without error: none was published with all of them."""
        by_month = {name: one.by_month(self.families[one.of], self.months) for name, one in self.effects.items()}
        return paths_from(by_month, draws=1)


@dataclass(frozen=True, eq=False, repr=False)
class NationalComparison:
    """What was published beside what the published effects come to here, under each scenario after follow-up."""

    published: PublishedEffects
    found: Mapping[str, Appraisal]

    def table(self) -> pd.DataFrame:
        """Return one row per ratio and scenario: pounds for £1 as published and here, and the one by the other."""
        rows = [
            {
                "ratio": name,
                "scenario": scenario,
                "published": self.published.published[name],
                "here": appraisal.measures[measure].mean,
                "here_by_published": appraisal.measures[measure].mean / self.published.published[name],
            }
            for name, measure in RATIOS.items()
            for scenario, appraisal in self.found.items()
        ]
        return pd.DataFrame(rows)

    def assumptions(self) -> pd.DataFrame:
        """Return everything that was assumed, one row each."""
        rows = [("families", self.published.families_source, str(dict(self.published.families)))]
        rows += [(name, one.source, one.reading) for name, one in self.published.effects.items()]
        rules = next(iter(self.found.values())).rules
        rows += [(one.name, one.worth.source, one.worth.reading) for one in rules.priced]
        delivery = rules.terms.delivery[PROGRAMME]
        rows.append(("cost of a family", delivery.source, delivery.reading))
        return pd.DataFrame(rows, columns=["assumed", "source", "reading"])

    def summary(self) -> str:
        """Return how near it comes, and why not nearer."""
        table = self.table()
        told = [
            f"{name} £{part['here'].min():.2f} to £{part['here'].max():.2f} for £1 (published "
            f"£{part['published'].iloc[0]:.2f})"
            for name, part in table.groupby("ratio", sort=False)
        ]
        why = " ".join(self.published.why_not_nearer)
        return f"From the published effects, by what becomes of them after two years: {'; '.join(told)}. {why}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "comparison": self.table().to_dict("records"),
            "assumptions": self.assumptions().to_dict("records"),
            "why_not_nearer": list(self.published.why_not_nearer),
        }

    def __repr__(self) -> str:
        return "<NationalComparison>"


def compare_with_national(effects: str | Path = EFFECTS_FILE, rules: str | Path = RULES_FILE) -> NationalComparison:
    """Return what the published effects of the national programme come to beside its published ratios.

    Nothing is fitted: the assumptions stand in the two files, each with its source or that it has none.

    Raises:
        ConfigError: a file is wrong.
        InputError: a file is not there.
    """
    found = project.locate(effects, "file of published effects")
    published = validate(PublishedEffects, load_yaml(found), found)
    priced, paths = load_appraisal(rules), published.paths()
    asked = {scenario: appraise(paths, priced, intervention=PROGRAMME, scenario=scenario) for scenario in SCENARIOS}
    return NationalComparison(published, asked)
