"""The truth of a draw: both potential outcomes of the families that started, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.files import Columns
from synthetic.interventions import Support
from synthetic.outcomes import Histories, draw_histories
from synthetic.population import members_aged
from synthetic.spill import with_own, without_own

EVENT_MONTHS = np.arange(-24, 37)
_COUNTS = {
    "asb_incident": ("asb_incident",),
    "proven_offence": ("proven_offence",),
    "exclusion": ("fixed_exclusion", "permanent_exclusion"),
    "police_callout": ("police_callout", "domestic_abuse_callout"),
}
_STATES = {
    "out_of_work_benefit": ("out_of_work_benefit",),
    "plan_or_care": ("child_protection_plan", "looked_after"),
}
# Ages (years) at which somebody can have an outcome: of a family without anybody of these ages there is none to see.
_AGES = {"proven_offence": (10, 18), "exclusion": (4, 19), "plan_or_care": (0, 18)}


@dataclass(frozen=True, eq=False)
class PotentialOutcomes:
    """The started families' histories without support, with it as recorded, and with it had recording not changed."""

    without: Histories
    recorded: Histories
    needed: Histories


def draw_potential_outcomes(county: County, support: Support) -> PotentialOutcomes:
    """Return the potential outcomes of the families that started, from the uniforms that made all other histories.

    Where effects spill over, those without support are as if nobody had the family's intervention.
    """
    families = support.first_starts()[0]
    return PotentialOutcomes(
        without=draw_histories(county, families, without_own(county, support)),
        recorded=draw_histories(county, families, with_own(county, support)),
        needed=draw_histories(county, families, with_own(county, support, recording=False)),
    )


def family_outcomes(county: County, histories: Histories) -> dict[str, np.ndarray]:
    """Return the seven outcomes as families x months.

    Missing (nan) before the window, after the family left, and while nobody in it is of the ages of the outcome.
    """
    seen = county.population.present(county.clock, histories.families) & (county.clock.months >= county.clock.first)
    tables = {outcome: histories.count(*kinds) for outcome, kinds in _COUNTS.items()}
    tables["unauthorised_absence"] = _absence(county, histories)
    tables |= {outcome: histories.state(*kinds) for outcome, kinds in _STATES.items()}
    of_age = {
        outcome: members_aged(county.population, county.clock, histories.families, years=years)
        for outcome, years in _AGES.items()
    }
    return {outcome: np.where(seen & of_age.get(outcome, True), table, np.nan) for outcome, table in tables.items()}


def effects_table(county: County, support: Support, outcomes: PotentialOutcomes) -> dict[str, np.ndarray]:
    """Return the true effects: one row per intervention, outcome and event month.

    ``att`` is the mean difference of the recorded potential outcomes over the intervention's families observed at
    that event month, ``att_need`` the same without changes of recording, ``base`` their mean without support.
    """
    sides = (outcomes.without, outcomes.recorded, outcomes.needed)
    tables = [family_outcomes(county, histories) for histories in sides]
    _, started, chosen = support.first_starts()
    rows = [
        (name, outcome, *row)
        for place, name in enumerate(county.preset.interventions)
        for outcome in tables[0]
        for row in _by_event_month(*(table[outcome][chosen == place] for table in tables), started[chosen == place])
    ]
    names = ("intervention", "outcome", "event_month", "n_families", "att", "att_need", "base")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def pooled_effects(tables: Sequence[Columns]) -> dict[str, np.ndarray]:
    """Return the effects table of several areas together: their means weighted by the families behind each."""
    families = np.stack([table["n_families"] for table in tables])
    total = families.sum(axis=0)
    pooled = {**tables[0], "n_families": total}
    for name in ("att", "att_need", "base"):
        sums = np.where(families > 0, families * np.stack([table[name] for table in tables]), 0).sum(axis=0)
        pooled[name] = np.divide(sums, total, out=np.full(total.shape, np.nan), where=total > 0)
    return pooled


def _absence(county: County, histories: Histories) -> np.ndarray:
    """Return the share of sessions missed without leave, a term's share standing in each of its months."""
    possible = histories.gather(histories.possible).astype(float)
    missed = histories.gather(histories.unauthorised)
    share = np.divide(missed, possible, out=np.full(possible.shape, np.nan), where=possible > 0)
    return np.where(county.terms.of_month >= 0, share[:, county.terms.of_month], np.nan)


def _by_event_month(
    without: np.ndarray, recorded: np.ndarray, needed: np.ndarray, started: np.ndarray
) -> Iterator[tuple[int, int, float, float, float]]:
    """Yield event month, families, effect as recorded, effect on need, and base."""
    rows = np.arange(len(started))
    for event_month in EVENT_MONTHS:
        column = started + event_month
        inside = (column >= 0) & (column < without.shape[1])
        cells = rows[inside], column[inside]
        base = without[cells]
        seen = ~np.isnan(base)
        differences = (side[cells][seen] - base[seen] for side in (recorded, needed))
        yield int(event_month), int(seen.sum()), *(_mean(values) for values in differences), _mean(base[seen])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")
