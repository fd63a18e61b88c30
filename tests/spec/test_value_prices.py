"""Unit costs and prices: keyed on edition and code, uprated by one pinned vintage of deflators."""

import pytest

from tf_eval.errors import ConfigError
from tf_eval.value import load_deflators, load_unit_costs

HEADER = "edition,code,theme,description,unit,value,low,high,price_year,kind,saved_by,cashable,rag,source,read_in\n"


@pytest.fixture(scope="module")
def library():
    return load_unit_costs()


def test_one_code_is_another_item_in_another_edition(library):
    assert library.cost("CR4.0", "2014").value == 20024
    assert library.cost("CR4.0", "1.4").value == 3152


def test_a_code_in_two_editions_needs_its_edition(library):
    with pytest.raises(ConfigError, match=r"'CR4.0' stands in the editions '1.4' and '2014'; name one"):
        library.cost("CR4.0")


def test_a_code_in_one_edition_needs_none(library):
    assert library.cost("SS1.0").edition == "2014"


@pytest.mark.parametrize(
    ("code", "edition", "told"),
    [
        ("SS1.O", None, "no code 'SS1.O'. Did you mean 'SS1.0'?"),
        ("SS1.0", "1.4", "the code 'SS1.0' is not in an edition '1.4'. Known: 2014."),
    ],
)
def test_an_unknown_edition_or_code_is_one_clear_error(library, code, edition, told):
    with pytest.raises(ConfigError) as raised:
        library.cost(code, edition)
    assert told in str(raised.value)


def test_shares_of_who_saves_are_those_of_the_source(library):
    shares = library.cost("E&E1.0").shares
    assert shares == pytest.approx({"DWP": 9234 / 9800, "NHS": 566 / 9800})
    assert all(sum(cost.shares.values()) == pytest.approx(1) for cost in library)


@pytest.mark.parametrize(
    ("year", "factor"),
    [("2002/03", 1.289), ("2005/06", 1.189), ("2008/09", 1.098), ("2010/11", 1.061), ("2012/13", 1.020)],
)
def test_prices_are_uprated_by_the_pinned_vintage(year, factor):
    """Of the December 2025 vintage, to three decimals; that of 2014 gave 1.296, 1.214, 1.120, 1.062, 1.023."""
    assert load_deflators().factor(year, "2013/14") == pytest.approx(factor, abs=6e-4)


def test_a_financial_year_is_three_quarters_of_one_year_and_one_of_the_next():
    deflators = load_deflators()
    assert deflators.level("2013/14") == pytest.approx(0.75 * 73.4795 + 0.25 * 74.6524)
    assert deflators.level("2013") == 73.4795
    assert deflators.vintage == "HM Treasury, December 2025"


def test_uprating_moves_value_and_ends_and_leaves_the_library_as_it_was(library):
    cost = library.cost("CR1.0", "1.4")
    moved = library.uprate(cost, to="2014/15")
    factor = (0.75 * 74.6524 + 0.25 * 75.1536) / (0.75 * 56.911 + 0.25 * 58.266)
    assert (moved.value, moved.low, moved.high) == pytest.approx((500 * factor, 100 * factor, 1000 * factor))
    assert moved.price_year == "2014/15"
    assert cost.value == 500


@pytest.mark.parametrize("year", ["2024/25", "1999/00", "2012/14", "lately"])
def test_a_year_without_a_deflator_is_refused(library, year):
    with pytest.raises(ConfigError, match=f"prices of {year}"):
        library.uprate(library.cost("SS1.0"), to=year)


def test_every_slip_of_a_file_is_told_at_once(tmp_path):
    file = tmp_path / "costs.csv"
    rows = [
        "2014,A,crime,An item,incidnt,10,,,2012/13,fiscal,police,,R,A book,A csv",
        "2014,B,crime,An item,incident,10,20,,2012/14,fiscal,police 4; NHS 5,2,R,A book,A csv",
        "2014,B,crime,An item,incident,-1,,,2012/13,fiscall,police,,X,,A csv",
    ]
    file.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_unit_costs(file)
    told = str(raised.value)
    for problem in (
        "row 2: no unit 'incidnt'. Did you mean 'incident'?",
        "row 3: price_year '2012/14' is no year",
        "row 3: low and high",
        "row 3: the amounts of saved_by must add up to the value, 10",
        "row 3: cashable is no share",
        "row 4: no kind 'fiscall'",
        "row 4: value is no number",
        "row 4: source is empty",
        "'B' stands twice in the edition '2014'",
    ):
        assert problem in told


def test_the_table_has_the_rating_beside_every_value(library):
    table = library.table()
    assert len(table) == len(library)
    assert set(table["rag"]) == {"R", "A", "G", ""}
    assert "Uprating does not cure an old source" in library.summary()


def test_what_contains_what_names_the_share_that_holds_it(library):
    truancy = library.overlap_table().query("code == 'E&S1.0' and edition == '2014'")
    assert list(truancy["contains"]) == ["crime", "social_care"]


def test_a_file_of_deflators_is_of_one_vintage_and_has_each_year_once(tmp_path):
    file = tmp_path / "deflators.csv"
    file.write_text("vintage,year,deflator\nA,2012,70\nB,2013,71\nB,2013,x\nB,13,72\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_deflators(file)
    for problem in (
        "row 4: deflator is no number above 0",
        "row 5: year is no calendar year",
        "one vintage, and not 2",
    ):
        assert problem in str(raised.value)
    assert "the year 2013 stands twice" in str(raised.value)


def test_what_contains_what_names_items_and_shares_that_are_there(tmp_path):
    file = tmp_path / "overlaps.csv"
    rows = ["2014,X1,crime,police,It has", "2014,E&S1.0,crimes,polis,It has"]
    file.write_text("edition,code,contains,through,reading\n" + "\n".join(rows), encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_unit_costs(overlaps=file)
    assert "there is no 'X1' in an edition '2014'" in str(raised.value)
    assert "no code or theme 'crimes'. Did you mean 'crime'?" in str(raised.value)
    assert "'polis'" in str(raised.value)


def test_deflators_have_a_table_of_what_was_read():
    assert load_deflators().table().set_index("year").loc[2013, "deflator"] == 73.4795


def test_a_week_is_a_52nd_of_a_year(library):
    assert library.cost("HO4.1").basis.months == pytest.approx(12 / 52)
    assert library.cost("SS5.0").basis.months == 6
    assert library.cost("CR1.0", "2014").basis.is_event
