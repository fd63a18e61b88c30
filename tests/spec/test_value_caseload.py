"""Who was taken on, and on which days it is asked whether they can be claimed."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tf_eval.cohort.months import month_of
from tf_eval.errors import ConfigError
from tf_eval.value import attachments, claim_days


def months_to(last: str) -> range:
    end = int(month_of(pd.Timestamp(last).to_datetime64()))
    return range(end - 60, end + 1)


def days_of(attached_on: str, last: str, **how) -> list[str]:
    attached = pd.DataFrame({"family_id": [7], "attached_on": pd.to_datetime([attached_on])})
    return [str(day.date()) for day in claim_days(attached, months_to(last), **how)["on"]]


def test_only_who_qualified_and_started_is_taken_on():
    never = pd.NaT
    families = pd.DataFrame(
        {
            "family_id": [3, 1, 2, 4],
            "qualified_on": pd.to_datetime(["2012-05-01", "2012-04-01", never, "2012-06-01"]),
            "started_on": pd.to_datetime(["2012-07-01", "2012-08-15", "2012-07-01", never]),
        }
    )
    found = attachments(SimpleNamespace(families=families))
    assert found["family_id"].tolist() == [3, 1], "in the order of their starts"
    assert list(found) == ["family_id", "attached_on"]


def test_claims_are_looked_for_on_the_first_of_every_month_to_the_last_of_the_records():
    assert days_of("2012-09-17", "2013-05-20") == ["2013-03-01", "2013-04-01", "2013-05-01"]


def test_a_family_taken_on_too_late_is_not_asked_about():
    assert days_of("2013-01-10", "2013-05-20") == []


def test_no_day_lies_before_that_of_being_taken_on():
    assert days_of("2013-03-10", "2013-05-20", first_after=0) == ["2013-04-01", "2013-05-01"]
    assert days_of("2013-03-01", "2013-05-20", first_after=0)[0] == "2013-03-01"


def test_families_keep_their_numbers_and_days():
    attached = pd.DataFrame({"family_id": [5, 6], "attached_on": pd.to_datetime(["2012-09-17", "2012-11-02"])})
    found = claim_days(attached, months_to("2013-05-20"))
    assert found.groupby("family_id").size().to_dict() == {5: 3, 6: 1}
    assert (found["identified_on"] == found["family_id"].map(attached.set_index("family_id")["attached_on"])).all()


@pytest.mark.parametrize("months", [-1, 2.5, "6"])
def test_months_that_are_none_are_refused(months):
    with pytest.raises(ConfigError, match="first_after must be a whole number"):
        days_of("2012-09-17", "2013-05-20", first_after=months)
