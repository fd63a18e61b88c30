"""Who the programme identifies: Oxfordshire's criteria of 2012, month by month, on what was recorded by then.

A family is in with all three national criteria, or with two of them and the local one:

1. crime: a proven offence by an under-18, an anti-social behaviour order or injunction, or a housing action because of
   anti-social behaviour, in the last 12 months;
2. education: a child who was permanently excluded, had more than three fixed exclusions or missed 15% of sessions
   without leave over the last three whole terms, or who now is in a pupil referral unit, in alternative provision or
   on no roll;
3. work: an adult on an out-of-work benefit now;
4. high cost (local): four or more police call-outs in six months, or a child on a protection plan or looked after now.

This reading is independent of the one in ``tf_eval``: where both agree, the criteria mean what they say.
"""

from dataclasses import dataclass

import numpy as np

from synthetic.county import County
from synthetic.months import first_days, month_number
from synthetic.outcomes import Histories

CRIME = ("proven_offence", "asbo", "asb_injunction", "housing_asb_action")
CALLOUTS = ("police_callout", "domestic_abuse_callout")
_FIXED_EXCLUSIONS = 3
_ABSENCE = 0.15
_CALLOUTS_IN_SIX_MONTHS = 4
_TERMS = 3


@dataclass(frozen=True, eq=False)
class Identification:
    """Criteria as families x programme months, each as known on the month's first day."""

    columns: np.ndarray
    crime: np.ndarray
    education: np.ndarray
    work: np.ndarray
    high_cost: np.ndarray
    present: np.ndarray

    @property
    def met(self) -> np.ndarray:
        """Families x programme months: the criteria are met on the month's first day."""
        national = self.crime.astype(np.int8) + self.education + self.work
        return self.present & ((national == 3) | ((national == 2) & self.high_cost))

    @property
    def listed(self) -> np.ndarray:
        """Families x programme months: the criteria have been met on some first day so far."""
        return np.logical_or.accumulate(self.met, axis=1)


def identify(county: County, histories: Histories) -> Identification:
    """Return who meets which criterion on the first day of each programme month."""
    preset, clock = county.preset, county.clock
    first, last = month_number(preset.programme_start), month_number(preset.programme_end)
    columns = np.arange(clock.column(first), clock.column(last) + 1)
    return Identification(
        columns=columns,
        crime=recent(histories.count(*CRIME), columns, 12) > 0,
        education=_education(county, histories, columns),
        work=histories.state("out_of_work_benefit")[:, columns - 1],
        high_cost=(recent(histories.count(*CALLOUTS), columns, 6) >= _CALLOUTS_IN_SIX_MONTHS)
        | histories.state("child_protection_plan", "looked_after")[:, columns - 1],
        present=county.population.present(clock, histories.families)[:, columns],
    )


def recent(table: np.ndarray, columns: np.ndarray, months: int) -> np.ndarray:
    """Return the sum of ``table`` over the ``months`` before each column."""
    total = np.concatenate([np.zeros((len(table), 1), dtype=np.int32), table.cumsum(axis=1, dtype=np.int32)], axis=1)
    return total[:, columns] - total[:, columns - months]


def _education(county: County, histories: Histories, columns: np.ndarray) -> np.ndarray:
    now = histories.state("pupil_referral_unit", "alternative_provision", "off_roll")[:, columns - 1]
    permanent = _over_terms(_by_term(county, histories.child_counts["permanent_exclusion"])) > 0
    fixed = _over_terms(_by_term(county, histories.child_counts["fixed_exclusion"])) > _FIXED_EXCLUSIONS
    possible = _over_terms(histories.possible)
    absent = (_over_terms(histories.unauthorised) >= _ABSENCE * possible) & (possible > 0)
    by_term = histories.gather(permanent | fixed | absent)
    return now | by_term[:, _last_whole_term(county, columns)]


def _by_term(county: County, table: np.ndarray) -> np.ndarray:
    """Return children x terms: the counts of the months whose 15th day lies in each term."""
    return np.stack([table[:, months].sum(axis=1) for months in county.terms.covers()], axis=1)


def _over_terms(table: np.ndarray) -> np.ndarray:
    """Return, for each term, the sum over it and the two terms before it."""
    total = np.concatenate([np.zeros((len(table), _TERMS)), table.cumsum(axis=1, dtype=np.float64)], axis=1)
    return total[:, _TERMS:] - total[:, :-_TERMS]


def _last_whole_term(county: County, columns: np.ndarray) -> np.ndarray:
    """Return the number of the last term that had ended before the first day of each column's month."""
    return np.searchsorted(county.terms.end, first_days(county.clock.months[columns])) - 1
