"""Effects month by month, in which like families that stay stand for those that started support of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval import did
from tf_eval.cohort.event_time import FOLLOW_UP_MONTHS
from tf_eval.cohort.panel import Panel
from tf_eval.did.group_time.fits import ESTIMATORS
from tf_eval.did.reading.formula import columns_of
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence import OutcomeEffect
from tf_eval.evidence.looks.schedule import as_looked_at
from tf_eval.matching import Matched
from tf_eval.matching.display import so_many
from tf_eval.matching.matched import require_match
from tf_eval.value.staying.own_starts import read_own_starts
from tf_eval.value.staying.stay_weights import stay_weights

WHERE = "weigh_stayers"
AS_ASKED = (
    "method",
    "covariates",
    "comparison",
    "baseline",
    "anticipation",
    "cluster",
    "confidence",
    "errors",
    "quantile",
    "small_sample",
    "smallest_shown",
)
LEFT = "Like families count until they start support themselves;"
UNSEEN = "no family with the intervention was followed so long"


@dataclass(frozen=True, eq=False, repr=False)
class Staying:
    """What matched rows weigh in each month after their index month, and effects that are so weighed.

    Attributes:
        panel: families by months, as ``build_panel`` returns it.
        matched: who is compared with whom.
        weights: rows by months from 0 on, by the labels of the matched rows; 1 for treated rows, and for a comparison
            row how many like it, with those that have started support by then, it stands for.
    """

    panel: Panel
    matched: Matched
    weights: pd.DataFrame

    @property
    def is_idle(self) -> bool:
        """Whether nobody left, so that everybody weighs as before."""
        return bool((self.weights == 1).to_numpy().all())

    def by_month(self, effect: did.GroupTimeATT | OutcomeEffect) -> Iterator[did.GroupTimeATT | NotEstimated]:
        """Yield the effect anew for each month from the start on, each in a result of its own.

        It is estimated as it was, with the weights of the month times those of the match.

        Raises ``ConfigError`` where it was estimated by one regression over all months, which has no weights by month.
        """
        design = _estimate(effect).design
        if design.method not in ESTIMATORS:
            raise ConfigError(f"effect_paths: stayers are weighed month by month, which '{design.method}' cannot do")
        panel = self.panel
        if isinstance(effect, OutcomeEffect) and effect.schedule is not None:
            panel = as_looked_at(panel, effect.schedule, effect.follow_up[1])
        columns = [*columns_of(design.covariates), *design.clusters]
        laid = panel.event_time_frame(self.matched, design.outcome, columns)
        before = laid["event_time"].between(-(design.window or 1) - design.anticipation, -1)
        for month in range(FOLLOW_UP_MONTHS):
            at = laid["event_time"] == month
            seen = laid.loc[at & laid["adopted"].notna(), design.outcome].notna().any()
            yield self._in_month(laid[before | at], month, design) if seen else NotEstimated(UNSEEN)

    def _in_month(self, laid: pd.DataFrame, month: int, design: Any) -> did.GroupTimeATT:
        weight = laid["weight"] * laid["row"].map(self.weights[month])
        asked = {name: getattr(design, name) for name in AS_ASKED}
        return did.estimate_att(_Laid(laid.assign(weight=weight)), self.matched, outcome=design.outcome, **asked)

    def summary(self) -> str:
        """Return what was done, and how much the heaviest weighs."""
        largest = self.weights.to_numpy().max()
        return f"{LEFT} in their place those like them that stay weigh more, up to {largest:.1f} times as much."

    def __repr__(self) -> str:
        return f"<Staying: {so_many(len(self.weights), 'row')}>"


@dataclass(frozen=True, eq=False)
class _Laid:
    """Matched rows in months from their start, as ``did.estimate_att`` reads a panel."""

    laid: pd.DataFrame

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        return self.laid


def weigh_stayers(panel: Panel, matched: Matched) -> Staying:
    """Return what like families that stay without support weigh in each month, for those like them that start it.

    A like family serves until it starts support itself, and families start when things are at their worst. Those that
    are left do better than those that began, the more so the later the month. So whoever stays though it was likely to
    start, by its record since, weighs more. It holds if those who start and those who stay are alike given that record.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: matched families, as ``check_balance(matched).accept()`` returns them.

    Raises:
        EstimationError: balance was not accepted.
        InputError: a covariate that was matched on is none of the panel's arms.
    """
    require_match(matched, WHERE)
    matched.require_accepted(WHERE)
    starts = read_own_starts(panel, matched)
    weights = np.ones((len(matched.frame), FOLLOW_UP_MONTHS))
    if starts.started.any():
        weights = stay_weights(starts, len(matched.frame))
    return Staying(panel, matched, pd.DataFrame(weights, index=matched.frame.index))


def _estimate(effect: did.GroupTimeATT | OutcomeEffect) -> did.GroupTimeATT:
    return effect.estimate if isinstance(effect, OutcomeEffect) else effect
