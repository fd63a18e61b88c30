"""A league table of interventions, with what chance alone does to it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.words import listed
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.league.figure import draw_league
from tf_eval.evidence.league.shrinkage import Prior
from tf_eval.evidence.league.standing import Standing
from tf_eval.matching.display import number, percent

MOST_NAMED = 5


@dataclass(frozen=True, eq=False, repr=False)
class League:
    """Interventions with their effects on one outcome, as estimated and shrunk, and the ranks that each may have.

    Attributes:
        standings: the interventions by the ranks that they may have; those whose ranks are the same stand in the order
            in which they were given, for nothing is known that would order them.
        prior: how true effects are spread, or why nothing is shrunk.
        design: what was asked for: outcome, good_direction, confidence, dependence, draws, seed.
    """

    standings: tuple[Standing, ...]
    prior: Prior | NotEstimated
    design: Mapping[str, Any]

    @property
    def tells_apart(self) -> bool:
        """Whether any intervention can be told from any other."""
        return any((row.rank_low, row.rank_high) != (1, len(self._ranked)) for row in self._ranked)

    @property
    def maybe_best(self) -> tuple[str, ...]:
        """The interventions of which one is the best, as far as can be told."""
        return tuple(row.intervention for row in self._ranked if row.rank_low == 1)

    def table(self) -> pd.DataFrame:
        """Return one row per intervention: effect, interval, shrunk effect, its interval, best and worst rank."""
        frame = pd.DataFrame([asdict(row) for row in self.standings])
        return frame.astype({"rank_low": "Int64", "rank_high": "Int64"})

    def summary(self) -> str:
        """Return which can be told to be best, and what the one that looks best loses when luck is allowed for."""
        missing = len(self.standings) - len(self._ranked)
        told = f" Without an estimate, and so without a rank: {missing}." if missing else ""
        return f"{self.told_ranking} {self._told_first}{told}"

    @property
    def told_ranking(self) -> str:
        """What can be said of ranks, in one sentence."""
        outcome, count, best = self.design["outcome"], len(self._ranked), self.maybe_best
        if not self.tells_apart:
            return f"These data cannot rank the {count} interventions on {outcome}: any of them may be the best."
        sure = f"with {percent(self.design['confidence'])} confidence in all ranks at once"
        if len(best) == 1:
            return f"Of {count} interventions {best[0]} is the best on {outcome}, {sure}."
        named = f": {listed(best)}" if len(best) <= MOST_NAMED else ""
        return f"The best of {count} interventions on {outcome} is among {len(best)}, {sure}{named}."

    @property
    def _told_first(self) -> str:
        better = min if self.design["good_direction"] == "fall" else max
        if not self.prior:
            return f"No effect is shrunk: {self.prior.reason}."
        first = better(self._ranked, key=lambda row: row.value)
        return (
            f"The one that looks best, {first.intervention}, has an estimated effect of {number(first.value)}, and of "
            f"{number(first.shrunk)} ({percent(self.design['confidence'])} interval {number(first.shrunk_low)} to "
            f"{number(first.shrunk_high)}) once it is allowed for that whatever looks best of {len(self._ranked)} is "
            "partly luck; that takes true effects to be spread as a normal is."
        )

    def to_dict(self) -> dict[str, Any]:
        prior = plain(self.prior._asdict()) if self.prior else self.prior.to_dict()
        return {
            "standings": [row.to_dict() for row in self.standings],
            "prior": prior,
            "tells_apart": self.tells_apart,
            "maybe_best": list(self.maybe_best),
            "design": plain(self.design),
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw effects as estimated (hollow) and shrunk (filled) with intervals, and beside them their ranks."""
        asked = "no effect is shrunk" if not self.prior else "filled: shrunk towards the mean of all"
        measure = (
            f"Effect on {self.design['outcome']} with {percent(self.design['confidence'])} intervals. Hollow: as "
            f"estimated; {asked}. On the right the ranks that it may have."
        )
        return draw_league([row for row in self.standings if row.is_ranked], self.told_ranking, measure, ax)

    def __repr__(self) -> str:
        apart = f"{len(self.maybe_best)} may be the best" if self.tells_apart else "none told from another"
        return f"<League: {self.design['outcome']}, {len(self._ranked)} interventions, {apart}>"

    @property
    def _ranked(self) -> list[Standing]:
        return [row for row in self.standings if row.is_ranked]
