"""What all programme files have in common: families through their rules, their documents' words, and slips refused."""

import re
from datetime import date

import pytest
import yaml

from tests.cohort_county import SmallCounty, small_county
from tf_eval import project
from tf_eval.cohort import build_cohort, load_programme
from tf_eval.errors import ConfigError

PROGRAMMES, TEXTS = project.locate("params/programmes"), project.locate("tests/reference/data")
NAMES = sorted(path.stem for path in PROGRAMMES.glob("*.yaml"))
OXFORDSHIRE = "params/programmes/oxfordshire_2012.yaml"
KENT = "params/programmes/kent_2012.yaml"


def _crime(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "proven_offence", "2012-06-01")


def _education(county: SmallCounty, family: int) -> None:
    county.spell(family * 10 + 1, "off_roll", "2012-05-01", "2013-05-01")


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


def _early(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "proven_offence", "2011-06-01")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")


def _too_early(county: SmallCounty, family: int) -> None:
    county.event(family * 10 + 1, "proven_offence", "2011-04-01")
    county.spell(family * 10 + 1, "off_roll", "2011-01-01")


def test_who_meets_the_rule_before_the_window_qualifies_on_its_first_day():
    assert qualified(OXFORDSHIRE, (_early, _work), (_too_early, _work)) == [date(2012, 4, 1), None]


def test_there_are_four_programmes():
    assert NAMES == ["kent_2012", "oxfordshire_2012", "supporting_families_2022", "troubled_families_2015"]


def _words(text: str) -> str:
    """A text with single blanks and plain apostrophes, so that line ends and type make no difference."""
    return re.sub(r"\s+", " ", text.translate(str.maketrans("\u2018\u2019", "''"))).strip()


def _quotes(document: object) -> list[str]:
    """Every quote in a programme file, however deep it stands."""
    inner = list(document.values()) if isinstance(document, dict) else []
    own = [document["quote"]] if isinstance(document, dict) and "quote" in document else []
    return own + [quote for item in inner for quote in _quotes(item)]


@pytest.mark.parametrize("name", NAMES)
def test_every_quote_stands_in_the_text_of_its_document(name):
    text = _words((TEXTS / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")[2])
    quotes = _quotes(yaml.safe_load((PROGRAMMES / f"{name}.yaml").read_text(encoding="utf-8")))
    programme = load_programme(PROGRAMMES / f"{name}.yaml")
    assert len(quotes) >= len(programme.criteria) + len(programme.routes) >= 4
    assert [quote for quote in quotes if _words(quote) not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_criterion_and_route_names_its_document(name):
    programme = load_programme(PROGRAMMES / f"{name}.yaml")
    assert all(item.quote and item.source for item in (*programme.criteria, *programme.routes))


@pytest.mark.parametrize("name", ["supporting_families_2022", "troubled_families_2015"])
def test_what_is_our_indicator_says_so(name):
    criteria = load_programme(PROGRAMMES / f"{name}.yaml").criteria
    ours = [item.name for item in criteria if item.reading.startswith("Our indicator: ")]
    assert ours == [item.name for item in criteria if item.name != "children"]


def test_a_programme_is_a_table_of_its_criteria():
    table = load_programme(KENT).table()
    assert list(table.columns) == ["title", "sentence", "quote", "source", "reading"]
    assert table.iloc[3].to_list() == [
        "A cause of concern locally",
        "an agency put the family forward as a cause of concern in the last 12 months",
        "a cause of concern to the LA and/or local partners",
        "Report to the Dartford board, paragraph 3.2, criterion 4",
        "The report sets no time. A concern that any agency has recorded in the last twelve months.",
    ]


def test_the_routes_of_a_programme_stand_in_its_documents_order():
    must, may = load_programme(KENT).routes
    assert (must.title, may.title) == ("Must be included", "May be included")
    assert must.quote == "Families who meet all 3 of the above criteria must be included in the programme."
    assert load_programme(KENT).rule.parts == (must.node, may.node)


SLIPS = [
    (
        "proven_offence]",
        "proven_offense]",
        "event_count: kinds: no kind 'proven_offense'. Did you mean 'proven_offence'?",
    ),
    ("by: person", "bye: person", r"event_count: no key 'bye'. Did you mean 'by'?"),
    ("term_share", "term_shre", "no piece 'term_shre'. Did you mean 'term_share'?"),
    ("months: 6", "months: 0", "months must be a whole number of 1 or more"),
    ("months: 6", "months: 6, terms: 2", "give one of days, months and terms"),
    ("[crime, education, work]", "[crim, education, work]", "no criterion 'crim'. Did you mean 'crime'?"),
    ("k: 2", "k: 4", "k is 4, but there are only 3 parts"),
    ("from: 2012-04-01", "from: 1 April 2012", "window.from: Input should be a valid date"),
    ("from: 2012-04-01", "from: 2016-04-01", "window: the first day must be before 'until'"),
    ("quote: Families", "quot: Families", "no key 'quot'. Did you mean 'quote'?"),
    (
        "[automatically_in, by_the_local_criterion]",
        "[automatically_on, by_the_local_criterion]",
        "rule.any_of[0]: no criterion 'automatically_on'. Did you mean 'automatically_in'?",
    ),
    (
        "[automatically_in, by_the_local_criterion]",
        "[automatically_in, high_cost]",
        "rule: with routes it must be 'any_of: [automatically_in, by_the_local_criterion]'",
    ),
    (
        "any_of: [automatically_in",
        "all_of: [automatically_in",
        "rule: with routes it must be 'any_of: [automatically_in, by_the_local_criterion]'",
    ),
    ("automatically_in", "crime", "routes.crime: a criterion has this name"),
    ("  automatically_in:", "  rule:", "routes.rule: the name is the rule's own"),
    ("  crime:", "  rule:", "criteria.rule: the name is the rule's own"),
    ("name: oxfordshire_2012", "name: ../../escaped/x", "name: it must be small letters, figures and '_'"),
    ("name: oxfordshire_2012", "name: sub/x", "name: it must be small letters, figures and '_'"),
    ("name: oxfordshire_2012", "name: ''", "name: it must be small letters, figures and '_'"),
    ("  crime:", "  '':", "criteria: a name must be a word"),
    ("title: High cost to services", "title: ''", "criteria.high_cost.title: String should have at least 1 character"),
    ("months: 6", "months: 1200000000", "months must be 1,200 or less"),
    ("under_age: 18", "under_age: 200000000", "under_age must be 120 or less"),
    ("at_least: 4, months", "at_least: 10000000000000000000000, months", "at_least must be 1,000,000 or less"),
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
    path.write_text(text[: text.index("routes:")] + "rule:\n  all_of: [crime, education, work]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="'high_cost' is stated but not used"):
        load_programme(path)


@pytest.mark.parametrize("rule", ["[crime]", "3", "null", "[]"])
def test_a_rule_that_is_no_piece_is_refused_at_its_place(tmp_path, rule):
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    path = tmp_path / "slip.yaml"
    path.write_text(f"{text[: text.index('routes:')]}rule: {rule}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="rule: expected the name of a criterion, or one of event_count, "):
        load_programme(path)


def test_all_slips_of_a_file_are_told_at_once(tmp_path):
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    for right, wrong in (
        ("name: oxfordshire_2012", "name: a/b"),
        ("from: 2012-04-01", "from: 2016-04-01"),
        ("proven_offence]", "proven_offense]"),
    ):
        text = text.replace(right, wrong)
    path = tmp_path / "slip.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"slip\.yaml: 3 problems"):
        load_programme(path)


def test_a_rule_may_not_go_around_a_criterion_by_repeating_a_part_of_it(tmp_path):
    """Crime is one of two conditions; the rule asks for the first alone, beside the whole of the others."""
    text = project.locate(OXFORDSHIRE).read_text(encoding="utf-8")
    part = "{event_count: {kinds: [proven_offence], months: 12, under_age: 18}}"
    path = tmp_path / "slip.yaml"
    path.write_text(
        text[: text.index("routes:")] + f"rule:\n  all_of: [{part}, education, work, high_cost]\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError) as caught:
        load_programme(path)
    assert "rule: state it as a criterion, or leave it out: children of the family had one or more" in str(caught.value)
    assert "the criterion 'crime' is stated but not used" in str(caught.value)
