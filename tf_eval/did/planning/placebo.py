"""Studies of nothing: placebo starts among untreated units, each estimated as the study would be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.aggregate import over_event_times
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate
from tf_eval.did.few_clusters.panels import of_periods, of_units
from tf_eval.did.inference.errors import Inference
from tf_eval.did.methods import METHODS
from tf_eval.did.planning.windows import windows
from tf_eval.did.reading.panel import Panel


@dataclass(frozen=True, eq=False)
class Placebos:
    """Effects found where there is none, and how far from zero each would have to lie to be told from it."""

    effects: np.ndarray
    reaches: np.ndarray

    def detected(self, effect: float) -> float:
        """Return the share of studies that would find ``effect``, added to everybody treated, of either sign."""
        found = [np.abs(self.effects + added) > self.reaches for added in (effect, -effect)]
        return float(np.mean(found))

    def detectable(self, power: float) -> float:
        """Return the effect that the share ``power`` of studies would find, of either sign."""
        needed = np.concatenate([self.reaches - self.effects, self.reaches + self.effects])
        return float(np.quantile(needed, power))


def draw_placebos(
    panel: Panel, design: Design, arms: tuple[int, int], after: int, draws: int, random: np.random.Generator
) -> Placebos:
    """Return what ``draws`` studies find, of so many treated and comparison clusters (``arms``).

    Each takes a stretch of the panel and clusters of it by lot; clusters come more than once where the panel has too
    few. An effect that is the same for all adds itself to what is found and leaves the error alone, so that none has to
    be planted to tell how often it would be found.
    """
    studies = placebo_studies(panel, design.window, arms, after, draws, random)
    found = [one for study in studies if (one := _estimate(study, design, after)) is not None]
    return Placebos(np.array([one.att for one in found]), np.array([one.ci_high - one.att for one in found]))


def placebo_studies(
    panel: Panel, before: int, arms: tuple[int, int], after: int, draws: int, random: np.random.Generator
) -> Iterator[Panel]:
    """Yield the panels of studies; the arguments are those of ``draw_placebos``, with the periods ``before``."""
    stretches = list(windows(panel, before + after))
    by_cluster = np.argsort(panel.clusters[0], kind="stable")
    members = np.split(by_cluster, np.cumsum(np.bincount(panel.clusters[0]))[:-1])
    for _ in range(draws):
        window = stretches[random.integers(len(stretches))]
        chosen = random.choice(len(members), sum(arms), replace=sum(arms) > len(members))
        yield _placed(of_periods(panel, window), [members[cluster] for cluster in chosen], arms[0], before)


def _placed(panel: Panel, clusters: list[np.ndarray], n_treated: int, before: int) -> Panel:
    """Return the panel of some clusters (their units), the first ``n_treated`` of which start after the base."""
    code = np.repeat(np.arange(len(clusters)), [len(units) for units in clusters])
    start = np.where(code < n_treated, float(panel.periods[before]), np.inf)
    return replace(of_units(panel, np.concatenate(clusters)), adopted=start, clusters=(code,))


def _estimate(study: Panel, design: Design, after: int) -> Estimate | None:
    found = METHODS[design.method](study, design)
    inference = Inference(design, found.cells, found.influence, study.time_unit)
    effect = inference.estimate(over_event_times(found.cells, 0, after - 1), "placebo")
    return effect if effect and np.isfinite(effect.std_error) else None
