"""How likely it is that a run of periods has as few rows as it has, from other periods and from other districts.

Both are conditional binomial tests: of all rows in the run and in what it is compared with, each falls into the run
with a chance that is known, so that no rate has to be estimated. Rows that come together (siblings, one bad night)
are allowed for by dividing all counts by their dispersion.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from tf_eval.data.checking.patterns.series import Series

NEAREST = 12  # periods to compare a run with
LEAST_SHARE = 0.25  # a district may record a quarter as much per person as its county


@dataclass(frozen=True)
class Likelihood:
    """How many rows a run has, how many were to be expected, and how likely so few are."""

    found: float
    expected: float
    probability: float


def in_time(series: Series, first: int, last: int, *, dispersion: float) -> Likelihood:
    """Compare the county's rows in a run with the nearest periods, and with the same season of other years.

    Whichever speaks less against the run counts: a kind may be seasonal, and it may come up or fade out.
    """
    run = slice(first, last + 1)
    known = series.comparable
    known[run] = False
    near = known & _nearest(known, first, last)
    same = known & np.isin(series.periods.season, series.periods.season[run])
    answers = [_against(series.total, series.exposure, run, near, dispersion)]
    if same.any():
        answers.append(_against(series.total, np.ones(len(known)), run, same, dispersion))
    return max(answers, key=lambda answer: answer.probability)


def _against(
    rows: np.ndarray, exposure: np.ndarray, run: slice, reference: np.ndarray, dispersion: float
) -> Likelihood:
    found, others = rows[run].sum(), rows[reference].sum()
    there, compared = exposure[run].sum(), exposure[reference].sum()
    if not compared:
        return Likelihood(found, 0.0, 1.0)
    return Likelihood(found, others * there / compared, at_most(found, others, there / (there + compared), dispersion))


def among_districts(series: Series, district: int, first: int, last: int, *, dispersion: float) -> Likelihood:
    """Compare a district's rows in a run with the other districts' in the same periods, by its share of the county.

    The share is that of the nearest periods; of a district without rows in any, a part of its share of the people.
    """
    run = slice(first, last + 1)
    known = series.known[district].copy()
    known[run] = False
    near = known & _nearest(known, first, last)
    own = series.counts[district]
    others = rows_elsewhere(series, district)
    here, elsewhere = own[near].sum(), others[near].sum()
    share = here / (here + elsewhere) if here else LEAST_SHARE * series.population[district]
    found, beside = own[run].sum(), others[run].sum()
    return Likelihood(found, beside * share / (1 - share), at_most(found, beside, share, dispersion))


def rows_elsewhere(series: Series, district: int) -> np.ndarray:
    """Return the rows of all other districts by period."""
    return series.counts.sum(axis=0) - series.counts[district]


def at_most(found: float, others: float, chance: float, dispersion: float) -> float:
    """Return the chance of at most ``found`` of ``found + others`` rows where each is one with this chance."""
    if others <= 0:
        return 1.0
    return float(betainc(others / dispersion, found / dispersion + 1, 1 - chance))


def _nearest(known: np.ndarray, first: int, last: int) -> np.ndarray:
    """Return the known periods that lie nearest to a run."""
    place = np.arange(len(known))
    distance = np.where(known, np.maximum(first - place, place - last), len(known) + 1)
    chosen = np.zeros(len(known), dtype=bool)
    chosen[np.argsort(distance, kind="stable")[:NEAREST]] = True
    return chosen
