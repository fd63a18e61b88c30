"""The interventions of a site together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.rules import Word
from tf_eval.evidence.together.claim import Claim
from tf_eval.evidence.together.figure import draw_claims
from tf_eval.evidence.together.outcome_league import OutcomeLeague
from tf_eval.evidence.together.standing_out import NAME as STANDS_OUT
from tf_eval.evidence.verdict import OutcomeVerdict, Verdict


@dataclass(frozen=True, eq=False, repr=False)
class WhatWorks:
    """Verdicts side by side, and what is left of their claims once it is allowed for how much was looked at.

    Attributes:
        verdicts: of each intervention, as its own evaluation has it once the check of all together is counted.
        shared: that check, see ``shared_check``; or why there is none.
        claims: each outcome that decides, over the headline's months and by band.
        leagues: for each of these outcomes the interventions, as far as they can be told apart.
        design: seed, draws and level.
    """

    verdicts: tuple[Verdict, ...]
    shared: Check | NotEstimated
    claims: tuple[Claim, ...]
    leagues: tuple[OutcomeLeague, ...]
    design: Mapping[str, Any]

    @property
    def headlines(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.claims if claim.is_headline)

    @property
    def holding(self) -> tuple[Claim, ...]:
        """The headline effects that are clear of none when all of them are allowed for."""
        return tuple(claim for claim in self.headlines if claim.holds(self.design["level"]))

    @property
    def alone(self) -> tuple[tuple[str, OutcomeVerdict], ...]:
        """What is better, clearly so within its own evaluation, and does not stand out among all, with whose it is.

        What may do harm is a warning all the same.
        """
        return tuple(
            (verdict.about.title, row)
            for verdict in self.verdicts
            for row in verdict.outcomes
            if row.word != Word.HARM and any(check.name == STANDS_OUT and not check.passed for check in row.checks)
        )

    def table(self) -> pd.DataFrame:
        """Return one row per claim: effect, interval, verdict, and p-values that allow for fewer and for all."""
        return pd.DataFrame([claim.to_dict() for claim in self.claims])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the headline effects in multiples of the smallest one worth having; filled: they hold among all."""
        return draw_claims(self.headlines, self.design["level"], ax)

    def summary(self) -> str:
        """Say which effects outlast that so many were looked at, what can be ranked, and a doubt about all of it."""
        doubt = f" {self.shared.detail}" if isinstance(self.shared, Check) and not self.shared.passed else ""
        return f"{self.told_claims}{self.told_alone} {self.told_ranks}{doubt}"

    @property
    def told_claims(self) -> str:
        """Which headline effects hold among all, in two sentences."""
        looked = f"{len(self.verdicts)} interventions were looked at, and {len(self.headlines)} effects that decide."
        better = [claim for claim in self.holding if not claim.is_harm]
        worse = [claim for claim in self.holding if claim.is_harm]
        if not self.holding:
            return f"{looked} None is so clear that chance would not have made one like it somewhere among them."
        parts = [
            f"{way}: {_named(found)}" for way, found in (("for the better", better), ("for the worse", worse)) if found
        ]
        return (
            f"{looked} In 95 of 100 such sites without any effect, none would be as clear as these: {'; '.join(parts)}."
        )

    @property
    def told_alone(self) -> str:
        """What is clear by itself alone, in one sentence; nothing where there is none."""
        named = [f"{title} ({in_sentence(row.outcome.label)})" for title, row in self.alone]
        return f" Clear by itself, but not among all outcomes that were looked at: {listed(named)}." if named else ""

    @property
    def told_ranks(self) -> str:
        """What can be ranked, in one sentence."""
        ranked = [in_sentence(league.outcome.label) for league in self.leagues if league.tells_apart]
        if not ranked:
            return "On no outcome can the interventions be told apart, so none is called the best."
        return f"Interventions can be told apart on {listed(ranked)}."

    def to_dict(self) -> dict[str, Any]:
        return {
            "verdicts": {verdict.about.intervention: str(verdict.word) for verdict in self.verdicts},
            "shared": self.shared.to_dict(),
            "claims": [claim.to_dict() for claim in self.claims],
            "leagues": [league.to_dict() for league in self.leagues],
            "design": plain(self.design),
        }

    def __repr__(self) -> str:
        return f"<WhatWorks: {len(self.verdicts)} interventions, {len(self.holding)} effects hold among all>"


def _named(claims: list[Claim]) -> str:
    return listed([f"{claim.title} ({in_sentence(claim.judged.outcome.label)})" for claim in claims])
