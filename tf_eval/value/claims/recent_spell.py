"""A clause: an adult began a spell of some kind in the last months, such as on the Work Programme."""

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from tf_eval.cohort.ages import ADULT
from tf_eval.cohort.criteria import InSpell
from tf_eval.cohort.forms import plus_months
from tf_eval.cohort.words import in_a_spell
from tf_eval.value.claims.adults import NO_ADULT, UNKNOWN_ADULT, adults
from tf_eval.value.claims.asked import Asked
from tf_eval.value.claims.clause_kind import ON, ClauseKind, Look
from tf_eval.value.claims.findings import by_case, findings
from tf_eval.value.claims.states import MET, NOT_APPLICABLE, NOT_MET
from tf_eval.value.claims.windows import months_back


class RecentSpell(ClauseKind):
    """An adult who is in the family at both points began a spell of one of these kinds in the last months.

    Attributes:
        kinds: kinds of spell, as the contract names them.
        months: how many months are looked back at for its first day; whether it goes on does not matter.
    """

    type: Literal["recent_spell"]
    kinds: tuple[str, ...] = Field(min_length=1)
    months: Annotated[int, Field(ge=1, le=60)]

    @property
    def looks(self) -> tuple[Look, ...]:
        return ((InSpell(self.kinds, months=self.months, from_age=ADULT), ON),)

    def sentence(self) -> str:
        return f"an adult of the family came to be {in_a_spell(self.kinds)} in the last {self.months} months"

    def find(self, asked: Asked) -> pd.DataFrame:
        """Return what was found for each case; ``after`` is the number of spells that began."""
        recent = f"{plus_months('record.date', self.months)} > person.on_date"
        known = f"record.start_date <= person.on_date AND {recent}"
        sums = {
            "began": f"record.sure = 1 AND {known}",
            "doubtful": f"record.sure = 0 AND {known}",
            "late": f"record.date <= person.on_date AND record.start_date > person.on_date AND {recent}",
        }
        found = asked.tally(InSpell(self.kinds, from_age=ADULT), sums)
        began, doubtful, late = (by_case(found, found[name], len(asked)) for name in sums)
        people = by_case(everyone := adults(asked), np.ones(len(everyone)), len(asked))
        return findings(
            state=np.select([began > 0, people == 0], [MET, NOT_APPLICABLE], default=NOT_MET),
            shown=(began > 0) | (people == 0),
            reason=np.where(people == 0, NO_ADULT, ""),
            doubt=np.where(doubtful > 0, UNKNOWN_ADULT, ""),
            window_from=months_back(asked.days(ON), self.months),
            window_until=asked.days(ON),
            after=began,
            people=people,
            records=began,
            not_arrived=late,
        )
