"""The programmes as their documents word them: tiny families, and whether and when they are in."""

from datetime import date

import pytest

from tests.cohort_county import SmallCounty, small_county
from tf_eval import project
from tf_eval.cohort import build_cohort, load_programme
from tf_eval.errors import ConfigError

OXFORDSHIRE = "params/programmes/oxfordshire_2012.yaml"
KENT = "params/programmes/kent_2012.yaml"


def _crime(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "proven_offence", "2012-06-01")


def _education(county: SmallCounty, family: int) -> None:
    county.spell(family * 10 + 1, "pupil_referral_unit", "2012-05-01", "2013-05-01")


def _work(county: SmallCounty, family: int) -> None:
    county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "JSA")


def _high_cost(county: SmallCounty, family: int) -> None:
    county.spell(family * 10 + 1, "child_protection_plan", "2012-07-01", "2012-09-01")


def _concern(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "concern", "2012-08-01")


NATIONAL = (_crime, _education, _work)


def qualified(programme: str, *families: tuple) -> list[date | None]:
    """Return the qualifying day of each family, given as the things that happen to it."""
    county = small_county()
    for family, happenings in enumerate(families, start=1):
        county.family(family, ["1975-05-05", "1999-04-10"])
        for happens in happenings:
            happens(county, family)
    frame = build_cohort(county, load_programme(programme)).families.set_index("family_id")["qualified_on"]
    found = [frame.get(family) for family in range(1, len(families) + 1)]
    return [day.date() if day is not None else None for day in found]


def test_oxfordshire_takes_all_three_or_any_two_with_high_cost():
    found = qualified(
        OXFORDSHIRE,
        NATIONAL,
        (_crime, _education),
        (_crime, _education, _high_cost),
        (_work, _education, _high_cost),
        (_work, _high_cost),
        (_crime, _work, _concern),
    )
    june, july = date(2012, 6, 1), date(2012, 7, 1)
    assert found == [june, None, july, july, None, None]


def test_kent_takes_all_three_or_any_two_with_concern():
    found = qualified(KENT, NATIONAL, (_crime, _work), (_crime, _work, _concern), (_crime, _work, _high_cost))
    assert found == [date(2012, 6, 1), None, date(2012, 8, 1), None]


def _exclusions(count: int):
    def happens(county: SmallCounty, family: int) -> None:
        for _ in range(count):
            county.event(family * 10 + 1, "fixed_exclusion", "2012-06-11")

    return happens


def test_oxfordshire_asks_for_more_than_three_exclusions_and_kent_for_three():
    families = [(_crime, _work, _exclusions(count)) for count in (2, 3, 4)]
    day = date(2012, 6, 11)
    assert qualified(OXFORDSHIRE, *families) == [None, None, day]
    assert qualified(KENT, *families) == [None, day, day]


def _absence(missed: int):
    def happens(county: SmallCounty, family: int) -> None:
        for term_no in (6, 7, 8, 9):
            county.attend(family * 10 + 1, term_no, 100, missed if term_no > 6 else 0)

    return happens


def test_absence_is_counted_when_the_third_term_has_ended():
    families = [(_crime, _work, _absence(missed)) for missed in (14, 15)]
    assert qualified(OXFORDSHIRE, *families) == [None, date(2012, 7, 23)]


def _contract(county: SmallCounty, family: int) -> None:
    county.event(family * 10, "asb_contract", "2012-06-01")


def _adult_offence(county: SmallCounty, family: int) -> None:
    county.event(family * 10, "proven_offence", "2012-06-01")


def _universal_credit(county: SmallCounty, family: int) -> None:
    county.spell(family * 10, "out_of_work_benefit", "2011-01-01", None, "UC")


def test_what_the_documents_name_counts_and_what_they_do_not_name_does_not():
    families = [
        (_contract, _education, _work),
        (_adult_offence, _education, _work),
        (_crime, _education, _universal_credit),
    ]
    assert qualified(OXFORDSHIRE, *families) == [None, None, None]
    assert qualified(KENT, *families) == [date(2012, 6, 1), None, None]


def _early(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "proven_offence", "2011-06-01")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")


def _too_early(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "proven_offence", "2011-04-01")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")


def test_who_meets_the_rule_before_the_window_qualifies_on_its_first_day():
    assert qualified(OXFORDSHIRE, (_early, _work), (_too_early, _work)) == [date(2012, 4, 1), None]


def test_a_programme_says_its_rule():
    sentence = load_programme(OXFORDSHIRE).sentence()
    assert "all of (Crime and antisocial behaviour; Exclusion and absence from school;" in sentence
    assert "all of (High cost to services; at least 2 of (Crime" in sentence


@pytest.mark.parametrize("path", [OXFORDSHIRE, KENT])
def test_every_criterion_quotes_its_document(path):
    for criterion in load_programme(path).criteria:
        assert criterion.quote
        assert criterion.source


SLIPS = [
    (
        "proven_offence]",
        "proven_offense]",
        "event_count.kinds: no kind 'proven_offense'. Did you mean 'proven_offence'?",
    ),
    ("by: person", "bye: person", r"event_count: no key 'bye'. Did you mean 'by'?"),
    ("term_share", "term_shre", "no piece 'term_shre'. Did you mean 'term_share'?"),
    ("months: 6", "months: 0", "months must be a whole number of 1 or more"),
    ("months: 6", "months: 6, terms: 2", "give one of days, months and terms"),
    ("[crime, education, work]", "[crim, education, work]", "no criterion 'crim'. Did you mean 'crime'?"),
    ("k: 2", "k: 4", "k is 4, but there are only 3 parts"),
    ("from: 2012-04-01", "from: 1 April 2012", "window.from: Input should be a valid date"),
    ("from: 2012-04-01", "from: 2016-04-01", "window: 'from' must be before 'until'"),
    ("quote: Families", "quot: Families", "no key 'quot'. Did you mean 'quote'?"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), SLIPS)
def test_a_slip_in_a_programme_is_refused_with_its_place(tmp_path, right, wrong, message):
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "slip.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_programme(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith("slip.yaml: ")


def test_a_criterion_that_the_rule_leaves_out_is_refused(tmp_path):
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    path = tmp_path / "slip.yaml"
    path.write_text(text[: text.index("rule:")] + "rule:\n  all_of: [crime, education, work]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="'high_cost' is stated but not used"):
        load_programme(path)
