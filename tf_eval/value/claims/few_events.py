"""A clause: each child has had fewer than so many events over the last consecutive terms."""

from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from tf_eval.cohort.criteria import EventCount
from tf_eval.cohort.words import counted, either, plural
from tf_eval.value.claims.asked import LATE, NOW, PERSON, THEN, Asked
from tf_eval.value.claims.children import APPLIES, Applies, pupils, state_of_each
from tf_eval.value.claims.clause_kind import IDENTIFIED, ON, ClauseKind, Look
from tf_eval.value.claims.findings import by_case, findings, most_by_case
from tf_eval.value.claims.windows import terms_back


class FewEvents(ClauseKind):
    """Each pupil who is in the family at both points had fewer than so many events in the last terms that have begun.

    Attributes:
        kinds: kinds of event, as the contract names them.
        fewer_than: how many of one child are too many.
        terms: the look-back, see ``Lookback``.
        applies: whether the clause is asked of families in which no child had as many when they were identified.
    """

    type: Literal["few_events"]
    kinds: tuple[str, ...] = Field(min_length=1)
    fewer_than: Annotated[int, Field(ge=1)]
    terms: Annotated[int, Field(ge=1)]
    applies: Applies = "to_all"

    @property
    def too_many(self) -> EventCount:
        """What no child may have had."""
        return EventCount(self.kinds, at_least=self.fewer_than, terms=self.terms, by="person")

    @property
    def looks(self) -> tuple[Look, ...]:
        days = (ON,) if self.applies == "to_all" else (ON, IDENTIFIED)
        return tuple((self.too_many, on) for on in days)

    def sentence(self) -> str:
        what = either([plural(counted(kind)) for kind in self.kinds])
        terms = f"in the last {self.terms} consecutive terms"
        return f"each child of school age had fewer than {self.fewer_than} {what} {terms}{APPLIES[self.applies]}"

    def find(self, asked: Asked) -> pd.DataFrame:
        """Return what was found for each case; ``before`` and ``after`` are the most events of one child."""
        counts = asked.tally(self.too_many, {"after": NOW, "before": THEN, "late": LATE})
        children = pupils(asked).merge(counts, how="left", on=list(PERSON)).fillna({"after": 0, "before": 0, "late": 0})
        children["falls_short"] = children["after"] >= self.fewer_than
        children["fell_short"] = children["before"] >= self.fewer_than
        staying = children[children["counts"]]
        state, shown, reason = state_of_each(children, len(asked), self.applies)
        return findings(
            state=state,
            shown=shown,
            reason=reason,
            window_from=terms_back(asked.days(ON), self.terms, asked.terms),
            window_until=asked.days(ON),
            baseline_from=terms_back(asked.days(IDENTIFIED), self.terms, asked.terms),
            baseline_until=asked.days(IDENTIFIED),
            before=most_by_case(children, children["before"], len(asked)),
            after=most_by_case(staying, staying["after"], len(asked)),
            people=by_case(children, children["counts"], len(asked)),
            exited=by_case(children, children["exited"], len(asked)),
            records=by_case(staying, staying["after"], len(asked)),
            not_arrived=by_case(staying, staying["late"], len(asked)),
        )
