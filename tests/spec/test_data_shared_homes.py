"""Which people are a family where several households share a home: hostels, towers, tenancies never closed, crowds."""

from datetime import date

import pytest

from tests.town import ANN, BEN, DAD, EVE, FAY, MUM, Town, always
from tf_eval.data.families.addresses import MOST_IN_A_HOME


def household(town: Town, first: int, *, adults: int = 1, born: tuple[str, ...] = ("2005-05-05",)) -> tuple[int, ...]:
    """Make people known, numbered from ``first``: adults of about thirty, then children born on these days."""
    births = [date(1978, 1, 1)] * adults + [date.fromisoformat(day) for day in born]
    for person, birth in enumerate(births, start=first):
        town.know(person, birth)
    return tuple(range(first, first + len(births)))


def hostel(town: Town, *, until: str | None = None) -> list[tuple[int, ...]]:
    """Let three families come to a hostel on days of their own, of which the first may leave on a day."""
    families = [household(town, 100), household(town, 110, adults=2), household(town, 120, born=("2001-01-01",) * 2)]
    days = (("2011-01-01", until), ("2011-01-20", None), ("2011-03-03", None))
    for family, (start, end) in zip(families, days, strict=True):
        town.live(family, "H", start, end)
    return families


def test_three_families_in_a_hostel_are_three(town):
    families = hostel(town)
    assert town.families() == [set(family) for family in families]
    assert town.changes() == {"home_nobody_left": 1, "home_divided": 1}
    assert town.problems() == [("many households in one home", "noted", "uprn", "A", 3)]
    (advice,) = town.connection.execute("SELECT DISTINCT advice FROM problem").fetchone()
    assert "are taken for families of their own" in advice


def test_the_order_of_rows_changes_nothing_in_a_hostel(town):
    hostel(town)
    found = town.settle()
    rows = town.connection.execute("SELECT * FROM loaded_residence").fetchall()
    town.connection.execute("DELETE FROM loaded_residence")
    town.connection.executemany(f"INSERT INTO loaded_residence VALUES ({', '.join('?' * len(rows[0]))})", rows[::-1])
    assert town.settle() == found


def test_families_in_a_tower_with_one_property_number_are_told_apart(town):
    for first, day in ((100, "2003-01-01"), (110, "2004-01-01"), (120, "2009-06-01")):
        town.live(household(town, first, adults=2, born=("2001-01-01",)), "T", day, "2013-01-01")
    town.live(household(town, 130, adults=2, born=("2010-06-01",)), "T", "2009-12-01")  # a couple, and then a child
    assert [min(family) for family in town.families()] == [100, 110, 120, 130]
    assert all(len(family) == 3 for family in town.families())
    assert town.changes() == {"home_of_many_adults": 1, "home_nobody_left": 1, "home_divided": 1}


def test_two_whole_households_that_a_register_moves_in_on_one_day_are_told_apart_by_where_they_go(town):
    families = [household(town, first, adults=2) for first in (100, 110, 120)]
    for family, home in zip(families, "ABC", strict=True):
        town.live(family, "T", "2009-04-01", "2012-01-01")
        town.live(family, home, "2012-01-01")
    assert town.families() == [set(family) for family in families]


def test_a_household_that_moves_in_where_an_earlier_tenancy_was_not_closed_is_its_own_family(town):
    town.live(household(town, 100, adults=2, born=()), "A", "2003-01-01")
    town.live(household(town, 102, adults=0), "A", "2003-01-01")  # born to them
    town.live((MUM, ANN), "B", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "A", "2011-01-01")
    town.live(DAD, "A", "2012-01-01")
    assert town.families() == [{MUM, DAD, ANN}, {100, 101, 102}]
    assert town.family_on(MUM, "2009-04-01") == 1
    assert town.changes() == {"moved": 1, "joined": 1, "home_nobody_left": 1, "home_divided": 1}


def test_of_two_lone_parents_under_one_roof_who_never_part_one_may_have_moved_in_with_the_other(town):
    town.live((EVE, FAY), "A", "2009-04-01", "2014-01-10")
    town.live((MUM, ANN), "B", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "A", "2011-01-01", "2014-01-01")
    assert {MUM, ANN, EVE, FAY} in town.families()
    assert town.changes() == {"moved": 1, "joined": 1, "merged": 1, "home_nobody_left": 1}


def test_two_lone_parents_of_whom_one_leaves_alone_are_two_families(town):
    town.live((EVE, FAY), "A", "2009-04-01")
    town.live((MUM, ANN), "A", "2011-01-01", "2013-01-01")
    assert town.settle() == {
        1: {person: [("2011-01-01", "2013-01-01")] for person in (MUM, ANN)},
        2: always(EVE, FAY),
    }


def test_lone_parents_who_move_on_together_are_one_household(town):
    families = [household(town, first) for first in (100, 110, 120)]
    for family, day in zip(families, ("2011-01-01", "2011-01-20", "2011-03-03"), strict=True):
        town.live(family, "H", day, "2013-01-01")
    town.live((*families[0], *families[1]), "B", "2013-01-01")
    town.live(families[2], "C", "2013-01-01")
    assert town.families() == [{*families[0], *families[1]}, set(families[2])]


@pytest.mark.parametrize("until", [None, "2013-01-01"])
def test_a_mother_who_moves_in_with_a_man_without_children_makes_one_family_with_him(town, until):
    town.live(DAD, "A", "2009-04-01")
    town.live((MUM, ANN), "A", "2011-01-01", until)
    assert town.families() == [{MUM, DAD, ANN}]
    assert town.changes() == {"home_nobody_left": 1}


def test_grandparents_grown_children_and_those_who_marry_them_stay_one_family(town):
    grandparents_and_sons = household(town, 100, adults=0, born=("1950-01-01",) * 2 + ("1980-01-01",) * 3)
    town.live(grandparents_and_sons, "A", "1990-01-01")
    for wife, day in ((110, "2005-01-01"), (120, "2006-01-01"), (130, "2007-01-01")):
        town.live(household(town, wife, born=(f"{day[:4]}-12-01",)), "A", day)
    town.live(household(town, 140, adults=2), "A", "2012-01-01")  # another tenancy: so the home is divided
    assert town.families() == [{*grandparents_and_sons, 110, 111, 120, 121, 130, 131}, {140, 141, 142}]
    assert town.changes()["home_of_many_adults"] == 1


def test_a_daughter_who_comes_back_with_a_child_is_of_her_parents_home(town):
    *others, _ = household(town, 100, adults=2, born=("2000-01-01", "1990-01-01"))
    town.live(tuple(others), "A", "1999-01-01", "2014-01-01")
    town.live(103, "A", "1999-01-01", "2009-01-01")
    town.live((103, *household(town, 110, adults=0, born=("2009-03-01",))), "B", "2009-01-01", "2011-01-01")
    town.live((103, 110), "A", "2011-01-01", "2013-01-01")
    town.live(household(town, 120, adults=2), "A", "2012-01-01")  # another tenancy: so the home is divided
    assert {100, 101, 102, 103, 110} in town.families()
    assert {120, 121, 122} in town.families()


def test_who_came_alone_to_a_hostel_is_of_the_household_that_they_move_on_with(town):
    families = hostel(town, until="2012-01-01")
    town.live(household(town, 130, born=()), "H", "2011-08-08", "2012-01-01")
    town.live((*families[0], 130), "B", "2012-01-01")
    assert town.families() == [{*families[0], 130}, set(families[1]), set(families[2])]


def test_a_household_that_comes_to_a_hostel_over_several_days_is_one(town):
    families = hostel(town)
    town.live(household(town, 130, born=()), "H", "2011-08-08")
    town.live(household(town, 140, adults=0), "H", "2011-08-20")
    assert town.families() == [*map(set, families), {130, 140}]


@pytest.mark.parametrize(("until", "mother"), [(None, 120), ("2012-06-01", 100)])
def test_a_child_born_in_a_hostel_is_of_her_who_came_last_or_leaves_with_it(town, until, mother):
    families = hostel(town, until="2012-06-01")
    town.live(household(town, 150, adults=0, born=("2011-09-09",)), "H", "2011-09-09", until)
    assert town.families() == [{*family, 150} if mother in family else set(family) for family in families]


def test_nor_is_it_of_a_man_or_a_grandmother(town):
    families = hostel(town)
    town.know(130, date(1930, 1, 1))
    town.live((130, *household(town, 131, adults=0)), "H", "2011-05-05")
    town.live(household(town, 140, adults=1), "H", "2011-06-06")
    town.connection.execute("UPDATE person SET sex = 'male' WHERE person_id = 140")
    town.live(household(town, 150, adults=0, born=("2011-09-09",)), "H", "2011-09-09")
    assert {*families[2], 150} in town.families()


def test_a_baby_of_a_family_that_comes_to_a_hostel_some_days_after_it_is_born_goes_with_its_mother(town):
    families = hostel(town)
    late = household(town, 130, born=("2011-06-01",))
    town.live(late[1], "H", "2011-06-01", "2012-06-01")
    town.live(late[0], "H", "2011-06-11", "2012-06-01")
    town.live(late, "B", "2012-06-01")
    assert town.families() == [*map(set, families), set(late)]


def test_a_woman_who_comes_to_a_hostel_with_child_is_a_household_with_it(town):
    pregnant = household(town, 130, born=("2011-02-02",))
    town.live(pregnant, "H", "2010-11-01", "2012-06-01")
    town.live(pregnant, "B", "2012-06-01")
    mothers = [household(town, 100), household(town, 110)]
    town.live(mothers[0], "H", "2011-01-01")
    town.live(mothers[1], "H", "2011-05-05")
    assert town.families() == [*map(set, mothers), set(pregnant)]


def test_a_child_looked_after_in_a_hostel_stays_in_its_family(town):
    families = hostel(town)
    town.live((MUM, BEN), "A", "2009-04-01")
    town.live(ANN, "A", "2009-04-01", "2011-06-01")
    town.live(ANN, "H", "2011-06-01", "2012-01-01")
    town.live(ANN, "A", "2012-01-01")
    town.look_after(ANN, "2011-06-01", "2012-01-01")
    assert town.families() == [{MUM, ANN, BEN}, *map(set, families)]


# Crowds


def hostel_of_many(town: Town) -> None:
    """Let more people than a home holds live at H, each of whom came on a day of their own and never left."""
    for person in range(100, 100 + MOST_IN_A_HOME):
        town.know(person, date(1980 + person % 2 * 25, 1, 1))
        town.live(person, "H", f"20{person % 9:02}-{1 + person % 12:02}-{1 + person % 28:02}")


def test_a_family_that_comes_to_a_crowded_hostel_from_a_home_is_the_same_one_there_and_afterwards(town):
    hostel_of_many(town)
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live(MUM, "H", "2011-01-01", "2011-06-01")
    town.live(ANN, "H", "2011-01-11", "2011-06-01")
    town.live((MUM, ANN), "C", "2011-06-01")
    assert town.settle() == {1: always(MUM, ANN)}
    assert town.changes() == {"moved": 1, "shared_address": 1, "home_divided": 1}


def test_a_family_that_comes_to_a_crowded_hostel_and_goes_from_it_together_is_one_there(town):
    hostel_of_many(town)
    town.live((MUM, DAD, ANN), "H", "2011-01-01", "2011-06-01")
    town.live((EVE, FAY), "H", "2011-01-01", "2011-06-15")
    assert town.families() == [{MUM, DAD, ANN}, {EVE, FAY}]


def test_a_day_on_which_a_crowd_comes_or_goes_makes_no_family(town):
    for person in range(100, 100 + MOST_IN_A_HOME + 1):
        town.know(person, date(1980 + person % 2 * 25, 1, 1))
        town.live(person, "H", "2009-04-01", f"2012-{1 + person % 3:02}-01")
    assert town.settle() == {}


def test_those_who_come_to_a_crowd_from_one_home_at_different_times_are_no_family_there(town):
    hostel_of_many(town)
    town.live(DAD, "A", "2009-04-01", "2010-01-01")
    town.live(DAD, "H", "2010-01-01")
    town.live((MUM, ANN), "A", "2009-04-01", "2011-01-01")
    town.live((MUM, ANN), "H", "2011-01-01")
    assert town.settle()[1] == {**always(MUM, ANN), DAD: [("2009-04-01", "2010-01-01")]}
