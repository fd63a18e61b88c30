"""What may be shown of who qualifies: counted in several ways that must not give one another away."""

import pytest

from tf_eval.errors import InputError
from tf_eval.release import Rules, publish
from tf_eval.release.identification import (
    CriteriaView,
    CriterionRow,
    IdentificationView,
    Identified,
    QuartersView,
    UntoldView,
    Way,
)
from tf_eval.release.parts import release_parts
from tf_eval.release.views import AllocationRow, AllocationView

TIMES = ("1 April 2012", "Later in April to June 2012", "July to September 2012")
NORTH, SOUTH = (100, 42, 58), (40, 31, 27)
WAYS = (Way("Must be", (True, True), 201), Way("May be", (True, False), 97))


def identified(north=NORTH, south=SOUTH, ways=WAYS):
    by_time = (("north", north), ("south", south))
    return Identified(tuple((name, "", sum(own)) for name, own in by_time), TIMES, by_time, ways)


def answer(counts, assessed=(4074, 3221), allocated=810):
    rows = [
        AllocationRow(name, "", families, None, None if allocated is None else allocated / 2, known)
        for (name, _, families), known in zip(counts.districts, assessed, strict=True)
    ]
    allocation = AllocationView(tuple(rows), allocated, ("The county's page",))
    view = IdentificationView(
        "Families", "Families 2012", "1 April 2012", "30 September 2012", "happened", counts, allocation
    )
    return publish(view).payload


def criteria(counts):
    asks = {"Must be": "both", "May be": "crime alone"}
    return publish(CriteriaView(("Crime", "Work"), counts, asks)).payload


def quarters(counts):
    return publish(QuartersView(counts, so_far=False)).payload


def test_every_way_of_counting_comes_to_the_same_families_rounded():
    counts = identified()
    assert answer(counts)["identified"] == 300 == criteria(counts)["identified"]
    assert [row["identified"] for row in answer(counts)["rows"]] == [200, 100]
    assert answer(counts)["on_the_first_day"] == 140
    assert quarters(counts)["all"] == [140, 75, 85]
    assert [row["families"] for row in quarters(counts)["districts"]] == [[100, 40, 60], [40, 30, 25]]
    assert [(row["route"], row["families"]) for row in criteria(counts)["routes"]] == [("Must be", 200), ("May be", 95)]
    assert [row["families"] for row in criteria(counts)["each"]] == [295, 200], "the sums of what is shown"


def test_a_few_of_a_district_in_a_quarter_are_hidden_with_what_would_give_them_away():
    """North's 62 and all 69 are shown as 60 and 70, so that south's 7 would be known to be six or more."""
    ways = (Way("Must be", (True, True), 185), Way("May be", (True, False), 97))
    shown = quarters(identified(north=(100, 42, 62), south=(40, 31, 7), ways=ways))
    north, south = (row["families"] for row in shown["districts"])
    assert south[2] == "[c]" and "[c]" in (north[2], shown["all"][2])
    assert north[:2] == [100, 40] and shown["all"][:2] == [140, 75]


def test_a_small_district_is_as_hidden_on_the_first_screen_as_in_its_quarters():
    """Else the one table would tell what the other hides."""
    counts = identified(south=(4, 2, 3), ways=(Way("Must be", (True, True), 112), Way("May be", (True, False), 97)))
    shown = answer(counts)
    assert [row["identified"] for row in shown["rows"]] == ["[c]", "[c]"]
    assert [row["difference"] for row in shown["rows"]] == ["[c]", "[c]"]


def test_what_few_families_met_together_is_not_named_at_all():
    rare = (*WAYS, Way("May be", (False, True), 3))
    shown = criteria(identified(south=(43, 31, 27), ways=rare))
    assert [way["met"] for way in shown["ways"]] == [[True, True], [True, False]]
    assert shown["others"]
    assert shown["each"][1]["families"] == 200, "the sum of what is shown, and no more is told"


def test_where_no_number_was_allocated_none_is_told():
    shown = answer(identified(), allocated=None)
    assert shown["allocated"] == "[x]" and [row["difference"] for row in shown["rows"]] == ["[x]", "[x]"]


def test_one_district_has_no_table_of_its_quarters_beside_that_of_all():
    alone = Identified((("north", "", 200),), TIMES, (("north", NORTH),), (Way("", (True, True), 200),))
    assert quarters(alone)["districts"] == [] and quarters(alone)["all"] == [100, 40, 60]


def test_few_of_whom_it_could_not_be_told_are_hidden_and_those_who_did_not_are_not_told():
    row = CriterionRow("Crime", "one or more offences", met=120, not_met=300, cannot_tell=3)
    when = (("1 April 2012", "31 March 2015"), ("1 April 2009", "31 March 2015"))
    (shown,) = publish(UntoldView((row,), (), *when, begins_late=False, ends_early=False)).payload["criteria"]
    expected = {"title": "Crime", "asks": "one or more offences", "met": 120, "cannot_tell": "[c]", "assessed": 425}
    assert shown == expected


def test_few_who_did_not_meet_it_could_be_had_from_the_others_so_one_of_these_is_hidden_too():
    row = CriterionRow("Crime", "one or more offences", met=298, not_met=0, cannot_tell=118)
    when = (("1 April 2012", "31 March 2015"), ("1 April 2009", "31 March 2015"))
    (shown,) = publish(UntoldView((row,), (), *when, begins_late=False, ends_early=False)).payload["criteria"]
    assert "[c]" in (shown["met"], shown["cannot_tell"], shown["assessed"])


@pytest.mark.parametrize("counts", [{"all": 30, "a": 20, "b": 11}, {"all": 9, "a": 20, "b": -11}])
def test_parts_have_to_come_to_their_whole(counts):
    with pytest.raises(InputError, match="come to their whole"):
        release_parts(counts, [("all", ["a", "b"])], Rules())


def test_a_part_that_is_all_of_its_whole_is_hidden():
    assert release_parts({"all": 40, "a": 40, "b": 0}, [("all", ["a", "b"])], Rules()) == {
        "all": 40,
        "a": "[c]",
        "b": "[c]",
    }
