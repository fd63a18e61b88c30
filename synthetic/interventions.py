"""Which support a family is offered: what suits its troubles, what its district has, and much chance."""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.identification import recent
from synthetic.months import month_number
from synthetic.outcomes import Histories
from synthetic.programme import NOT_STARTED, Offers

_YOUTH_CRIME = ("proven_offence", "asb_incident", "asbo", "asb_injunction", "asb_contract")
_EDUCATION = ("fixed_exclusion", "permanent_exclusion")
_SECOND_AFTER = (8, 15)


@dataclass(frozen=True, eq=False)
class Support:
    """Rows of support in order of offer: ``intervention`` is a place in the preset's list; started -1 where refused.

    ``second`` marks the later support of a family that had one before; it changes nothing for the family.
    """

    family: np.ndarray
    intervention: np.ndarray
    offered: np.ndarray
    started: np.ndarray
    second: np.ndarray

    def first_starts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return families that started (ascending), the column of their first start, and its intervention."""
        rows = np.flatnonzero((self.started != NOT_STARTED) & ~self.second)
        rows = rows[np.argsort(self.family[rows])]
        return self.family[rows], self.started[rows], self.intervention[rows]


def assign_support(county: County, histories: Histories, offers: Offers) -> Support:
    """Return the offers with the intervention of each, and the few second supports."""
    chosen = _choose(county, histories, offers)
    rows = np.flatnonzero(offers.started != NOT_STARTED)
    second = _second(county, offers, chosen, rows)
    columns = (offers.family, chosen, offers.offered, offers.started, np.zeros(len(chosen), dtype=bool))
    return Support(*(np.concatenate(pair) for pair in zip(columns, second, strict=True)))


def _choose(county: County, histories: Histories, offers: Offers) -> np.ndarray:
    """Draw an intervention for each offer: a multinomial logit, by adding Gumbel noise to each intervention's score."""
    interventions = list(county.preset.interventions.values())
    features = _features(histories, offers)
    fit = county.preset.model.selection.fit * np.stack([features[item.suits] for item in interventions], axis=1)
    score = fit + _availability(county)[county.population.district[offers.family]]
    shares = np.array([item.share for item in interventions])
    noise = county.streams.of("intervention").gumbel(size=(county.population.families, len(interventions)))
    return np.argmax(score + _offsets(score, shares / shares.sum()) + noise[offers.family], axis=1)


def _offsets(score: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return what to add to the scores so that the expected shares are those of the preset."""
    offsets = np.log(shares)
    for _ in range(50):
        weight = np.exp(score + offsets)
        offsets = offsets + np.log(shares / (weight / weight.sum(axis=1, keepdims=True)).mean(axis=0))
    return offsets


def _availability(county: County) -> np.ndarray:
    """Draw how easily each intervention is had in each district (districts x interventions), as log-odds."""
    shape = (len(county.preset.districts), len(county.preset.interventions))
    spread = county.preset.model.selection.availability
    return county.streams.of("availability").normal(0, spread, size=shape)


def _features(histories: Histories, offers: Offers) -> dict[str, np.ndarray]:
    """Return standardised traits of the families at their offers, from the 12 months before."""
    crime = _year_before(histories.count(*_YOUTH_CRIME), offers)
    abuse = _year_before(histories.count("domestic_abuse_callout"), offers)
    education = _year_before(histories.count(*_EDUCATION), offers)
    benefit = histories.state("out_of_work_benefit")[offers.family, offers.offered - 1]
    traits = {
        "youth_crime": np.log1p(crime),
        "domestic_abuse": np.log1p(abuse),
        "education": np.log1p(education),
        "benefit": benefit.astype(float),
        "mild": -np.log1p(crime + abuse + education),
    }
    return {name: (trait - trait.mean()) / max(trait.std(), 1e-9) for name, trait in traits.items()}


def _year_before(table: np.ndarray, offers: Offers) -> np.ndarray:
    columns, place = np.unique(offers.offered, return_inverse=True)
    return recent(table, columns, 12)[offers.family, place].astype(float)


def _second(county: County, offers: Offers, chosen: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, ...]:
    """Draw the few families that get another intervention later on."""
    rng = county.streams.of("second support")
    lucky = rng.random(county.population.families)[offers.family[rows]] < county.preset.model.selection.second_support
    start = offers.started[rows] + rng.integers(*_SECOND_AFTER, size=county.population.families)[offers.family[rows]]
    other = rng.integers(1, max(len(county.preset.interventions), 2), size=county.population.families)
    last = county.clock.column(month_number(county.preset.programme_end))
    here = county.population.left_month()[offers.family[rows]] > start + county.clock.origin
    kept = rows[lucky & (start <= last) & here]
    start = start[lucky & (start <= last) & here]
    different = (chosen[kept] + other[offers.family[kept]]) % len(county.preset.interventions)
    return offers.family[kept], different, start, start, np.ones(len(kept), dtype=bool)
