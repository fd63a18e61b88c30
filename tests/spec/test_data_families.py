"""Which people are a family on which days: tiny tables in, visible answers out."""

from datetime import date, timedelta

import pytest

from tests.town import ANN, BEN, CAT, DAD, DAN, EVE, FAY, GRAN, MUM, Town, always
from tf_eval.data.checking.uprns import is_placeholder_uprn
from tf_eval.data.families.addresses import MOST_IN_A_HOME

# Who is a family


def test_people_who_share_a_home_with_a_child_are_a_family_and_others_are_not(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live((DAD, GRAN), "B", "2009-04-01")
    assert town.settle() == {1: always(MUM, ANN)}
    assert town.homes() == [(1, "Oxford", "2009-04-01", None)]


def test_grandparents_who_bring_up_a_child_are_its_family(town):
    town.live((GRAN, ANN), "A", "2009-04-01")
    assert town.settle() == {1: always(GRAN, ANN)}


def test_a_grown_child_at_home_with_no_minor_makes_no_family(town):
    town.know(99, date(1988, 1, 1))
    town.live((MUM, 99), "A", "2009-04-01")
    assert town.settle() == {}


def test_a_grown_child_belongs_to_the_family_of_its_younger_brother(town):
    town.know(99, date(1988, 1, 1))
    town.live((MUM, 99, BEN), "A", "2009-04-01")
    assert town.settle() == {1: always(MUM, 99, BEN)}


def test_somebody_whose_birth_date_nobody_knows_is_no_child(town):
    town.know(99, None)
    town.live((MUM, 99), "A", "2009-04-01")
    assert town.settle() == {}


@pytest.mark.parametrize(
    ("birth", "is_family"),
    [(date(1991, 4, 1), False), (date(1991, 4, 2), True), (date(2015, 3, 31), True), (date(2015, 4, 1), False)],
)
def test_somebody_must_be_under_18_on_a_covered_day(town, birth, is_family):
    town.know(99, birth)
    town.live((MUM, 99), "A", "2009-04-01")
    assert (town.families() == [{MUM, 99}]) is is_family


@pytest.mark.parametrize(
    ("birth", "of_age"),
    [(date(1994, 3, 1), "2012-03-01"), (date(1996, 2, 29), "2014-03-01"), (date(1996, 2, 28), "2014-02-28")],
)
def test_a_family_lasts_until_its_youngest_comes_of_age(town, birth, of_age):
    town.know(99, birth)
    town.live((MUM, 99), "A", "2009-04-01")
    assert town.settle() == {1: {MUM: [("2009-04-01", of_age)], 99: [("2009-04-01", of_age)]}}


def test_its_people_are_followed_to_their_home_after_the_youngest_has_come_of_age(town):
    town.know(99, date(1994, 3, 1))
    town.live((MUM, 99), "A", "2009-04-01", "2014-01-01")
    town.settle()
    assert town.homes() == [(1, "Oxford", "2009-04-01", "2014-01-01")]


def test_a_birth_makes_a_couple_a_family_and_the_next_child_joins_it(town):
    town.live((MUM, DAD, CAT, DAN), "A", "2001-01-01")
    assert town.settle() == {
        1: {**always(MUM, DAD, CAT, since="2005-07-07"), **always(DAN, since="2006-08-08")},
    }
    assert "joined" not in town.changes()


def test_twins_are_two_members_of_one_family(town):
    town.know(98, date(2010, 1, 1))
    town.know(99, date(2010, 1, 1))
    town.live((MUM, 98, 99), "A", "2009-04-01")
    assert town.settle() == {1: always(MUM, 98, 99, since="2010-01-01")}


def test_a_child_of_whom_no_adult_is_known_is_a_family_alone(town):
    town.live(ANN, "A", "2009-04-01")
    assert town.settle() == {1: always(ANN)}


def test_families_are_numbered_by_their_first_person(town):
    town.live((FAY, EVE), "B", "2000-04-01")
    town.live((MUM, ANN), "A", "2009-04-01")
    assert town.families() == [{MUM, ANN}, {EVE, FAY}]


# Homes


def test_a_family_that_moves_twice_stays_one_and_its_district_follows(town):
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "B", "2011-01-01", "2012-01-01")
    town.live((MUM, ANN), "C", "2012-01-01")
    assert town.settle() == {1: always(MUM, ANN)}
    assert [home[1:] for home in town.homes()] == [
        ("Oxford", "2009-04-01", "2011-01-01"),
        ("Cherwell", "2011-01-01", "2012-01-01"),
        ("Oxford", "2012-01-01", None),
    ]
    assert town.changes() == {"moved": 1}


@pytest.mark.parametrize("first", [MUM, ANN, BEN])
def test_a_family_that_moves_over_several_days_stays_whole(town, first):
    for person in (MUM, ANN, BEN):
        day = "2011-01-01" if person == first else "2011-01-12"
        town.live(person, "A", "2009-04-01", day)
        town.live(person, "B", day)
    assert town.settle() == {1: always(MUM, ANN, BEN)}


@pytest.mark.parametrize("days", [20, 31])
def test_a_short_gap_between_homes_does_not_break_a_family(town, days):
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "B", str(date(2011, 1, 1) + timedelta(days)))
    assert town.settle() == {1: always(MUM, ANN)}


@pytest.mark.parametrize("days", [32, 60])
def test_a_family_that_returns_after_a_long_gap_is_the_same_with_a_break(town, days):
    back = str(date(2011, 1, 1) + timedelta(days))
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "B", back)
    times = [("2009-04-01", "2011-01-01"), (back, None)]
    assert town.settle() == {1: {MUM: times, ANN: times}}
    assert town.family_on(ANN, "2011-01-15") == 1


def test_what_agencies_say_of_one_home_makes_one_stay_where_it_overlaps_or_touches(town):
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "A", "2010-04-01", "2012-01-01")
    town.live((MUM, ANN), "A", "2012-01-01", "2013-01-01")
    assert town.settle() == {1: {person: [("2009-04-01", "2013-01-01")] for person in (MUM, ANN)}}


def test_who_is_said_to_live_in_two_homes_lives_where_they_came_last(town):
    town.live((MUM, DAD, ANN), "A", "2009-04-01")
    town.live(DAD, "B", "2011-01-01")
    town.live((EVE, FAY), "B", "2009-04-01")
    found = town.settle()
    assert found[1][DAD] == [("2009-04-01", "2011-01-01")]
    assert found[2][DAD] == [("2011-01-01", None)]


def test_a_home_let_again_does_not_join_the_two_households(town):
    town.live((MUM, ANN), "A", "2009-04-01", "2012-06-01")
    town.live((EVE, FAY), "A", "2012-06-01")
    assert town.families() == [{MUM, ANN}, {EVE, FAY}]


def test_nor_where_a_moving_out_was_written_down_late(town):
    town.live((MUM, ANN), "A", "2009-04-01", "2012-06-01")
    town.live((EVE, FAY), "A", "2012-05-20")
    assert town.families() == [{MUM, ANN}, {EVE, FAY}]


def test_zeros_before_a_property_number_make_no_other_property(town):
    town.live(MUM, "00010012", "2009-04-01")
    town.live(ANN, "10012", "2009-04-01")
    assert town.families() == [{MUM, ANN}]


def test_a_family_in_two_districts_is_where_most_of_it_lives(town):
    town.live((MUM, ANN, BEN), "A", "2009-04-01")
    town.live(CAT, "A", "2009-04-01", "2012-01-01")
    town.live(CAT, "B", "2012-01-01", "2012-01-20")
    town.live(CAT, "A", "2012-01-20")
    assert town.settle() == {1: always(MUM, ANN, BEN, CAT)}
    assert town.homes() == [(1, "Oxford", "2009-04-01", None)]


# Leaving, parting, joining


def test_a_parent_who_leaves_is_no_member_from_that_day_and_is_still_followed(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live(DAD, "A", "2009-04-01", "2011-01-01")
    town.live(DAD, "B", "2011-01-01")
    assert town.settle() == {1: {**always(MUM, ANN), DAD: [("2009-04-01", "2011-01-01")]}}
    assert town.family_on(DAD, "2014-01-01") == 1
    assert town.changes() == {}


def test_a_parent_who_joins_another_family_belongs_to_it_from_that_day(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live(DAD, "A", "2009-04-01", "2011-01-01")
    town.live(DAD, "B", "2011-01-01")
    town.live((EVE, FAY), "B", "2009-04-01")
    assert town.settle() == {
        1: {**always(MUM, ANN), DAD: [("2009-04-01", "2011-01-01")]},
        2: {**always(EVE, FAY), DAD: [("2011-01-01", None)]},
    }
    assert [town.family_on(DAD, day) for day in ("0001-01-01", "2010-12-31", "2011-01-01", "9999-12-30")] == [
        1,
        1,
        2,
        2,
    ]
    assert town.changes() == {"joined": 1}


def test_when_parents_part_the_family_goes_on_with_most_children(town):
    town.live((DAD, ANN), "A", "2009-04-01")
    town.live((MUM, BEN, CAT), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, BEN, CAT), "B", "2011-01-01")
    assert town.settle() == {
        1: {**always(MUM, BEN, CAT), **{person: [("2009-04-01", "2011-01-01")] for person in (DAD, ANN)}},
        2: always(DAD, ANN, since="2011-01-01"),
    }
    assert town.changes() == {"moved": 1, "split": 1}


def test_of_as_many_children_the_family_goes_on_with_those_whom_more_adults_stay_with(town):
    town.live(BEN, "A", "2009-04-01")
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "B", "2011-01-01")
    town.live(GRAN, "A", "2012-01-01")
    assert town.settle()[1] == {**always(MUM, ANN), BEN: [("2009-04-01", "2011-01-01")]}


def test_of_equal_parts_the_family_goes_on_in_the_earlier_home(town):
    town.live((DAD, BEN), "A", "2009-04-01")
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "B", "2011-01-01")
    assert town.settle() == {
        1: {MUM: [("2009-04-01", "2011-01-01")], **always(DAD), ANN: [("2009-04-01", "2011-01-01")], **always(BEN)},
        2: always(MUM, ANN, since="2011-01-01"),
    }


def test_an_only_child_who_goes_to_its_other_parent_takes_the_family_along(town):
    town.live((MUM, DAD, ANN), "A", "2009-04-01", "2010-01-01")
    town.live(MUM, "A", "2010-01-01")
    town.live(ANN, "A", "2010-01-01", "2012-01-01")
    town.live(DAD, "B", "2010-01-01")
    town.live(ANN, "B", "2012-01-01")
    assert town.settle() == {
        1: {
            MUM: [("2009-04-01", "2012-01-01")],
            DAD: [("2009-04-01", "2010-01-01"), ("2012-01-01", None)],
            **always(ANN),
        }
    }


def test_one_child_of_two_who_goes_to_its_other_parent_makes_a_new_family(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live((DAD, BEN), "A", "2009-04-01", "2010-01-01")
    town.live(DAD, "B", "2010-01-01")
    town.live(BEN, "A", "2010-01-01", "2012-01-01")
    town.live(BEN, "B", "2012-01-01")
    found = town.settle()
    assert found[1] == {**always(MUM, ANN), DAD: [("2009-04-01", "2010-01-01")], BEN: [("2009-04-01", "2012-01-01")]}
    assert found[2] == always(DAD, BEN, since="2012-01-01")


def test_a_child_who_goes_to_its_parents_new_family_joins_that(town):
    town.live((MUM, ANN, BEN), "A", "2009-04-01")
    town.live(CAT, "A", "2009-04-01", "2012-01-01")
    town.live((EVE, FAY), "B", "2009-04-01")
    town.live(CAT, "B", "2012-01-01")
    found = town.settle()
    assert found[1][CAT] == [("2009-04-01", "2012-01-01")]
    assert found[2] == {**always(EVE, FAY), CAT: [("2012-01-01", None)]}


def test_a_stay_of_a_month_or_less_elsewhere_is_no_leaving(town):
    town.live((MUM, ANN, BEN), "A", "2009-04-01")
    town.live((EVE, FAY), "B", "2009-04-01")
    town.live(ANN, "B", "2012-01-01", "2012-01-20")
    assert town.settle() == {1: always(MUM, ANN, BEN), 2: always(EVE, FAY)}


def test_a_break_in_membership_is_kept(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live(BEN, "A", "2009-04-01", "2010-01-01")
    town.live(BEN, "A", "2011-01-01")
    assert town.settle()[1][BEN] == [("2009-04-01", "2010-01-01"), ("2011-01-01", None)]


def test_a_visit_of_a_month_or_less_is_no_move(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live(DAD, "B", "2009-04-01")
    town.live(ANN, "B", "2012-01-01", "2012-01-20")
    town.live(ANN, "A", "2012-01-20")
    assert town.settle() == {1: always(MUM, ANN)}


def test_those_a_child_stays_with_between_two_homes_of_its_family_become_no_family(town):
    town.live((MUM, ANN, BEN), "A", "2009-04-01", "2012-01-01")
    town.live(ANN, "C", "2012-01-01", "2012-01-20")
    town.live(GRAN, "C", "2009-04-01")
    town.live((MUM, BEN), "B", "2012-01-01")
    town.live(ANN, "B", "2012-01-20")
    assert town.settle() == {1: always(MUM, ANN, BEN)}


# Two families under one roof


def two_families_move_in_together(town: Town, *, until: str | None = None) -> None:
    town.live((MUM, ANN, BEN), "A", "2009-04-01", "2011-01-01")
    town.live((EVE, FAY), "B", "2008-04-01", "2011-01-01")
    town.live((MUM, ANN, BEN, EVE, FAY), "C", "2011-01-01", until)


def test_two_families_that_move_in_together_go_on_as_the_one_with_more_children(town):
    two_families_move_in_together(town)
    assert town.settle() == {
        1: {**always(MUM, ANN, BEN), **always(EVE, FAY, since="2011-01-01")},
        2: {person: [("2008-04-01", "2011-01-01")] for person in (EVE, FAY)},
    }
    assert town.changes() == {"moved": 1, "joined": 1, "merged": 1}
    assert town.homes()[-1] == (2, "Cherwell", "2008-04-01", "2011-01-01")


def test_with_as_many_children_they_go_on_as_the_earlier_one(town):
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((EVE, FAY), "B", "2008-04-01", "2011-01-01")
    town.live((MUM, ANN, EVE, FAY), "C", "2011-01-01")
    found = town.settle()
    assert set(found[1]) == {MUM, ANN, EVE, FAY}
    assert found[2] == {person: [("2009-04-01", "2011-01-01")] for person in (MUM, ANN)}


def test_an_adult_alone_who_moves_in_merges_nothing(town):
    town.live(ANN, "A", "2009-04-01")
    town.live(GRAN, "A", "2009-04-01")
    town.live(MUM, "A", "2009-04-01", "2011-01-01")
    town.live((EVE, FAY), "B", "2009-04-01")
    town.live(MUM, "B", "2011-01-01")
    town.settle()
    assert town.changes() == {"joined": 1}
    assert town.family_on(ANN, "2014-01-01") == 1
    assert town.family_on(FAY, "2014-01-01") == 2


def test_a_family_that_moves_out_again_takes_up_its_number(town):
    two_families_move_in_together(town, until="2012-01-01")
    town.live((MUM, ANN, BEN), "A", "2012-01-01")
    town.live((EVE, FAY), "B", "2012-01-01")
    found = town.settle()
    assert found[1][EVE] == [("2011-01-01", "2012-01-01")]
    assert found[2][EVE] == [("2008-04-01", "2011-01-01"), ("2012-01-01", None)]


# Looked-after children


@pytest.mark.parametrize("recorded", ["2011-01-01", "2010-12-20", "2011-01-10"])
def test_a_child_in_care_stays_in_its_family_and_does_not_join_the_foster_home(town, recorded):
    town.live(MUM, "A", "2009-04-01")
    town.live(ANN, "A", "2009-04-01", recorded)
    town.live(ANN, "F", recorded, "2012-01-01")
    town.live(ANN, "A", "2012-01-01")
    town.live((EVE, FAY), "F", "2009-04-01")
    town.look_after(ANN, "2011-01-01", "2012-01-01")
    assert town.settle() == {1: always(MUM, ANN), 2: always(EVE, FAY)}
    assert town.homes() == [(1, "Oxford", "2009-04-01", None), (2, "Cherwell", "2009-04-01", None)]
    assert town.changes() == {"looked_after_away": 1}


def test_a_child_in_care_stays_in_its_family_when_that_moves(town):
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live(MUM, "A", "2011-01-01", "2011-06-01")
    town.live(MUM, "B", "2011-06-01")
    town.live(ANN, "F", "2011-01-01")
    town.live((EVE, FAY), "F", "2009-04-01")
    town.look_after(ANN, "2011-01-01")
    assert town.settle() == {1: always(MUM, ANN), 2: always(EVE, FAY)}


def test_a_child_in_care_stays_with_the_parent_who_keeps_its_brother(town):
    town.live((DAD, MUM, BEN), "A", "2009-04-01", "2011-06-01")
    town.live(ANN, "A", "2009-04-01", "2011-01-01")
    town.live(DAD, "A", "2011-06-01")
    town.live((MUM, BEN), "B", "2011-06-01")
    town.look_after(ANN, "2011-01-01", "2013-01-01")
    assert town.settle() == {
        1: {
            **always(MUM, BEN),
            DAD: [("2009-04-01", "2011-06-01")],
            ANN: [("2009-04-01", "2013-01-01")],
        }
    }


def test_a_child_who_stays_where_it_was_placed_belongs_there_once_care_has_ended(town):
    town.live(MUM, "A", "2009-04-01")
    town.live(ANN, "A", "2009-04-01", "2011-01-01")
    town.live(ANN, "F", "2011-01-01")
    town.live(EVE, "F", "2009-04-01")
    town.look_after(ANN, "2011-01-01", "2012-01-01")
    assert town.settle() == {
        1: {person: [("2009-04-01", "2012-01-01")] for person in (MUM, ANN)},
        2: always(ANN, EVE, since="2012-01-01"),
    }


def test_a_child_known_in_placements_only_belongs_to_no_family_and_is_counted(town):
    town.live(ANN, "F", "2011-01-01", "2012-01-01")
    town.live((EVE, FAY), "F", "2009-04-01")
    town.look_after(ANN, "2010-12-30", "2012-01-01")
    assert town.settle() == {1: always(EVE, FAY)}
    assert town.family_on(ANN, "2011-06-01") is None
    assert town.changes() == {"placement_only": 1}


def test_nor_does_the_home_it_keeps_when_care_ends_with_its_childhood(town):
    town.know(99, date(1994, 3, 1))
    town.live((99, EVE, FAY), "F", "2009-04-01")
    town.look_after(99, "1994-01-01")
    assert town.settle() == {1: {**always(EVE, FAY), 99: [("2012-03-01", None)]}}
    assert town.family_on(99, "2010-01-01") == 1


def test_a_baby_taken_into_care_at_birth_is_of_the_family_it_comes_to_afterwards(town):
    town.know(99, date(2010, 1, 1))
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live(99, "F", "2010-01-01", "2011-01-01")
    town.live((EVE, FAY), "F", "2009-04-01")
    town.live(99, "A", "2011-01-01")
    town.look_after(99, "2010-01-01", "2011-01-01")
    assert town.settle() == {1: {**always(MUM, ANN), 99: [("2010-01-01", None)]}, 2: always(EVE, FAY)}


# Addresses that are no homes


def test_an_address_with_too_many_people_makes_no_family_and_is_told(town):
    crowd = tuple(range(100, 100 + MOST_IN_A_HOME + 1))
    for person in crowd:
        town.know(person, date(2005, 1, 1))
    town.live(crowd, "A", "2009-04-01")
    assert town.settle() == {}
    assert town.changes() == {"shared_address": 1}
    assert town.problems() == [("too many people for a home", "noted", "uprn", "A", len(crowd))]


def test_people_who_follow_one_another_are_no_crowd(town):
    for person in range(100, 100 + MOST_IN_A_HOME + 9):
        town.know(person, date(2005, 1, 1))
        town.live(person, "A", f"{1900 + person}-04-01", f"{1902 + person}-04-01")
    assert town.families()
    assert "shared_address" not in town.changes()


@pytest.mark.parametrize("uprn", ["0", "1", "000000000000", "0001", "777777", "999999999999", "9999000000"])
def test_a_placeholder_is_no_home(town, uprn):
    town.live((MUM, ANN), uprn, "2009-04-01")
    assert town.settle() == {}
    assert town.changes() == {"placeholder_uprn": 2}


@pytest.mark.parametrize("uprn", ["10", "100000000001", "12", "99991", "0012", "100120000000"])
def test_a_property_number_is_no_placeholder(town, uprn):
    assert town.connection.execute(f"SELECT {is_placeholder_uprn('?')}", (uprn,)).fetchone() == (False,)


def test_a_placeholder_does_not_take_anybody_away_from_home(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.live(ANN, "999999999999", "2011-01-01")
    assert town.settle() == {1: always(MUM, ANN)}


def test_one_property_number_with_two_postcodes_is_two_homes_and_is_told(town):
    town.live((MUM, ANN), "10012", "2009-04-01", postcode="OX1 1AA")
    town.live((EVE, FAY), "10012", "2010-04-01", postcode="OX2 2BB")
    assert town.families() == [{MUM, ANN}, {EVE, FAY}]
    assert town.changes() == {"uprn_with_two_postcodes": 1}
    assert town.problems() == [("one UPRN, two postcodes", "noted", "uprn", "99999", 4)]


@pytest.mark.parametrize("other", ["ox11aa", None])
def test_a_postcode_written_otherwise_or_not_at_all_is_no_second_one(town, other):
    town.live(MUM, "10012", "2009-04-01", postcode="OX1 1AA")
    town.live(ANN, "10012", "2009-04-01", postcode=other)
    assert town.families() == [{MUM, ANN}]
    assert town.problems() == []


def test_two_postcodes_that_one_person_is_said_to_have_at_once_are_one_home(town):
    town.live((MUM, ANN), "10012", "2009-04-01", postcode="OX1 1AA")
    town.live((MUM, BEN), "10012", "2010-04-01", postcode="OX1 1AB")
    assert town.families() == [{MUM, ANN, BEN}]
    assert town.problems() == []


def test_an_earlier_tenant_with_another_postcode_takes_nobody_out_of_a_family(town):
    town.live(GRAN, "10012", "2009-04-01", "2010-04-01", postcode="OX9 9ZZ")
    town.live((MUM, ANN), "10012", "2011-01-01")
    town.live(DAD, "10012", "2011-01-01", postcode="OX1 1AA")
    assert town.families() == [{MUM, DAD, ANN}]
    assert town.problems() == []


def test_a_row_without_a_postcode_joins_the_home_that_it_shares_days_with_and_is_told(town):
    town.live(GRAN, "10012", "2009-04-01", "2010-04-01", postcode="OX9 9ZZ")
    town.live((EVE, FAY), "10012", "2009-06-01", "2010-04-01", postcode="OX1 1AA")
    town.live((MUM, ANN), "10012", "2011-01-01")
    town.live(DAD, "10012", "2011-01-01", postcode="OX9 9ZZ")
    assert town.families() == [{MUM, DAD, ANN}, {EVE, FAY}]
    assert ("no postcode at a UPRN with two", "noted", "uprn", "99999", 2) in town.problems()


def test_a_row_without_a_postcode_that_meets_nobody_joins_the_more_frequent_one(town):
    town.live(GRAN, "10012", "2009-04-01", "2010-04-01", postcode="OX9 9ZZ")
    town.live((EVE, FAY), "10012", "2009-06-01", "2010-04-01", postcode="OX1 1AA")
    town.live((EVE, FAY), "10012", "2010-04-11")
    assert town.settle() == {1: always(EVE, FAY, since="2009-06-01")}


# Several households in one home

JOINED = "many households in one home"


def test_more_than_four_adults_with_children_in_one_home_are_told(town):
    for person in range(100, 105):
        town.know(person, date(1980, 1, 1))
    town.live((*range(100, 104), ANN), "A", "2009-04-01")
    town.settle()
    assert town.problems() == []
    town.live(104, "A", "2009-04-01")
    town.settle()
    assert town.changes() == {"home_of_many_adults": 1}
    assert town.problems() == [(JOINED, "noted", "uprn", "A", 6)]


def test_children_who_grow_up_at_home_are_no_further_households(town):
    for person in range(100, 104):
        town.know(person, date(1992, 1, 1))
    town.live((MUM, DAD, GRAN, ANN, *range(100, 104)), "A", "2009-04-01")
    town.settle()
    assert town.problems() == []


def test_five_adults_without_a_child_are_no_family_and_not_told(town):
    for person in range(100, 105):
        town.know(person, date(1980, 1, 1))
        town.live(person, "A", "2009-04-01")
    town.settle()
    assert town.problems() == []


@pytest.mark.parametrize("tenants", [(GRAN,), (EVE, FAY)])
def test_a_household_that_moves_in_while_nobody_has_left_is_told(town, tenants):
    town.live(tenants, "A", "2009-04-01")
    town.live((MUM, ANN), "B", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "A", "2011-01-01")
    town.settle()
    assert town.changes()["home_nobody_left"] == 1
    assert town.problems() == [(JOINED, "noted", "uprn", "A", 2)]
    (advice,) = town.connection.execute("SELECT DISTINCT advice FROM problem").fetchone()
    assert "was the earlier tenancy closed?" in advice


@pytest.mark.parametrize("left", ["2010-12-20", "2011-01-20"])
def test_a_household_that_moves_in_when_another_has_left_is_not_told(town, left):
    town.live((EVE, FAY), "A", "2009-04-01", left)
    town.live((MUM, ANN), "A", "2011-01-01")
    town.settle()
    assert town.problems() == []


def test_nor_are_those_who_come_back_or_follow_or_are_born(town):
    town.know(99, date(2011, 1, 1))
    town.live((MUM, DAD, ANN), "A", "2009-04-01", "2011-01-01")
    town.live(DAD, "B", "2011-01-01")
    town.live((MUM, ANN), "B", "2011-06-01", "2012-01-01")
    town.live(99, "B", "2011-06-01")
    town.live((MUM, ANN), "C", "2012-01-01", "2013-01-01")
    town.live((MUM, ANN), "B", "2013-01-01")
    town.settle()
    assert town.problems() == []


# The three ways of linking


def test_families_are_made_anew_on_the_same_connection(town):
    town.live((MUM, ANN), "A", "2009-04-01")
    town.settle()
    town.live(BEN, "A", "2009-04-01")
    assert town.settle() == {1: always(MUM, ANN, BEN)}


def test_a_county_without_a_residence_has_no_families(town):
    assert town.settle() == {}
    assert town.changes() == {}
    assert town.problems() == []
