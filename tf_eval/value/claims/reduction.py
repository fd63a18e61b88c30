"""A clause: the family had fewer events in the last months than in those of a baseline, by a share or more."""

from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from tf_eval.cohort.ages import Ages
from tf_eval.cohort.criteria import EventCount
from tf_eval.cohort.forms import plus_months
from tf_eval.cohort.words import counted, either, of_the_family, plural
from tf_eval.value.claims.asked import LATE, PERSON, Asked
from tf_eval.value.claims.clause_kind import IDENTIFIED, ON, ClauseKind, Look
from tf_eval.value.claims.findings import by_case, findings
from tf_eval.value.claims.states import MET, NEUTRAL, NOT_APPLICABLE, NOT_MET
from tf_eval.value.claims.windows import DAY, months_back

Age = Annotated[int, Field(ge=0, le=120)]
AGAINST = {
    "months_before": "the {} months before these",
    "before_identified": "the {} months before the family was identified",
}
NOBODY = "nobody of such an age is in the family at both points"
NOTHING_BEFORE = "there was nothing to reduce: no event in the baseline"
ROSE = "there was no event in the baseline, and there is one now"
GREW_UP = "a member with events in the baseline has grown out of the ages"
UNKNOWN_AGE = "the age of a member at an event is not known"


class Reduction(ClauseKind):
    """All members who are in the family at both points together had fewer events than before, by a share or more.

    Attributes:
        kinds: kinds of event, as the contract names them.
        by_at_least: the share of the baseline's events that has to be gone.
        months: how many months are looked back at, and how many make the baseline.
        against: the baseline: the months before those, or the months before the family was identified.
        zero_baseline: what is said where neither has any event. Events after none are no reduction.
        from_age, under_age: only events at these ages (years) count, of members who are of them on the day.
    """

    type: Literal["reduction"]
    kinds: tuple[str, ...] = Field(min_length=1)
    by_at_least: Annotated[float, Field(gt=0, le=1)]
    months: Annotated[int, Field(ge=1, le=60)]
    against: Literal["months_before", "before_identified"]
    zero_baseline: Literal["not_applicable", "met", "not_met"] = "not_applicable"
    from_age: Age | None = None
    under_age: Age | None = None

    @property
    def ages(self) -> Ages:
        return Ages(self.from_age, self.under_age)

    @property
    def looks(self) -> tuple[Look, ...]:
        if self.against == "months_before":
            return ((self._events(2 * self.months), ON),)
        return (self._events(self.months), ON), (self._events(self.months), IDENTIFIED)

    def sentence(self) -> str:
        what = either([plural(counted(kind)) for kind in self.kinds])
        whose = of_the_family(plural(self.ages.noun()))
        against = AGAINST[self.against].format(self.months)
        share = f"{float(self._share * 100):g}%"
        return f"{what} of {whose} were fewer by {share} or more in the last {self.months} months than in {against}"

    def find(self, asked: Asked) -> pd.DataFrame:
        """Return what was found for each case; ``before`` and ``after`` are numbers of events."""
        (leaf, _), *_ = self.looks
        cases = len(asked)
        people = self._people(asked)
        people = people.merge(asked.tally(leaf, self._sums()), how="left", on=list(PERSON)).fillna(0)
        own = people[people["counts"]]
        before, after, late = (by_case(own, own[name], cases) for name in ("before", "after", "late"))
        grew_up = by_case(people, people["before"] * people["exited"], cases) > 0
        nobody = by_case(people, people["counts"] | people["exited"], cases) == 0
        state, reason = self._state(before, after, grew_up, nobody)
        first, last = self._baseline(asked)
        return findings(
            state=state,
            shown=nobody,
            reason=reason,
            doubt=np.where(by_case(people, people["doubtful"], cases) > 0, UNKNOWN_AGE, ""),
            window_from=months_back(asked.days(ON), self.months),
            window_until=asked.days(ON),
            baseline_from=first,
            baseline_until=last,
            before=before,
            after=after,
            people=by_case(own, np.ones(len(own)), cases),
            exited=by_case(people, people["exited"], cases),
            records=before + after,
            not_arrived=late,
        )

    def _state(
        self, before: np.ndarray, after: np.ndarray, grew_up: np.ndarray, nobody: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        gone = self._share.denominator * (before - after) >= self._share.numerator * before
        steps = [
            (nobody, NOT_APPLICABLE, NOBODY),
            ((before == 0) & (after > 0), NOT_MET, ROSE),
            (~gone, NOT_MET, ""),
            (grew_up, NEUTRAL, GREW_UP),
            (before == 0, self.zero_baseline, NOTHING_BEFORE),
        ]
        holds = [step for step, _, _ in steps]
        state = np.select(holds, [state for _, state, _ in steps], default=MET)
        return state, np.select(holds, [reason for _, _, reason in steps], default="")

    @property
    def _share(self) -> Fraction:
        return Fraction(str(self.by_at_least))

    def _events(self, months: int) -> EventCount:
        return EventCount(self.kinds, months=months, from_age=self.from_age, under_age=self.under_age)

    def _sums(self) -> dict[str, str]:
        """What is counted. The longer look-back less the last months is the baseline that comes before them."""
        known, in_sight = "record.start_date <= person.on_date", "record.end_date > person.on_date"
        if self.against == "months_before":
            last = f"{plus_months('record.date', self.months)} > person.on_date"
            after, before = f"{known} AND {last}", f"{known} AND {in_sight} AND NOT {last}"
        else:
            since = "record.date <= person.identified_on AND record.end_date > person.identified_on"
            after, before = f"{known} AND {in_sight}", f"{known} AND {since}"
        doubtful = f"record.sure = 0 AND (({after}) OR ({before}))"
        return {
            "after": f"record.sure = 1 AND {after}",
            "before": f"record.sure = 1 AND {before}",
            "late": LATE,
            "doubtful": doubtful,
        }

    def _people(self, asked: Asked) -> pd.DataFrame:
        """Who counts: members at both points of an age that counts on the day; who has grown out of it has exited."""
        people = asked.people[["case_id", "person_id", "age_then", "age_now"]]
        if not self.ages:
            return people.assign(counts=True, exited=False)
        old_enough = people["age_now"] >= (self.ages.from_months or 0)
        under = self.ages.under_months
        young = {
            when: people[when].notna() & (under is None or people[when] < under) for when in ("age_then", "age_now")
        }
        grown = people["age_now"].notna() & young["age_then"] & ~young["age_now"]
        return people.assign(counts=old_enough & young["age_now"], exited=grown)

    def _baseline(self, asked: Asked) -> tuple[np.ndarray, np.ndarray]:
        """The first and last day of the baseline of each case."""
        if self.against == "before_identified":
            return months_back(asked.days(IDENTIFIED), self.months), asked.days(IDENTIFIED)
        on = asked.days(ON)
        return months_back(on, 2 * self.months), months_back(on, self.months) - DAY
