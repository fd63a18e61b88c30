"""The pupils of a case, and how what each of them shows makes the state of a clause that asks it of each child."""

from typing import Literal

import numpy as np
import pandas as pd

from tf_eval.cohort.months import month_of
from tf_eval.value.claims.asked import Asked
from tf_eval.value.claims.findings import by_case
from tf_eval.value.claims.states import MET, NEUTRAL, NOT_APPLICABLE, NOT_MET

Applies = Literal["to_all", "where_failed_before"]
APPLIES = {"to_all": "", "where_failed_before": ", where that was not so when the family was identified"}

SCHOOL_AGE = 5 * 12
# Compulsory school ends on the last Friday of June in the school year in which a child turns 16 (Education Act 1996,
# section 8; SI 1997/1970). Ages are known by the month: who turns 16 by 1 September is taken to have done so in it.
LEAVING_AGE, SEPTEMBER = 16 * 12, 8

NO_CHILD = "no child in the family at both points is of school age"
NEVER_ASKED = "no child fell short of it when the family was identified"
LEFT_SCHOOL = "a child that fell short of it when the family was identified has left school"
ALL_LEFT = "all of its children have left school"


def pupils(asked: Asked) -> pd.DataFrame:
    """Return the children who had not left school when their family was identified and are in it at both points.

    Returns:
        case_id, person_id, counts (of school age on the day), exited (left school by the day). A child that is not yet
        of school age on the day is not among them, nor is anybody whose age is not known.
    """
    people = asked.people[asked.people["age_now"].notna()]
    on, identified = (asked.days(column)[people["case_id"]] for column in ("on", "identified_on"))
    turned = month_of(on) - people["age_now"].to_numpy(dtype=np.int64) + LEAVING_AGE
    year = turned // 12 + (turned % 12 > SEPTEMBER)
    leaves = _last_friday_of_june(year)
    pupil = (identified < leaves) & (people["age_now"].to_numpy() >= SCHOOL_AGE)
    found = people.loc[pupil, ["case_id", "person_id"]].reset_index(drop=True)
    return found.assign(counts=(on < leaves)[pupil], exited=(on >= leaves)[pupil])


def _last_friday_of_june(year: np.ndarray) -> np.ndarray:
    first_of_july = ((year - 1970) * 12 + 6).astype("datetime64[M]").astype("datetime64[D]")
    return np.busday_offset(first_of_july, -1, roll="forward", weekmask="Fri")


def state_of_each(children: pd.DataFrame, cases: int, applies: Applies) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the state of a clause that each child has to meet, whether that is shown, and the reason.

    It is not met where a child that counts falls short. Where none does, it is neutral if a child that fell short when
    the family was identified has left since, or if all have. ``applies`` says whether it is asked at all of a family
    in which no child fell short then.

    Args:
        children: case_id, counts, exited, falls_short (on the day), fell_short (when the family was identified).
        cases: how many cases there are.
        applies: see above.
    """
    counts, exited = children["counts"].to_numpy(bool), children["exited"].to_numpy(bool)
    fell_short = children["fell_short"].to_numpy(bool)
    has = {
        "child": counts | exited,
        "failing": counts & children["falls_short"].to_numpy(bool),
        "asked": fell_short | (applies == "to_all"),
        "left": exited & fell_short,
        "staying": counts,
    }
    any_of = {name: by_case(children, rows, cases) > 0 for name, rows in has.items()}
    steps = [
        (~any_of["child"], NOT_APPLICABLE, NO_CHILD),
        (any_of["failing"], NOT_MET, ""),
        (~any_of["asked"], NOT_APPLICABLE, NEVER_ASKED),
        (any_of["left"], NEUTRAL, LEFT_SCHOOL),
        (~any_of["staying"], NEUTRAL, ALL_LEFT),
    ]
    holds = [step for step, _, _ in steps]
    state = np.select(holds, [state for _, state, _ in steps], default=MET)
    reason = np.select(holds, [reason for _, _, reason in steps], default="")
    return state, ~any_of["child"] | any_of["failing"], reason
