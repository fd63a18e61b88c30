"""What each family was offered, when it said no, and what it was given: the support team's records, row by row."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.households import district_on
from tf_eval.cohort.months import NEVER, as_days, first_day, last_day, month_of

NO_OFFER, OPEN, UNANSWERED, REFUSED = 0, 1, 2, 3


def first_record(families: str) -> str:
    """Return the first day on which each family has a record but the support team's.

    A term's sessions are known at its end. Each table is joined to the families before anything is grouped: most
    records are of families that nobody asks about, and a join of each table lets an engine leave them in its scan.

    Args:
        families: the table of the families, each once.
    """
    of_families = f"JOIN {families} AS family ON family.family_id"
    return f"""SELECT family_id, MIN(known_on) AS linked_on
FROM (
SELECT event.family_id, event.date AS known_on FROM event {of_families} = event.family_id
UNION ALL SELECT spell.family_id, spell.start_date AS known_on FROM spell {of_families} = spell.family_id
UNION ALL SELECT attendance.family_id, term.end_date AS known_on
FROM attendance {of_families} = attendance.family_id JOIN term ON term.term_no = attendance.term_no
) AS records
GROUP BY family_id"""


def read_support(engine: Engine) -> pd.DataFrame:
    """Return every record of support in the order of its offer.

    Returns:
        family_id (missing where the record could not be linked), intervention, provider, district (the record's own,
        or else that of the family's home on the day), offered (the start where no offer is recorded), started, ended,
        consent.
    """
    offered = "COALESCE(support.offered, support.started)"
    asked = f"SELECT DISTINCT family_id, {offered} AS on_date FROM support WHERE family_id IS NOT NULL"
    return read_frame(
        engine,
        f"""SELECT support.family_id, support.intervention, support.provider,
       COALESCE(support.district, home.district) AS district,
       {offered} AS offered, support.started, support.ended, support.consent
FROM support
LEFT JOIN ({district_on(asked)}) AS home ON home.family_id = support.family_id AND home.on_date = {offered}
ORDER BY {offered}, support.support_id""",
    )


@dataclass(frozen=True, eq=False, repr=False)
class SupportHistory:
    """The records of support of the families of a panel, in the order of their offers.

    family        the family's row in the panel
    intervention  what was offered
    provider      by whom (missing where the record does not say)
    offered, started, ended   days; NaT where there was none
    withheld      consent was withheld
    offered_since intervention -> district -> the month from which it was offered there, to anybody at all
    families      how many rows the panel has
    """

    family: np.ndarray
    intervention: np.ndarray
    provider: np.ndarray
    offered: np.ndarray
    started: np.ndarray
    ended: np.ndarray
    withheld: np.ndarray
    offered_since: dict[str, dict[str, int]]
    families: int

    @classmethod
    def of(cls, support: pd.DataFrame, family_ids: np.ndarray) -> "SupportHistory":
        """Return the history of the given families (ascending) out of all records of support."""
        # Of two offers on one day the one that was not refused stands last: it may still come to a start.
        withheld = support["consent"].eq(False).to_numpy(dtype=bool)
        ordered = support.assign(withheld=withheld, open=~withheld).sort_values(["offered", "open"], kind="stable")
        own = ordered[ordered["family_id"].isin(family_ids)]
        return cls(
            family=np.searchsorted(family_ids, own["family_id"].to_numpy(dtype=np.int64)),
            intervention=own["intervention"].to_numpy(dtype=object),
            provider=own["provider"].to_numpy(dtype=object),
            offered=as_days(own["offered"]),
            started=as_days(own["started"]),
            ended=as_days(own["ended"]),
            withheld=own["withheld"].to_numpy(dtype=bool),
            offered_since=_offered_since(support),
            families=len(family_ids),
        )

    def standing(self, month: int, unanswered_months: int) -> np.ndarray:
        """Return how each family's last offer up to the month's end stands then.

        ``NO_OFFER`` (also where it had led to a start), ``REFUSED`` (consent was withheld), ``UNANSWERED`` (made so
        many months before, or more) or ``OPEN``. Nothing later than the month plays a part. Records do not date a
        refusal; it counts from the day of the offer on.
        """
        made = np.flatnonzero(self.offered <= last_day(month))
        old = month - month_of(self.offered[made]) >= unanswered_months
        states = [(self.started[made] <= last_day(month), NO_OFFER), (self.withheld[made], REFUSED), (old, UNANSWERED)]
        state = np.select([fits for fits, _ in states], [name for _, name in states], default=OPEN)
        standing = np.full(self.families, NO_OFFER)
        standing[self.family[made]] = state  # in the order of the offers, so the last one is kept
        return standing

    def first_start(self, intervention: str) -> np.ndarray:
        """Return the month of each family's first start of an intervention (``NEVER``: none)."""
        return self._first_month(self.intervention == intervention)

    def first_provider(self, intervention: str) -> np.ndarray:
        """Return by whom each family was first given an intervention; missing where it was not, or nobody recorded it.

        Of several that began on that day it is the one that had offered first.
        """
        began = np.flatnonzero((self.intervention == intervention) & ~np.isnat(self.started))
        last_first = began[np.argsort(self.started[began], kind="stable")][::-1]
        provider = np.full(self.families, None, dtype=object)
        provider[self.family[last_first]] = self.provider[last_first]  # the first start is kept
        return provider

    def first_start_is_shared(self) -> np.ndarray:
        """Return for each family whether it started several interventions on the day of its first start."""
        began = ~np.isnat(self.started)
        starts = pd.DataFrame({"family": self.family, "what": self.intervention, "on": self.started})[began]
        first = starts[starts["on"] == starts.groupby("family")["on"].transform("min")]
        together = first.groupby("family")["what"].nunique()
        shared = np.zeros(self.families, dtype=bool)
        shared[together.index[together > 1]] = True
        return shared

    def next_start(self, family: np.ndarray, month: np.ndarray) -> np.ndarray:
        """Return for each pair of family and month when it next starts anything, then or later (``NEVER``: not)."""
        return _each(family, month, lambda one: self._first_month(self.started >= first_day(one)), np.int64)

    def had_support(self, family: np.ndarray, month: np.ndarray, within: int) -> np.ndarray:
        """Return for each pair of family and month whether it had any support in the months just before.

        Support without a recorded end goes on; what ended on the first day of those months still counts.

        Args:
            family, month: the pairs.
            within: how many months before.
        """
        return _each(family, month, lambda one: self._had_support(one, within), bool)

    def _had_support(self, month: int, within: int) -> np.ndarray:
        goes_on = np.isnat(self.ended) | (self.ended >= first_day(month - within))
        had = np.zeros(self.families, dtype=bool)
        had[self.family[(self.started < first_day(month)) & goes_on]] = True
        return had

    def _first_month(self, chosen: np.ndarray) -> np.ndarray:
        first = np.full(self.families, NEVER)
        np.minimum.at(first, self.family[chosen], month_of(self.started)[chosen])
        return first

    def __repr__(self) -> str:
        return "<SupportHistory>"


def _each(family: np.ndarray, month: np.ndarray, ask: Callable[[int], np.ndarray], dtype: type) -> np.ndarray:
    """Return for each pair what ``ask`` says of all families at its month; there are far fewer months than pairs."""
    answers = np.empty(len(family), dtype=dtype)
    for one in np.unique(month):
        chosen = month == one
        answers[chosen] = ask(int(one))[family[chosen]]
    return answers


def _offered_since(support: pd.DataFrame) -> dict[str, dict[str, int]]:
    month = pd.Series(month_of(as_days(support["offered"])), index=support.index)
    since: dict[str, dict[str, int]] = {}
    for (intervention, district), first in month.groupby([support["intervention"], support["district"]]).min().items():
        since.setdefault(intervention, {})[district] = int(first)
    return since
