"""The wild cluster bootstrap, with the null imposed: residuals of whole clusters change their sign by chance."""

from itertools import product

import numpy as np

from tf_eval.did.few_clusters.panels import in_treatment
from tf_eval.did.few_clusters.reference import Reference, reference_of
from tf_eval.did.few_clusters.trial import Trial
from tf_eval.did.inference.multipliers import MULTIPLIERS
from tf_eval.did.reading.panel import Panel
from tf_eval.errors import NotEstimated

NOT_LINEAR = "the effect is not linear in the outcome, and has no residuals whose sign could change"
# Gaps make unit and period means depend on each other; each round brings them nearer, and one does without gaps.
ROUNDS = 100


def wild_bootstrap(trial: Trial, draws: int, seed: int, multiplier: str) -> Reference | NotEstimated:
    """Return the studentised effects of the bootstrap: of all signs where ``draws`` suffice, else of drawn ones.

    Cameron, Gelbach and Miller (2008, Review of Economics and Statistics 90), restricted to the null that is tested.
    Effects and influences are linear in the outcome, so those of a bootstrap sample are sums of what each cluster's
    residuals bring: every cluster is measured by itself once, and no draw estimates anything anew. Where the only
    contrast is of two periods this is the restricted bootstrap of the regression.
    """
    if not trial.is_linear:
        return NotEstimated(NOT_LINEAR)
    complete = multiplier == "rademacher" and 2**trial.n_clusters <= draws
    own, of_one = (_of_clusters(trial, outcome) for outcome in (trial.panel.outcome, in_treatment(trial.panel)))
    if own is None or of_one is None:
        return NotEstimated(NOT_LINEAR)
    weights = _signs(trial.n_clusters) if complete else _drawn(trial.n_clusters, draws, seed, multiplier)
    (effect, influence), (effect_of_one, influence_of_one) = (
        (weights @ one[:, 0], weights @ one[:, 1:]) for one in (own, of_one)
    )
    return reference_of(np.column_stack([effect, effect_of_one]), influence, influence_of_one, is_complete=complete)


def _of_clusters(trial: Trial, outcome: np.ndarray) -> np.ndarray | None:
    """Return, for each cluster, the effect and the influences (of all clusters) of its residuals alone."""
    residual, found = residuals(trial.panel, outcome), []
    for cluster in range(trial.n_clusters):
        alone = np.where((trial.clusters == cluster)[:, None], residual, 0.0 * residual)
        measured = trial.measure_outcome(alone)
        if measured is None:
            return None
        found.append(np.append(measured.att, measured.influence))
    return np.array(found)


def residuals(panel: Panel, outcome: np.ndarray) -> np.ndarray:
    """Return the outcome less the means of units, and less each set's course over the periods."""
    rest = outcome
    for _ in range(ROUNDS):
        before = rest
        rest = rest - np.nanmean(rest, axis=1, keepdims=True)
        rest = _without_course(panel, rest)
        if np.allclose(rest, before, rtol=0, atol=1e-12, equal_nan=True):
            break
    return rest


def _without_course(panel: Panel, rest: np.ndarray) -> np.ndarray:
    """Return the residuals less their weighted mean in each set and period."""
    seen = np.isfinite(rest)
    weight = panel.weight[:, None] * seen
    total, sums = (np.zeros((int(panel.set_code.max()) + 1, rest.shape[1])) for _ in range(2))
    np.add.at(total, panel.set_code, weight)
    np.add.at(sums, panel.set_code, weight * np.where(seen, rest, 0.0))
    return rest - np.divide(sums, total, out=np.zeros_like(sums), where=total > 0)[panel.set_code]


def _signs(clusters: int) -> np.ndarray:
    """Return every pattern of signs, patterns by clusters; the first leaves all as they are."""
    return np.array(list(product((1.0, -1.0), repeat=clusters)))


def _drawn(clusters: int, draws: int, seed: int, multiplier: str) -> np.ndarray:
    random = np.random.default_rng(seed)
    drawn = MULTIPLIERS[multiplier](random, draws, np.eye(clusters, dtype=np.float32))
    return np.vstack([np.ones(clusters), drawn])
