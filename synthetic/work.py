"""Work: jobs that claims end in, and places on provision that claimants are sent to or volunteer for.

They are drawn from the claims as they were, with support or without it, and from the same uniforms for the same claim:
support that ends claims brings jobs about, and no support does so otherwise.
"""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.history import Spells
from synthetic.months import birthday, month_numbers

# Places are known from the first day of the European Social Fund's provision for families; the Work Programme, which
# began half a year earlier, had by then taken on those who had waited for it.
_PLACES_FROM = np.datetime64("2011-12-01")
# Jobseekers are sent to the Work Programme after 9 months under the age of 25, and after 12 months from then on.
_SENT = ("JSA", "UC")
_YOUNG = 25
_SENT_AFTER_YOUNG, _SENT_AFTER = np.timedelta64(274, "D"), np.timedelta64(365, "D")
_ATTACHING = (7, 42)
_LENGTH = {"work_programme_sent": 728, "work_programme": 728, "esf_provision": 365}
_DAYS_A_MONTH = 30.4


@dataclass(frozen=True, eq=False)
class Claims:
    """Claims of out-of-work benefits, open from ``start`` up to the day before ``end`` (NaT: still open)."""

    person: np.ndarray
    benefit: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def draw_jobs(county: County, claims: Claims) -> Spells:
    """Return the jobs in which claims ended, each until it is lost, or its holder claims again or leaves the county."""
    work = county.preset.model.work
    shares = np.array([work.jobs[benefit] for benefit in claims.benefit.tolist()], dtype=float)
    found = _luck(county, claims, "jobs") < shares
    lost = claims.end + _waited(county, claims, "jobs lost", work.loss)
    until = np.fmin(_next_claims(claims), _left(county, claims.person))
    rows = np.flatnonzero(found & ~np.isnat(claims.end) & ~(claims.end >= until))
    return _known(county, claims.person[rows], claims.end[rows], np.fmin(lost, until)[rows])


def draw_places(county: County, claims: Claims) -> dict[str, Spells]:
    """Return the places on provision by kind, of each one a person; nobody asked for ``work_programme_sent``."""
    work = county.preset.model.work
    must = np.isin(claims.benefit.astype(str), _SENT)
    able_from = np.maximum(claims.start, _PLACES_FROM)
    sent = _sent_on(county, claims)
    volunteered = able_from + _waited(county, claims, "places volunteered for", work.volunteering)
    esf = able_from + _waited(county, claims, "places on ESF provision", work.esf)
    taken = {
        "work_programme_sent": (sent, must),
        "work_programme": (volunteered, ~must),
        # Whoever is on the Work Programme is none of those for whom the other provision is.
        "esf_provision": (esf, esf < np.where(must, sent, volunteered)),
    }
    return {kind: _places(county, claims, kind, *places) for kind, places in taken.items()}


def _sent_on(county: County, claims: Claims) -> np.ndarray:
    """Return the day on which each claimant would be taken on who has claimed for so long as to be sent."""
    while_young = claims.start + _SENT_AFTER_YOUNG
    young = while_young < birthday(county.population.birth[claims.person], _YOUNG)
    shortest, longest = _ATTACHING
    delay = np.floor(shortest + _luck(county, claims, "places sent to") * (longest - shortest + 1))
    return np.where(young, while_young, claims.start + _SENT_AFTER) + _days(delay)


def _places(county: County, claims: Claims, kind: str, start: np.ndarray, able: np.ndarray) -> Spells:
    """Return the first places that people who are ``able`` would have from ``start`` on, while their claim lasts."""
    rows = np.flatnonzero(able & (start >= _PLACES_FROM) & ~(start >= claims.end) & (start < county.clock.end))
    rows = rows[np.argsort(start[rows], kind="stable")]
    rows = rows[np.unique(claims.person[rows], return_index=True)[1]]
    person, start = claims.person[rows], start[rows]
    return _known(county, person, start, np.fmin(start + _days(_LENGTH[kind]), _left(county, person)))


def _known(county: County, person: np.ndarray, start: np.ndarray, end: np.ndarray) -> Spells:
    """Return spells as they are known on the county's last day: what ends later is open."""
    return Spells(person, start, np.where(end < county.clock.end, end, np.datetime64("NaT")))


def _next_claims(claims: Claims) -> np.ndarray:
    """Return the day on which the claimant of each claim claims again, NaT if never."""
    order = np.lexsort((claims.start, claims.person))
    again = np.append(claims.person[order][1:] == claims.person[order][:-1], False)
    following = np.full(len(claims), np.datetime64("NaT"), dtype=claims.start.dtype)
    following[order[again]] = claims.start[order[np.flatnonzero(again) + 1]]
    return following


def _left(county: County, person: np.ndarray) -> np.ndarray:
    return county.population.left[county.population.family[person]]


def _luck(county: County, claims: Claims, name: str) -> np.ndarray:
    """Return a uniform for each claim: the same for the same family and month, whatever other claims there are."""
    table = county.streams.uniforms(name, (county.population.families, county.clock.columns))
    return table[county.population.family[claims.person], month_numbers(claims.start) - county.clock.origin]


def _waited(county: County, claims: Claims, name: str, hazard: float) -> np.ndarray:
    """Return for each claim a waiting time (days, one at least) at a hazard by month."""
    months = -np.log1p(-_luck(county, claims, name).astype(np.float64)) / hazard
    return _days(np.ceil(np.maximum(months * _DAYS_A_MONTH, 1)))


def _days(number: np.ndarray | int) -> np.ndarray:
    return np.asarray(number).astype("timedelta64[D]")
