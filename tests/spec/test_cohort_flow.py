"""A cohort from beginning to end on a handful of families: who is in, on which records, and who was lost where."""

import re
from itertools import combinations

import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, day, small_county
from tf_eval.cohort import Cohort, build_cohort, load_programme
from tf_eval.cohort.flow import Flow, OfWhich, build_steps

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


@pytest.mark.parametrize(
    ("away", "qualified"),
    [
        (("2012-05-31", "2012-07-01"), "2012-06-01"),  # 31 days without an address: it moved
        (("2012-05-31", "2012-07-02"), "2012-07-02"),  # 32: it lived elsewhere
        (("2012-05-31", "2013-07-01"), "never"),  # it came back when it had ceased to meet the rule
        (("2012-06-02", "2013-07-01"), "2012-06-01"),
    ],
)
def test_a_family_qualifies_on_a_day_on_which_it_lives_here(county, away, qualified):
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    homes = [home for home in county.tables["family_home"] if home[0] != 3]
    stays = [(FIRST_DAY, day(away[0])), (day(away[1]), None)]
    other.tables["family_home"] = [*homes, *((3, "north", None, *stay) for stay in stays)]
    families = build_cohort(other, load_programme(PROGRAMME)).families.set_index("family_id")
    found = families["qualified_on"].dt.strftime("%Y-%m-%d").to_dict().get(3, "never")
    assert found == qualified


@pytest.mark.parametrize(
    ("starts", "criteria_met"),
    [
        (["2015-03-31"], [1]),  # the last day of the window
        (["2015-04-01"], [1]),
        (["2015-06-01", "2015-06-02"], [1, 1]),  # the last start of all, and one before it
        (["2015-06-30"], [1]),
        (["2015-07-01"], [0]),  # the benefit has ended
    ],
)
def test_the_criteria_of_a_family_that_never_qualified_are_those_of_its_start(starts, criteria_met):
    county = small_county()
    for family, started in enumerate(starts, start=1):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.spell(family * 10, "out_of_work_benefit", "2014-01-01", "2015-07-01", "JSA")
        county.support(family, "mentors", None, started)
    assert build_cohort(county, load_programme(PROGRAMME)).families["criteria_met"].tolist() == criteria_met


def test_what_is_shown_by_default_holds_no_family_and_no_small_count(cohort):
    for text in (
        repr(cohort),
        repr(cohort.flow),
        repr(cohort.flow.steps),
        cohort.summary(),
        repr(cohort.flow.of_which),
    ):
        assert not re.search(r"=\d|\b[1-9] families", text)
        assert "fewer than 10" in text
    assert "family_id" not in str(cohort.to_dict())


def test_what_each_criterion_and_each_offer_came_to_stands_beside_its_step(cohort):
    parts = [(part.step, part.group, part.state, part.count) for part in cohort.flow.of_which]
    crime, education, work, high_cost = (criterion.title for criterion in cohort.programme.criteria)
    assert parts == [
        ("assessed", crime, "met", 3),
        ("assessed", crime, "not met", 2),
        ("assessed", crime, "cannot tell", 0),
        ("assessed", education, "met", 3),
        ("assessed", education, "not met", 2),
        ("assessed", education, "cannot tell", 0),
        ("assessed", work, "met", 4),
        ("assessed", work, "not met", 1),
        ("assessed", work, "cannot tell", 0),
        ("assessed", high_cost, "met", 0),
        ("assessed", high_cost, "not met", 5),
        ("assessed", high_cost, "cannot tell", 0),
        ("identified", "The route in", "automatically in", 3),
        ("identified", "The route in", "in by the county's own criterion", 0),
        ("offered support", "What became of the offer", "started", 1),
        ("offered support", "What became of the offer", "refused", 0),
        ("offered support", "What became of the offer", "no start for 6 months", 1),
        ("offered support", "What became of the offer", "still waiting", 0),
    ]


def test_an_offer_is_refused_left_for_long_or_still_open_when_the_records_end(county):
    """The records end with March 2015: an offer of October 2014 is then five months old, one of September six."""
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    other.tables["support"] = []
    other.support(1, "mentors", "2014-09-30", None)
    other.support(2, "mentors", "2014-10-01", None)
    other.support(3, "mentors", "2014-10-01", None, consent=False)
    flow = build_cohort(other, load_programme(PROGRAMME)).flow
    states = {part.state: part.count for part in flow.of_which if part.step == "offered support"}
    assert states == {"started": 0, "refused": 1, "no start for 6 months": 1, "still waiting": 1}


def test_a_family_came_in_by_the_first_route_that_was_met_on_its_first_day():
    must, may = "must_be_included", "may_be_included"
    county = small_county()
    happened = {1: "crime education work", 2: "crime work concern", 3: "crime education work concern", 4: "crime work"}
    for family, met in happened.items():
        county.family(family, ["1975-05-05", "1999-04-10"])
        child = family * 10 + 1
        county.event(child, "proven_offence", "2012-06-01")
        county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
        if "education" in met:
            county.spell(child, "off_roll", "2012-06-01")
        if "concern" in met:
            county.event(child, "concern", "2012-06-01")
    county.spell(21, "off_roll", "2012-06-02")  # a day too late for the second family's way in
    county.support(4, "mentors", None, "2012-08-15")
    cohort = build_cohort(county, load_programme("params/programmes/kent_2012.yaml"))
    assert cohort.families["route"].astype(object).fillna("none").tolist() == [must, may, must, "none"]
    assert [part.count for part in cohort.flow.of_which if part.group == "The route in"] == [2, 1]


@pytest.mark.parametrize(
    ("offered", "started", "counts"),
    [
        ("2012-03-31", None, (0, 0)),
        ("2012-04-01", None, (1, 0)),
        ("2010-07-01", "2012-03-31", (0, 0)),
        ("2010-07-01", "2012-04-01", (1, 1)),
    ],
)
def test_support_from_before_the_programme_is_none_of_it(county, offered, started, counts):
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    other.tables["support"] = []
    other.support(1, "mentors", offered, started)
    flow = build_cohort(other, load_programme(PROGRAMME)).flow
    left = {step.step: step.families for step in flow.steps}
    assert (left["offered support"], left["started support"]) == counts
    assert next(part.count for part in flow.of_which if part.state == "started") == counts[1]


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (("2009-04-01", "2015-04-01"), []),
        (("2012-04-02", "2015-04-01"), ["The records begin on 2 April 2012, after the programme did."]),
        (("2009-04-01", "2015-03-31"), ["The records end on 30 March 2015, before the programme's time does"]),
        (("2013-04-01", "2014-04-01"), ["The records begin on 1 April 2013", "The records end on 31 March 2014"]),
    ],
)
def test_it_is_said_where_the_programme_s_time_lies_outside_of_the_records(county, records, told):
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    other.tables["county"] = [("small", "stamp", "layout", *map(day, records))]
    summary = build_cohort(other, load_programme(PROGRAMME)).summary()
    assert [sentence for sentence in told if sentence not in summary] == []
    assert summary.count("The records") == len(told)


def test_criteria_are_not_asked_for_before_the_window(county):
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    other.tables["support"] = []
    other.support(4, "mentors", None, "2012-03-31")
    other.support(5, "mentors", None, "2012-04-01")
    families = build_cohort(other, load_programme(PROGRAMME)).families.set_index("family_id")
    assert families["criteria_met"].isna().tolist() == [False, False, False, True, False]
    assert families.loc[5, "criteria_met"] == 0


def test_a_criterion_that_cannot_be_told_is_neither_met_nor_not_met():
    county = small_county(
        [
            ("police", "event", None, FIRST_DAY, LAST_DAY),
            ("job centre", "spell", "out_of_work_benefit", FIRST_DAY, "2014-01-01"),
            ("schools", "attendance", None, FIRST_DAY, LAST_DAY),
        ]
    )
    for family in (1, 2):
        county.family(family, ["1975-05-05", "1999-04-10"])
    county.spell(10, "out_of_work_benefit", "2013-01-01", "2013-02-01", "JSA")
    cohort = build_cohort(county, load_programme(PROGRAMME))
    work = {part.state: part.count for part in cohort.flow.of_which if part.group == "An adult on out-of-work benefits"}
    assert work == {"met": 1, "not met": 0, "cannot tell": 1}
    ever = cohort.criteria_met.set_index("criterion").loc["work", ["met", "cannot_tell"]]
    assert ever.tolist() == [1, 2], "who met it once cannot be told of in the months that nobody sent"


def test_every_district_has_its_rows_and_a_home_that_is_not_known_is_one(county):
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    homes = {2: "south", 3: None, 5: "south"}
    other.tables["family_home"] = [
        (family, homes.get(family, district), *rest) for family, district, *rest in other.tables["family_home"]
    ]
    flow = build_cohort(other, load_programme(PROGRAMME)).flow
    table = flow.by_district().pivot(index="step", columns="district", values="families")
    columns = ["north", "south", "not known"]
    assert table.loc[[step.step for step in flow.steps], columns].to_numpy().tolist() == [
        [3, 2, 1],
        [2, 2, 1],
        [2, 1, 1],
        [1, 1, 1],
        [1, 1, 0],
        [1, 0, 0],
    ]
    assert flow.by_district()["district"].unique().tolist() == ["north", "south", "not known"]


def test_a_family_that_moves_is_counted_where_it_qualified_and_others_where_they_last_lived(county):
    other = SmallCounty({name: list(rows) for name, rows in county.tables.items()}, county.births)
    moves = {1: "2013-01-01", 5: "2013-01-01"}  # the first qualified before it moved, the fifth never did
    homes = [list(row) for row in other.tables["family_home"]]
    other.tables["family_home"] = [(*row[:4], moves.get(row[0])) for row in homes]
    other.tables["family_home"] += [(family, "south", None, moved, None) for family, moved in moves.items()]
    flow = build_cohort(other, load_programme(PROGRAMME)).flow
    south = flow.by_district().query("district == 'south'").set_index("step")["families"]
    assert south[["known to services", "assessed", "with a criterion met", "identified"]].tolist() == [1, 1, 0, 0]


def test_a_flow_can_be_drawn_and_told():
    steps = build_steps("all", [("known", {"north": 1204}, ""), ("in", {"north": 604}, "out of reach")])
    later = build_steps("treated", [("begun", {"north": 100}, ""), ("kept", {"north": 60}, "too short")])
    months = OfWhich("kept", "Months", "not counted", 27, "treated", "family-months")
    flow = Flow(tuple(steps), (OfWhich("in", "Crime", "met", 400),)).then(later, [months])
    assert flow.summary() == (
        "Of about 1,205 families known: about 605 in, about 60 kept in the treated arm. Months: about 25 not counted."
    )
    drawn = [text.get_text() for text in flow.plot().texts]
    for words in ("In\n604", "600: out of reach", "40: too short", "Crime: 400 met"):
        assert words in drawn


def test_no_text_of_the_chart_runs_into_another():
    """As drawn on a page: with long reasons, long steps and much beside them."""
    long = "a reason that needs very many words before it has said what it has to say about why families are not left"
    trunk = build_steps("all", [("known", {"n": 19990}, ""), ("assessed", {"n": 18900}, long)])
    arms = [
        step
        for arm in ("treated", "comparison")
        for step in build_steps(
            arm, [(f"{arm} in words that fill more than one line", {"n": 300}, ""), (arm, {"n": 9}, long)]
        )
    ]
    beside = [
        OfWhich(step, f"{long} {n}", "met", 1000, arm)
        for n in "123"
        for step, arm in (("assessed", "all"), ("treated", "treated"))
    ]
    ax = Flow((*trunk, *arms), tuple(beside)).plot()
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert len(boxes) > 8
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]
