"""In which months each family of a panel lived in the county, and had somebody in it."""

import numpy as np

from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, day, plus_days
from tf_eval.cohort.grid import FAMILIES, Grid
from tf_eval.cohort.household_months import Homes, Households
from tf_eval.cohort.households import PRESENCE
from tf_eval.cohort.months import month_of
from tf_eval.cohort.seen import Presence

_ALWAYS = int(month_of(np.datetime64(FAR_FUTURE)))


def read_presence(grid: Grid, households: Households, homes: Homes) -> Presence:
    """Return the months all through which each family lived here, with a member on any of their days.

    A family of which no home is known always lives here. What happened to a family while it was away, or to nobody, is
    in no extract: a month of that kind is missing, and not one without any incident.
    """
    # Who arrives on the second of a month is here all through the next one first.
    arrived = grid.column(plus_days(f"COALESCE(presence.arrived_on, {day(FAR_PAST)})", -1))
    left = grid.column(f"COALESCE(presence.left_on, {day(FAR_FUTURE)})")
    found = grid.read(
        f"""SELECT family.place, {arrived} + 1 AS arrived, {left} AS left_in
FROM ({PRESENCE}) AS presence JOIN {FAMILIES} AS family ON family.family_id = presence.family_id"""
    )
    first, past = (np.full(len(grid.family_ids), month, np.int32) for month in (-_ALWAYS, _ALWAYS))
    first[found["place"]], past[found["place"]] = found["arrived"], found["left_in"]
    return Presence(first, past, np.union1d(households.without_members(), homes.away()), len(grid.months))
