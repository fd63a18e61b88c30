"""A clause: each child missed less than a share of its sessions over the last consecutive terms."""

from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from tf_eval.cohort.criteria import SHARES, InSpell, TermShare
from tf_eval.cohort.engine import read_frame
from tf_eval.cohort.months import as_days
from tf_eval.cohort.term_clocks import ended_terms
from tf_eval.value.claims.asked import LATE, NOW, PERSON, THEN, Asked
from tf_eval.value.claims.children import APPLIES, Applies, pupils, state_of_each
from tf_eval.value.claims.clause_kind import IDENTIFIED, ON, ClauseKind, Look
from tf_eval.value.claims.findings import by_case, findings, most_by_case
from tf_eval.value.claims.states import NOT_MET

Share = Annotated[float, Field(gt=0, lt=1)]
ELSEWHERE = ("pupil_referral_unit", "alternative_provision")
NO_SESSIONS = "no sessions of a child are recorded"
IN_PROVISION = "a child in alternative provision has no sessions"
SUMS = {
    "after": (NOW, "record.missed"),
    "after_of": (NOW, "record.possible"),
    "before": (THEN, "record.missed"),
    "before_of": (THEN, "record.possible"),
    "records": NOW,
    "late": LATE,
}


class SessionShare(ClauseKind):
    """Each pupil who is in the family at both points missed few of the sessions of the last terms that have ended.

    The sums over all the terms are compared, as where families are identified.

    Attributes:
        numerator: which absence: ``"unauthorised"``, ``"authorised"`` or ``"all"``.
        below, at_most: the share missed has to be below the one or at most the other; one of the two.
        terms: how many consecutive terms.
        in_alternative_provision: what is said of a pupil in alternative provision without any session. Of another
            pupil without any it cannot be told.
        applies: whether the clause is asked of families in which no child missed as much when they were identified.
    """

    type: Literal["session_share"]
    numerator: Literal["unauthorised", "authorised", "all"]
    below: Share | None = None
    at_most: Share | None = None
    terms: Annotated[int, Field(ge=1)]
    in_alternative_provision: Literal["not_met", "not_applicable"] = "not_met"
    applies: Applies = "to_all"

    def own_problems(self) -> list[str]:
        return ["give one of below and at_most"] * ((self.below is None) == (self.at_most is None))

    @property
    def share(self) -> Fraction:
        """The share as an exact fraction, so that 15 of 100 sessions is 15 %."""
        return Fraction(str(self.below if self.at_most is None else self.at_most))

    @property
    def too_much(self) -> TermShare:
        """What no child may have missed."""
        return TermShare(self.numerator, float(self.share), self.terms)

    @property
    def looks(self) -> tuple[Look, ...]:
        days = (ON,) if self.applies == "to_all" else (ON, IDENTIFIED)
        return tuple((self.too_much, on) for on in days)

    @property
    def also_reads(self) -> tuple[InSpell, ...]:
        return (InSpell(ELSEWHERE),)

    def sentence(self) -> str:
        bound = f"{'less than' if self.at_most is None else 'no more than'} {float(self.share * 100):g}%"
        over = f"over the last {self.terms} consecutive terms that have ended"
        absence = SHARES[self.numerator]
        return f"each child's {absence} was {bound} of possible sessions {over}{APPLIES[self.applies]}"

    def find(self, asked: Asked) -> pd.DataFrame:
        """Return what was found for each case; ``before`` and ``after`` are the largest share missed by one child."""
        children = pupils(asked).merge(asked.tally(self.too_much, SUMS), how="left", on=list(PERSON)).fillna(0)
        without = children["counts"] & (children["after_of"] == 0)
        elsewhere = without & self._are_elsewhere(asked, children)
        children["counts"] &= ~(elsewhere & (self.in_alternative_provision == "not_applicable"))
        children["falls_short"] = self._is_too_much(children, "after") | elsewhere
        children["fell_short"] = self._is_too_much(children, "before")
        state, shown, reason = state_of_each(children, len(asked), self.applies)
        unknown = by_case(children, without & ~elsewhere, len(asked)) > 0
        in_provision = (by_case(children, elsewhere, len(asked)) > 0) & (state == NOT_MET)
        staying = children[children["counts"]]
        first, last = self._window(asked)
        return findings(
            state=state,
            shown=shown,
            reason=np.where(in_provision, IN_PROVISION, reason),
            doubt=np.where(unknown, NO_SESSIONS, ""),
            window_from=first,
            window_until=last,
            before=most_by_case(children, _share(children, "before"), len(asked)),
            after=most_by_case(staying, _share(staying, "after"), len(asked)),
            people=by_case(children, children["counts"], len(asked)),
            exited=by_case(children, children["exited"], len(asked)),
            records=by_case(staying, staying["records"], len(asked)),
            not_arrived=by_case(staying, staying["late"], len(asked)),
        )

    def _is_too_much(self, children: pd.DataFrame, when: str) -> pd.Series:
        missed, possible = (children[name].astype("int64") for name in (when, f"{when}_of"))
        left = self.share.denominator * missed - self.share.numerator * possible
        return (possible > 0) & ((left >= 0) if self.at_most is None else (left > 0))

    def _are_elsewhere(self, asked: Asked, children: pd.DataFrame) -> pd.Series:
        found = asked.tally(*self.also_reads, {"here": NOW})
        return children.merge(found, how="left", on=list(PERSON))["here"].gt(0)

    def _window(self, asked: Asked) -> tuple[np.ndarray, np.ndarray]:
        """The first and last day of the terms that count on the day of each case; NaT where none does."""
        spans = read_frame(
            asked.engine,
            f"""SELECT asked.on_date, MIN(clock.start_date) AS first_day, MAX(clock.end_date) AS last_day
FROM (SELECT DISTINCT on_date FROM asked_case) AS asked
JOIN ({ended_terms(self.terms, asked.reading.term_clock)}) AS clock
  ON clock.counts_from <= asked.on_date AND clock.forgotten > asked.on_date
GROUP BY asked.on_date""",
        )
        spans.index = pd.DatetimeIndex(as_days(spans["on_date"]))
        days = spans.reindex(pd.DatetimeIndex(asked.days(ON)))
        return as_days(days["first_day"]), as_days(days["last_day"])


def _share(children: pd.DataFrame, when: str) -> np.ndarray:
    possible = children[f"{when}_of"].to_numpy(float)
    return np.divide(children[when].to_numpy(float), possible, out=np.full(len(children), np.nan), where=possible > 0)
