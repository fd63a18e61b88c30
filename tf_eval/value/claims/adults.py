"""The adults of a case."""

import pandas as pd

from tf_eval.cohort.ages import ADULT, MONTHS
from tf_eval.value.claims.asked import Asked

NO_ADULT = "no adult is in the family at both points"
UNKNOWN_ADULT = "whether a member is an adult is not known"


def adults(asked: Asked) -> pd.DataFrame:
    """Return who is 18 or over on the day and in the family at both points: case_id, person_id."""
    people = asked.people
    return people.loc[people["age_now"] >= ADULT * MONTHS, ["case_id", "person_id"]].reset_index(drop=True)
