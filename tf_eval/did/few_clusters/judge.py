"""One effect under every kind of inference, and whether few treated clusters let it be judged at all."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate, interval
from tf_eval.did.few_clusters.jackknife import jackknife
from tf_eval.did.few_clusters.randomisation import reassign
from tf_eval.did.few_clusters.reference import Reference, level
from tf_eval.did.few_clusters.trial import Trial
from tf_eval.did.few_clusters.wild import wild_bootstrap
from tf_eval.did.inference.errors import ONE_CLUSTER
from tf_eval.did.inference.few import VERY_FEW_CLUSTERS
from tf_eval.did.plain import plain
from tf_eval.did.reading.panel import Panel
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number, so_many

# With more clusters than this each of the methods takes long, and tells nothing that their sums do not.
MOST_CLUSTERS = 500

Estimator = Callable[[Design], Estimate | NotEstimated]


@dataclass(frozen=True)
class ByMethod:
    """What one method says of the effect; ``based_on`` tells on how much, and ``smallest_p`` how low p can come."""

    std_error: float
    degrees_of_freedom: float
    ci_low: float
    ci_high: float
    p_value: float
    based_on: str
    smallest_p: float = 0.0


@dataclass(frozen=True, eq=False, repr=False)
class ClusterJudgement:
    """The same effect by five methods of inference.

    ``methods`` hold, by name, what each says, or why it can say nothing: ``clustered`` (sums by cluster, normal: what
    is usually reported), ``unequal`` (own variance of each start, Satterthwaite; of two arms without covariates whose
    clusters are all as large the error is that of CR2), ``jackknife`` (CR3, Satterthwaite), ``wild_bootstrap`` (null
    imposed) and ``randomisation``. ``are_areas`` says that the clusters may be counted (see ``hold_many``).
    """

    effect: Estimate
    n_clusters: int
    n_treated_clusters: int
    methods: dict[str, ByMethod | NotEstimated]
    design: Design
    are_areas: bool

    @property
    def can_be_judged(self) -> bool:
        """Whether variation between clusters says anything of the effect.

        With fewer than five treated clusters the jackknife and randomisation must agree, both that zero is excluded or
        both that it is not, and there must be assignments enough for randomisation to exclude it.
        """
        if self.n_treated_clusters >= VERY_FEW_CLUSTERS:
            return not isinstance(self.methods["jackknife"], NotEstimated)
        both = [self.methods[name] for name in ("jackknife", "randomisation")]
        if any(isinstance(one, NotEstimated) or one.smallest_p > self._refused for one in both):
            return False
        return len({self.excludes_zero(name) for name in ("jackknife", "randomisation")}) == 1

    def excludes_zero(self, method: str) -> bool:
        """Say whether a method excludes that there is no effect; a method that says nothing does not."""
        return getattr(self.methods[method], "p_value", math.inf) <= self._refused

    @property
    def _refused(self) -> float:
        return level(self.design.confidence)

    def table(self) -> pd.DataFrame:
        """Return a row for each method; where one says nothing its numbers are missing and ``reason`` says why.

        An end of an interval is infinite where no effect so far out can be excluded.
        """
        names = list(ByMethod.__dataclass_fields__)
        rows = [
            {"method": name, "att": self.effect.att}
            | {each: getattr(one, each, None if each == "based_on" else math.nan) for each in names}
            | {"reason": getattr(one, "reason", None)}
            for name, one in self.methods.items()
        ]
        return pd.DataFrame(rows).astype({"based_on": object, "reason": object})

    def summary(self) -> str:
        """Return the effect and whether clusters can judge it, in plain sentences; nothing of few units."""
        if not self.effect.is_shown:
            return f"The effect on {self.design.outcome}, {self.effect.label}, is {self.design.not_shown}"
        return (
            f"The estimated effect on {self.design.outcome}, {self.effect.label}, is {number(self.effect.att)}; "
            f"{self._told_clusters} treated. {self._verdict()}"
        )

    @property
    def _told_clusters(self) -> str:
        """How many clusters were; told as any count of units where they are no areas."""
        were = "was" if self.n_treated_clusters == 1 else "were"
        if not self.are_areas:
            return f"{self.design.told(self.n_treated_clusters)} of {self.design.told(self.n_clusters)} clusters {were}"
        return f"{self.n_treated_clusters} of {so_many(self.n_clusters, 'cluster')} {were}"

    def _verdict(self) -> str:
        if self.n_treated_clusters == 1:
            return self._of_one()
        if not self.can_be_judged:
            return f"It cannot be judged from variation between clusters: {self._why_not()}"
        one = self.methods["jackknife"]
        told = f"the jackknife's {self.design.level} interval is {number(one.ci_low)} to {number(one.ci_high)}"
        if self.n_treated_clusters >= VERY_FEW_CLUSTERS:
            return f"Leaving out one cluster after another, {told}."
        says = "exclude" if self.excludes_zero("jackknife") else "do not exclude"
        return f"The jackknife and randomisation agree: both {says} that there is no effect; {told}."

    def _of_one(self) -> str:
        found = self.methods["randomisation"]
        start = (
            "One treated cluster does not show how far treated clusters differ, so the effect cannot be judged from "
            "variation between clusters: no error, jackknife or bootstrap can say anything. "
        )
        if isinstance(found, NotEstimated):
            return f"{start}Nor can randomisation: {found.reason}."
        return (
            f"{start}Only randomisation says how its change ranks among those of the others (p {found.p_value:.2g}, "
            f"which cannot be lower than {found.smallest_p:.2g}), and only if it would have varied as they do."
        )

    def _why_not(self) -> str:
        for name in ("jackknife", "randomisation"):
            if isinstance(self.methods[name], NotEstimated):
                return f"of the {name}, {self.methods[name].reason}."
        smallest = self.methods["randomisation"].smallest_p
        if smallest > self._refused:
            return (
                f"starts could have fallen in so few ways that randomisation's p cannot be lower than {smallest:.2g}."
            )
        told = " and ".join(f"{name} (p {self.methods[name].p_value:.2g})" for name in ("jackknife", "randomisation"))
        return f"{told} do not agree on whether zero is excluded."

    def to_dict(self) -> dict[str, Any]:
        return {
            "effect": self.effect.to_dict(),
            "n_clusters": self.n_clusters,
            "n_treated_clusters": self.n_treated_clusters,
            "can_be_judged": self.can_be_judged,
            "methods": [plain(row) for row in self.table().to_dict("records")],
        }

    def __repr__(self) -> str:
        return f"<ClusterJudgement: {self.summary()}>"


def hold_many(panel: Panel, design: Design) -> bool:
    """Say whether clusters are areas, or other public bodies, of which the number is a public fact.

    Their names do not tell, so their sizes decide: most areas hold as many units as may be told. Smaller clusters may
    be families, and so are the units themselves, and those of whom a match has several rows.
    """
    return not design.counts_clusters and design.shows(float(np.median(np.bincount(panel.clusters[0]))))


def not_judged(panel: Panel | None, design: Design, n_clusters: int) -> list[str]:
    """Say what keeps an effect from being judged by its clusters, and what to do."""
    problems = []
    if panel is None:
        problems.append("cross-sections cannot be estimated anew here; average them to a panel of clusters first.")
    if len(design.clusters) > 1:
        problems.append("there are two kinds of clusters; name one cluster column.")
    if n_clusters > MOST_CLUSTERS:
        problems.append(
            f"there are {n_clusters:,} clusters, and this is for {MOST_CLUSTERS} or fewer; name a cluster column (such "
            "as the area), or read the errors of the result itself."
        )
    return problems


def judge(trial: Trial, estimator: Estimator, draws: int, seed: int, multiplier: str) -> dict[str, Any]:
    """Return what each method says of the average effect of a trial; ``estimator`` gives it for a design's errors."""
    plain_design = replace(trial.design, quantile="normal")
    small = trial.on_cluster_means()
    return {
        "clustered": _of_errors(estimator(replace(plain_design, errors="clustered")), trial),
        "unequal": _of_unequal(estimator(replace(plain_design, errors="unequal")), trial),
        "jackknife": _of_jackknife(small),
        "wild_bootstrap": _of_reference(wild_bootstrap(small, draws, seed, multiplier), small, "draws of signs"),
        "randomisation": _of_reference(reassign(small, draws, seed), small, "assignments of the starts"),
    }


def _of_errors(found: Estimate | NotEstimated, trial: Trial) -> ByMethod | NotEstimated:
    if isinstance(found, NotEstimated):
        return found
    based_on = so_many(trial.n_clusters, "cluster")
    return ByMethod(found.std_error, math.nan, found.ci_low, found.ci_high, found.p_value, based_on)


def _of_unequal(found: Estimate | NotEstimated, trial: Trial) -> ByMethod | NotEstimated:
    # A treated cluster without a like moves nothing, its mean being the estimate's own: rounding alone would show it.
    treated = np.unique(trial.clusters[np.isfinite(trial.panel.adopted)])
    return NotEstimated(ONE_CLUSTER) if len(treated) == 1 else _of_errors(found, trial)


def _of_jackknife(trial: Trial) -> ByMethod | NotEstimated:
    found = jackknife(trial)
    if isinstance(found, NotEstimated):
        return found
    low, high, p_value = interval(trial.found.att, *found[:1], trial.design, found[1])
    return ByMethod(*found, low, high, p_value, f"{trial.n_clusters:,} clusters left out in turn")


def _of_reference(found: Reference | NotEstimated, trial: Trial, what: str) -> ByMethod | NotEstimated:
    if isinstance(found, NotEstimated):
        return found
    ends = (math.nan, math.nan)
    if trial.is_linear and trial.counts_effects:
        ends = found.interval(trial.design.confidence)
    based_on = f"{'all' if found.is_complete else 'drawn:'} {found.n_drawn:,} {what}"
    if found.n_lacking:
        based_on += f", of which {found.n_lacking:,} could not be estimated"
    return ByMethod(math.nan, math.nan, *ends, found.p_value(), based_on, 1 / len(found.effect))
