"""A cohort from beginning to end on a handful of families: who is in, on which records, and who was lost where."""

import re

import pytest

from tests.cohort_county import SmallCounty, small_county
from tf_eval.cohort import Cohort, FlowStep, build_cohort, load_programme
from tf_eval.cohort.flow import Flow, build_steps

PROGRAMME = "params/programmes/oxfordshire_2012.yaml"


@pytest.fixture(scope="module")
def county() -> SmallCounty:
    county = small_county()
    for family in (1, 2, 3):  # these three meet all three national criteria from 1 June 2012 on
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(family * 10 + 1, "proven_offence", "2012-06-01")
        county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
        county.spell(family * 10 + 1, "off_roll", "2011-01-01")
    county.support(1, "mentors", "2012-07-01", "2012-08-15")
    county.support(1, "parenting", "2013-07-01", "2013-08-15")
    county.support(2, "mentors", "2012-07-01", None)
    county.family(4, ["1975-05-05", "1999-04-10"])  # one criterion only, but started
    county.spell(40, "out_of_work_benefit", "2011-01-01", None, "JSA")
    county.support(4, "parenting", "2012-09-01", "2012-09-20")
    county.family(5, ["1975-05-05", "1999-04-10"])  # meets nothing
    county.family(6, ["1975-05-05", "1990-04-10"])  # the child was 18 before the programme began
    county.spell(60, "out_of_work_benefit", "2011-01-01", None, "JSA")
    return county


@pytest.fixture(scope="module")
def cohort(county) -> Cohort:
    return build_cohort(county, load_programme(PROGRAMME))


def test_the_cohort_holds_the_identified_and_those_that_started(cohort):
    families = cohort.families.set_index("family_id")
    assert families.index.tolist() == [1, 2, 3, 4]
    assert families["qualified_on"].dt.strftime("%Y-%m-%d").fillna("never").tolist() == 3 * ["2012-06-01"] + ["never"]
    assert families["started_on"].dt.strftime("%Y-%m-%d").fillna("never").tolist() == [
        "2012-08-15",
        "never",
        "never",
        "2012-09-20",
    ]
    assert families.loc[[1, 4], "intervention"].tolist() == ["mentors", "parenting"]
    assert families.loc[1, ["district", "children", "adults", "criteria_met"]].tolist() == ["north", 1, 1, 3]


def test_the_evidence_is_the_records_that_decided(cohort):
    on_the_day = cohort.evidence_on("2012-06-01")
    found = on_the_day.loc[on_the_day["family_id"] == 1, ["criterion", "table_name", "kind"]].to_numpy().tolist()
    assert found == [
        ["crime", "event", "proven_offence"],
        ["education", "spell", "off_roll"],
        ["work", "spell", "out_of_work_benefit"],
    ]
    assert set(on_the_day["family_id"]) == {1, 2, 3, 4}
    offence = cohort.evidence[cohort.evidence["kind"] == "proven_offence"].iloc[0]
    assert [str(offence[name].date()) for name in ("date", "start_date", "end_date")] == [
        "2012-06-01",
        "2012-06-01",
        "2013-06-01",
    ]


def test_the_flow_adds_up_and_names_every_loss(cohort):
    rows = cohort.flow.table()[["step", "families", "excluded"]].to_numpy().tolist()
    assert rows == [
        ["known to services", 6, 0],
        ["assessed", 5, 1],
        ["with a criterion met", 4, 1],
        ["identified", 3, 1],
        ["offered support", 2, 1],
        ["started support", 1, 1],
    ]
    assert all(cohort.flow.table()["reason"].iloc[1:])
    assert cohort.criteria_met.set_index("criterion")["met"].to_dict() == {
        "crime": 3,
        "education": 3,
        "work": 4,
        "high_cost": 0,
    }


def test_a_family_that_has_left_does_not_qualify(county):
    left = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    left.tables["family_home"] = [
        (family, district, decile, start, None if family != 3 else "2012-06-01")
        for family, district, decile, start, _ in left.tables["family_home"]
    ]
    families = build_cohort(left, load_programme(PROGRAMME)).families
    assert families["family_id"].tolist() == [1, 2, 4]


def test_what_is_shown_by_default_holds_no_family_and_no_small_count(cohort):
    for text in (repr(cohort), repr(cohort.flow), repr(cohort.flow.steps), cohort.summary()):
        assert not re.search(r"=\d|\b[1-9] families", text)
        assert "fewer than 10" in text
    assert "family_id" not in str(cohort.to_dict())


def test_a_flow_can_be_drawn_and_told():
    steps = build_steps(FlowStep("known", 1204), [("in", 604, "out of reach")])
    flow = Flow(tuple(steps)).then(build_steps(FlowStep("begun", 100, arm="treated"), [("kept", 60, "too short")]))
    assert flow.summary() == "Of about 1,205 families known: about 605 in, about 60 kept in the treated arm."
    drawn = [text.get_text() for text in flow.plot().texts]
    assert "In\n604" in drawn
    assert "600: out of reach" in drawn
    assert "40: too short" in drawn
