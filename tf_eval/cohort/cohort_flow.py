"""The flow from the families that services know to those that started support, in the whole county and by district."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tf_eval.cohort.engine import Engine, read_number
from tf_eval.cohort.flow import Flow, OfWhich, build_steps, tally
from tf_eval.cohort.flow_counts import FlowCounts
from tf_eval.cohort.forms import plus_days
from tf_eval.cohort.household_months import UNKNOWN_DISTRICT
from tf_eval.cohort.months import as_days, month_of
from tf_eval.cohort.pools import PoolRule
from tf_eval.cohort.programme import Criterion, Programme
from tf_eval.cohort.support import REFUSED, UNANSWERED, SupportHistory
from tf_eval.cohort.words import in_sentence

Step = tuple[str, Mapping[str, int], str]

KNOWN = "known to services"
ASSESSED = "assessed"
ANY_CRITERION = "with a criterion met"
ON_EITHER_CLOCK = "met the rule by what had happened, or had arrived"
IDENTIFIED = "identified"
OFFERED = "offered support"
STARTED = "started support"
THE_ROUTE = "The route in"
THE_OFFER = "What became of the offer"


def count_flow(
    engine: Engine, programme: Programme, counts: FlowCounts, families: pd.DataFrame, support: pd.DataFrame
) -> Flow:
    """Return the cohort's flow.

    Args:
        engine: reads until when there are records.
        programme: the programme.
        counts: the counts of families that are not all in the cohort.
        families: the cohort's families.
        support: the records of support, see ``read_support``.
    """
    identified = families[families["qualified_on"].notna()]
    # What was offered, or begun, before the programme is none of it; an offer from before that led to a start is.
    began = pd.Timestamp(programme.window.start)
    offered = _with(identified, support[support[["offered", "started"]].max(axis=1) >= began])
    started = _with(identified, support[support["started"] >= began])
    steps = build_steps(
        "all",
        [
            (KNOWN, counts.of("known"), ""),
            (ASSESSED, counts.of("assessed"), "no child known to be under 18 in the programme's time"),
            (ANY_CRITERION, counts.of("any_criterion"), "met no criterion at any time"),
            *_identified(_at_home(identified), counts),
            (OFFERED, _at_home(offered), "not offered support since the programme began"),
            (STARTED, _at_home(started), "refused, did not take it up, or still waiting"),
        ],
    )
    of_which = [
        *_criteria(programme, counts),
        *_routes(programme, identified),
        *_offers(offered, started, support, _last_month(engine)),
    ]
    return Flow(tuple(steps), tuple(of_which), {"programme": programme.name})


def _with(families: pd.DataFrame, support: pd.DataFrame) -> pd.DataFrame:
    return families[families["family_id"].isin(support["family_id"])]


def homes(districts: pd.Series) -> pd.Series:
    """Return each family's district in the flow; one whose home is not known has a district of its own."""
    return districts.astype(object).where(districts.notna(), UNKNOWN_DISTRICT)


def _identified(families: Mapping[str, int], counts: FlowCounts) -> list[Step]:
    """By what had arrived, a step of its own says who would have been identified by what had happened."""
    never = "never met the programme's rule, or lived elsewhere by then"
    if "on_either_clock" not in counts.frame:
        return [(IDENTIFIED, families, never)]
    too_late = "met it by what had happened, but the records that show it had not arrived in time"
    return [(ON_EITHER_CLOCK, counts.of("on_either_clock"), never), (IDENTIFIED, families, too_late)]


def _criteria(programme: Programme, counts: FlowCounts) -> list[OfWhich]:
    """Return, for each criterion, how many assessed families met it at some time, did not, or may have."""
    assessed = counts.of("assessed")
    return [part for item in programme.criteria for part in _criterion(item, counts, assessed)]


def _criterion(criterion: Criterion, counts: FlowCounts, assessed: Mapping[str, int]) -> list[OfWhich]:
    """Who may have met it and never did for sure cannot be told; who may not have, did not."""
    met, possible = counts.of(f"met_{criterion.name}"), counts.of(f"possible_{criterion.name}")
    states = {"met": met, "not met": _less(assessed, possible), "cannot tell": _less(possible, met)}
    return _parts(ASSESSED, criterion.title, states)


def _routes(programme: Programme, identified: pd.DataFrame) -> list[OfWhich]:
    """Return by which of the programme's routes families came in; who meets several, by the one it names first."""
    by_route = {in_sentence(route.title): identified[identified["route"] == route.name] for route in programme.routes}
    return _parts(IDENTIFIED, THE_ROUTE, {title: _at_home(families) for title, families in by_route.items()})


def _offers(offered: pd.DataFrame, started: pd.DataFrame, support: pd.DataFrame, month: int) -> list[OfWhich]:
    """Return what had become, by the last month of the records, of the families that were offered support."""
    family_ids = offered["family_id"].to_numpy(np.int64)
    unanswered = PoolRule().unanswered_months
    standing = SupportHistory.of(support, family_ids).standing(month, unanswered)
    begun = offered["family_id"].isin(started["family_id"]).to_numpy()
    states = {
        "started": begun,
        "refused": ~begun & (standing == REFUSED),
        f"no start for {unanswered} months": ~begun & (standing == UNANSWERED),
        "still waiting": ~begun & (standing < UNANSWERED),
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
