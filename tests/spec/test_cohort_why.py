"""Why a family is in, or is not, or cannot be told: in words, from its own records, on any day and by both clocks."""

from datetime import date

import pytest

from tests.cohort_county import FIRST_DAY, SmallCounty, small_county
from tf_eval.cohort import Cohort, build_cohort, load_programme
from tf_eval.errors import InputError

PROGRAMME = load_programme("params/programmes/oxfordshire_2012.yaml")


@pytest.fixture
def county() -> SmallCounty:
    county = small_county()
    county.family(1, ["1975-05-05", "1999-04-10"])
    county.event(11, "proven_offence", "2012-06-01", recorded="2012-09-15")
    county.spell(10, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(11, "off_roll", "2011-01-01")
    county.family(2, ["1975-05-05", None])
    county.event(21, "proven_offence", "2012-06-01")
    return county


def cohort(county: SmallCounty, **asked: str) -> Cohort:
    return build_cohort(county, PROGRAMME, **asked)


def states(county: SmallCounty, family: int, on: str, **asked: str) -> dict[str, str]:
    return cohort(county, **asked).why(family, on).table().set_index("criterion")["state"].to_dict()


@pytest.mark.parametrize(
    ("on", "crime"),
    [("2012-05-31", "not met"), ("2012-06-01", "met"), ("2013-05-31", "met"), ("2013-06-01", "not met")],
)
def test_it_says_how_each_criterion_stood_on_the_day(county, on, crime):
    stood = {"crime": crime, "education": "met", "work": "met", "high_cost": "not met", "rule": crime}
    assert states(county, 1, on) == stood


@pytest.mark.parametrize(("on", "crime"), [("2012-09-14", "not met"), ("2012-09-15", "met")])
def test_it_goes_by_the_clock_of_the_cohort(county, on, crime):
    assert states(county, 1, on, clock="arrived")["crime"] == crime


def test_it_tells_the_records_in_words(county):
    assert str(cohort(county).why(1, "2012-06-01")) == (
        "By what had happened by then, on 1 June 2012 the family met the rule of Oxfordshire Thriving Families 2012.\n"
        "It is in the cohort since 1 June 2012.\n"
        "- Crime and antisocial behaviour: met since 1 June 2012.\n"
        "    person 11: proven offence on 1 June 2012 (event 1), counts until 31 May 2013\n"
        "- Exclusion and absence from school: met since 1 January 2011.\n"
        "    person 11: off roll from 1 January 2011 (spell 2), seen until 31 March 2015, where the records end\n"
        "- An adult on out-of-work benefits: met since 1 January 2011.\n"
        "    person 10: out of work benefit from 1 January 2011 (spell 1), seen until 31 March 2015, where the records "
        "end\n"
        "- High cost to services: not met."
    )


def test_it_answers_for_a_family_that_is_in_no_cohort(county):
    assert 2 not in cohort(county).families["family_id"].tolist()
    why = cohort(county).why(2, "2012-06-01")
    assert "the family did not meet the rule" in why.summary()
    assert "cannot tell: the age of a member, or what came before, is not known" in why.summary()


def test_it_says_where_no_extract_reaches(county):
    county.tables["coverage"] = [
        ("agency", table, kind, start, end)
        for table, start in (("event", "2012-01-01"), ("spell", str(FIRST_DAY)), ("attendance", str(FIRST_DAY)))
        for kind, end in ((None, "2015-04-01"),)
    ]
    why = cohort(county).why(2, "2012-05-01")
    assert "Crime and antisocial behaviour: cannot tell: no extract covers all of the time" in why.summary()


def test_a_notebook_shows_nothing_of_the_family(county):
    why = cohort(county).why(1, "2012-06-01")
    assert repr(why) == "<Explanation of one family and day: print it in the secure workspace>"


@pytest.mark.parametrize(
    ("family", "on", "message"),
    [
        (99, "2012-06-01", "the county has no family with that number"),
        (1, "June the first", "that is no day"),
        (1, "01/06/2012", "that is no day"),  # which of two days is not for us to say
        (1, 20120601, "that is no day"),
        (1, None, "that is no day"),
        (1.9, "2012-06-01", "by its number, a whole one"),
        ("x", "2012-06-01", "by its number, a whole one"),
        (True, "2012-06-01", "by its number, a whole one"),
    ],
)
def test_what_cannot_be_asked_is_refused(county, family, on, message):
    with pytest.raises(InputError, match=message) as caught:
        cohort(county).why(family, on)
    assert "99" not in str(caught.value)


@pytest.mark.parametrize("on", ["01/06/2012", "xx", 20120601])
def test_evidence_is_asked_for_by_a_day(county, on):
    with pytest.raises(InputError, match="evidence_on: that is no day; write it as 2012-06-01"):
        cohort(county).evidence_on(on)


def test_it_says_why_a_family_is_in_no_cohort(county):
    """One has no child in the programme's time; one came to live here when it had ceased to meet the rule."""
    county.family(3, ["1975-05-05", "1980-04-10"])
    county.family(4, ["1975-05-05", "1999-04-10"])
    county.event(41, "proven_offence", "2012-06-01")
    county.spell(40, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.spell(41, "off_roll", "2011-01-01")
    homes = county.tables["family_home"]
    place = next(place for place, home in enumerate(homes) if home[0] == 4)
    homes[place] = (*homes[place][:3], date(2013, 6, 1), None)
    told = {family: str(cohort(county).why(family, "2012-06-01")).splitlines()[:2] for family in (3, 4)}
    assert told[3][1] == "It is not in the cohort: it has no child known to be under 18 in the programme's time."
    assert "the family met the rule" in told[4][0]
    assert told[4][1] == (
        "It is not in the cohort: on no day of the programme's time did it live here and meet the rule."
    )
