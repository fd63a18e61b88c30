"""How late records arrive, as the data say: in months, of records followed for long enough, and not of a few."""

import pandas as pd
import pytest

from tests.cohort_county import small_county
from tests.cohort_panel import ABSENCE, BENEFITS, OFFENCES, Amended
from tf_eval.cohort import observed_lag
from tf_eval.errors import ConfigError


def county_with(*recorded: str | None, date: str = "2012-06-30") -> Amended:
    """Return a county with an offence on a day for each of the days on which one was recorded."""
    county = small_county()
    county.family(1, ["1999-04-10"])
    for _ in recorded:
        county.event(10, "proven_offence", date)
    days = enumerate(recorded, start=1)
    statements = [f"UPDATE event SET recorded_on = '{on}' WHERE event_id = {number}" for number, on in days if on]
    return Amended(county, tuple(statements))


def arrived(county, outcome=OFFENCES, **options) -> list[float]:
    return observed_lag(county, [outcome], **options).table()["arrived"].tolist()


def test_the_lag_is_the_number_of_months_between_two_months():
    # On the last of June: that day, the day after (another month), the last of July, the first of August, in September.
    days = ["2012-06-30", "2012-07-01", "2012-07-31", "2012-08-01", "2012-09-30"]
    county = county_with(*days, *days)
    assert arrived(county, longest=3) == pytest.approx([0.2, 0.6, 0.8, 1.0])
    assert arrived(county, longest=2) == pytest.approx([0.2, 0.6, 0.8]), "who came later still counts below the line"


def test_the_median_and_the_ninth_tenth_are_told_in_words():
    county = county_with(*["2012-06-30"] * 4, *["2012-07-01"] * 2, *["2012-10-01"] * 3, "2012-12-01")
    lag = observed_lag(county, [OFFENCES])
    assert lag.within(0.5) == {"offences": 1}
    assert lag.within(0.9) == {"offences": 4}
    assert lag.summary() == (
        "Offences: half within a month and 90% within 4 months had arrived. "
        "With lag_months: 4 all months from December 2014 on are missing."
    )
    assert observed_lag(county, [OFFENCES], longest=2).within(0.9) == {"offences": None}


def test_what_the_advised_lag_would_leave_out_depends_on_when_the_extract_was_drawn():
    on_time, late = ["2012-10-01"] * 20, ["2015-07-20"] * 10
    lag = observed_lag(county_with(*on_time), [OFFENCES])
    drawn = ["outcome", "lag_months", "advised", "drawn_on", "missing_from"]
    days = pd.Timestamp("2015-04-01"), pd.Timestamp("2014-12-01")
    assert lag.advice[drawn].iloc[0].tolist() == ["offences", 0, 4, *days]
    county = small_county()
    county.family(1, ["1999-04-10"])
    for recorded in on_time:
        county.event(10, "proven_offence", "2012-06-30", recorded)
    for recorded in late:
        county.event(10, "proven_offence", "2015-03-20", recorded)
    lag = observed_lag(county, [OFFENCES])
    assert lag.advice["missing_from"].iloc[0] == pd.Timestamp("2015-03-01")
    for recorded in ["2015-09-01"] * 10:
        county.event(10, "proven_offence", "2015-03-20", recorded)
    told = observed_lag(county, [OFFENCES])
    assert told.summary().endswith(
        "With lag_months: 4 none is missing: the extract was drawn on 1 September 2015 or later."
    )
    assert told.to_dict()["advice"][0]["missing_from"] is None


def test_fewer_than_ten_records_say_nothing():
    for number, told in ((9, False), (10, True)):
        lag = observed_lag(county_with(*["2012-07-01"] * number), [OFFENCES])
        assert lag.table()["arrived"].notna().any() == told
        assert ("too few records" in repr(lag)) != told
        assert {row["records"] for row in lag.to_dict()["rows"]} == {"about 10" if told else "fewer than 10"}


def test_a_record_that_could_not_be_followed_for_so_long_is_left_out():
    # The extract ends with March 2015. Of an offence in January what is two months late would just be in it.
    just_old_enough = county_with(*["2015-02-01"] * 10, date="2015-01-31")
    assert observed_lag(just_old_enough, [OFFENCES], longest=2).table()["records"].eq(10).all()
    too_recent = county_with(*["2015-02-01"] * 10, date="2015-02-01")
    assert observed_lag(too_recent, [OFFENCES], longest=2).table()["records"].eq(0).all()


def test_records_without_a_day_of_arrival_and_of_other_ages_are_left_out():
    county = county_with(*["2012-07-01"] * 10, None, None)
    assert observed_lag(county, [OFFENCES]).table()["records"].eq(10).all()


def test_spells_arrive_after_their_first_day_and_attendance_after_its_term():
    county = small_county()
    for family in range(1, 11):
        county.family(family, ["1999-04-10"])
        county.spell(family * 10, "out_of_work_benefit", "2011-06-15", "2012-06-15")
        county.attend(family * 10, 10, 100, 10)  # ends on 20 December 2012
    late = Amended(
        county,
        ("UPDATE spell SET recorded_on = '2011-08-15'", "UPDATE attendance SET recorded_on = '2013-04-01'"),
    )
    lag = observed_lag(late, [BENEFITS, ABSENCE])
    assert lag.within(0.5) == {"benefit": 2, "absence": 4}
    assert "With lag_months: 4 all terms that end on 1 December 2014 or later are missing." in lag.summary()
    assert {line.get_label() for line in lag.plot().get_lines()} == {"Benefit", "Absence"}


def test_an_outcome_that_is_not_known_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 'asb_incident'"):
        observed_lag(small_county(), ["asb_incidnt"])
