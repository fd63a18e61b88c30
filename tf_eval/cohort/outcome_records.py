"""Which records belong to an outcome, as a condition in SQL on its table."""

from tf_eval.cohort.forms import word_list
from tf_eval.cohort.outcomes import Outcome


def belongs(outcome: Outcome) -> str:
    """Return the condition for a record of the outcome's table, ages of spells apart: those change with the month.

    Somebody whose age on the day of an event is not known is not counted where the outcome asks for an age.
    """
    named = {"kind": outcome.kinds, "agency": outcome.agencies, "detail": outcome.details}
    conditions = [f"{outcome.table}.{column} IN ({word_list(words)})" for column, words in named.items() if words]
    if outcome.table == "event":
        limits = ((">=", outcome.from_age), ("<", outcome.under_age))
        conditions += [f"event.age_months {sign} {12 * age}" for sign, age in limits if age]
    return " AND ".join(conditions) or "1 = 1"
