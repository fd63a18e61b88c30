"""The flow from the families that services know to those that started support, in the whole county and by district."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.cohort.engine import Engine, read_frame, read_number
from tf_eval.cohort.flow import Flow, OfWhich, build_steps, tally
from tf_eval.cohort.forms import CANNOT_TELL, MET, Span, day, earlier, or_far_future, plus_days, union
from tf_eval.cohort.household_months import UNKNOWN_DISTRICT
from tf_eval.cohort.households import PRESENCE, district_on
from tf_eval.cohort.months import as_days, month_of
from tf_eval.cohort.pools import PoolRule
from tf_eval.cohort.programme import Programme
from tf_eval.cohort.support import REFUSED, UNANSWERED, SupportHistory

Step = tuple[str, Mapping[str, int], str]

KNOWN = "known to services"
ASSESSED = "assessed"
ANY_CRITERION = "with a criterion met"
ON_EITHER_CLOCK = "met the rule by what had happened, or had arrived"
IDENTIFIED = "identified"
OFFERED = "offered support"
STARTED = "started support"
THE_OFFER = "What became of the offer"


@dataclass(frozen=True)
class EitherClock:
    """What holds by what had happened or by what had arrived, as statements, where a cohort is made by the latter.

    identified  the families that met the rule
    criteria    the truth of the criteria for the assessed families, by either clock
    """

    identified: str
    criteria: tuple[str, ...]


def count_flow(
    engine: Engine,
    programme: Programme,
    criteria: Mapping[str, str],
    families: pd.DataFrame,
    support: pd.DataFrame,
    *,
    on_either_clock: EitherClock | None = None,
) -> Flow:
    """Return the cohort's flow; the engine keeps the tables ``assessed`` and ``cohort_family``.

    Args:
        engine: runs the statements.
        programme: the programme.
        criteria: for each criterion, by name, the statement for its truth for the assessed families.
        families: the cohort's families.
        support: the records of support, see ``read_support``.
        on_either_clock: what holds by either clock, where the cohort is made by what had arrived.
    """
    counts = _Counts(engine, programme, criteria, families)
    identified = families[families["qualified_on"].notna()]
    offered = identified[identified["offered_on"].notna()]
    started = identified[identified["started_on"].notna()]
    ever = on_either_clock.criteria if on_either_clock else criteria.values()
    steps = build_steps(
        "all",
        [
            (KNOWN, counts.of("SELECT family_id FROM family"), ""),
            (ASSESSED, counts.of("SELECT family_id FROM assessed"), "no child under 18 in the programme's time"),
            (ANY_CRITERION, counts.of(counts.met(ever)), "met no criterion at any time"),
            *counts.identified(_at_home(identified), on_either_clock),
            (OFFERED, _at_home(offered), "not offered support"),
            (STARTED, _at_home(started), "refused, did not take it up, or still waiting"),
        ],
    )
    of_which = [*counts.criteria(), *_offers(offered, support, _last_month(engine))]
    return Flow(tuple(steps), tuple(of_which), {"programme": programme.name})


def homes(districts: pd.Series) -> pd.Series:
    """Return each family's district in the flow; one whose home is not known has a district of its own."""
    return districts.astype(object).where(districts.notna(), UNKNOWN_DISTRICT)


class _Counts:
    """Counts of families by district, each family in one district all through the flow."""

    def __init__(
        self, engine: Engine, programme: Programme, criteria: Mapping[str, str], families: pd.DataFrame
    ) -> None:
        self._engine = engine
        self._programme = programme
        self._criteria = criteria
        self._until = programme.window.until
        elsewhere = read_frame(engine, _last_homes((programme.window.start, self._until)))
        self._home = {
            **dict(zip(elsewhere["family_id"], homes(elsewhere["district"]), strict=True)),
            **dict(zip(families["family_id"], homes(families["district"]), strict=True)),
        }

    def of(self, statement: str) -> dict[str, int]:
        """Return how many families of a statement (family_id, each once) live in each district."""
        found = read_frame(self._engine, statement)["family_id"]
        return tally([self._home.get(family, UNKNOWN_DISTRICT) for family in found])

    def met(self, criteria: Iterable[str], state: int | None = None) -> str:
        """Return the assessed families for which one of the criteria reached a state at some time in the window."""
        least = self._programme.least_state if state is None else state
        return f"""SELECT DISTINCT spans.family_id FROM ({union(list(criteria))}) AS spans
WHERE spans.state >= {least} AND spans.start_date < {day(self._until)}"""

    def identified(self, families: Mapping[str, int], on_either_clock: EitherClock | None) -> list[Step]:
        """By what had arrived, a step of its own says who would have been identified by what had happened."""
        never = "never met the programme's rule, or lived elsewhere by then"
        if on_either_clock is None:
            return [(IDENTIFIED, families, never)]
        too_late = "met it by what had happened, but the records that show it had not arrived in time"
        return [(ON_EITHER_CLOCK, self.of(on_either_clock.identified), never), (IDENTIFIED, families, too_late)]

    def criteria(self) -> list[OfWhich]:
        """Return, for each criterion, how many assessed families met it at some time, did not, or may have."""
        assessed = self.of("SELECT family_id FROM assessed")
        return [part for item in self._programme.criteria for part in self._criterion(item.name, item.title, assessed)]

    def _criterion(self, name: str, title: str, assessed: Mapping[str, int]) -> list[OfWhich]:
        """Who may have met it and never did for sure cannot be told; who may not have, did not."""
        truth = [self._criteria[name]]
        met, possible = self.of(self.met(truth, MET)), self.of(self.met(truth, CANNOT_TELL))
        states = {"met": met, "not met": _less(assessed, possible), "cannot tell": _less(possible, met)}
        return _parts(ASSESSED, title, states)


def _offers(offered: pd.DataFrame, support: pd.DataFrame, month: int) -> list[OfWhich]:
    """Return what had become, by the last month of the records, of the families that were offered support."""
    family_ids = offered["family_id"].to_numpy(np.int64)
    unanswered = PoolRule().unanswered_months
    standing = SupportHistory.of(support, family_ids).standing(month, unanswered)
    started = offered["started_on"].notna().to_numpy()
    states = {
        "started": started,
        "refused": ~started & (standing == REFUSED),
        f"no start for {unanswered} months": ~started & (standing == UNANSWERED),
        "still waiting": ~started & (standing < UNANSWERED),
    }
    return _parts(OFFERED, THE_OFFER, {state: _at_home(offered[chosen]) for state, chosen in states.items()})


def _parts(step: str, group: str, states: Mapping[str, Mapping[str, int]]) -> list[OfWhich]:
    return [OfWhich(step, group, state, sum(counts.values()), districts=counts) for state, counts in states.items()]


def _less(whole: Mapping[str, int], part: Mapping[str, int]) -> dict[str, int]:
    return {district: count - part.get(district, 0) for district, count in whole.items()}


def _at_home(families: pd.DataFrame) -> dict[str, int]:
    return tally(homes(families["district"]))


def _last_month(engine: Engine) -> int:
    last = read_number(engine, f"SELECT {plus_days('end_date', -1)} AS last_day FROM county")
    return int(month_of(as_days([last]))[0])


def _last_homes(window: Span) -> str:
    """Return where each family lived on the window's last day or, for one that had left by then, on its own last."""
    last_day = earlier(plus_days(or_far_future("presence.left_on"), -1), plus_days(day(window[1]), -1))
    asked = f"SELECT presence.family_id, {last_day} AS on_date FROM ({PRESENCE}) AS presence"
    return f"SELECT family_id, district FROM ({district_on(asked)}) AS home"
