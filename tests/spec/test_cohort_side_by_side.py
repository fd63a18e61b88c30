"""Two programmes side by side: change one clause of a file, and one row says so."""

from pathlib import Path

import pytest

from tests.cohort_county import SmallCounty, small_county
from tf_eval import project
from tf_eval.cohort import Programme, SideBySide, build_cohort, compare_programmes, load_programme
from tf_eval.cohort.side_by_side import BOTH, JOINING, NEITHER, SEVERAL

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


def differences(found: SideBySide) -> list[list]:
    return found.table()[["criterion", "clause", "families"]].to_numpy().tolist()


def test_a_programme_beside_itself_differs_in_nothing(county, changed):
    found = compare(county, changed())
    assert found.families == {BOTH: 2, "oxfordshire_2012": 0, "changed": 0, NEITHER: 4}
    assert found.table().empty


@pytest.mark.parametrize(("at_least", "more"), [(4, 0), (3, 1), (2, 2)])
def test_one_clause_changed_is_one_row(county, changed, at_least, more):
    found = compare(county, changed(("at_least: 4, terms: 3", f"at_least: {at_least}, terms: 3")))
    assert found.families == {BOTH: 2, "oxfordshire_2012": 0, "changed": more, NEITHER: 4 - more}
    clause = f"one member of the family had {at_least} or more fixed exclusions in the last 3 consecutive terms"
    assert differences(found) == [["Exclusion and absence from school", clause, more]] * (more > 0)


def test_a_stricter_file_loses_families_to_the_clause_of_the_other(county, changed):
    found = compare(county, changed(("at_least: 4, terms: 3", "at_least: 5, terms: 3")))
    assert found.families == {BOTH: 1, "oxfordshire_2012": 1, "changed": 0, NEITHER: 4}
    assert found.table()["qualifies_under"].tolist() == ["Oxfordshire Thriving Families 2012"]
    assert "had 4 or more fixed exclusions" in differences(found)[0][1]


def test_two_clauses_of_which_each_would_do_are_not_told_apart(county, changed):
    """The sixth family is off roll and has five exclusions: to lose one of the two clauses would change nothing."""
    neither = changed(("at_least: 4, terms: 3", "at_least: 9, terms: 3"), (", off_roll]", "]"))
    assert compare(county, neither).families["oxfordshire_2012"] == 2
    assert [row[1:] for row in differences(compare(county, neither))] == [
        ["one member of the family had 4 or more fixed exclusions in the last 3 consecutive terms", 1],
        [SEVERAL, 1],
    ]


def test_a_rule_that_joins_the_same_criteria_otherwise_is_told_as_that(county, changed):
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    rule = text[text.index("routes:") : text.index("# How many families")]
    looser = changed((rule, "rule:\n  at_least: {k: 2, of: [crime, education, work, high_cost]}\n\n"))
    assert [row[1:] for row in differences(compare(county, looser))] == [[JOINING, 4]]


def test_who_qualifies_is_whom_the_cohorts_hold(county, changed):
    other = changed(("at_least: 4, terms: 3", "at_least: 2, terms: 3"))
    found = compare(county, other)
    cohorts = [build_cohort(county, programme).families for programme in (load_programme(OXFORDSHIRE), other)]
    one, two = (set(families.loc[families["qualified_on"].notna(), "family_id"]) for families in cohorts)
    assert found.families[BOTH] == len(one & two)
    assert found.families["changed"] == len(two - one)


def test_what_is_shown_by_default_holds_no_small_count(county, changed):
    found = compare(county, changed(("at_least: 4, terms: 3", "at_least: 2, terms: 3")))
    assert "fewer than 10 under" in repr(found)
    assert "2 or more fixed exclusions" in found.summary()
