"""Randomisation inference: what would be found had the same starts fallen on other clusters."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from tf_eval.did.few_clusters.panels import in_treatment, with_starts
from tf_eval.did.few_clusters.reference import Reference, reference_of
from tf_eval.did.few_clusters.trial import Measured, Trial
from tf_eval.errors import NotEstimated

MIXED = "clusters hold units of several starts: which of their units would have started elsewhere is not known"
SETS = "comparison units serve a set of their own: starts cannot change places between sets"


def reassign(trial: Trial, draws: int, seed: int) -> Reference | NotEstimated:
    """Return the studentised effects under reassigned starts: all of them where ``draws`` suffice, else drawn ones.

    Fisher's test with the t statistic of clustered errors (MacKinnon and Webb 2020, Journal of Econometrics 218). It is
    exact where the clusters that started were picked by lot; it goes wrong where they vary by more than the others.
    """
    starts = _starts(trial)
    if isinstance(starts, NotEstimated):
        return starts
    complete = n_assignments(starts) <= draws
    assignments = _all(starts) if complete else _drawn(starts, draws, seed)
    # What was seen comes first. Drawn assignments have it in addition; of all assignments it is one.
    others = [one for one in assignments if not (complete and (one == starts).all())]
    tried = [_measure(trial, one) for one in [starts, *others]]
    found = [pair for pair in tried if pair is not None]
    effects = np.array([[own.att, of_one.att] for own, of_one in found])
    influence, influence_of_one = (np.array([pair[way].influence for pair in found]) for way in (0, 1))
    lacking = len(tried) - len(found)
    return reference_of(effects, influence, influence_of_one, is_complete=complete, n_lacking=lacking)


def n_assignments(starts: np.ndarray) -> int:
    """Return in how many ways starts could have fallen on the clusters."""
    count = math.factorial(len(starts))
    for size in np.unique(starts, return_counts=True)[1]:
        count //= math.factorial(int(size))
    return count


def _starts(trial: Trial) -> np.ndarray | NotEstimated:
    """Return the start of each cluster."""
    panel = trial.panel
    if len(np.unique(panel.set_code)) > 1:
        return NotEstimated(SETS)
    pairs = np.unique(np.column_stack([trial.clusters, panel.adopted]), axis=0)
    if len(pairs) > trial.n_clusters:
        return NotEstimated(MIXED)
    starts = np.empty(trial.n_clusters)
    starts[trial.clusters] = panel.adopted
    return starts


def _all(starts: np.ndarray) -> Iterator[np.ndarray]:
    kinds, sizes = np.unique(starts, return_counts=True)
    yield from _placed(
        np.full(len(starts), kinds[-1]), np.arange(len(starts)), list(zip(kinds, sizes, strict=True))[:-1]
    )


def _placed(starts: np.ndarray, free: np.ndarray, left: list[tuple[float, int]]) -> Iterator[np.ndarray]:
    """Yield every way to place the starts that are ``left`` on the clusters that are ``free``."""
    if not left:
        yield starts
        return
    (kind, size), *rest = left
    for chosen in combinations(free, size):
        placed = starts.copy()
        placed[list(chosen)] = kind
        yield from _placed(placed, np.setdiff1d(free, chosen), rest)


def _drawn(starts: np.ndarray, draws: int, seed: int) -> Iterator[np.ndarray]:
    random = np.random.default_rng(seed)
    for _ in range(draws):
        yield random.permutation(starts)


def _measure(trial: Trial, starts: np.ndarray) -> tuple[Measured, Measured] | None:
    """Return the effect under other starts, on the outcome and on the effect of one that the true starts have.

    Where effects are not linear no null but that of none is tested, and the latter is not needed.
    """
    adopted = starts[trial.clusters]
    own = trial.measure(with_starts(trial.panel, adopted))
    if own is None:
        return None
    if not trial.is_linear:
        return own, Measured(0.0, np.zeros_like(own.influence))
    of_one = trial.measure(with_starts(replace(trial.panel, outcome=in_treatment(trial.panel)), adopted))
    return None if of_one is None else (own, of_one)
