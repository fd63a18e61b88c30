"""What the check of extracts found, taken over as it is: nothing is checked again, and no school or value is named."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tests.council import Council
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.runs import checked, read_data_quality
from tf_eval.runs.checked import OF_A_SCHOOL, _patterns

ASKED = SimpleNamespace(title="Families here")


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    council = Council(tmp_path_factory.mktemp("council"))
    council.add("events.csv", "d,2,ASB,31/02/2010,03/05/2010", "e,9,ASB,02/05/2010,03/05/2010")
    return council.build()


def test_rows_are_those_of_the_county_without_its_calendar(county):
    sources = county.sources()
    records = sources[sources["table_name"] != "term"]
    (row,) = checked(ASKED, county).received.rows
    assert (row.used, row.set_aside) == (records["rows_used"].sum(), records["rows_quarantined"].sum())
    assert row.set_aside == 2 and row.left_out == 0


def test_covered_time_is_told_in_whole_months_of_the_county(county):
    found = checked(ASKED, county).received
    (covered,) = found.covered
    assert (covered.start, covered.end, found.months) == (0, 24, 24)
    assert (covered.first, covered.last) == ("April 2009", "March 2011")
    assert ("spell", "out_of_work_benefit") in covered.kinds and ("attendance", "") in covered.kinds


def test_why_rows_were_set_aside_is_told_by_rule(county):
    rules = {row.rule: (row.severity, row.rows) for row in checked(ASKED, county).findings.rules}
    problems = county.problems()
    aside = problems[problems["severity"] == "set aside"]
    assert {rule for rule, (severity, _) in rules.items() if severity == "set aside"} == set(aside["rule"])
    assert sum(rows for severity, rows in rules.values() if severity == "set aside") == aside["rows"].sum() == 2


def test_links_and_power_are_those_of_the_county(county):
    found = checked(ASKED, county)
    rates = county.linkage_rates()
    everybody = rates[(rates["characteristic"] == "all") & (rates["linkage"] == "standard")]
    (by_agency,) = (row for row in found.links.rows if row.characteristic == "agency")
    assert by_agency.records == everybody["records"].sum()
    assert [level for level, _, _ in found.links.levels] == ["strict", "standard", "loose"]
    assert len(found.unseen.rows) == len(county.pattern_power())
    assert all((row.usual_rows is None) == (row.district is not None) for row in found.unseen.rows)


def test_all_of_it_passes_the_gate_and_becomes_a_page(county):
    found = checked(ASKED, county)
    for view in (found.received, found.findings, found.links, found.unseen):
        assert to_html(publish(view))


def test_neither_a_school_nor_how_many_pupils_it_has_is_told():
    rows = {"agency": "education", "rule": "missing term", "severity": "pattern"}
    place, advice = "school 968478, summer term 2011/12", "about 23 pupils have rows at this school. Ask for them"
    (found,) = _patterns(pd.DataFrame([{**rows, "place": place, "advice": advice}]))
    assert (found.place, found.detail) == ("one school, summer term 2011/12", OF_A_SCHOOL)


def test_of_any_other_pattern_what_it_looks_like_is_told_and_not_what_the_officer_has_to_do():
    rows = {"agency": "police", "rule": "shift in recording", "severity": "pattern"}
    advice = "from May 2013 on there are 1.52 times as many rows as before, measured against others. Ask the agency"
    (found,) = _patterns(pd.DataFrame([{**rows, "place": "north, asbo, from May 2013 on", "advice": advice}]))
    assert found.detail == "from May 2013 on there are 1.52 times as many rows as before, measured against others"


def test_the_county_is_opened_for_what_its_plans_open_it_for():
    asked = read_data_quality({"title": "Families here", "plans": None})
    assert asked.purpose == asked.each[0].purpose == "evaluation"
