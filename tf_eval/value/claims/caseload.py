"""Families that were taken on, and the days on which a council would ask whether they can be claimed."""

import numpy as np
import pandas as pd

from tf_eval.cohort.cohort import Cohort
from tf_eval.cohort.months import as_days, first_day, month_of
from tf_eval.errors import ConfigError
from tf_eval.matching.arguments import is_whole
from tf_eval.value.claims.families import read_days, read_numbers


def attachments(cohort: Cohort) -> pd.DataFrame:
    """Return the families that qualified and started support: family_id and attached_on, the day of the first start.

    Families that started without having qualified are not paid for.
    """
    families = cohort.families
    taken_on = families[families["qualified_on"].notna() & families["started_on"].notna()]
    columns = taken_on[["family_id", "started_on"]].rename(columns={"started_on": "attached_on"})
    return columns.sort_values(["attached_on", "family_id"], ignore_index=True)


def claim_days(attached: pd.DataFrame, months: range, *, first_after: int = 6) -> pd.DataFrame:
    """Return the families and days that ``assess_claims`` is asked about: the first of every month.

    Args:
        attached: one row per family: family_id and attached_on, which counts as the day of being identified.
        months: the months of the records, ``County.months``; claims are looked for up to the first day of the last.
        first_after: months from the month of being attached to the first in which a claim is looked for.

    Returns:
        family_id, identified_on and on; a family whose first day comes too late has no row.

    Raises:
        ConfigError: ``first_after`` is no whole number of 0 or more.
    """
    if not (is_whole(first_after) and first_after >= 0):
        raise ConfigError("claim_days: first_after must be a whole number of months, 0 or more")
    numbers = read_numbers(attached["family_id"], "attached")
    since = as_days(read_days(attached["attached_on"], "attached: attached_on"))
    first = month_of(since) + first_after
    count = np.maximum(months[-1] - first + 1, 0)
    place = np.repeat(np.arange(len(numbers)), count)
    step = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    on = first_day(first[place] + step)
    late = on >= since[place]  # of a family that is asked about at once, the month's first day may come before
    days = pd.DataFrame({"family_id": numbers[place], "identified_on": since[place], "on": on})
    return days[late].reset_index(drop=True)
