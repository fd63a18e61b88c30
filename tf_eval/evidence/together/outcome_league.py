"""The interventions of a site on one outcome."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence.league import League, Standing
from tf_eval.evidence.together.claim import Claim


@dataclass(frozen=True, eq=False, repr=False)
class OutcomeLeague:
    """A league table with the claims that it is made of, in their order; or why there is none.

    Attributes:
        claims: the headline effect of each intervention.
        league: their effects as estimated and shrunk, and their ranks.
    """

    claims: tuple[Claim, ...]
    league: League | NotEstimated

    @property
    def outcome(self) -> Outcome:
        return self.claims[0].judged.outcome

    @property
    def tells_apart(self) -> bool:
        """Whether any intervention can be told from any other."""
        return isinstance(self.league, League) and self.league.tells_apart

    def rows(self) -> list[tuple[Claim, Standing | None]]:
        """Return each claim with its standing, in the order of the table; without a league in their own."""
        if isinstance(self.league, NotEstimated):
            return [(claim, None) for claim in self.claims]
        claims = {claim.title: claim for claim in self.claims}
        return [(claims[standing.intervention], standing) for standing in self.league.standings]

    def table(self) -> pd.DataFrame:
        """Return the league table; where there is none, the effects alone."""
        if isinstance(self.league, NotEstimated):
            return pd.DataFrame([claim.to_dict() for claim in self.claims])
        return self.league.table()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the league table, see ``League.plot``; raises ``EstimationError`` where there is none."""
        if isinstance(self.league, NotEstimated):
            raise EstimationError(f"{self.outcome.label}: there is no league table to draw: {self.league.reason}")
        return self.league.plot(ax)

    def summary(self) -> str:
        return self.league.summary()

    def to_dict(self) -> dict[str, object]:
        return {"outcome": self.outcome.name, "league": self.league.to_dict()}

    def __repr__(self) -> str:
        return f"<OutcomeLeague: {self.outcome.label}>"
