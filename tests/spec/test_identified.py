"""Who qualifies, counted from a cohort: tiny counties, visible numbers."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from tests.cohort_county import SmallCounty, small_county
from tests.spec.test_cohort_allocation import add_family
from tf_eval.cohort import build_cohort, load_programme
from tf_eval.errors import ConfigError, InputError
from tf_eval.runs import identified, read_identification

OXFORDSHIRE = "params/programmes/oxfordshire_2012.yaml"
ASKED = SimpleNamespace(title="Families here", clock="happened")


def county() -> SmallCounty:
    """In the north one family qualifies on the first day and one in June, in the south one in the second year."""
    county = small_county()
    for family, district, offence in ((1, "Cherwell", "2012-02-01"), (2, "Cherwell", "2012-06-10")):
        add_family(county, family, district, offence)
    add_family(county, 3, None, "2013-05-01")
    add_family(county, 4, "Cherwell", None)
    county.spell(31, "child_protection_plan", "2013-05-01")
    return county


@pytest.fixture(scope="module")
def found():
    cohort = build_cohort(county(), load_programme(OXFORDSHIRE))
    return identified(ASKED, cohort)


def test_families_are_counted_by_district_on_the_first_day_and_by_quarter_after_it(found):
    counted = found.answer.identified
    assert {(district, families) for district, _, families in counted.districts} == {("Cherwell", 2), ("not known", 1)}
    assert counted.times[:3] == ("1 April 2012", "Later in April to June 2012", "July to September 2012")
    assert counted.times[-1] == "January to March 2015" and len(counted.times) == 13
    by_time = dict(counted.by_time)
    assert by_time["Cherwell"][:3] == (1, 1, 0) and sum(by_time["Cherwell"]) == 2
    assert by_time["not known"][counted.times.index("April to June 2013")] == 1
    assert (found.answer.first, found.answer.last) == ("1 April 2012", "31 March 2015")


def test_they_are_counted_by_what_they_met_on_the_day_on_which_they_qualified(found):
    """The third one's plan began on the day of the offence, so that it met all four at once."""
    ways = {(way.route, way.met): way.families for way in found.criteria.identified.ways}
    assert ways == {
        ("Automatically in", (True, True, True, False)): 2,
        ("Automatically in", (True, True, True, True)): 1,
    }
    assert found.criteria.asks["Automatically in"].startswith("all of these: crime and antisocial behaviour;")


def test_what_could_not_be_told_names_who_sends_what_the_criteria_ask_for(found):
    by_title = {row.title: row for row in found.untold.criteria}
    crime = by_title["Crime and antisocial behaviour"]
    assert (crime.met, crime.not_met, crime.cannot_tell) == (3, 1, 0)
    offence = next(row for row in found.untold.sent if row.kind == "proven_offence")
    assert offence.agencies and offence.first == "April 2009" and offence.last == "March 2015"
    assert not found.untold.begins_late and not found.untold.ends_early


def test_records_that_end_within_a_quarter_say_that_it_is_not_over():
    short = county()
    ((name, stamp, layout, start, _),) = short.tables["county"]
    short.tables["county"] = [(name, stamp, layout, start, date(2014, 6, 1))]
    found = identified(ASKED, build_cohort(short, load_programme(OXFORDSHIRE)))
    assert found.quarters.so_far and found.untold.ends_early
    assert found.quarters.identified.times[-1] == "April to June 2014"


def test_a_programme_without_an_allocation_has_its_districts_all_the_same():
    programme = replace(load_programme(OXFORDSHIRE), allocation=None)
    found = identified(ASKED, build_cohort(county(), programme))
    assert found.answer.allocation.allocated is None
    assert [(row.district, row.identified) for row in found.answer.allocation.rows] == [
        ("Cherwell", 2),
        ("not known", 1),
    ]
    assert found.answer.identified.total == 3


def test_records_that_end_before_the_programme_begins_are_refused():
    later = load_programme("params/programmes/supporting_families_2022.yaml")
    with pytest.raises(InputError, match=r"records end on 31 March 2015, before .* begins on 3 October 2022"):
        identified(ASKED, build_cohort(county(), later))


def test_the_county_is_opened_to_identify_families_and_is_that_of_the_plans():
    asked = read_identification({"title": "Families here", "plans": None})
    assert (asked.purpose, asked.programme, asked.clock) == ("identification", OXFORDSHIRE, "happened")
    assert asked.county == asked.each[0].county


def test_a_clock_that_there_is_none_of_is_refused():
    with pytest.raises(ConfigError, match="clock"):
        read_identification({"title": "Families here", "clock": "sometimes"})
