"""How many families of each district a county's records put at each step of the flow, counted where the records are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tf_eval.cohort.engine import Engine, read_frame
from tf_eval.cohort.forms import CANNOT_TELL, MET, Span, day, earlier, or_far_future, plus_days, union, word_list
from tf_eval.cohort.household_months import UNKNOWN_DISTRICT
from tf_eval.cohort.households import PRESENCE, district_on
from tf_eval.cohort.programme import Programme

FLOW_HOME = "flow_home"


@dataclass(frozen=True, eq=False, repr=False)
class FlowCounts:
    """Families by district (the index), a column for each count; see ``count_families``."""

    frame: pd.DataFrame

    def of(self, count: str) -> dict[str, int]:
        """Return how many families of each district count, where any do."""
        return {district: int(families) for district, families in self.frame[count].items() if families}

    def total(self, count: str) -> int:
        """Return how many families of the county count."""
        return int(self.frame[count].sum())


@dataclass(frozen=True)
class EitherClock:
    """What holds by what had happened or by what had arrived, as statements, where a cohort is made by the latter.

    identified  the families that met the rule
    criteria    the truth of the criteria for the assessed families, by either clock
    """

    identified: str
    criteria: tuple[str, ...]


def count_families(
    engine: Engine, programme: Programme, criteria: Mapping[str, str], on_either_clock: EitherClock | None = None
) -> FlowCounts:
    """Return all counts of the flow but those of the cohort's own families, by one statement over the county.

    Each family is in one district all through the flow. The engine keeps the tables ``assessed`` and ``flow_home``.

    Args:
        engine: runs the statement.
        programme: the programme.
        criteria: for each criterion, by name, the statement for its truth for the assessed families.
        on_either_clock: what holds by either clock, where the cohort is made by what had arrived.

    Returns:
        Counts of the families that are ``known``, ``assessed``, with ``any_criterion`` met (by either clock, where that
        is asked for), that met the rule ``on_either_clock``, and of each criterion those for which in the programme's
        time it was ever ``met_<name>``, ever ``possible_<name>`` (met, or could not be told) or ever
        ``unsure_<name>`` (could not be told).
    """
    counts = {
        "known": "family.family_id",
        "assessed": "assessed.family_id",
        "any_criterion": _if(f"ever.highest >= {programme.least_state}"),
        **({"on_either_clock": "either.family_id"} if on_either_clock else {}),
        **_of_criteria(criteria),
    }
    until = programme.window.until
    ever = on_either_clock.criteria if on_either_clock else tuple(criteria.values())
    tables = {
        "reached": _reached([*criteria.values()], until),
        "ever": _highest(ever, until),
        "either": on_either_clock.identified if on_either_clock else None,
    }
    frame = read_frame(engine, _by_district([*counts.values()], tables))
    return FlowCounts(frame.set_axis(["district", *counts], axis="columns").set_index("district"))


def _of_criteria(names: Iterable[str]) -> dict[str, str]:
    counts = {}
    for place, name in enumerate(names):
        counts[f"met_{name}"] = _if(f"reached.highest_{place} = {MET}")
        counts[f"possible_{name}"] = _if(f"reached.highest_{place} >= {CANNOT_TELL}")
        counts[f"unsure_{name}"] = _if(f"reached.lowest_{place} < {MET}")
    return counts


def _if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 END"


def flow_home(window: Span) -> str:
    """Return where families live in the flow; the engine keeps the table ``cohort_family``.

    Those of the cohort, where they live on the day that is theirs there; others, on the window's last day or, where
    they had left by then, on their own last.
    """
    last_day = earlier(plus_days(or_far_future("presence.left_on"), -1), plus_days(day(window[1]), -1))
    asked = f"""SELECT presence.family_id, COALESCE(cohort_family.on_date, {last_day}) AS on_date
FROM ({PRESENCE}) AS presence LEFT JOIN cohort_family ON cohort_family.family_id = presence.family_id"""
    return f"SELECT family_id, district FROM ({district_on(asked)}) AS home"


def _by_district(counts: Sequence[str], tables: Mapping[str, str | None]) -> str:
    """Return the counts of families by district; counting columns rather than rows passes over what is null.

    Args:
        counts: what is counted where it is not null.
        tables: statements with a row at most for each family, by the names under which they are counted.
    """
    columns = ",\n       ".join(f"COUNT({count}) AS count_{place}" for place, count in enumerate(counts))
    joined = "\n".join(
        f"LEFT JOIN ({statement}) AS {name} ON {name}.family_id = family.family_id"
        for name, statement in tables.items()
        if statement
    )
    district = f"COALESCE(home.district, {word_list([UNKNOWN_DISTRICT])})"
    return f"""SELECT {district} AS district,
       {columns}
FROM family
LEFT JOIN {FLOW_HOME} AS home ON home.family_id = family.family_id
LEFT JOIN assessed ON assessed.family_id = family.family_id
{joined}
GROUP BY {district} ORDER BY district"""


def _reached(criteria: Sequence[str], until: date) -> str:
    """Return the highest and the lowest state of each criterion for each family that has any."""
    spans = [
        f"SELECT {place} AS criterion, spans.* FROM ({criterion}) AS spans" for place, criterion in enumerate(criteria)
    ]
    own = [f"CASE WHEN criterion = {place} THEN state END" for place in range(len(criteria))]
    states = [f"MAX({state}) AS highest_{place}, MIN({state}) AS lowest_{place}" for place, state in enumerate(own)]
    return f"""SELECT family_id, {", ".join(states)}
FROM ({union(spans)}) AS states WHERE start_date < {day(until)} GROUP BY family_id"""


def _highest(criteria: Sequence[str], until: date) -> str:
    """Return the highest state of any of the criteria for each family that has any."""
    return f"""SELECT family_id, MAX(state) AS highest
FROM ({union(criteria)}) AS states WHERE start_date < {day(until)} GROUP BY family_id"""
