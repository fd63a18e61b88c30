"""A clause: an adult has come off out-of-work benefits and has been in employment for so many of the last weeks."""

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from tf_eval.cohort.ages import ADULT
from tf_eval.cohort.criteria import InSpell
from tf_eval.cohort.engine import read_frame
from tf_eval.cohort.months import as_days
from tf_eval.cohort.words import listed
from tf_eval.value.claims.adults import UNKNOWN_ADULT
from tf_eval.value.claims.asked import LATE, PERSON, Asked
from tf_eval.value.claims.clause_kind import IDENTIFIED, ON, ClauseKind, Look
from tf_eval.value.claims.findings import by_case, findings, most_by_case
from tf_eval.value.claims.states import MET, NOT_APPLICABLE, NOT_MET
from tf_eval.value.claims.windows import DAY
from tf_eval.value.claims.worded import Worded

Weeks = Annotated[int, Field(ge=1, le=104)]
WORK, BENEFIT = "employment", "out_of_work_benefit"
NOBODY_ON_BENEFITS = "no adult was on such a benefit when the family was identified, or since"


class WeeksByBenefit(Worded):
    """How long somebody has to have been in work who was last on one of these benefits.

    Attributes:
        benefits: the benefits, as the contract names them.
        weeks, of_last: so many of the last so many weeks.
    """

    benefits: tuple[str, ...] = Field(min_length=1)
    weeks: Weeks
    of_last: Weeks

    @model_validator(mode="after")
    def _can_be_had(self) -> "WeeksByBenefit":
        if self.weeks > self.of_last:
            raise ValueError("weeks cannot be more than of_last")
        return self


class Employment(ClauseKind):
    """An adult who is in the family at both points and was on an out-of-work benefit is off it and in employment.

    Only adults count who were on one when the family was identified, or since. A day counts that is one of employment
    and not one of any of the benefits; the last of the weeks ends on the day of the claim. Of several benefits the one
    that ended last says how many weeks.

    Attributes:
        continuous: how long, by benefit.
    """

    type: Literal["employment"]
    continuous: tuple[WeeksByBenefit, ...] = Field(min_length=1)

    def own_problems(self) -> list[str]:
        return ["continuous: a benefit stands twice"] * (len(set(self._benefits)) < len(self._benefits))

    @property
    def looks(self) -> tuple[Look, ...]:
        longest = 7 * max(group.of_last for group in self.continuous)
        work = InSpell((WORK,), days=longest, from_age=ADULT)
        benefit = InSpell((BENEFIT,), self._benefits, days=longest, from_age=ADULT)
        return (work, ON), (benefit, ON), (self._on(self._benefits), IDENTIFIED)

    def sentence(self) -> str:
        weeks = [
            f"{group.weeks} of the last {group.of_last} weeks after {listed(group.benefits)}"
            for group in self.continuous
        ]
        return f"an adult of the family is off out-of-work benefits and was in employment for {'; '.join(weeks)}"

    def find(self, asked: Asked) -> pd.DataFrame:
        """Return what was found for each case; ``after`` is the most weeks in work of one adult."""
        adults = self._adults(asked)
        adults["days"] = self._days_in_work(asked, adults)
        cases = len(asked)
        met = by_case(adults, adults["days"] >= 7 * adults["weeks"], cases) > 0
        people = by_case(adults, np.ones(len(adults)), cases)
        found = asked.tally(InSpell((WORK,), from_age=ADULT), {"records": self._counts("1"), "late": LATE})
        doubtful = asked.tally(self._on(self._benefits), {"benefits": self._counts("0")})
        longest = adults.groupby("case_id")["of_last"].max().reindex(range(cases)).fillna(self._longest).to_numpy(int)
        return findings(
            state=np.select([met, people == 0], [MET, NOT_APPLICABLE], default=NOT_MET),
            shown=met,
            reason=np.where(people == 0, NOBODY_ON_BENEFITS, ""),
            doubt=np.where(by_case(doubtful, doubtful["benefits"], cases) > 0, UNKNOWN_ADULT, ""),
            window_from=asked.days(ON) - 7 * longest * DAY + DAY,
            window_until=asked.days(ON),
            after=most_by_case(adults, adults["days"] // 7, cases),
            people=people,
            records=by_case(adults, adults["benefits"], cases) + by_case(found, found["records"], cases),
            not_arrived=by_case(found, found["late"], cases),
        )

    @property
    def _benefits(self) -> tuple[str, ...]:
        return tuple(benefit for group in self.continuous for benefit in group.benefits)

    @property
    def _longest(self) -> int:
        return max(group.of_last for group in self.continuous)

    def _on(self, benefits: tuple[str, ...]) -> InSpell:
        return InSpell((BENEFIT,), benefits, from_age=ADULT)

    def _counts(self, sure: str) -> str:
        """Spells that go on when the family is identified, or begin later, and count by the day of the claim."""
        known = "record.start_date <= person.on_date AND record.end_date > person.identified_on"
        return f"record.sure = {sure} AND {known}"

    def _adults(self, asked: Asked) -> pd.DataFrame:
        """Return the adults who count, with the weeks of the benefit that ended last.

        Returns:
            case_id, person_id, weeks, of_last, benefits (how many spells of them).
        """
        each = [
            read_frame(asked.engine, asked.spans([self._on(group.benefits)])).assign(
                weeks=group.weeks, of_last=group.of_last
            )
            for group in self.continuous
        ]
        spells = pd.concat(each, ignore_index=True)
        ended, until = as_days(spells["end_date"]), asked.days(ON)[spells["case_id"]] + DAY
        since = ended > asked.days(IDENTIFIED)[spells["case_id"]]
        spells = spells.assign(ended=np.minimum(ended, until))[since]  # when one that goes on will end is not known yet
        spells = spells.sort_values(["ended", "weeks"], kind="stable")
        by_adult = spells.groupby(list(PERSON), as_index=False)
        return by_adult.agg(weeks=("weeks", "last"), of_last=("of_last", "last"), benefits=("weeks", "size"))

    def _days_in_work(self, asked: Asked, adults: pd.DataFrame) -> np.ndarray:
        """Return on how many days of their last weeks the adults were in employment and on none of the benefits."""
        work = InSpell((WORK,), from_age=ADULT)
        in_work = asked.spans([work])
        on_both = asked.spans([work, self._on(self._benefits)], at_least=2)
        return self._days(asked, adults, in_work) - self._days(asked, adults, on_both)

    def _days(self, asked: Asked, adults: pd.DataFrame, spans: str) -> np.ndarray:
        """Return how many days of the last weeks of each adult lie in spans of theirs, which are disjoint."""
        found = adults.reset_index(names="adult").merge(read_frame(asked.engine, spans), on=list(PERSON))
        until = asked.days(ON)[found["case_id"]] + DAY
        first = np.maximum(as_days(found["start_date"]), until - 7 * found["of_last"].to_numpy() * DAY)
        days = (np.minimum(as_days(found["end_date"]), until) - first) / DAY
        return np.bincount(found["adult"], weights=np.maximum(days, 0), minlength=len(adults))
