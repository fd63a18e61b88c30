"""Two programmes side by side: change one clause of a file, and one row says so."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tf_eval import project
from tf_eval.cli import app
from tf_eval.cohort import (
    AllOf,
    Criterion,
    EventCount,
    InSpell,
    Programme,
    SideBySide,
    Window,
    build_cohort,
    compare_programmes,
    load_programme,
)
from tf_eval.cohort.clauses import CHOICE, JOINING, NOT_ASKED, SEVERAL
from tf_eval.cohort.side_by_side import (
    BOTH,
    FIRST_ALONE,
    FIRST_EARLIER,
    NEITHER,
    SECOND_ALONE,
    SECOND_EARLIER,
)

OXFORDSHIRE = "params/programmes/oxfordshire_2012.yaml"


@pytest.fixture
def changed(tmp_path):
    """Return a way to load Oxfordshire's programme with some words of its file changed."""

    def load(*changes: tuple[str, str]) -> Programme:
        text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8").replace("oxfordshire_2012", "changed")
        for right, other in changes:
            assert right in text
            text = text.replace(right, other)
        path = Path(tmp_path / "changed.yaml")
        path.write_text(text, encoding="utf-8")
        return load_programme(path)

    return load


@pytest.fixture
def county() -> SmallCounty:
    """Families on benefits with an offence and 0 to 5 exclusions; the sixth has a child off roll, too."""
    county = small_county()
    for family in range(1, 7):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")
        county.event(family * 10 + 1, "proven_offence", "2012-06-01")
        for _ in range(family - 1):
            county.event(family * 10 + 1, "fixed_exclusion", "2012-05-11")
    county.spell(61, "off_roll", "2012-05-01")
    return county


def compare(county: SmallCounty, other: Programme) -> SideBySide:
    return compare_programmes(county, load_programme(OXFORDSHIRE), other)


def groups(**families: int) -> dict[str, int]:
    """Return the number of families in each group; in those that are not named there is nobody."""
    keys = {
        "both": BOTH,
        "first_earlier": FIRST_EARLIER,
        "second_earlier": SECOND_EARLIER,
        "first_alone": FIRST_ALONE,
        "second_alone": SECOND_ALONE,
        "neither": NEITHER,
    }
    return {key: families.get(name, 0) for name, key in keys.items()}


def differences(found: SideBySide) -> list[list]:
    return found.table()[["criterion", "clause", "alone"]].to_numpy().tolist()


def test_a_programme_beside_itself_differs_in_nothing(county, changed):
    found = compare(county, changed())
    assert found.families == groups(both=2, neither=4)
    assert found.table().empty


@pytest.mark.parametrize(("at_least", "more"), [(4, 0), (3, 1), (2, 2)])
def test_one_clause_changed_is_one_row(county, changed, at_least, more):
    found = compare(county, changed(("at_least: 4, terms: 3", f"at_least: {at_least}, terms: 3")))
    assert found.families == groups(both=2, second_alone=more, neither=4 - more)
    clause = f"one member of the family had {at_least} or more fixed exclusions in the last 3 consecutive terms"
    assert differences(found) == [["Exclusion and absence from school", clause, more]] * (more > 0)


def test_a_stricter_file_loses_families_to_the_clause_of_the_other(county, changed):
    found = compare(county, changed(("at_least: 4, terms: 3", "at_least: 5, terms: 3")))
    assert found.families == groups(both=1, first_alone=1, neither=4)
    assert found.table()["qualifies_under"].tolist() == ["Oxfordshire Thriving Families 2012 (oxfordshire_2012)"]
    assert "had 4 or more fixed exclusions" in differences(found)[0][1]


def test_two_clauses_of_which_each_would_do_are_not_told_apart(county, changed):
    """The sixth family is off roll and has five exclusions: to lose one of the two clauses would change nothing."""
    neither = changed(("at_least: 4, terms: 3", "at_least: 9, terms: 3"), (", off_roll]", "]"))
    assert compare(county, neither).families[FIRST_ALONE] == 2
    assert [row[1:] for row in differences(compare(county, neither))] == [
        ["one member of the family had 4 or more fixed exclusions in the last 3 consecutive terms", 1],
        [SEVERAL, 1],
    ]


def test_a_rule_that_joins_the_same_criteria_otherwise_is_told_as_that(county, changed):
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    rule = text[text.index("routes:") : text.index("# How many families")]
    looser = changed((rule, "rule:\n  at_least: {k: 2, of: [crime, education, work, high_cost]}\n\n"))
    found = compare(county, looser)
    assert found.families == groups(second_earlier=2, second_alone=4)
    assert found.table()[["clause", "alone", "earlier"]].to_numpy().tolist() == [[JOINING, 4, 2]]


def test_who_qualifies_is_whom_the_cohorts_hold(county, changed):
    other = changed(("at_least: 4, terms: 3", "at_least: 2, terms: 3"))
    found = compare(county, other)
    cohorts = [build_cohort(county, programme).families for programme in (load_programme(OXFORDSHIRE), other)]
    one, two = (set(families.loc[families["qualified_on"].notna(), "family_id"]) for families in cohorts)
    assert sum(found.families[group] for group in (BOTH, FIRST_EARLIER, SECOND_EARLIER)) == len(one & two)
    assert found.families[SECOND_ALONE] == len(two - one)


def test_what_is_shown_by_default_holds_no_small_count(county, changed):
    found = compare(county, changed(("at_least: 4, terms: 3", "at_least: 2, terms: 3")))
    assert "Fewer than 10 qualify under Oxfordshire" in repr(found)
    assert "2 or more fixed exclusions" in found.summary()


WINDOW = Window(date(2012, 4, 1), date(2015, 4, 1))
OFFENCE, CUSTODY = EventCount(["proven_offence"], months=12), InSpell(["custody"])


def asks_for(*nodes, name: str = "p", title: str = "P", window: Window = WINDOW, **parts) -> Programme:
    """Return a programme that asks for all of some conditions, which are its criteria c0, c1, ..."""
    criteria = tuple(Criterion(f"c{place}", f"C{place}", "q", "s", node) for place, node in enumerate(nodes))
    return Programme(name, title, window, criteria, AllOf(nodes), **parts)


@pytest.fixture
def offenders() -> SmallCounty:
    """Two families: one with offences in May 2012 and in May 2013, one with the second alone."""
    county = small_county()
    for family in (1, 2):
        county.family(family, ["1975-05-05", "1999-04-10"])
        county.event(family * 10 + 1, "proven_offence", "2013-05-02")
    county.event(11, "proven_offence", "2012-05-03")
    return county


TWO = EventCount(["proven_offence"], at_least=2, months=12)
TWO_IN_TWO_YEARS = EventCount(["proven_offence"], at_least=2, months=24)


@pytest.mark.parametrize(
    ("copy", "labels"),
    [
        ({}, ("P (first)", "P (second)")),
        ({"name": "q"}, ("P (p)", "P (q)")),
        ({"title": "Q"}, ("P", "Q")),
        ({"name": "both", "title": "Q"}, ("P", "Q")),
    ],
)
def test_an_edited_copy_is_told_from_what_it_was_copied_from(offenders, copy, labels):
    found = compare_programmes(offenders, asks_for(OFFENCE), asks_for(TWO, **copy))
    assert found.families == groups(first_earlier=1, first_alone=1)
    assert found.labels == labels
    assert set(found.table()["qualifies_under"]) == {labels[0]}
    back = compare_programmes(offenders, asks_for(TWO, **copy), asks_for(OFFENCE))
    assert back.families[SECOND_ALONE] == found.families[FIRST_ALONE]
    assert set(back.table()["qualifies_under"]) == {back.labels[1]}


def test_a_copy_beside_itself_differs_in_nothing(offenders):
    found = compare_programmes(offenders, asks_for(OFFENCE), asks_for(OFFENCE))
    assert found.families == groups(both=2)
    assert found.table().empty
    assert found.to_dict()["labels"] == ["P (first)", "P (second)"]


def test_a_clause_that_moves_the_day_alone_has_its_row(offenders):
    """The first family qualifies on 3 May 2012 by one offence, and on 2 May 2013 by two."""
    found = compare_programmes(offenders, asks_for(OFFENCE), asks_for(TWO_IN_TWO_YEARS, title="Q"))
    assert found.families == groups(first_earlier=1, first_alone=1)
    clause = "the family had one or more proven offences in the last 12 months"
    assert found.table().to_numpy().tolist() == [["P", "C0", clause, 1, 1]]
    back = compare_programmes(offenders, asks_for(TWO_IN_TWO_YEARS, title="Q"), asks_for(OFFENCE))
    assert back.families == groups(second_earlier=1, second_alone=1)
    assert back.table().equals(found.table())


@pytest.fixture
def half_seen() -> SmallCounty:
    """Two families of whom nothing is known after 2012; one of them had offended before."""
    rows = [("agency", table, None, FIRST_DAY, date(2013, 1, 1)) for table in ("event", "spell")]
    county = small_county(rows)
    for family in (1, 2):
        county.family(family, ["1975-05-05", "1999-04-10"])
    county.event(11, "proven_offence", "2012-05-03")
    return county


def test_another_choice_of_what_cannot_be_told_has_a_row_of_its_own(half_seen):
    kinder = asks_for(OFFENCE, when_cannot_tell="count_as_met")
    found = compare_programmes(half_seen, kinder, asks_for(OFFENCE))
    assert found.families == groups(both=1, first_alone=1)
    assert found.table().to_numpy().tolist() == [["P (first)", "", CHOICE, 1, 0]]


def test_a_criterion_that_only_the_other_asks_for_has_a_row_of_its_own(offenders):
    offenders.spell(21, "custody", "2013-05-02")
    found = compare_programmes(offenders, asks_for(OFFENCE), asks_for(OFFENCE, CUSTODY))
    assert found.families == groups(both=1, first_alone=1)
    clause = f"{NOT_ASKED}a member of the family is now in custody"
    assert found.table().to_numpy().tolist() == [["P (first)", "C1", clause, 1, 0]]


@pytest.mark.parametrize("first", ["kent_2012", "oxfordshire_2012", "troubled_families_2015"])
@pytest.mark.parametrize("second", ["kent_2012", "oxfordshire_2012", "troubled_families_2015"])
def test_every_assessed_family_is_in_one_group(county, first, second):
    found = compare_programmes(county, *(load_programme(f"params/programmes/{name}.yaml") for name in (first, second)))
    assert sum(found.families.values()) == 6
    assert all(count >= 0 for count in found.families.values())


def test_the_days_are_said_and_that_they_are_not_those_of_both(offenders):
    later = Window(date(2013, 4, 1), LAST_DAY)
    one, other = asks_for(OFFENCE), asks_for(OFFENCE, title="Q", window=later)
    assert (
        compare_programmes(offenders, one, one)
        .summary()
        .startswith(
            "Families are taken in from 1 April 2012 to 31 March 2015. Fewer than 10 families qualify under both"
        )
    )
    said = "although P takes families in from 1 April 2012 to 31 March 2015 and Q from 1 April 2013 to 31 March 2015."
    found = compare_programmes(offenders, one, other)
    assert f"decided for the days from 1 April 2012 to 31 March 2015, {said}" in found.summary()
    found = compare_programmes(offenders, one, other, window=later)
    assert f"decided for the days from 1 April 2013 to 31 March 2015, {said}" in found.summary()
    found = compare_programmes(offenders, one, one, window=later)
    assert "31 March 2015, although both take families in from 1 April 2012 to 31 March 2015." in found.summary()
    assert found.design["window"] == ["2013-04-01", "2015-04-01"]


def test_the_order_of_the_programmes_changes_no_count_in_the_same_days(offenders):
    one, other = asks_for(OFFENCE), asks_for(TWO, title="Q", window=Window(date(2013, 4, 1), LAST_DAY))
    there, back = (compare_programmes(offenders, *pair, window=WINDOW) for pair in ((one, other), (other, one)))
    assert sorted(there.families.values()) == sorted(back.families.values())
    assert there.table().equals(back.table())


def test_the_figure_tells_both_apart(offenders):
    found = compare_programmes(offenders, asks_for(OFFENCE), asks_for(TWO_IN_TWO_YEARS))
    axes = found.plot()
    texts = [text.get_text() for text in axes.texts]
    assert [bar.get_width() for bar in axes.patches] == [1, 1]
    assert texts == ["P (first): the family had one or more proven offences in the last 12 months"]


def test_the_command_takes_the_days_and_says_them(council):
    council.build()
    asked = ["compare", OXFORDSHIRE, "params/programmes/kent_2012.yaml", "--county", str(council.folder)]
    done = CliRunner().invoke(app, [*asked, "--from", "2010-05-01", "--until", "2010-08-01"])
    assert done.exit_code == 0, done.output
    assert "from 1 May 2010 to 31 July 2010" in " ".join(done.output.split())
